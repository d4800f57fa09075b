/** Conditions of a GitHub workflow, evaluated by GitHub's own evaluator for an event that is made up. */
import { data, Evaluator, Lexer, Parser } from "@actions/expressions";

/** `failure()` and the like are the runner's: all jobs before have ended well, unless told otherwise. */
const statusFunctions = (failed: boolean) =>
  Object.entries({ success: !failed, failure: failed, cancelled: false, always: true }).map(
    ([name, value]) => ({
      name,
      minArgs: 0,
      maxArgs: 0,
      call: () => new data.BooleanData(value),
    }),
  );

/** @param contexts What `github`, `inputs`, `needs`, `env` hold. */
export const evaluated = (
  expression: string,
  contexts: Readonly<Record<string, unknown>>,
  { failed }: { readonly failed: boolean } = { failed: false },
): string => {
  const functions = statusFunctions(failed);
  const source = expression.replace(/^\$\{\{([\s\S]*)\}\}$/, "$1").trim();
  const { tokens } = new Lexer(source).lex();
  const tree = new Parser(tokens, Object.keys(contexts), functions).parse();
  const dictionary: unknown = JSON.parse(JSON.stringify(contexts), data.reviver);
  if (!(dictionary instanceof data.Dictionary)) throw new Error("the contexts are a map");
  return new Evaluator(tree, dictionary, new Map(functions.map((it) => [it.name, it])))
    .evaluate()
    .coerceString();
};
