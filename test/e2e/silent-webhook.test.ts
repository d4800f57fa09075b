/** cert-manager whose webhook never answers: the step ends at its own timeout and names the webhook; then it goes on. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { failuresOf, openCommand, type TestCommand, written } from "./command.ts";
import { smallCluster } from "./small-cluster.ts";

let command: TestCommand;
beforeAll(async () => {
  command = await openCommand("webhook");
});
afterAll(() => command[Symbol.asyncDispose]());

const step = `  cert-manager:
    uses: certificates/cert-manager
    timeout: 30s
    with: { cluster: "\${{ steps.cluster.outputs }}" }
`;
/** What the API server says where nobody answers behind a webhook's Service. */
const silence =
  'Internal error occurred: failed calling webhook "webhook.cert-manager.io": failed to call webhook: Post "https://cert-manager-webhook.cert-manager.svc:443/validate?timeout=30s": context deadline exceeded';

test("the step's timeout ends it with the webhook's name, and the next run goes on", async () => {
  const file = await command.file("pipeline.yaml", smallCluster("webhook", step));
  await command.control("fault", {
    service: "kubernetes",
    method: "POST",
    path: "/apis/cert-manager.io/v1/namespaces/[^/]+/certificates$",
    times: -1,
    kind: "status",
    status: 500,
    body: {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: silence,
      reason: "InternalError",
      code: 500,
    },
  });
  const running = command.events("up", [file]);
  await running.until(
    ({ kind, step, reason }) =>
      kind === "waiting" && step === "cert-manager" && /webhook/.test(String(reason)),
  );
  const { events, exitCode } = await running.ended;
  expect(failuresOf(events)).toEqual([
    {
      step: "cert-manager",
      failure: expect.objectContaining({
        code: "P0540",
        message: expect.stringMatching(/"webhook\.cert-manager\.io".*\(the step's time is over\)$/),
        resource: "cert-manager/cert-manager",
        hint: expect.stringContaining("must reach the webhook's pod"),
      }),
    },
  ]);
  expect(exitCode).toBe(1);
  await command.control("clear-faults", {});
  const again = await command.events("up", [file]).ended;
  expect({ exitCode: again.exitCode, written: written(again.events) }).toEqual({ exitCode: 0, written: [] });
});
