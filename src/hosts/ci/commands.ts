/** The four commands of a job, each told in the log, the summary and the outputs. */
import { resolve } from "node:path";
import { writePlanFile } from "../../application/plan-file.ts";
import type { Session } from "../../application/session.ts";
import { bringUp, lookAt, planSession, tearDown } from "../../application/work.ts";
import { hasChanges, type Plan, problemsOf, type Shown } from "../../plan/plan.ts";
import { secretOutputs } from "../../plan/planner.ts";
import { cutMarkdown, summaryLimit } from "../../reporters/cut-markdown.ts";
import { renderFindingsMarkdown } from "../../reporters/findings-markdown.ts";
import { type Annotation, withHint } from "../../reporters/log-dialect.ts";
import { folded } from "../../reporters/markdown.ts";
import { renderOutputs } from "../../reporters/outputs.ts";
import { renderPlanMarkdown } from "../../reporters/plan-markdown.ts";
import { renderPlan } from "../../reporters/plan-text.ts";
import type { Reporter } from "../../reporters/reporter.ts";
import { type RunTally, renderResultMarkdown } from "../../reporters/result-markdown.ts";
import { renderStatus } from "../../reporters/status.ts";
import { renderStatusMarkdown } from "../../reporters/status-markdown.ts";
import type { Style } from "../../reporters/style.ts";
import { report } from "../../run/report.ts";
import type { RunResult } from "../../run/up.ts";
import type { Finding } from "../../step/finding.ts";
import { codeOfOutcome, type ExitCode, exitCodes } from "../exit-codes.ts";
import type { JobHost, JobRequest } from "./host.ts";
import type { Cleaned } from "./masking.ts";

/** What a command of a job works with. */
export interface Job {
  readonly host: JobHost;
  readonly request: JobRequest;
  readonly session: Session;
  readonly style: Style;
  /** Lines for the log: harmless to the host, and without any secret. */
  readonly say: (text: string) => void;
  readonly annotate: (annotation: Annotation) => void;
  /** For what does not come as an event, before it is rendered. */
  readonly cleaned: Cleaned;
  /** Where a step stands in its file, as the host wants it. */
  readonly placeOf: (step: string) => Annotation["place"];
  /** What happened so far. */
  readonly tally: () => RunTally;
  /** Of preflight, so far. */
  readonly findings: readonly Finding[];
  readonly reporter: Reporter;
}

export const planJob = async (job: Job): Promise<ExitCode> => {
  const { host, request, session, style, say, reporter } = job;
  const wish = { command: "up", offline: request.offline, prune: request.prune } as const;
  const plan = job.cleaned(await planSession(session, wish));
  reporter.close();
  if (request.planFile !== undefined && !plan.offline) {
    await writePlanFile(host.machine, request.planFile, plan);
    // Absolute, for steps that run in another folder.
    await host.output("plan", resolve(host.machine.directory, request.planFile));
  }
  if (request.planFile !== undefined && plan.offline)
    say(`note: no ${host.names.planFile} is written offline: such a plan asserts nothing about the world`);
  say(renderPlan(plan, style));
  await showPlan(job, plan);
  await host.output("changes", String(hasChanges(plan)));
  await giveOutputs(job, plan.outputs);
  return judged(job, plan) ?? exitCodes.done;
};

export const upJob = async (job: Job, asserted: Plan | undefined): Promise<ExitCode> => {
  const { host, request, session, style, say, reporter } = job;
  const outcome = await bringUp(session, {
    asserted,
    // The plan file holds none either.
    comparable: job.cleaned,
    prune: request.prune,
    skipPreflight: false,
    show: (plan) => say(renderPlan(job.cleaned(plan), style)),
    approve: async () => true,
  });
  reporter.close();
  const plan = job.cleaned(outcome.plan);
  await host.output("changes", String(hasChanges(plan)));
  if (outcome.kind !== "ran") {
    if (outcome.kind === "blocked") await host.summary(renderFindingsMarkdown(job.findings));
    await showPlan(job, plan);
    return outcome.kind === "blocked" ? exitCodes.blocked : (judged(job, plan) ?? exitCodes.failed);
  }
  const { result } = outcome;
  await host.summary(cutMarkdown(renderResultMarkdown(job.tally(), nextAfter(result)), summaryLimit / 2));
  if (outcome.changed) await showPlan(job, plan, "below the result");
  if (result.outcome === "done") {
    say(
      outcome.changed
        ? style.success(`Done: ${result.done.length} steps verified.`)
        : style.success("Nothing to do: everything is as wanted, and verified."),
    );
    const outputs = job.cleaned(result.outputs);
    say(renderOutputs(outputs, style));
    await giveOutputs(job, outputs);
    await giveSecrets(job, result);
  } else sayUnfinished(job, result);
  return codeOfOutcome(result.outcome);
};

