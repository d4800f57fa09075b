/**
 * A record says whose it is in its comment: `provision <pipeline>/<instance>/<step> <step type>`. Free plans take
 * 100 characters, so a part that is too long is its beginning and a hash of the whole. Pure.
 */
import { createHash } from "node:crypto";
import type { Owner, Scope } from "../../step/ref.ts";

/** developers.cloudflare.com/dns/manage-dns-records/reference/record-attributes: 100 on free plans, 500 on paid ones. */
export const longestComment = 100;

/** Three parts of this, the word, the separators and the longest step type of this family fit the comment. */
const longestPart = 22;
const hashLength = 10;

/** The separators of the format must not occur in a part. `~` marks a shortened one, so it is escaped as well. */
const escaped = (text: string): string => encodeURIComponent(text).replaceAll("~", "%7E");

const part = (text: string): string => {
  const whole = escaped(text);
  if (whole.length <= longestPart) return whole;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, hashLength);
  return `${whole.slice(0, longestPart - hashLength - 1)}~${hash}`;
};

/** What the comments of all records of a scope begin with. */
export const commentPrefix = (scope: Scope): string =>
  `provision ${part(scope.pipeline)}/${part(scope.instance)}/`;

export const commentOf = (owner: Owner, type: string): string =>
  `${commentPrefix(owner)}${part(owner.step)} ${type}`;

const format = /^provision ([^/ ]+)\/([^/ ]+)\/([^/ ]+) ([a-z0-9-]+\/[a-z0-9-]+)$/;

/**
 * Whose a record is; undefined for anybody else's comment. A shortened part can't be read back, so the parts are
 * compared with those of `self`, and are given as they stand in the comment where they differ.
 */
export const ownerOfComment = (
  comment: string,
  self: Scope & { readonly step?: string },
): { readonly owner: Owner; readonly type: string } | undefined => {
  const [, pipeline, instance, step, type] = format.exec(comment) ?? [];
  if (pipeline === undefined || instance === undefined || step === undefined || type === undefined)
    return undefined;
  const read = (text: string, known: string | undefined) =>
    known !== undefined && part(known) === text ? known : unescaped(text);
  return {
    owner: {
      pipeline: read(pipeline, self.pipeline),
      instance: read(instance, self.instance),
      step: read(step, self.step),
    },
    type,
  };
};

/** A shortened part may end within an escape: then it stays as it is. */
const unescaped = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
