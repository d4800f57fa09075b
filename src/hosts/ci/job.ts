/** Runs one job of a CI host: opens the pipeline, does what was asked, and tells it in log, summary and outputs. */
import { relative, resolve } from "node:path";
import { reasonOf } from "../../application/file-errors.ts";
import { readPlanFile } from "../../application/plan-file.ts";
import { InvalidPipeline } from "../../application/session.ts";
import type { Location } from "../../language/diagnostic.ts";
import type { Pipeline } from "../../language/pipeline.ts";
import { createJobLog } from "../../reporters/job-log.ts";
import type { Annotation } from "../../reporters/log-dialect.ts";
import { noTally, tally } from "../../reporters/result-markdown.ts";
import { createStyle } from "../../reporters/style.ts";
import type { TimedEvent } from "../../run/event.ts";
import { Failure } from "../../step/failure.ts";
import type { Finding } from "../../step/finding.ts";
import { wantsColor } from "../color.ts";
import type { ExitCode } from "../exit-codes.ts";
import { openOnHost } from "../open.ts";
import { withLimit } from "./annotation-limit.ts";
import { destroyJob, type Job, planJob, statusJob, upJob } from "./commands.ts";
import type { JobHost, JobRequest } from "./host.ts";
import { masking } from "./masking.ts";
import { tellFailure, tellInvalid, tellWarnings } from "./trouble.ts";

/** Columns that a host's log shows without breaking lines. */
const columns = 120;

export const runJob = async (request: JobRequest, plainHost: JobHost): Promise<ExitCode> => {
  const { host: masked, cleaned, stop } = masking(plainHost);
  const host = { ...masked, summary: forgiving(masked) };
  const { machine } = host;
  const { dialect, said, withheld } = withLimit(host.dialect, host.annotationLimit);
  const style = createStyle({ color: wantsColor(machine.variables, true), columns, unicode: true });
  const annotate = (annotation: Annotation) => host.write(`${dialect.annotation(annotation)}\n`);
  const say = (text: string) => host.write(`${dialect.harmless(text.trimEnd())}\n`);
  let pipeline: Pipeline | undefined;
  let told = noTally;
  const findings: Finding[] = [];
  const placeOfStep = (step: string) => placeOf(host, pipeline?.steps.get(step)?.location);
  const reporter = createJobLog({
    write: host.write,
    dialect,
    style,
    clock: machine.clock,
    placeOf: placeOfStep,
  });
  host.signals.onStopping(() =>
    say(style.warning("Cancelled: what runs is finished, nothing new begins. Once more ends it at once.")),
  );
  const trouble = {
    host,
    say,
    said,
    annotate,
    style,
    cleaned,
    placeOf: (at: Location) => placeOf(host, at),
  };
  const end = () => {
    reporter.close();
    for (const annotation of withheld()) host.write(`${host.dialect.annotation(annotation)}\n`);
    stop();
  };
  try {
    refuseStrangersWrites(request, host);
    const asserted =
      request.command === "up" && request.planFile !== undefined
        ? await readPlanFile(machine, request.planFile)
        : undefined;
    const session = await openOnHost(
      {
        machine,
        signals: host.signals,
        sandboxEntry: host.sandboxEntry,
        emit: (plain) => {
          const event = cleaned(inHostsWords(plain, host));
          told = tally(told, event);
          if (event.kind === "finding") findings.push(event);
          reporter.event(event);
        },
        sandboxStarted: () => say("The sandbox is up: a cloud of your own on 127.0.0.1."),
      },
      {
        file: request.pipeline,
        inputs: [],
        inputsFile: request.inputsFile,
        inputsText: request.inputs,
        offline: request.offline,
        lenientSecrets: request.command === "destroy",
        trustLocalSteps: !host.fork,
        sandbox: request.sandbox,
        subscription: request.subscription,
      },
    );
    ({ pipeline } = session);
    tellWarnings(session.warnings, trouble);
    const job: Job = {
      host,
      request,
      session,
      style,
      say,
      annotate,
      cleaned,
      placeOf: placeOfStep,
      tally: () => told,
      findings,
      reporter,
    };
    switch (request.command) {
      case "plan":
        return await planJob(job);
      case "up":
        return await upJob(job, asserted);
      case "destroy":
        return await destroyJob(job);
      case "status":
        return await statusJob(job);
    }
  } catch (error) {
    reporter.close();
    return await (error instanceof InvalidPipeline
      ? tellInvalid(error, trouble)
      : tellFailure(error, trouble));
  } finally {
    end();
  }
};

/** With the hint that fits this host. */
const inHostsWords = (event: TimedEvent, { hintFor }: JobHost): TimedEvent => {
  if (event.kind !== "step-failed") return event;
  const hint = hintFor?.({ ...event.failure, hint: event.failure.hint });
  return hint === undefined ? event : { ...event, failure: { ...event.failure, hint } };
};

/** What would be carried out is a stranger's pipeline, by a login that a job on such a change should not have. */
const refuseStrangersWrites = ({ command, sandbox }: JobRequest, { fork }: JobHost): void => {
  if (!fork || sandbox || command === "plan" || command === "status") return;
  throw new Failure({
    kind: "rejected",
    code: "P0450",
    message: `\`${command}\` is refused: this change comes from a fork`,
    hint: "a plan is as far as a stranger's pipeline goes; carry it out once it is merged, or with `sandbox`",
  });
};

/** A place as the host's annotations want it: from the root of the checkout, with forward slashes. */
const placeOf = ({ machine, workspace }: JobHost, location: Location | undefined): Annotation["place"] => {
  if (!location) return undefined;
  const file = relative(workspace, resolve(machine.directory, location.file)).replaceAll("\\", "/");
  return file.startsWith("..") ? undefined : { file, ...location.start };
};

/** A summary that can't be written fails no run that went well, and hides no failure of another: it is for people alone. */
const forgiving =
  ({ summary, write, dialect }: JobHost): JobHost["summary"] =>
  async (markdown) => {
    try {
      await summary(markdown);
    } catch (error) {
      const message = `It can't be written: ${reasonOf(error)}. All of it is in the log.`;
      write(`${dialect.annotation({ severity: "warning", title: "No summary", message })}\n`);
    }
  };