export const destroyJob = async (job: Job): Promise<ExitCode> => {
  const { session, style, say, reporter, host } = job;
  const outcome = await tearDown(session, {
    show: (plan) => say(renderPlan(job.cleaned(plan), style)),
    approve: async () => true,
  });
  reporter.close();
  await host.output("changes", String(outcome.kind === "ran"));
  if (outcome.kind !== "ran") {
    say("Nothing to destroy.");
    await host.summary("### Nothing to destroy\n");
    return exitCodes.done;
  }
  const { result } = outcome;
  await host.summary(cutMarkdown(renderResultMarkdown(job.tally(), nextAfter(result)), summaryLimit));
  if (result.outcome === "done")
    say(style.success("Destroyed. Nothing that carries this pipeline's marks is left."));
  else sayUnfinished(job, result);
  return codeOfOutcome(result.outcome);
};

/** Ends with 3 for drift and 1 for ill health, as on the command line, so that a nightly job fails where there is either. */
export const statusJob = async (job: Job): Promise<ExitCode> => {
  const { host, session, style, say, reporter, annotate, cleaned } = job;
  const { result, ...looked } = await lookAt(session);
  reporter.close();
  // Half a look is no answer: nobody is told that all is well.
  if (result.outcome === "cancelled") {
    sayUnfinished(job, result);
    return exitCodes.cancelled;
  }
  const plan = cleaned(looked.plan);
  const ill = result.failures.map(({ step }) => step);
  say(renderStatus(plan, ill, style, result.unverified));
  const failures = result.failures.map(({ step, failure }) => cleaned({ step, failure: report(failure) }));
  await host.summary(cutMarkdown(renderStatusMarkdown(plan, failures, result.unverified), summaryLimit));
  await host.output("drift", String(result.drift.length > 0));
  await host.output("healthy", String(ill.length === 0 && result.unverified.length === 0));
  await giveOutputs(job, plan.outputs);
  if (ill.length > 0) return exitCodes.failed;
  if (result.drift.length === 0) return exitCodes.done;
  annotate({
    severity: "error",
    title: "Drift",
    message: `${result.drift.map(({ id }) => id).join(", ")}: not as the pipeline says. \`up\` mends it.`,
  });
  return exitCodes.changes;
};

/** Below a result a plan is of interest to few: it is folded, and takes half the room. */
const showPlan = async ({ host }: Job, plan: Plan, where?: "below the result"): Promise<void> => {
  const markdown = renderPlanMarkdown(plan, { graph: host.graph });
  await host.summary(
    where === undefined
      ? cutMarkdown(markdown, summaryLimit)
      : cutMarkdown(`${folded("What was planned", markdown)}\n`, summaryLimit / 2),
  );
  const { pipeline, instance } = plan.scope;
  if (host.comment) await host.comment(markdown, { pipeline, instance });
};

/** Marks the problems of a plan at their steps; undefined where there are none. */
const judged = ({ placeOf, annotate }: Job, plan: Plan): ExitCode | undefined => {
  const problems = problemsOf(plan);
  if (problems.length === 0) return undefined;
  for (const { code, step, message, hint } of problems)
    annotate({
      severity: "error",
      title: `${code} ${step}`,
      message: withHint(message, hint),
      place: placeOf(step),
    });
  return exitCodes.failed;
};

/** The job's own results, by names that hosts compare without case. */
const ownOutputs = new Set(["plan", "changes", "drift", "healthy"]);

/** Those that are known: text as it is, all else as JSON. */
const giveOutputs = async ({ host, say }: Job, outputs: Readonly<Record<string, Shown>>): Promise<void> => {
  for (const [name, shown] of Object.entries(outputs)) {
    if (shown.kind !== "value") continue;
    if (ownOutputs.has(name.toLowerCase())) {
      say(`note: the pipeline's output ${name} has the name of one of the job's own, and is not handed on`);
      continue;
    }
    await host.output(name, typeof shown.value === "string" ? shown.value : JSON.stringify(shown.value));
  }
};

const giveSecrets = async ({ host, session, say }: Job, { values }: RunResult): Promise<void> => {
  for (const [name, secret] of secretOutputs(session.request.setting, (step) => values.get(step))) {
    if (host.secretOutput) await host.secretOutput(name, secret);
    else say(`note: output ${name} is a secret, and is not handed on`);
  }
};

const sayUnfinished = ({ say, style }: Job, { outcome, done, failures, notDone }: RunResult): void => {
  const left = [...failures.map(({ step }) => step), ...notDone];
  say(
    [
      style.failure(outcome === "cancelled" ? "Cancelled." : "Failed."),
      `  done      ${done.join(", ") || "nothing"}`,
      `  not done  ${left.join(", ") || "nothing"}`,
      "Nothing is lost: the same job goes on from here.",
    ].join("\n"),
  );
};

const nextAfter = ({ outcome }: RunResult): string | undefined =>
  outcome === "done" ? undefined : "Nothing is lost: run the job again, and it goes on from here.";
