/** GitHub's own parser of workflows. It imports JSON as bundlers alone take it, so it is bundled before it is loaded. */
import { build } from "esbuild";

type Parser = typeof import("@actions/workflow-parser");

export const githubParser = async (): Promise<Parser> => {
  const { outputFiles } = await build({
    stdin: { contents: 'export * from "@actions/workflow-parser";', resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: "esm",
    // Nothing in it then asks for parts of Node, which a module from text could not have.
    platform: "browser",
  });
  const text = outputFiles[0]?.text ?? "";
  const parser: Parser = await import(`data:text/javascript;base64,${Buffer.from(text).toString("base64")}`);
  return parser;
};
