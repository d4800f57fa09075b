/** What the bundles are made of: each file's size, and the packages that weigh most in it. */
import type { Metafile } from "esbuild";

const heaviest = 5;
const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(0)} kB`;

/** `node_modules/@azure/identity/dist/x.js` → `@azure/identity`; our own files are `src`. */
const packageOf = (path: string): string => {
  const inside = path.split("node_modules/").at(-1) ?? path;
  const parts = inside.split("/");
  if (!path.includes("node_modules/")) return parts[0] ?? path;
  return parts.slice(0, inside.startsWith("@") ? 2 : 1).join("/");
};

/** A table, largest file first. */
export const analysis = (metafile: Metafile): string => {
  const outputs = Object.entries(metafile.outputs).sort(([, a], [, b]) => b.bytes - a.bytes);
  const rows = outputs.map(([path, output]) => {
    const packages = new Map<string, number>();
    for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
      packages.set(packageOf(input), (packages.get(packageOf(input)) ?? 0) + bytesInOutput);
    }
    const parts = [...packages].sort(([, a], [, b]) => b - a).slice(0, heaviest);
    const what = parts.map(([name, bytes]) => `${name} ${kilobytes(bytes)}`).join(", ");
    return `${kilobytes(output.bytes).padStart(9)}  ${path}  ${what}`;
  });
  const total = outputs.reduce((sum, [, output]) => sum + output.bytes, 0);
  return [...rows, `${kilobytes(total).padStart(9)}  together`].join("\n");
};
