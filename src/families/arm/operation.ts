/** Waits for a write that ARM accepted: asks as often as the service says, until it has ended. */
import { type AzureClient, azure, type Condition, type Progression } from "../../clients/azure/client.ts";
import type { StepContext } from "../../step/context.ts";
import { Failure, isPassing } from "../../step/failure.ts";

/** So many looks in a row may fail before the operation is given back to the runner, which observes anew. */
const patience = 5;

/**
 * Ends when the operation has succeeded; throws its Failure, or the signal's reason. A look that fails in passing
 * is repeated, since the operation goes on all the same.
 */
export const finish = async (
  context: StepContext,
  client: AzureClient,
  begun: Progression,
  operation: string,
  resource: string,
): Promise<void> => {
  let progression = begun;
  let failures = 0;
  if (progression.state === "running") {
    context.report({ kind: "operation", operation, joined: false, since: context.clock.now() });
  }
  while (progression.state === "running") {
    const { monitor, retryAfter } = progression;
    await context.clock.sleep(retryAfter ?? context.environment.pollInterval, context.signal);
    try {
      progression = await client.poll(monitor, resource, context.signal);
      failures = 0;
    } catch (error) {
      failures += 1;
      if (!(error instanceof Failure) || !isPassing(error.kind) || failures > patience) throw error;
      progression = { state: "running", monitor, retryAfter: error.retryAfter };
    }
  }
  if (progression.state === "failed") throw progression.failure;
};

/** Deletes a resource and waits until it is gone; absent is success. */
export const removeResource = async (
  context: StepContext,
  id: string,
  apiVersion: string,
  condition: Condition,
): Promise<void> => {
  const client = await context.use(azure);
  await context.fence();
  const begun = await client.delete(id, apiVersion, condition, context.signal);
  await finish(context, client, begun, "Deleting", id);
};
