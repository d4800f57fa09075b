/** IPv4 ranges as numbers, to see which lie in which. */

export interface Range {
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
}

export const addressNumber = (text: string): number | undefined => {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256 + Number(part);
  }
  return value;
};

/** `10.0.0.0/16`; undefined where it is none. */
export const parseRange = (text: string): Range | undefined => {
  const [address = "", length = "", ...rest] = text.split("/");
  const value = addressNumber(address);
  const prefix = Number(length);
  if (value === undefined || !/^\d{1,2}$/.test(length) || prefix > 32 || rest.length > 0) return undefined;
  const size = 2 ** (32 - prefix);
  const first = Math.floor(value / size) * size;
  return { first, last: first + size - 1, prefix };
};

export const overlaps = (a: Range, b: Range): boolean => a.first <= b.last && b.first <= a.last;

export const contains = (outer: Range, inner: Range): boolean =>
  outer.first <= inner.first && inner.last <= outer.last;
