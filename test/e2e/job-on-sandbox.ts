/** A CI job on a sandbox of its own, whose checkout holds one pipeline: each step is the shipped bundle. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { openCommand, type TestCommand } from "./command.ts";

type Inputs = Readonly<Record<string, string>>;

/** What every host's step is started with. */
interface StepOptions {
  readonly folder: string;
  readonly inputs: Inputs;
  readonly variables: Readonly<Record<string, string>>;
}

interface Running<Result> {
  until(text: string): Promise<void>;
  readonly pid: number;
  readonly ended: Promise<Result>;
}

/** What a test may say beside inputs, in the host's own terms. */
interface Over {
  readonly variables?: Readonly<Record<string, string>> | undefined;
}

export interface JobOnSandbox<Own extends Over, Result> {
  readonly command: TestCommand;
  /** Absolute, with the pipeline `provision.yaml`. */
  readonly checkout: string;
  /** Puts another pipeline in its place. */
  write(text: string): Promise<void>;
  run(inputs: Inputs, over?: Own): Promise<Result>;
  start(inputs: Inputs, over?: Own): Promise<Running<Result>>;
}

export interface HostOfJobs<Own extends Over, Result> {
  /** Name of the checkout in the job's folder. */
  readonly checkout: string;
  start(options: StepOptions, over: Own | undefined): Promise<Running<Result>>;
}

export const openJobOn = async <Own extends Over, Result>(
  name: string,
  host: HostOfJobs<Own, Result>,
  pipeline: string,
): Promise<JobOnSandbox<Own, Result>> => {
  const command = await openCommand(name);
  onTestFinished(() => command[Symbol.asyncDispose]());
  const checkout = join(command.folder, host.checkout);
  const path = join(checkout, "provision.yaml");
  await mkdir(checkout);
  await writeFile(path, pipeline);
  const start = (inputs: Inputs, over?: Own) =>
    host.start(
      {
        folder: command.folder,
        inputs: { sandbox: "true", ...inputs },
        variables: { PROVISION_SANDBOX: join(command.folder, "sandbox"), ...over?.variables },
      },
      over,
    );
  return {
    command,
    checkout,
    write: (text) => writeFile(path, text),
    start,
    run: async (inputs, over) => (await start(inputs, over)).ended,
  };
};

/** A chart of one object, beside the pipeline. */
export const writeChart = async (checkout: string): Promise<void> => {
  const chart = join(checkout, "chart");
  await mkdir(join(chart, "templates"), { recursive: true });
  await writeFile(join(chart, "Chart.yaml"), "apiVersion: v2\nname: web\nversion: 1.0.0\n");
  await writeFile(
    join(chart, "templates", "map.yaml"),
    "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\n",
  );
};

/** A pipeline with a cluster and that chart. `more`: further parts of the pipeline. */
export const clusterWithChart = (more = ""): string => `name: small
steps:
  group: { uses: azure/resource-group, with: { name: rg-small, location: westeurope } }
  identity: { uses: azure/managed-identity, with: { group: "\${{ steps.group.outputs }}", name: small } }
  cluster:
    uses: azure/aks-cluster
    with:
      group: \${{ steps.group.outputs }}
      name: clu-small
      kubernetesVersion: "1.35"
      identity: \${{ steps.identity.outputs }}
      systemPool: { size: Standard_D4ds_v5, count: 1 }
  web:
    uses: helm/release
    with: { cluster: "\${{ steps.cluster.outputs }}", namespace: web, release: web, chart: ./chart }
${more}`;

/** An `up` of an address that the host cancels while Azure makes it: in order at first, then at once. */
export const cancelled = async <Result>({
  command,
  start,
}: Pick<JobOnSandbox<never, Result>, "command" | "start">): Promise<Result> => {
  await command.control("fault", { kind: "stuck-operation", method: "PUT", path: "publicIPAddresses" });
  const step = await start({ command: "up" });
  await step.until("create");
  await expect
    .poll(async () => JSON.stringify(await command.control("inventory")), { timeout: 30_000 })
    .toContain("publicIPAddresses");
  process.kill(step.pid, "SIGINT");
  await step.until("nothing new begins");
  process.kill(step.pid, "SIGTERM");
  const result = await step.ended;
  await command.control("release-operations", {});
  return result;
};
