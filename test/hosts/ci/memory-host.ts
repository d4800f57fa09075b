/** A CI host by hand: a folder with files, and a memory of all that a job told it. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { CommentAbout, JobHost, JobRequest } from "../../../src/hosts/ci/host.ts";
import { runJob } from "../../../src/hosts/ci/job.ts";
import type { ExitCode } from "../../../src/hosts/exit-codes.ts";
import { realMachine } from "../../../src/hosts/machine.ts";
import type { Sandbox } from "../../../src/sandbox/server.ts";
import { spokenDialect } from "../../reporters/spoken-dialect.ts";
import { temporaryFolder } from "../../sandbox/open.ts";

export interface MemoryHost extends JobHost {
  readonly told: {
    readonly log: string[];
    readonly summary: string[];
    readonly outputs: Map<string, string>;
    readonly comments: { readonly markdown: string; readonly about: CommentAbout }[];
  };
  /** Runs a job on `provision.yaml`. */
  run(request?: Partial<JobRequest>): Promise<ExitCode>;
}

const request: JobRequest = {
  command: "plan",
  pipeline: "provision.yaml",
  inputs: undefined,
  inputsFile: undefined,
  planFile: undefined,
  offline: false,
  prune: false,
  sandbox: false,
  subscription: undefined,
};

/** `files`: in the workspace, by path. The machine logs in to `sandbox` where there is one. */
export const openMemoryHost = async (
  files: Readonly<Record<string, string>>,
  over: Partial<JobHost> & { readonly sandbox?: Sandbox; readonly directory?: string } = {},
): Promise<MemoryHost> => {
  const { sandbox, directory = ".", ...host } = over;
  const workspace = await temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(workspace, path)), { recursive: true });
    await writeFile(join(workspace, path), text);
  }
  const variables = sandbox
    ? {
        ...sandbox.environment(),
        PROVISION_CA_FILE: sandbox.authorityFile,
        PROVISION_POLL_INTERVAL: "1",
        // Its client trusts what Node trusts, which in this process is no sandbox.
        CLOUDFLARE_API_TOKEN: "",
      }
    : {};
  const told: MemoryHost["told"] = { log: [], summary: [], outputs: new Map(), comments: [] };
  const made: JobHost = {
    dialect: spokenDialect,
    write: (text) => {
      told.log.push(...text.replace(/\n$/, "").split("\n"));
    },
    machine: realMachine({ ...variables, NO_COLOR: "1" }, join(workspace, directory)),
    workspace,
    signals: { stopping: () => false, signal: new AbortController().signal, onStopping: () => {} },
    sandboxEntry: "",
    fork: false,
    secrets: [],
    graph: "mermaid",
    names: { planFile: "plan-file" },
    summary: async (markdown) => {
      told.summary.push(markdown);
    },
    output: async (name, value) => {
      told.outputs.set(name, value);
    },
    secretOutput: undefined,
    comment: async (markdown, about) => {
      told.comments.push({ markdown, about });
    },
    ...host,
  };
  return { ...made, told, run: (asked = {}) => runJob({ ...request, ...asked }, made) };
};
