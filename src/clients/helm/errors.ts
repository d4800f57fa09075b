/**
 * What Helm says on stderr, as a Failure. Helm has no error codes, so the texts of its sources are matched: each
 * pattern is a text of Helm 3 or 4 (pkg/action, pkg/kube, pkg/storage), or of the Kubernetes client inside it.
 */
import { Failure, type FailureDetails } from "../../step/failure.ts";

type Meaning = Pick<FailureDetails, "kind" | "code" | "hint">;

const chartHint =
  "check repository, name and version; without a network, a chart mirror has charts: `--charts FOLDER` or PROVISION_CHARTS";

const meanings: readonly (readonly [RegExp, Meaning])[] = [
  [
    /another operation \(install\/upgrade\/rollback\) is in progress/,
    {
      kind: "busy",
      code: "P0752",
      hint: "another Helm run works on the release, or one was killed: provision recovers it when it holds the cluster's Lease",
    },
  ],
  [
    /invalid ownership metadata|cannot be imported into the current release/,
    {
      kind: "conflict",
      code: "P0753",
      hint: "an object with that name is there already and belongs to no release or to another one: remove it, or give it to this release by the label app.kubernetes.io/managed-by=Helm and the annotations meta.helm.sh/release-name and meta.helm.sh/release-namespace",
    },
  ],
  [
    /specifications of the schema\(s\)|additional properties .* not allowed/,
    {
      kind: "rejected",
      code: "P0755",
      hint: "the chart's values.schema.json refuses the values: see its README for what it takes",
    },
  ],
  [
    /kubeVersion: .* which is incompatible with Kubernetes|chart requires kubeVersion/,
    { kind: "rejected", code: "P0756", hint: "choose a version of the chart for this Kubernetes" },
  ],
  [
    /You must be logged in to the server|asked for the client to provide credentials|\bUnauthorized\b|getting credentials: exec/,
    { kind: "unauthenticated", code: "P0758", hint: "log in to the cluster again" },
  ],
  [
    /is forbidden: User |forbidden: User/,
    {
      kind: "forbidden",
      code: "P0758",
      hint: "the cluster login needs the right to make what the chart holds: `access: admin` on the cluster has it",
    },
  ],
  [
    /failed calling webhook/,
    { kind: "transient", code: "P0749", hint: "an admission webhook does not answer yet" },
  ],
  // A repository of charts and not the cluster, which the same words of Go's network tell about below.
  [
    /(chart repository or cannot be reached|failed to download|failed to perform "(FetchReference|Resolve)").*(connection refused|connection reset by peer|i\/o timeout|TLS handshake timeout|\bEOF\b|no route to host)/,
    { kind: "transient", code: "P0763", hint: chartHint },
  ],
  [
    /kubernetes cluster unreachable|connection refused|connection reset by peer|i\/o timeout|TLS handshake timeout|unexpected EOF|: EOF\b|no route to host|Internal error occurred|etcdserver: |the server is currently unable to handle the request|http2: client connection lost/i,
    { kind: "transient", code: "P0757" },
  ],
  [/\(Too Many Requests\)|the server has received too many requests/i, { kind: "throttled", code: "P0757" }],
  [
    /no matches for kind|ensure CRDs are installed first/,
    {
      kind: "rejected",
      code: "P0759",
      hint: "the chart holds objects of a kind that the cluster does not serve: install its CustomResourceDefinition in a step before, and name that step in `needs`",
    },
  ],
  [
    /(pre|post)-(install|upgrade|rollback|delete) hooks? failed|failed (pre|post)-(install|upgrade|rollback|delete)/,
    { kind: "rejected", code: "P0748", hint: "a Job of the chart's failed: its pod's log says why" },
  ],
  [
    /timed out waiting for the condition|context deadline exceeded|would exceed context deadline|resources? not ready|not ready\. status/i,
    {
      kind: "rejected",
      code: "P0754",
      hint: "what the chart made did not become ready in time: see the evidence, or raise the step's `timeout`",
    },
  ],
  [
    /chart .* not found|^path .* not found|failed to download|no chart version found|chart version .* not found|: not found$|no such host|is not a valid chart repository or cannot be reached|failed to perform "(FetchReference|Resolve)"/im,
    {
      kind: "not-found",
      code: "P0763",
      hint: chartHint,
    },
  ],
  [
    /parse error at|execution error at|error calling|YAML parse error|error converting YAML to JSON|nil pointer evaluating|is invalid: |unable to build kubernetes objects|error validating data|Chart\.yaml file is missing|validation: chart\.metadata/,
    { kind: "rejected", code: "P0756", hint: "the chart can't be installed with these values" },
  ],
];

export interface HelmFailure {
  /** What was tried, as in `installing release web/nginx`. */
  readonly action: string;
  readonly resource: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** The Failure of a Helm run that ended with another exit code than 0. */
export const helmFailure = ({ action, resource, stderr, exitCode }: HelmFailure): Failure => {
  const text = essence(stderr);
  const meaning = meanings.find(([pattern]) => pattern.test(text))?.[1];
  return new Failure({
    kind: "unexpected",
    code: "P0747",
    ...meaning,
    message: `${action}: ${text || `Helm ended with exit code ${exitCode}`}`,
    resource,
  });
};

/** The error itself: without warnings, log lines and the prefixes that Helm stacks in front of it. */
const essence = (stderr: string): string =>
  stderr
    .split("\n")
    .filter((line) => line.trim() && !/^(WARNING|W\d{4}|I\d{4}|level=(WARN|INFO|DEBUG)|time=)/i.test(line))
    .join("\n")
    .replace(/^Error: /, "")
    .replace(/^(INSTALLATION|UPGRADE|ROLLBACK) FAILED: /, "")
    .trim();
