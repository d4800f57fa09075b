/** Whether a login's permissions allow an action, as Azure RBAC has it. Pure. */

/** One role that holds on a scope. */
export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/** `*` stands for anything, case for nothing. */
export const covers = (pattern: string, action: string): boolean => {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "i").test(action);
};

/** One role must allow it by itself: what another role leaves out by `notActions` is not taken away here. */
export const allows = (permissions: readonly Permission[], action: string): boolean =>
  permissions.some(
    ({ actions, notActions }) =>
      actions.some((pattern) => covers(pattern, action)) &&
      !notActions.some((pattern) => covers(pattern, action)),
  );
