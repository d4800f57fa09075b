/** What every resource that is named in a group has in common: where it is, and what making it asks for. */
import { providerId } from "../../clients/azure/id.ts";
import type { Ref } from "../../step/ref.ts";
import type { Requirement } from "../../step/requirement.ts";

export interface InGroup {
  readonly group: { readonly id: string };
  readonly name: string;
}

/** `locate` of a step on `armType`, as in `Microsoft.Network/publicIPAddresses`. */
export const locateInGroup =
  (type: string, armType: string) =>
  ({ group, name }: InGroup): Ref => ({
    type,
    version: 1,
    id: providerId(group.id, armType, name),
    within: { type: "azure/resource-group", version: 1, id: group.id },
  });

/** The provider, and the rights to write, read and remove one in the group. */
export const requiresInGroup = (
  armType: string,
  { group }: Pick<InGroup, "group">,
): readonly Requirement[] => [
  { kind: "provider", namespace: armType.slice(0, armType.indexOf("/")) },
  ...managing(armType, group.id),
];

/** The rights to write, read and remove things of a type on a scope. */
export const managing = (armType: string, scope: string): readonly Requirement[] => [
  { kind: "permission", action: `${armType}/write`, scope },
  { kind: "permission", action: `${armType}/read`, scope, when: "reading" },
  { kind: "permission", action: `${armType}/delete`, scope, when: "removal" },
];
