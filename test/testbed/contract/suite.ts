/**
 * The contract: the sandbox's Kubernetes answers as the real API server does. A clause asks both the same and
 * compares all answers; the real one's statuses are also written down, so that a clause says what it is about.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startCluster } from "../../e2e/kubernetes-api.ts";
import { comparable } from "./comparable.ts";
import { sharedTestbed } from "./shared-testbed.ts";
import { type Answer, openTarget, type Target } from "./target.ts";

type Ask = (target: Target) => Promise<readonly Answer[]>;

export interface Contract {
  readonly clause: (promise: string, statuses: readonly number[], ask: Ask) => void;
  /**
   * A clause that the sandbox does not keep yet. It fails as soon as the sandbox keeps it, and is then to become a
   * clause like the others.
   *
   * @param instead what the sandbox does.
   */
  readonly difference: (promise: string, instead: string, statuses: readonly number[], ask: Ask) => void;
}

/** Opens both before the file's clauses: one real cluster for all files, and a new sandbox for each. */
export const contract = (): Contract => {
  const open = new AsyncDisposableStack();
  let real: Target;
  let sandbox: Target;
  beforeAll(async () => {
    const testbed = await sharedTestbed();
    const cluster = open.use(await startCluster());
    real = open.use(await openTarget(testbed.kubeconfig));
    sandbox = open.use(await openTarget(cluster.kubeconfig));
  });
  afterAll(() => open.disposeAsync());

  const askReal = async (statuses: readonly number[], ask: Ask): Promise<readonly unknown[]> => {
    const answers = await ask(real);
    expect(answers.map(({ status }) => status)).toEqual(statuses);
    return answers.map(comparable);
  };
  const askSandbox = async (ask: Ask): Promise<readonly unknown[]> => (await ask(sandbox)).map(comparable);
  return {
    clause: (promise, statuses, ask) => {
      test(promise, async () => {
        const truth = await askReal(statuses, ask);
        expect(await askSandbox(ask)).toEqual(truth);
      });
    },
    difference: (promise, instead, statuses, ask) => {
      test(`${promise} (not kept: ${instead})`, async () => {
        const truth = await askReal(statuses, ask);
        expect(await askSandbox(ask)).not.toEqual(truth);
      });
    },
  };
};
