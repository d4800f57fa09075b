/** ARM ids: put together and compared. ARM compares them without case. */

export const resourceGroupId = (subscription: string, name: string): string =>
  `/subscriptions/${subscription}/resourceGroups/${name}`;

/** `providerId(group, "Microsoft.Network/publicIPAddresses", "ip")`. */
export const providerId = (parent: string, type: string, name: string): string =>
  `${parent}/providers/${type}/${name}`;

/** The id of the group that a resource is in. */
export const groupIdOf = (id: string): string | undefined =>
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(id)?.[0];

export const sameArmId = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
