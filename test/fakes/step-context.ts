/** A StepContext over fakes: every client that a step asks for is one that the test made. */
import type { Clock, Progress, StepContext, Use } from "../../src/step/context.ts";
import type { Owner } from "../../src/step/ref.ts";
import { steppedClock } from "./stepped-clock.ts";

export interface FakeContext extends StepContext {
  readonly reported: Progress[];
  /** How often the fence was passed. */
  fenced(): number;
}

export const testOwner: Owner = { pipeline: "demo", instance: "clu-demo", step: "thing" };

/** `clients` by key name, or by the word that it begins with: `kubernetes`, `cloudflare`. */
export const fakeContext = (
  clients: Readonly<Record<string, unknown>>,
  options: {
    readonly owner?: Owner;
    readonly clock?: Clock;
    readonly directory?: string;
    readonly fence?: () => Promise<void>;
  } = {},
): FakeContext => {
  const reported: Progress[] = [];
  let passed = 0;
  const use: Use = async (key) => {
    const client = clients[key.name] ?? clients[key.name.split(" ")[0] ?? ""];
    if (client === undefined) throw new Error(`no client for ${key.name}`);
    // The one place where a fake is said to be the client that the key promises.
    return client as Awaited<ReturnType<typeof key.open>>;
  };
  return {
    use,
    environment: {
      variables: {},
      credentials: {},
      azure: {},
      directory: options.directory ?? "/nowhere",
      sandbox: false,
      pollInterval: 1000,
    },
    signal: new AbortController().signal,
    clock: options.clock ?? steppedClock(),
    owner: options.owner ?? testOwner,
    fence: async () => {
      passed += 1;
      await options.fence?.();
    },
    report: (progress) => reported.push(progress),
    dies: () => false,
    reported,
    fenced: () => passed,
  };
};
