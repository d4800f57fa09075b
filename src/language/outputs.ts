/** The `outputs:` of a pipeline: a value each, with or without a description. */
import { bindFreely } from "./bind-free.ts";
import type { CheckContext } from "./context.ts";
import { asText, checkIdentifier, entriesOf } from "./fields.ts";
import { limits } from "./limits.ts";
import type { OutputDeclaration } from "./pipeline.ts";
import type { Entry, TreeNode } from "./yaml-tree.ts";

/** All outputs. A map that has `value`, and nothing else but `description`, is the long form. */
export const readOutputs = (
  declared: Entry | undefined,
  context: CheckContext,
): ReadonlyMap<string, OutputDeclaration> => {
  const { report, source } = context;
  const outputs = new Map<string, OutputDeclaration>();
  for (const entry of entriesOf(declared, "`outputs`", report)) {
    if (!checkIdentifier(entry, "an output", limits.identifierLength, report)) continue;
    const long = longForm(entry);
    const text =
      long?.description && asText(long.description.value, `The description of \`${entry.key}\``, report);
    const { template, secret } = bindFreely(long?.value ?? entry.value, context, {
      reads: "everything",
      name: "`outputs`",
    });
    outputs.set(entry.key, {
      name: entry.key,
      ...(text === undefined ? {} : { description: text }),
      value: template,
      secret,
      location: source.locate(entry.keySpan),
    });
  }
  return outputs;
};

const longForm = ({ value }: Entry): { value: TreeNode; description: Entry | undefined } | undefined => {
  if (value.kind !== "map") return undefined;
  const inner = value.entries.find(({ key }) => key === "value");
  if (!inner || value.entries.some(({ key }) => key !== "value" && key !== "description")) return undefined;
  return { value: inner.value, description: value.entries.find(({ key }) => key === "description") };
};
