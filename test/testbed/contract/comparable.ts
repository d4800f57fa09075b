/** Answers in a form in which two clusters can be compared: what differs with time and chance is masked. */

/** By name, wherever they are: ids, versions, times. */
const chance = new Set([
  "uid",
  "resourceVersion",
  "creationTimestamp",
  "deletionTimestamp",
  "time",
  "acquireTime",
]);

/** In messages: ids and numbers of versions. */
const inText: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uid>"],
  [/too old resource version: \d+ \(\d+\)/g, "too old resource version: <n> (<n>)"],
  [/(in record \(|in object meta: )\d+/g, "$1<n>"],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>"],
];

/** Managers come by time, to the second, and then by name; causes as a map of Go has them: the order is chance. */
const inOrder = (key: string, value: unknown): unknown =>
  (key === "managedFields" || key === "causes") && Array.isArray(value)
    ? value.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
    : value;

const masked = (text: string): string =>
  inText.reduce((shown, [pattern, mask]) => shown.replace(pattern, mask), text);

/** The same value with every such field as `<name>`, keys and managers in order. */
export const comparable = (value: unknown): unknown => {
  if (typeof value === "string") return masked(value);
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => [
        masked(key),
        chance.has(key) && (typeof inner === "string" || inner === null)
          ? `<${key}>`
          : inOrder(key, comparable(inner)),
      ]),
  );
};
