/**
 * Takes secrets out of data before it is rendered. Rendering breaks a long text into lines, cuts it, puts backslashes
 * before what Markdown knows: a secret that went through any of these has no form that could be looked for afterwards.
 */

/** Words of the product's own, which reporters switch on, and names of a pipeline, which they look up. */
const kept = new Set(
  "kind action command severity outcome effect state digest id step steps after type file because".split(" "),
);

/** What is below these is of others, whatever it is called there. */
const ofOthers = new Set(["value", "inputs"]);

/**
 * A copy with every text cleaned, however deep, but for the product's own words. Of data alone, as events and plans are:
 * an Error would lose what makes it one.
 */
export const redactedData = <Data extends object>(data: Data, clean: (text: string) => string): Data => {
  const copy = structuredClone(data);
  cleanInside(copy, clean, { others: false, keeps: false });
  return copy;
};

interface Place {
  readonly others: boolean;
  /** Whether a list's texts stay. */
  readonly keeps: boolean;
}

const cleanInside = (node: object, clean: (text: string) => string, { others, keeps }: Place): void => {
  for (const [key, item] of Object.entries(node)) {
    const stays = !others && (Array.isArray(node) ? keeps : kept.has(key));
    if (typeof item === "string") {
      if (!stays) Reflect.set(node, key, clean(item));
    } else if (typeof item === "object" && item !== null)
      cleanInside(item, clean, { others: others || ofOthers.has(key), keeps: stays });
  }
};
