/** The main pipeline's surroundings in the stories: a testbed with its controllers, a sandbox as the cloud, the command. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { Agent } from "undici";
import { z } from "zod";
import { type Ended, openCommand, type Running, type TestCommand } from "../../e2e/command.ts";
import { startTestbed, type Testbed } from "../testbed.ts";

export interface RealParts extends AsyncDisposable {
  readonly command: TestCommand;
  readonly testbed: Testbed;
  /** `provision COMMAND --sandbox --yes --json` on the pipeline and the real cluster, as its events. */
  events(command: "up" | "destroy"): Running;
  /** `provision COMMAND --sandbox WORDS` on them. */
  run(command: string, ...words: readonly string[]): Promise<Ended>;
  /** What kubectl prints, as the cluster's administrator. */
  kubectl(...words: readonly string[]): Promise<string>;
  apply(object: object): Promise<void>;
  /** `VERB RESOURCE NAMESPACE/NAME` of what our runs wrote, dry runs left out, by the API server's audit log. */
  writes(): Promise<readonly string[]>;
  /** What is in the sandbox's clouds. */
  cloud(): Promise<z.infer<typeof inventory>>;
  /** A record that somebody else makes at Cloudflare. */
  makeRecord(name: string, address: string): Promise<void>;
}

const inventory = z.looseObject({
  groups: z.array(z.string()),
  resources: z.array(z.string()),
  records: z.array(z.string()),
  deployKeys: z.array(z.string()),
});
const sandboxSchema = z.looseObject({ port: z.number() });
const zonesSchema = z.looseObject({ result: z.array(z.looseObject({ id: z.string() })) });

const cloudflare = async (command: TestCommand) => {
  const folder = join(command.folder, "sandbox");
  const { port } = sandboxSchema.parse(JSON.parse(await readFile(join(folder, "sandbox.json"), "utf8")));
  const dispatcher = new Agent({ connect: { ca: await readFile(join(folder, "authority.pem"), "utf8") } });
  const authorization = `Bearer ${await command.cloudflareToken()}`;
  const ask = async (method: "GET" | "POST", path: string, body?: object): Promise<unknown> => {
    const answer = await dispatcher.request({
      origin: `https://127.0.0.1:${port}`,
      path: `/client/v4${path}`,
      method,
      headers: { authorization, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return answer.body.json();
  };
  return { ask, close: () => dispatcher.close() };
};

/** `pipeline`: its path, from the checkout. */
export const openRealParts = async (helm: "helm4" | "helm3", pipeline: string): Promise<RealParts> => {
  const open = new AsyncDisposableStack();
  try {
    const command = open.use(await openCommand("real-parts"));
    const sandbox = join(command.folder, "sandbox");
    const testbed = open.use(await startTestbed({ variables: process.env, sandbox }));
    const words = [pipeline, "--input", "domain=example.com", "--kubeconfig", testbed.kubeconfig];
    const variables = { PROVISION_HELM: testbed.binaries(helm) };
    const asAdministrator = { KUBECONFIG: testbed.kubeconfig, HOME: testbed.directory };
    return {
      command,
      testbed,
      events: (name) => command.events(name, words, variables),
      run: (name, ...more) => command.run([name, "--sandbox", ...more, ...words], variables),
      kubectl: async (...asked) => (await execa(testbed.kubectl, asked, { env: asAdministrator })).stdout,
      apply: async (object) => {
        const input = JSON.stringify(object);
        await execa(testbed.kubectl, ["apply", "-f", "-"], { env: asAdministrator, input });
      },
      // The testbed's own parts and the controllers are other users.
      writes: async () =>
        (await testbed.writes())
          .filter(({ user, dryRun }) => user === "testbed-admin" && !dryRun)
          .map(
            ({ verb, resource, namespace, name }) => `${verb} ${resource} ${namespace ?? ""}/${name ?? ""}`,
          ),
      cloud: async () => inventory.parse(await command.control("inventory")),
      makeRecord: async (name, content) => {
        const { ask, close } = await cloudflare(command);
        const [zone] = zonesSchema.parse(await ask("GET", "/zones?name=example.com")).result;
        await ask("POST", `/zones/${zone?.id}/dns_records`, { type: "A", name, content, ttl: 300 });
        await close();
      },
      [Symbol.asyncDispose]: () => open.disposeAsync(),
    };
  } catch (error) {
    await open.disposeAsync();
    throw error;
  }
};
