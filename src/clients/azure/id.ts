/** ARM ids: taken apart and put together. ARM compares them without case. */

export interface ArmId {
  readonly subscription: string;
  /** Undefined for the subscription itself and what hangs on it. */
  readonly group?: string | undefined;
  /** `Microsoft.Network/publicIPAddresses`; `Microsoft.Resources/resourceGroups` for a group. */
  readonly type: string;
  /** The last name in the id. */
  readonly name: string;
}

/** Takes `/subscriptions/S/resourceGroups/G/providers/N/T/name…` apart; undefined for anything else. */
export const parseArmId = (id: string): ArmId | undefined => {
  const match = /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+))?(?:\/.*)?$/i.exec(id);
  const [, subscription, group] = match ?? [];
  if (subscription === undefined) return undefined;
  const provider =
    id
      .split(/\/providers\//i)
      .at(-1)
      ?.split("/") ?? [];
  if (!/\/providers\//i.test(id)) {
    return group === undefined
      ? { subscription, type: "Microsoft.Resources/subscriptions", name: subscription }
      : { subscription, group, type: "Microsoft.Resources/resourceGroups", name: group };
  }
  const [namespace = "", ...pairs] = provider;
  const types = pairs.filter((_, index) => index % 2 === 0);
  return { subscription, group, type: [namespace, ...types].join("/"), name: pairs.at(-1) ?? "" };
};

export const resourceGroupId = (subscription: string, name: string): string =>
  `/subscriptions/${subscription}/resourceGroups/${name}`;

/** `childId(group, "Microsoft.Network/publicIPAddresses", "ip")`. */
export const providerId = (parent: string, type: string, name: string): string =>
  `${parent}/providers/${type}/${name}`;

/** The id of the group that a resource is in. */
export const groupIdOf = (id: string): string | undefined =>
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(id)?.[0];

export const sameArmId = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
