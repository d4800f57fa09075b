import { expect, test } from "vitest";
import { runCluster } from "../running-cluster.ts";

/** A length-delimited field: tag, length, content. */
const field = (number: number, content: Buffer | string): Buffer => {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
};
const envelope = (apiVersion: string, kind: string, raw: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from("k8s\0"),
    field(1, Buffer.concat([field(1, apiVersion), field(2, kind)])),
    field(2, raw),
  ]);
const type = { contentType: "application/vnd.kubernetes.protobuf" };
const secrets = "/api/v1/namespaces/default/secrets";
const labels = field(11, Buffer.concat([field(1, "owner"), field(2, "helm")]));
const secret = Buffer.concat([
  field(1, Buffer.concat([field(1, "s"), labels])),
  field(2, Buffer.concat([field(1, "release"), field(2, "text")])),
  field(3, "helm.sh/release.v1"),
]);

test("a Secret sent as protobuf is stored like one sent as JSON", async () => {
  await using cluster = await runCluster();
  const answer = await cluster.call("POST", secrets, envelope("v1", "Secret", secret), type);
  expect(answer.body).toMatchObject({
    kind: "Secret",
    type: "helm.sh/release.v1",
    metadata: { name: "s", labels: { owner: "helm" } },
    data: { release: Buffer.from("text").toString("base64") },
  });
});

test("options of a deletion are read from protobuf, too", async () => {
  await using cluster = await runCluster();
  await cluster.call("POST", secrets, envelope("v1", "Secret", secret), type);
  const wrong = envelope("v1", "DeleteOptions", field(2, field(1, "other-uid")));
  expect((await cluster.call("DELETE", `${secrets}/s`, wrong, type)).status).toBe(409);
});

test("kinds that nobody sends as protobuf are refused as a media type, and so is what is none", async () => {
  await using cluster = await runCluster();
  const other = await cluster.call("POST", secrets, envelope("apps/v1", "Deployment", Buffer.alloc(0)), type);
  expect(other.body).toMatchObject({ code: 415, reason: "UnsupportedMediaType" });
  expect((await cluster.call("POST", secrets, Buffer.from("{}"), type)).status).toBe(400);
});
