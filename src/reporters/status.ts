/** The state of a pipeline's things, one line a step: as wanted and working, drifted, or not working. */
import { type Plan, type PlannedStep, sign } from "../plan/plan.ts";
import { changeText } from "./change.ts";
import type { Style } from "./style.ts";

/** `unhealthy`: ids of the steps whose things do not work; `unverified`: of those that nobody could look at closer. */
export const renderStatus = (
  plan: Plan,
  unhealthy: readonly string[],
  style: Style,
  unverified: readonly string[] = [],
): string => {
  const ids = Math.max(0, ...plan.steps.map((step) => step.id.length));
  const types = Math.max(0, ...plan.steps.map((step) => step.type.length));
  const { pipeline, instance } = plan.scope;
  const ill = new Set(unhealthy);
  return [
    style.strong(instance === pipeline ? pipeline : `${pipeline}/${instance}`),
    "",
    ...plan.steps.flatMap((step) => {
      const { mark, words } = stateOf(step, ill.has(step.id), style, unverified.includes(step.id));
      const id = `${step.id}${" ".repeat(ids - step.id.length)}`;
      return [
        `${mark} ${id}  ${style.faint(step.type.padEnd(types))}  ${words}`.trimEnd(),
        ...(step.action === "update" || step.action === "replace"
          ? step.changes.map((change) => `    ${changeText(change, style)}`)
          : []),
      ];
    }),
    ...plan.orphans.map(
      ({ step, ref }) =>
        `${style.warning("?")} ${step}  ${style.faint(ref.type)}  ${style.faint(ref.id)}  no step names it`,
    ),
    "",
    summary(plan, ill, style),
    "",
  ].join("\n");
};

const stateOf = (
  step: PlannedStep,
  ill: boolean,
  style: Style,
  unverified: boolean,
): { readonly mark: string; readonly words: string } => {
  const { symbols } = style;
  if (ill) return { mark: style.failure(symbols.failed), words: style.failure("does not work") };
  switch (step.action) {
    case "create":
      return { mark: style.warning(sign(step.action)), words: style.warning("not there") };
    case "update":
    case "replace":
      return { mark: style.warning(sign(step.action)), words: style.warning("differs") };
    case "delete":
      return { mark: style.failure(sign(step.action)), words: "goes" };
    case "none":
    case "read":
      return unverified
        ? { mark: style.warning(symbols.skipped), words: style.warning("as wanted, not verified") }
        : { mark: style.success(symbols.done), words: "works" };
    case "leave":
      return { mark: style.faint(symbols.skipped), words: style.faint(step.notes.join("; ")) };
    case "decide-later":
      return { mark: style.warning(sign(step.action)), words: step.notes.join("; ") || problemsOf(step) };
  }
};

const problemsOf = ({ problems }: PlannedStep): string => problems.map(({ message }) => message).join("; ");

const summary = (plan: Plan, ill: ReadonlySet<string>, style: Style): string => {
  const rest = plan.steps.filter((step) => !ill.has(step.id));
  const count = (...actions: PlannedStep["action"][]) =>
    rest.filter(({ action }) => actions.includes(action)).length;
  const drifted = count("update", "replace");
  const missing = count("create");
  const unknown = count("decide-later");
  const parts = [
    ill.size > 0 ? style.failure(`${ill.size} not working`) : undefined,
    missing > 0 ? style.warning(`${missing} not there`) : undefined,
    drifted > 0 ? style.warning(`${drifted} drifted`) : undefined,
    unknown > 0 ? style.warning(`${unknown} not known`) : undefined,
    style.success(`${count("none", "read")} as wanted`),
  ];
  return `Status: ${parts.filter(Boolean).join(", ")}.`;
};
