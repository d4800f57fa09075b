/** One value of a plan as text: known, secret, or known only after which steps. */
import type { Json, Shown } from "../plan/plan.ts";
import type { Style } from "./style.ts";

export const renderShown = (shown: Shown, style: Style): string => {
  switch (shown.kind) {
    case "value":
      return renderJson(shown.value);
    case "secret":
      return style.faint("(secret)");
    case "unknown":
      return style.accent(`(known after ${shown.after.join(", ")})`);
    case "nothing":
      return style.faint("(not set)");
  }
};

/** Compact, as one would write it in YAML's flow style; text without quotes where none are needed. */
export const renderJson = (value: Json): string => {
  if (typeof value === "string") return value === "" || /\p{Cc}/u.test(value) ? JSON.stringify(value) : value;
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(renderJson).join(", ")}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${key}: ${renderJson(item)}`)
    .join(", ")}}`;
};
