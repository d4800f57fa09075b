/** A failure as a person needs it: which step, what went wrong, on which thing, the evidence, what to do. */
import type { FailureReport } from "../run/event.ts";
import { printable, type Style, wrap } from "./style.ts";

export const renderFailure = (failure: FailureReport, style: Style, step?: string): string => {
  const lines = [
    `${style.failure(`error[${failure.code}]`)} ${step === undefined ? "" : `${style.strong(step)}: `}${printable(failure.message)}`,
  ];
  const fact = (name: string, text: string): void => {
    const width = Math.max(30, style.columns - 14);
    wrap(printable(text), width).forEach((line, index) => {
      lines.push(`  ${style.faint((index === 0 ? name : "").padEnd(10))}  ${line}`);
    });
  };
  if (failure.resource !== undefined && !failure.message.includes(failure.resource))
    fact("resource", failure.resource);
  if (failure.requestId !== undefined) fact("request id", failure.requestId);
  failure.evidence.forEach((line, index) => {
    fact(index === 0 ? "evidence" : "", line);
  });
  if (failure.hint !== undefined) fact("hint", failure.hint);
  return `${lines.join("\n")}\n`;
};
