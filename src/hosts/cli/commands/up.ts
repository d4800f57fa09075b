/** `provision up`: plan, show, ask, run, verify. A plan file in place of a pipeline is asserted first. */
import { extname, resolve } from "node:path";
import { reasonOf } from "../../../application/file-errors.ts";
import { hasPipelineName } from "../../../application/open-pipeline.ts";
import { preflight } from "../../../application/preflight.ts";
import { hasChanges, type Plan, problemsOf } from "../../../plan/plan.ts";
import { comparePlans, decodePlan } from "../../../plan/plan-file.ts";
import { renderPlan } from "../../../reporters/plan-text.ts";
import { prepare } from "../../../run/prepare.ts";
import { up as carryOut } from "../../../run/up.ts";
import { Failure } from "../../../step/failure.ts";
import { type Command, exitCodes, type Invocation } from "../command.ts";
import { confirmed, needsYes } from "../confirm.ts";
import { type Opened, open } from "../open.ts";
import { jsonOption, pipelineOptions, worldOptions, yesOption } from "../options.ts";
import { finish } from "../result.ts";

export const up: Command = {
  name: "up",
  summary: "Bring the world to what the pipeline says, and prove that it works.",
  usage: "up [PIPELINE or PLAN.json]",
  options: [
    yesOption,
    {
      name: "prune",
      kind: "flag",
      help: "Also remove what carries this pipeline's marks and no step names any more.",
    },
    {
      name: "skip-preflight",
      kind: "flag",
      help: "Don't ask for quota, permissions and tools before the first write.",
    },
    ...pipelineOptions,
    ...worldOptions,
    jsonOption,
  ],
  positionals: { least: 0, most: 1 },
  examples: [
    { command: "provision up pipelines/static-ip.yaml", what: "plan, ask, run" },
    { command: "provision up plan.json --yes", what: "run just what was approved, or nothing" },
    { command: "provision up --sandbox --yes pipelines/static-ip.yaml", what: "without a cloud" },
  ],
  run: async (invocation) => {
    const { given, terminal } = invocation;
    const asserted = await readPlanFile(invocation, given.positionals[0]);
    const opened = await open(invocation, {
      file: asserted?.file ?? given.positionals[0] ?? "provision.yaml",
      inputs: Object.entries(asserted?.inputs ?? {}).map(([name, value]) => `${name}=${String(value)}`),
    });
    const { request, world, reporter, style } = opened;
    const json = given.flag("json");
    needsYes(invocation);
    const prune = given.flag("prune") || (asserted?.orphans.some((orphan) => orphan.prune) ?? false);
    const prepared = await prepare(world, request, { command: "up", join: true, prune });
    const { plan } = prepared;
    reporter.close();
    if (asserted) assertPlan(asserted, plan);
    if (!json) terminal.out.write(`${renderPlan(plan, style)}\n`);
    const problems = problemsOf(plan);
    if (problems.length > 0) {
      const which = [...new Set(problems.map(({ step }) => step))].join(", ");
      if (!json)
        terminal.err.write(
          `Nothing was changed. Mend what stands at ${which} above, then run the same command again.\n`,
        );
      return exitCodes.failed;
    }
    if (hasChanges(plan)) {
      const blocked = given.flag("skip-preflight") ? false : await blockedByPreflight(opened, plan);
      if (blocked) {
        if (!json)
          terminal.err.write(
            "Nothing was changed. Mend what is in the way, then run the same command again.\n",
          );
        return exitCodes.blocked;
      }
      if (!(await confirmed(invocation, "Carry this out?"))) return exitCodes.cancelled;
    }
    const result = await carryOut(world, request, prepared);
    reporter.close();
    return finish(invocation, opened, result, { changed: hasChanges(plan) });
  },
};

const blockedByPreflight = async ({ request, world }: Opened, plan: Plan): Promise<boolean> => {
  const findings = await preflight(world, request, plan);
  for (const finding of findings) world.emit({ kind: "finding", ...finding });
  return findings.some(({ severity }) => severity === "blocker");
};

/** The plan in a file; undefined where it is a pipeline's. A plan is known by its `.json`, or by what it holds. */
const readPlanFile = async ({ machine }: Invocation, file: string | undefined): Promise<Plan | undefined> => {
  if (file === undefined || hasPipelineName(file)) return undefined;
  const path = resolve(machine.directory, file);
  const named = extname(file) === ".json";
  // What comes through a pipe (no size) can be read once only, and is left for the pipeline.
  if (!named && (await machine.size(path).catch(() => 0)) === 0) return undefined;
  const refuse = (why: string): Failure =>
    new Failure({
      kind: "rejected",
      code: "P0442",
      message: `can't use ${file} as a plan: ${why}`,
      hint: "make one with `provision plan --out plan.json PIPELINE`",
    });
  const decoded = await machine.readText(path).then(decodePlan, (error: unknown) => ({
    problem: reasonOf(error),
  }));
  if ("problem" in decoded) {
    if (named) throw refuse(decoded.problem);
    return undefined;
  }
  if (decoded.plan.offline) throw refuse("it was made offline, so it asserts nothing about the world");
  if (decoded.plan.command !== "up") throw refuse("it is a plan to destroy");
  return decoded.plan;
};

const assertPlan = (asserted: Plan, current: Plan): void => {
  const moved = comparePlans(asserted, current);
  if (moved.length === 0) return;
  throw new Failure({
    kind: "conflict",
    code: "P0443",
    message: "the plan no longer holds; nothing was changed",
    hint: "plan again, look, and approve the new plan",
    evidence: moved,
  });
};
