/**
 * Kubernetes quantities: `1000m` is `1`, `1Gi` is `1024Mi`, `0.5` is `500m`.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */

const powers: Readonly<Record<string, readonly [base: bigint, power: number]>> = {
  n: [10n, -9],
  u: [10n, -6],
  m: [10n, -3],
  "": [10n, 0],
  k: [10n, 3],
  M: [10n, 6],
  G: [10n, 9],
  T: [10n, 12],
  P: [10n, 15],
  E: [10n, 18],
  Ki: [2n, 10],
  Mi: [2n, 20],
  Gi: [2n, 30],
  Ti: [2n, 40],
  Pi: [2n, 50],
  Ei: [2n, 60],
};

const syntax =
  /^([+-]?)(\d{1,30})?(?:\.(\d{1,18}))?(?:[eE]([+-]?\d{1,2})|(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei))?$/;

/** An exact fraction; `undefined` for what is no quantity. */
const parse = (text: string): { readonly over: bigint; readonly under: bigint } | undefined => {
  const match = syntax.exec(text);
  if (!match || (match[2] === undefined && match[3] === undefined)) return undefined;
  const [, sign, whole = "", fraction = "", exponent, suffix = ""] = match;
  const [base, power] = exponent === undefined ? (powers[suffix] ?? [10n, 0]) : [10n, Number(exponent)];
  const digits = BigInt(`${whole}${fraction}`) * (sign === "-" ? -1n : 1n);
  const scale = 10n ** BigInt(fraction.length);
  return power >= 0
    ? { over: digits * base ** BigInt(power), under: scale }
    : { over: digits, under: scale * base ** BigInt(-power) };
};

/** Whether two values are the same quantity, exactly. False where one is none. */
export const sameQuantity = (a: string | number, b: string | number): boolean => {
  const left = parse(String(a));
  const right = parse(String(b));
  return left !== undefined && right !== undefined && left.over * right.under === right.over * left.under;
};
