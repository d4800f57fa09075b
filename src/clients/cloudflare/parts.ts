/** Splits a batch into parts that Cloudflare takes at once, keeping its order: deletes, updates, creates. */
import type { RecordBatch } from "./client.ts";

/** Operations in one batch on a free plan: developers.cloudflare.com/dns/manage-dns-records/how-to/batch-record-changes */
export const operationsPerBatch = 200;

type Part = { readonly [Name in keyof RecordBatch]-?: NonNullable<RecordBatch[Name]> };

export const inParts = (batch: RecordBatch): readonly Part[] => {
  const { deletes = [], updates = [], creates = [] } = batch;
  const parts: Part[] = [];
  const total = deletes.length + updates.length + creates.length;
  for (let start = 0; start < total; start += operationsPerBatch) {
    const end = start + operationsPerBatch;
    const cut = <Item>(items: readonly Item[], offset: number) =>
      items.slice(Math.max(0, start - offset), Math.max(0, end - offset));
    parts.push({
      deletes: cut(deletes, 0),
      updates: cut(updates, deletes.length),
      creates: cut(creates, deletes.length + updates.length),
    });
  }
  return parts;
};
