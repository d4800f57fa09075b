/** The address that a public IP gets: the same for the same id in every run, unless another one has it. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { keyOf } from "../id.ts";
import type { Arm } from "../kind.ts";

const holder = z.looseObject({ properties: z.looseObject({ ipAddress: z.string().optional() }) });

/** From 20.0.0.0/8 and 51.104.0.0/15-like ranges of Azure's, chosen by a digest of the id. */
export const addressOf = (arm: Arm, id: string): string => {
  const taken = new Set(
    arm
      .ofType("Microsoft.Network/publicIPAddresses")
      .filter((resource) => keyOf(resource.id) !== keyOf(id))
      .map((resource) => holder.safeParse(resource.body).data?.properties.ipAddress),
  );
  const free = (attempt: number): string => {
    const bytes = createHash("sha256")
      .update(`${keyOf(id)} ${attempt}`)
      .digest();
    const [first = 0, second = 0, third = 0, fourth = 0] = bytes;
    const candidate =
      first % 2 === 0
        ? `20.${second}.${third}.${1 + (fourth % 254)}`
        : `51.${104 + (second % 40)}.${third}.${1 + (fourth % 254)}`;
    return taken.has(candidate) ? free(attempt + 1) : candidate;
  };
  return free(0);
};
