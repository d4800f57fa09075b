/** One change as text: a setting, what it is, and what it will be. */
import type { PlannedChange } from "../plan/plan.ts";
import { renderShown } from "./shown.ts";
import { cut, type Style } from "./style.ts";

/** Longest text of one side of a change: longer ones are cut, since they are read elsewhere. */
const longest = 60;

export const changeText = ({ path, before, after }: PlannedChange, style: Style): string => {
  if (before.kind === "secret" && after.kind === "secret")
    return `${path}: ${style.faint("(secret, changed)")}`;
  const side = (shown: PlannedChange["after"]) =>
    shown.kind === "value" ? cut(renderShown(shown, style), longest) : renderShown(shown, style);
  return `${path}: ${side(before)} ${style.symbols.arrow} ${side(after)}`;
};
