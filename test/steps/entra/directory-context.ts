/** A StepContext whose Microsoft Graph is the sandbox's, through the product's own client. */
import { openGraph } from "../../../src/clients/graph/open.ts";
import type { Sandbox } from "../../../src/sandbox/server.ts";
import type { Owner } from "../../../src/step/ref.ts";
import type { Outputs, Step } from "../../../src/step/step.ts";
import { driveStep, testSite } from "../../fakes/drive-step.ts";
import { quickClock } from "../../fakes/quick-clock.ts";
import { type FakeContext, fakeContext, testOwner } from "../../fakes/step-context.ts";
import { openDirectory } from "../../sandbox/directory.ts";
import { openSandbox } from "../../sandbox/open.ts";
import { environmentOf } from "../azure/sandbox-context.ts";

export interface EntraContext {
  readonly sandbox: Sandbox;
  readonly directory: Awaited<ReturnType<typeof openDirectory>>;
  /** The context of a step of the test's pipeline, or of somebody else's. */
  as(owner: Partial<Owner>): FakeContext;
  drive<Output extends Outputs>(
    step: Step<unknown, Output, unknown>,
    given: unknown,
    owner?: Partial<Owner>,
  ): ReturnType<typeof driveStep> & { output(): Promise<Output> };
  /** Writes that the directory has taken. */
  writes(): number;
}

export const openEntraContext = async (): Promise<EntraContext> => {
  const sandbox = await openSandbox();
  const directory = await openDirectory(sandbox);
  const client = await openGraph(environmentOf(sandbox));
  const contexts = new Map<string, FakeContext>();
  const as = (owner: Partial<Owner>): FakeContext => {
    const whole = { ...testOwner, ...owner };
    const key = JSON.stringify(whole);
    const known = contexts.get(key);
    if (known) return known;
    const made = fakeContext({ graph: client }, { owner: whole, clock: quickClock() });
    contexts.set(key, made);
    return made;
  };
  return {
    sandbox,
    directory,
    as,
    drive: (step, given, owner = {}) => {
      const context = as(owner);
      const ref = step.locate(step.input.parse(given), testSite);
      return {
        ...driveStep(step, context, given),
        output: async () => {
          const observed = await step.observe(context, ref);
          if (observed.state !== "present") throw new Error(`${ref.id} is ${observed.state}`);
          return observed.output;
        },
      };
    },
    writes: () => sandbox.control.requests().writes.graph ?? 0,
  };
};
