/** A testbed, a sandbox that has it for its clusters, and the cloud provider between them, for one test file. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { Agent, request } from "undici";
import { z } from "zod";
import { type Sandbox, startSandbox } from "../../../src/sandbox/server.ts";
import { buildPrograms } from "../build.ts";
import { startTestbed, type Testbed } from "../testbed.ts";
import { type ClusterWatch, watchForClusters } from "./watch-clusters.ts";

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export interface CloudFixture {
  readonly testbed: Testbed;
  readonly sandbox: Sandbox;
  readonly watch: ClusterWatch;
  /** One call of ARM as the sandbox's login; the path is below the subscription. */
  arm(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Standard output; fails where kubectl does. */
  kubectl(words: readonly string[], input?: unknown): Promise<string>;
  stop(): Promise<void>;
}

const openArm = async (sandbox: Sandbox, dispatcher: Agent): Promise<CloudFixture["arm"]> => {
  const environment = sandbox.environment();
  const send = async (method: string, path: string, headers: Record<string, string>, text?: string) => {
    const url = `${sandbox.url}${path}`;
    const options = { dispatcher, method, headers, ...(text === undefined ? {} : { body: text }) };
    const { statusCode, body } = await request(url, options);
    const content = await body.text();
    return {
      status: statusCode,
      body: content === "" ? {} : z.record(z.string(), z.unknown()).parse(JSON.parse(content)),
    };
  };
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: environment.AZURE_CLIENT_ID ?? "",
    client_secret: environment.AZURE_CLIENT_SECRET ?? "",
    scope: "https://management.azure.com/.default",
  });
  const login = await send("POST", `/${environment.AZURE_TENANT_ID}/oauth2/v2.0/token`, {}, String(form));
  const headers = {
    authorization: `Bearer ${login.body.access_token}`,
    "content-type": "application/json",
  };
  return (method, path, body) =>
    send(
      method,
      `/subscriptions/${environment.AZURE_SUBSCRIPTION_ID}${path}?api-version=2025-05-01`,
      headers,
      body === undefined ? undefined : JSON.stringify(body),
    );
};

export const startCloudFixture = async (): Promise<CloudFixture> => {
  const binaries = await buildPrograms(["cloud-provider-azure"], { variables: process.env });
  const testbed = await startTestbed({ variables: process.env });
  const directory = await mkdtemp(join(tmpdir(), "provision-cloud-"));
  const sandbox = await startSandbox({ directory, kubernetes: { kubeconfig: testbed.kubeconfig } });
  const dispatcher = new Agent({ connect: { ca: sandbox.authority } });
  const watch = watchForClusters({
    findSandbox: async () => sandbox,
    kubeconfig: testbed.cloudKubeconfig,
    binary: binaries("cloud-provider-azure"),
    launch: testbed.launch,
    directory: testbed.directory,
    interval: 100,
  });
  const kubectl: CloudFixture["kubectl"] = async (words, input) => {
    const { stdout } = await execa(testbed.kubectl, words, {
      env: { KUBECONFIG: testbed.kubeconfig, HOME: testbed.directory },
      ...(input === undefined ? {} : { input: JSON.stringify(input) }),
    });
    return stdout;
  };
  return {
    testbed,
    sandbox,
    watch,
    arm: await openArm(sandbox, dispatcher),
    kubectl,
    stop: async () => {
      await watch.stop();
      await dispatcher.destroy();
      await sandbox.stop();
      await testbed.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
};
