/** The pipelines that come with this tool, as `provision init` offers them: told from what their files say themselves. */
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { hasPipelineName } from "../../../application/open-pipeline.ts";
import { checkPipeline } from "../../../language/check.ts";
import type { Pipeline } from "../../../language/pipeline.ts";
import { registry } from "../../../registry/registry.ts";

export interface ShippedPipeline {
  /** Of its file, without the ending. */
  readonly name: string;
  readonly text: string;
  /** What stands in its first comment after "What you get:", on one line. */
  readonly gives: string;
  /** After "What you need:". */
  readonly needs: string;
}

/** They give a CI host its login, and are run once, by a person: nothing that a workflow would run. */
const isBootstrap = (name: string): boolean => name.startsWith("bootstrap-");

/** All of a folder, by name. */
export const shippedPipelines = async (
  folder: string,
  readText: (path: string) => Promise<string>,
): Promise<readonly ShippedPipeline[]> => {
  const files = (await readdir(folder)).filter(hasPipelineName).sort();
  const all = files.map((file) => ({ file, name: basename(file).replace(/\.ya?ml$/, "") }));
  return Promise.all(
    all
      .filter(({ name }) => !isBootstrap(name))
      .map(async ({ file, name }) => described(name, await readText(join(folder, file)))),
  );
};

export const described = (name: string, text: string): ShippedPipeline => ({
  name,
  text,
  gives: commented(text, "What you get"),
  needs: commented(text, "What you need"),
});

/** A paragraph of the first comment: from `# HEADING: ` over the lines that go on, indented. */
const commented = (text: string, heading: string): string => {
  const [, paragraph = ""] = new RegExp(`^# ${heading}: (.*(?:\\n# {2,}.*)*)`, "m").exec(text) ?? [];
  return paragraph.replace(/\s*\n#\s+/g, " ").trim();
};

/** Checked. What this tool ships is valid, which a test holds. */
export const checked = ({ name, text }: ShippedPipeline): Pipeline => {
  const { pipeline } = checkPipeline(text, { file: `${name}.yaml`, manifest: registry.manifest });
  if (!pipeline) throw new Error(`the pipeline ${name} that comes with this tool is not valid`);
  return pipeline;
};
