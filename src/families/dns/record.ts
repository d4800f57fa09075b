/**
 * A DNS record: looked at by name, made or overwritten in one request, removed when it is ours. A record of
 * somebody else that is in the way counts as the thing itself, unowned; one that is beside ours is left alone.
 */
import type {
  CloudflareClient,
  DnsRecord,
  RecordContent,
  RecordType,
} from "../../clients/cloudflare/client.ts";
import { cloudflare } from "../../clients/cloudflare/cloudflare.ts";
import type { StepContext } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import type { Owner, Ref } from "../../step/ref.ts";
import { findZone } from "./family.ts";
import { commentOf, ownerOfComment } from "./marks.ts";

export interface RecordActual {
  readonly record: DnsRecord;
  /** More records that go when the step's own is written: in its way when taken over, or doubles of ours. */
  readonly surplus: readonly DnsRecord[];
}

export interface FoundRecord extends RecordActual {
  readonly owner: Owner | undefined;
}

/** Types that can't be at one name together with a type. Others, as TXT, may be there many times, by anybody. */
const inTheWay: Readonly<Record<string, readonly string[]>> = {
  A: ["A", "CNAME"],
  AAAA: ["AAAA", "CNAME"],
  CNAME: ["CNAME", "A", "AAAA"],
};

/** Name and type from a Ref's id. */
export const nameAndType = (ref: Ref): { readonly name: string; readonly type: string } => {
  const slash = ref.id.lastIndexOf("/");
  return { name: ref.id.slice(0, slash), type: ref.id.slice(slash + 1) };
};

const zoneOf = async (context: StepContext, ref: Ref) =>
  findZone(context, ref.within?.id ?? nameAndType(ref).name);

const ofScope = (record: DnsRecord, owner: Owner): boolean => {
  const marks = ownerOfComment(record.comment, owner)?.owner;
  return marks?.pipeline === owner.pipeline && marks.instance === owner.instance;
};

/** Undefined where there is neither a record of ours nor one in the way of it. */
export const findRecord = async (context: StepContext, ref: Ref): Promise<FoundRecord | undefined> => {
  const { name, type } = nameAndType(ref);
  const zone = await zoneOf(context, ref);
  if (!zone) return undefined;
  const client = await context.use(cloudflare);
  const records = await client.records.list(zone.id, { name });
  return chooseRecord(records, type, context.owner);
};

/** The judgement of `findRecord`, from all records of the name. Pure. */
export const chooseRecord = (
  records: readonly DnsRecord[],
  type: string,
  self: Owner,
): FoundRecord | undefined => {
  const types = inTheWay[type] ?? [type];
  const candidates = records
    .filter((record) => types.includes(record.type))
    .toSorted((a, b) => Number(b.type === type) - Number(a.type === type));
  const ours = candidates.filter((record) => ofScope(record, self));
  const chosen = ours.length > 0 || !inTheWay[type] ? ours : candidates;
  const [record, ...surplus] = chosen;
  const owner = chosen
    .map(({ comment }) => ownerOfComment(comment, self)?.owner)
    .find((each) => each !== undefined);
  return record && { record, surplus, owner };
};

/** Brings the record to `content`. What is taken over or doubled is replaced in one transaction. */
export const writeRecord = async (
  context: StepContext,
  ref: Ref,
  content: Omit<RecordContent, "comment">,
  actual: RecordActual | undefined,
): Promise<void> => {
  const zone = await zoneOf(context, ref);
  if (!zone) throw missingZone(ref);
  const client = await context.use(cloudflare);
  const record: RecordContent = { ...content, comment: commentOf(context.owner, ref.type) };
  await context.fence();
  if (!actual) await createRecord(client, zone.id, record);
  else if (actual.surplus.length === 0 && actual.record.type === record.type) {
    await client.records.update(zone.id, actual.record.id, record);
  } else {
    await client.records.batch(zone.id, {
      deletes: [actual.record, ...actual.surplus].map(({ id }) => id),
      creates: [record],
    });
  }
};

const createRecord = async (
  client: CloudflareClient,
  zoneId: string,
  record: RecordContent,
): Promise<void> => {
  try {
    await client.records.create(zoneId, record);
  } catch (error) {
    // A first try whose answer was lost has made the record: then it carries our comment.
    if (!(error instanceof Failure) || error.kind !== "conflict") throw error;
    const there = await client.records.list(zoneId, { name: record.name, type: record.type });
    if (!there.some(({ comment, content }) => comment === record.comment && content === record.content))
      throw error;
  }
};

/** Removes the record, and doubles of it, where they carry the marks of this pipeline and instance. */
export const removeRecord = async (context: StepContext, ref: Ref): Promise<void> => {
  const { name, type } = nameAndType(ref);
  const zone = await zoneOf(context, ref);
  if (!zone) return;
  const client = await context.use(cloudflare);
  const records = await client.records.list(zone.id, { name, type });
  for (const record of records.filter((each) => ofScope(each, context.owner))) {
    await context.fence();
    await client.records.delete(zone.id, record.id);
  }
};

const missingZone = (ref: Ref): Failure =>
  new Failure({
    kind: "not-found",
    code: "P0471",
    message: `there is no zone ${ref.within?.id ?? "of this name"} that the Cloudflare token may see`,
    hint: "Add the zone at https://dash.cloudflare.com, or give the token Zone:Read on it.",
    resource: ref.id,
  });

/** Whether two contents of a type mean the same: TXT in quotes or without, names without case or final dot. */
export const sameContent = (type: RecordType, a: string, b: string): boolean =>
  canonicalContent(type, a) === canonicalContent(type, b);

/** A TXT's text, whether it is written in quotes or without. */
export const textOf = (content: string): string =>
  /^".*"$/s.test(content) ? content.slice(1, -1).replaceAll(/"\s+"/g, "") : content;

const canonicalContent = (type: RecordType, content: string): string => {
  switch (type) {
    case "TXT":
      return textOf(content);
    case "AAAA":
      return canonicalIpv6(content);
    case "A":
    case "CNAME":
    case "MX":
    case "NS":
      return content.trim().toLowerCase().replace(/\.$/, "");
  }
};

const canonicalIpv6 = (content: string): string => {
  try {
    return new URL(`http://[${content.trim()}]`).hostname;
  } catch {
    return content.trim().toLowerCase();
  }
};
