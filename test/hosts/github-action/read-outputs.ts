/** How the runner reads GITHUB_OUTPUT: actions/runner, src/Runner.Worker/FileCommandManager.cs (EnvFileKeyValuePairs). */

interface Line {
  readonly text: string;
  readonly newline: string;
}

const linesOf = (text: string): readonly Line[] =>
  [...text.matchAll(/([^\r\n]*(?:\r(?!\n)[^\r\n]*)*)(\r\n|\n|$)/g)]
    .map(([, line = "", newline = ""]) => ({ text: line, newline }))
    .filter(({ text: line, newline }) => line !== "" || newline !== "");

/** Throws as the runner fails the step: on a line that is no pair, and on a value that does not end. */
export const readOutputs = (text: string): Readonly<Record<string, string>> => {
  const outputs: Record<string, string> = {};
  const lines = [...linesOf(text)];
  for (let line = lines.shift(); line; line = lines.shift()) {
    if (line.text === "") continue;
    const [equals, heredoc] = [line.text.indexOf("="), line.text.indexOf("<<")];
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      outputs[line.text.slice(0, equals)] = line.text.slice(equals + 1);
      continue;
    }
    if (heredoc < 0) throw new Error(`Invalid format '${line.text}'`);
    const [name, delimiter] = [line.text.slice(0, heredoc), line.text.slice(heredoc + 2)];
    const value: Line[] = [];
    for (let next = lines.shift(); next?.text !== delimiter; next = lines.shift()) {
      if (!next) throw new Error(`Matching delimiter not found '${delimiter}'`);
      value.push(next);
    }
    const whole = value.map((each) => each.text + each.newline).join("");
    outputs[name] = whole.slice(0, whole.length - (value.at(-1)?.newline.length ?? 0));
  }
  return outputs;
};
