/**
 * Bundles of zod only what is used. zod exports itself as one object, `z`, of which a bundler keeps everything;
 * imported as a namespace, which means the same, it is taken apart. Messages in 60 languages (300 kB) stay out.
 */
import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

export const leanZod: Plugin = {
  name: "lean-zod",
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(
        'import { z } from "zod";',
        'import * as z from "zod";',
      ),
      loader: "ts",
    }));
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
      loader: "js",
    }));
  },
};
