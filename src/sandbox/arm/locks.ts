/** Management locks: a lock on a scope holds for all below it. */
import { z } from "zod";
import { ArmError } from "./errors.ts";
import { isWithin } from "./id.ts";
import type { Arm } from "./kind.ts";
import type { StoredResource } from "./state.ts";

const lock = z.looseObject({
  properties: z.looseObject({ level: z.enum(["CanNotDelete", "ReadOnly"]) }),
});

const suffix = /\/providers\/microsoft\.authorization\/locks\/[^/]+$/i;

/** What a lock is on. */
const scopeOf = (resource: StoredResource): string => resource.id.replace(suffix, "");

/** The locks that hold for a scope; with `below`, also those on what lies in it (deleting it would delete that). */
export const lockOn = (
  arm: Arm,
  scope: string,
  options: { readonly below: boolean } = { below: false },
): readonly StoredResource[] =>
  arm
    .ofType("Microsoft.Authorization/locks")
    .filter(
      (resource) =>
        isWithin(scope, scopeOf(resource)) || (options.below && isWithin(scopeOf(resource), scope)),
    );

/** Throws 409 `ScopeLocked` where one of the locks forbids the operation. */
export const refuseLocked = (
  arm: Arm,
  scope: string,
  operation: "write" | "delete",
  locks = lockOn(arm, scope),
): void => {
  const holding = locks.find((resource) => {
    const parsed = lock.safeParse(resource.body);
    return parsed.success && (operation === "delete" || parsed.data.properties.level === "ReadOnly");
  });
  if (!holding) return;
  throw new ArmError(
    409,
    "ScopeLocked",
    `The scope '${scope}' cannot perform ${operation} operation because following scope(s) are locked: '${scopeOf(holding)}'. Please remove the lock and try again.`,
  );
};
