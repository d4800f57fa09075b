/**
 * The contract: the sandbox's Kubernetes answers as the real API server does. A clause asks both the same and
 * compares all answers; the real one's statuses are also written down, so that a clause says what it is about.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { comparable } from "./comparable.ts";
import { sharedClusters } from "./shared-clusters.ts";
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
  /**
   * What only the real server does, and our clients tell people of.
   *
   * @param messages of each answer, where it has one.
   */
  readonly real: (
    promise: string,
    statuses: readonly number[],
    ask: Ask,
    messages: readonly (string | RegExp | undefined)[],
  ) => void;
}

const messageOf = z.looseObject({ message: z.string().optional() });

/** Opens both before the file's clauses. All files share them: each has names of its own. */
export const contract = (): Contract => {
  const open = new AsyncDisposableStack();
  let real: Target;
  let sandbox: Target;
  beforeAll(async () => {
    const clusters = await sharedClusters();
    real = open.use(await openTarget(clusters.real));
    sandbox = open.use(await openTarget(clusters.sandbox));
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
        const [truth, answers] = await Promise.all([askReal(statuses, ask), askSandbox(ask)]);
        expect(answers).toEqual(truth);
      });
    },
    difference: (promise, instead, statuses, ask) => {
      test(`${promise} (not kept: ${instead})`, async () => {
        const [truth, answers] = await Promise.all([askReal(statuses, ask), askSandbox(ask)]);
        expect(answers).not.toEqual(truth);
      });
    },
    real: (promise, statuses, ask, messages) => {
      test(`${promise} (of the real server only)`, async () => {
        const answers = await ask(real);
        expect(answers.map(({ status }) => status)).toEqual(statuses);
        const told = answers.map(({ body }) => messageOf.parse(body).message);
        expect(told).toEqual(
          messages.map((message) => (message instanceof RegExp ? expect.stringMatching(message) : message)),
        );
      });
    },
  };
};
