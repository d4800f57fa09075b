/** What a region's quota allows, and how much of it is used. */
import { z } from "zod";
import type { AzureClient } from "../../clients/azure/client.ts";

export interface Usage {
  readonly name: string;
  readonly label: string;
  readonly current: number;
  readonly limit: number;
}

const usage = z.object({
  currentValue: z.number(),
  limit: z.number(),
  name: z.object({ value: z.string().optional(), localizedValue: z.string().optional() }),
});

export const readUsages = async (
  client: AzureClient,
  signal: AbortSignal,
  path: string,
  version: string,
): Promise<readonly Usage[]> => {
  const usages = await client.list(path, version, usage, signal);
  return usages.map(({ currentValue, limit, name: { value = "", localizedValue } }) => ({
    name: value,
    label: localizedValue ?? value,
    current: currentValue,
    limit,
  }));
};

/** A limit of -1 is none. */
export const remaining = ({ current, limit }: Usage): number =>
  limit < 0 ? Number.POSITIVE_INFINITY : Math.max(0, limit - current);
