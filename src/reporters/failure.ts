/** A failure as a person needs it: which step, what went wrong, on which thing, the evidence, what to do. */
import type { FailureReport } from "../run/event.ts";
import { printable, type Style, wrap } from "./style.ts";

/** A key, say, which is there to be copied: only the terminal may break it, which puts no line's end into it. */
const isMaterial = (text: string, width: number): boolean =>
  text.split(" ").some((word) => word.length > width);

export const renderFailure = (failure: FailureReport, style: Style, step?: string): string => {
  const lines = [
    `${style.failure(`error[${failure.code}]`)} ${step === undefined ? "" : `${style.strong(step)}: `}${printable(failure.message)}`,
  ];
  const width = Math.max(30, style.columns - 14);
  const fact = (name: string, text: string, lined = wrap(printable(text), width)): void => {
    lined.forEach((line, index) => {
      lines.push(`  ${style.faint((index === 0 ? name : "").padEnd(10))}  ${line}`);
    });
  };
  if (failure.resource !== undefined && !failure.message.includes(failure.resource))
    fact("resource", failure.resource);
  if (failure.requestId !== undefined) fact("request id", failure.requestId);
  failure.evidence.forEach((line, index) => {
    const text = printable(line);
    fact(index === 0 ? "evidence" : "", text, isMaterial(text, width) ? [text] : wrap(text, width));
  });
  if (failure.hint !== undefined) fact("hint", failure.hint);
  return `${lines.join("\n")}\n`;
};
