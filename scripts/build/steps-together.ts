/**
 * Bundles all steps and families into one chunk. Alone, each would be a file of a few kilobytes with as many more
 * for what it shares with others, and finding sixty files takes Node longer than reading one. The clients' SDKs
 * stay out of it: they load when a client is opened.
 */
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Plugin } from "esbuild";

const together = "steps-together";
const dynamicImport = /\(await import\("([^"]+)"\)\)\.([\w.]+)/g;

export const stepsTogether: Plugin = {
  name: together,
  setup(build) {
    const paths = new Set<string>();
    let folder = "";
    build.onLoad({ filter: /[\\/]registry[\\/]loaders\.generated\.ts$/ }, async ({ path }) => {
      folder = dirname(path);
      const text = await readFile(path, "utf8");
      for (const [, imported = ""] of text.matchAll(dynamicImport)) paths.add(imported);
      const names = new Map([...paths].map((imported, index) => [imported, `module${index}`]));
      const contents = text.replace(
        dynamicImport,
        (_, imported: string, member: string) =>
          `(await import("${together}")).${names.get(imported)}.${member}`,
      );
      return { contents, loader: "ts" };
    });
    build.onResolve({ filter: new RegExp(`^${together}$`) }, () => ({ path: together, namespace: together }));
    build.onLoad({ filter: /.*/, namespace: together }, () => ({
      contents: [...paths].map((path, index) => `export * as module${index} from "${path}";`).join("\n"),
      loader: "ts",
      resolveDir: folder,
    }));
  },
};
