/** Finds keys that an object of a JSON text has twice, which parsing alone would hide. */

interface Level {
  readonly path: string;
  /** `undefined` for lists. */
  readonly keys: Set<string> | undefined;
  index: number;
  key: string;
}

const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

const pathOf = (level: Level): string => {
  if (!level.keys) return `${level.path}[${level.index}]`;
  return level.path === "" ? level.key : `${level.path}.${level.key}`;
};

const textOfKey = (quoted: string): string => {
  const value: unknown = JSON.parse(quoted);
  return typeof value === "string" ? value : "";
};

/** Paths of the repeated fields: `spec.replicas`. A text that is no JSON has none. */
export const duplicateFields = (text: string): readonly string[] => {
  const found: string[] = [];
  if (!text.trimStart().startsWith("{")) return found;
  const levels: Level[] = [];
  let expectsKey = false;
  for (const [part] of text.matchAll(token)) {
    const level = levels.at(-1);
    if (part === "{" || part === "[") {
      const keys = part === "{" ? new Set<string>() : undefined;
      levels.push({ path: level ? pathOf(level) : "", keys, index: 0, key: "" });
      expectsKey = part === "{";
    } else if (part === "}" || part === "]") {
      levels.pop();
      expectsKey = false;
    } else if (part === "," && level) {
      level.index += 1;
      expectsKey = level.keys !== undefined;
    } else if (part.startsWith('"') && level?.keys && expectsKey) {
      level.key = textOfKey(part);
      if (level.keys.has(level.key)) found.push(pathOf(level));
      level.keys.add(level.key);
      expectsKey = false;
    }
  }
  return found;
};
