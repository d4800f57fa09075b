/** Record sets at a name on Azure DNS that leave no room for another: Azure keeps a CNAME beside nothing else. */
import { z } from "zod";
import { apiVersions } from "../../clients/azure/api-versions.ts";
import { azure } from "../../clients/azure/client.ts";
import type { StepContext } from "../../step/context.ts";
import type { Owner, Ref } from "../../step/ref.ts";
import type { Field } from "../../step/step.ts";
import { ownerOf } from "../arm/marks.ts";
import { listAt, type Model } from "../arm/model.ts";
import { typeOfSet } from "./azure-records.ts";
import { fullName } from "./name.ts";

/** Of a record set's id, `…/dnsZones/example.com/A/www`: its zone's domain name, and its own full name. */
export const zoneIn = (id: string): string => id.split("/").at(-3) ?? "";
export const nameIn = (id: string): string => fullName(id.split("/").at(-1) ?? "", zoneIn(id));

const listed = z.object({
  id: z.string(),
  name: z.string(),
  properties: z.object({ metadata: z.record(z.string(), z.string()).nullish() }),
});

const typeAndName = (id: string): string => id.split("/").slice(-2).join(" ");

/** Their types and names, and whose the first is; undefined where there are none. */
export const setsInTheWay = async (
  context: StepContext,
  ref: Ref,
): Promise<{ readonly names: readonly string[]; readonly owner: Owner | undefined } | undefined> => {
  const name = (ref.id.split("/").at(-1) ?? "").toLowerCase();
  // At the root there is never a CNAME.
  if (name === "@") return undefined;
  const client = await context.use(azure);
  const zone = ref.id.split("/").slice(0, -2).join("/");
  const sets = await client.list(`${zone}/recordsets`, apiVersions.dns, listed, context.signal, {
    $recordsetnamesuffix: name,
  });
  const others = sets.filter(
    (other) =>
      other.name.toLowerCase() === name &&
      typeAndName(other.id).toLowerCase() !== typeAndName(ref.id).toLowerCase() &&
      (typeOfSet(ref.id) === "CNAME" || typeAndName(other.id).startsWith("CNAME ")),
  );
  const [first] = others;
  if (!first) return undefined;
  return {
    names: others.map(({ id }) => typeAndName(id)),
    owner: ownerOf(first.properties.metadata ?? undefined),
  };
};

/** The field that a plan stops at where `conflicts` of the model names any. */
export const conflictFields = (actual: Model | undefined): readonly Field[] => {
  const conflicts = listAt(actual, "conflicts").filter((one) => typeof one === "string");
  if (conflicts.length === 0) return [];
  return [
    {
      path: "other record sets of this name",
      desired: () => [],
      actual: conflicts,
      effect: "refuse",
      reason: "a CNAME can't be at a name with others: remove what is there first",
    },
  ];
};
