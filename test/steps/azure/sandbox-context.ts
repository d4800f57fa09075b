/** A StepContext whose Azure is the sandbox, through the product's own client. */

import type { AzureClient } from "../../../src/clients/azure/client.ts";
import { openAzure } from "../../../src/clients/azure/open.ts";
import type { Sandbox } from "../../../src/sandbox/server.ts";
import type { Environment } from "../../../src/step/context.ts";
import type { Site } from "../../../src/step/ref.ts";
import { quickClock } from "../../fakes/quick-clock.ts";
import { type FakeContext, fakeContext } from "../../fakes/step-context.ts";
import { openSandbox } from "../../sandbox/open.ts";

export interface SandboxContext {
  readonly sandbox: Sandbox;
  readonly client: AzureClient;
  readonly context: FakeContext;
  readonly site: Site;
  readonly environment: Environment;
}

export const environmentOf = (sandbox: Sandbox, variables: Record<string, string> = {}): Environment => ({
  variables: { ...sandbox.environment(), PROVISION_CA_FILE: sandbox.authorityFile, ...variables },
  credentials: {},
  azure: { endpoint: sandbox.url },
  directory: "/nowhere",
  sandbox: true,
  pollInterval: 1,
});

export const openSandboxContext = async (): Promise<SandboxContext> => {
  const sandbox = await openSandbox();
  const environment = environmentOf(sandbox);
  const client = await openAzure(environment);
  // Operations of the sandbox end with the next turn of the event loop, so a sleep is one such turn.
  const clock = quickClock();
  const context = fakeContext(
    { azure: client },
    {
      clock: {
        now: clock.now,
        sleep: async (milliseconds, signal) => {
          await clock.sleep(milliseconds, signal);
          await new Promise((resolve) => setTimeout(resolve, 1));
        },
      },
    },
  );
  const site = { pipeline: "demo", instance: "clu-demo", subscription: client.subscription };
  return { sandbox, client, context, site, environment };
};
