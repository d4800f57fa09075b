/** The part of the screen that is drawn over: running steps with their time, what waits for them, a line of sums. */
import { type Progress, type RunningStep, type WaitingStep, waitingSteps } from "./progress.ts";
import { cut, duration, printable, type Style } from "./style.ts";

/** Lines at most, so that the frame never grows out of a small screen. */
const mostRunning = 12;
const mostWaiting = 4;

/** Lines without a newline at their end, none wider than the screen. Empty where nothing is going on. */
export const frame = (progress: Progress, now: number, style: Style): readonly string[] => {
  const { looking, running } = progress;
  if (looking)
    return [style.faint(cut(`looking at what is there: ${looking.seen} of ${looking.of}`, room(style)))];
  if (progress.began === undefined && running.length === 0) return [];
  const waiting = waitingSteps(progress);
  const width = Math.max(0, ...[...progress.announced, ...running].map(({ id }) => id.length));
  return [
    ...running.slice(0, mostRunning).map((step) => runningLine(step, width, now, style)),
    ...more(running.length - mostRunning, "more running", style),
    ...waiting.slice(0, mostWaiting).map((step) => waitingLine(step, width, style)),
    ...more(waiting.length - mostWaiting, "more waiting", style),
    sumLine(progress, now, style),
  ];
};

/** A line that is as wide as the screen wraps on some terminals. */
const room = (style: Style): number => style.columns - 1;

const runningLine = (step: RunningStep, width: number, now: number, style: Style): string => {
  const mark = style.accent(style.symbols.running);
  const time = duration(Math.max(0, now - step.since)).padStart(6);
  const words = printable(doingText(step, now)).replaceAll("\n", " ");
  const doing = cut(words, room(style) - width - 12);
  const id = `${style.strong(step.id)}${" ".repeat(width - step.id.length)}`;
  return `${mark} ${id}  ${time}  ${step.doing.kind === "retrying" ? style.warning(doing) : doing}`;
};

/** What a step does just now, in words of others: not yet fit for a screen. */
export const doingText = ({ doing, action }: RunningStep, now: number): string => {
  switch (doing.kind) {
    case "action":
      return verb(action);
    case "verifying":
      return "checking that it works";
    case "waiting":
      return doing.reason;
    case "operation":
      return doing.joinedSince === undefined
        ? doing.operation
        : `${doing.operation} (joined, ${duration(Math.max(0, now - doing.joinedSince))} so far)`;
    case "retrying":
      return doing.until > now
        ? `again in ${duration(doing.until - now)}: ${doing.message}`
        : `again: ${doing.message}`;
  }
};

const verb = (action: RunningStep["action"]): string => {
  switch (action) {
    case "create":
      return "creating";
    case "update":
      return "updating";
    case "replace":
      return "replacing";
    case "delete":
      return "removing";
    case "none":
    case "read":
    case "leave":
      return "looking";
    case "decide-later":
      return "looking what there is to do";
  }
};

const waitingLine = (step: WaitingStep, width: number, style: Style): string => {
  const { symbols } = style;
  const what = step.for.length > 0 ? `waits for ${step.for.join(", ")}` : "begins next";
  return style.faint(`${symbols.waiting} ${step.id.padEnd(width)}  ${cut(what, room(style) - width - 4)}`);
};

const more = (count: number, what: string, style: Style): readonly string[] =>
  count > 0 ? [style.faint(`  and ${count} ${what}`)] : [];

const sumLine = ({ announced, ended, began, cancelling }: Progress, now: number, style: Style): string => {
  const done = announced.filter(({ id }) => ended.has(id)).length;
  const sums = announced.length > 0 ? `${done} of ${announced.length} steps` : "";
  const time = began === undefined ? "" : duration(Math.max(0, now - began));
  const line = [sums, time].filter(Boolean).join(", ");
  return cancelling
    ? style.warning(cut(`${line}; finishing what runs`, room(style)))
    : style.faint(cut(line, room(style)));
};
