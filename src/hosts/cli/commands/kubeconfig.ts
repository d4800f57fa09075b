/** `provision kubeconfig`: writes a kubeconfig of the pipeline's cluster, for kubectl and Helm. */
import { resolve } from "node:path";
import { reasonOf } from "../../../application/file-errors.ts";
import { kubernetes } from "../../../clients/kubernetes/kubernetes.ts";
import { createPlanner } from "../../../plan/planner.ts";
import { observeAll } from "../../../run/observe.ts";
import { Failure } from "../../../step/failure.ts";
import { clusterRef } from "../../../step/handle.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Command } from "../command.ts";
import { commandLine } from "../next.ts";
import { open } from "../open.ts";
import { pipelineOptions, worldOptions } from "../options.ts";

export const kubeconfig: Command = {
  name: "kubeconfig",
  summary: "Write a kubeconfig of the pipeline's cluster.",
  usage: "kubeconfig [PIPELINE]",
  options: [
    {
      name: "out",
      kind: "text",
      value: "FILE",
      help: "Where to. Default: .provision/<cluster>.kubeconfig, readable by you alone.",
    },
    {
      name: "step",
      kind: "text",
      value: "ID",
      help: "Which step's cluster, where the pipeline has several.",
    },
    { name: "stdout", kind: "flag", help: "Print it instead. It may hold credentials." },
    ...pipelineOptions,
    ...worldOptions,
  ],
  positionals: { least: 0, most: 1 },
  examples: [
    {
      command: "provision kubeconfig pipelines/aks-nginx-flux.yaml",
      what: "then `export KUBECONFIG=…` as it says",
    },
  ],
  run: async (invocation) => {
    const { given, terminal, machine } = invocation;
    const file = given.positionals[0] ?? "provision.yaml";
    const { request, world, reporter } = await open(invocation, { file, lenientSecrets: true });
    const quiet = { ...world, emit: () => {} };
    const planner = createPlanner(request.setting, request.graph, {
      command: "up",
      offline: false,
      binding: request.binding,
    });
    const observed = await observeAll(quiet, request.setting, request.graph, planner, false);
    reporter.close();
    const wanted = given.text("step");
    const clusters = [...observed].flatMap(([id, { observation, resolved }]) => {
      if (
        resolved.declaration.manifest.output.handle !== "cluster" ||
        (wanted !== undefined && wanted !== id)
      )
        return [];
      if (observation?.state !== "present") return [];
      const { id: address, name } = observation.output;
      return typeof address === "string" && typeof name === "string" ? [{ id, address, name }] : [];
    });
    const [cluster, another] = clusters;
    if (!cluster || another) {
      throw new Failure({
        kind: "rejected",
        code: "P0446",
        message: cluster
          ? `the pipeline has several clusters: ${clusters.map(({ id }) => id).join(", ")}`
          : "the pipeline's cluster is not there",
        hint: cluster ? "choose one with `--step ID`" : `make it: ${commandLine(invocation, "up", file)}`,
      });
    }
    const client = await world.use(kubernetes(clusterRef({ id: cluster.address })));
    const text = (await client.kubeconfig()).reveal();
    if (given.flag("stdout")) terminal.out.write(text);
    else {
      const out = given.text("out") ?? `.provision/${cluster.name}.kubeconfig`;
      await machine.writeText(resolve(machine.directory, out), text).catch((error: unknown) => {
        throw new Failure({
          kind: "rejected",
          code: "P0449",
          message: `can't write the kubeconfig to ${out}: ${reasonOf(error)}`,
          hint: "choose another place with --out",
          resource: out,
        });
      });
      terminal.err.write(
        cluster.address.endsWith("#entra")
          ? `Wrote ${out}. It holds no credential: kubectl logs in through provision, with the Azure login of its shell.\n`
          : `Wrote ${out}. It holds credentials: keep it to yourself.\n`,
      );
      terminal.out.write(`export KUBECONFIG=${out}\n`);
    }
    return exitCodes.done;
  },
};
