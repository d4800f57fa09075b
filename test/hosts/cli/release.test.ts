/** The action that a workflow names: by its commit in a released bundle, by the version's tag otherwise. */
import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { z } from "zod";
import { ownAction } from "../../../src/hosts/cli/release.ts";
import { version } from "../../../src/hosts/version.ts";

const moduleSchema = z.object({
  ownAction: z.object({ reference: z.string(), version: z.string().optional(), pinned: z.boolean() }),
});

/** The module as scripts/build.ts bundles it, with what a release defines. */
const bundled = async (define: Record<string, string>) => {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "../../../src/hosts/cli/release.ts")],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    define,
  });
  const text = outputFiles[0]?.text ?? "";
  const module: unknown = await import(`data:text/javascript;base64,${Buffer.from(text).toString("base64")}`);
  return moduleSchema.parse(module).ownAction;
};

test("a development build names the tag of its version, and knows that it is none", async () => {
  const expected = { reference: `aks-provision/provision@v${version}`, pinned: false };
  expect(ownAction).toEqual(expected);
  expect(await bundled({})).toEqual(expected);
});

test("a release names the commit that was stamped into it, with its version beside it", async () => {
  const reference = "aks-provision/provision@0123456789abcdef0123456789abcdef01234567";
  expect(await bundled({ PROVISION_ACTION: JSON.stringify(reference) })).toEqual({
    reference,
    version: `v${version}`,
    pinned: true,
  });
});
