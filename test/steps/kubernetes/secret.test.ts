import { expect, test } from "vitest";
import { Secret } from "../../../src/step/secret.ts";
import secret from "../../../src/steps/kubernetes/secret.ts";
import { driveStep } from "../../fakes/drive-step.ts";
import { fakeKubernetes } from "../../fakes/kubernetes.ts";
import { fakeContext } from "../../fakes/step-context.ts";

const cluster = { kind: "cluster", id: "kubeconfig:a#b", name: "b" };
const name = { apiVersion: "v1", kind: "Secret", namespace: "default", name: "token" };

const setUp = (client = fakeKubernetes()) => {
  const context = fakeContext({ kubernetes: client });
  const step = (text: string, more: object = {}) =>
    driveStep(secret, context, {
      cluster,
      namespace: "default",
      name: "token",
      data: { token: new Secret(text, "TOKEN") },
      ...more,
    });
  return { client, step };
};

test("a value reaches the cluster as it is, and a second run writes nothing", async () => {
  const { client, step } = setUp();
  await step("canary-ü").up();
  await step("canary-ü").up();
  expect(client.writes).toEqual(["apply Secret default/token"]);
  expect((await client.get(name))?.data).toEqual({ token: Buffer.from("canary-ü").toString("base64") });
});

test("another value is a change that shows neither, and gives the output another version", async () => {
  const { step } = setUp();
  await step("canary-old").up();
  const before = await step("canary-old").observe();
  expect(await step("canary-new").changes()).toEqual(["data.token: *** -> ***"]);
  await step("canary-new").up();
  const after = await step("canary-new").observe();
  expect(before).toMatchObject({ output: { keys: ["token"], resourceVersion: expect.any(String) } });
  expect(after).not.toEqual(before);
  const version = (observed: typeof after) => observed.state === "present" && observed.output.resourceVersion;
  expect(version(after)).not.toBe(version(before));
  expect(secret.volatile).toContain("resourceVersion");
});

test("a key that is named no more goes", async () => {
  const { client, step } = setUp();
  await step("a", { data: { old: new Secret("a", "A"), token: new Secret("b", "B") } }).up();
  expect(await step("b").changes()).toEqual(["data.old: *** -> (value)"].map(() => "data.old: *** -> null"));
  await step("b").up();
  expect(Object.keys(Object((await client.get(name))?.data))).toEqual(["token"]);
});

test("another type means another Secret", async () => {
  const { step } = setUp();
  await step("a").up();
  const wanted = step("a", { type: "kubernetes.io/basic-auth" });
  expect(await wanted.changes()).toEqual(['type: "Opaque" -> "kubernetes.io/basic-auth"']);
});

test("no output holds a value", () => {
  expect(Object.keys(secret.predict)).not.toContain("data");
});
