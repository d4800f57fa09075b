/** Contract: server-side apply, and watches. */
import { z } from "zod";
import { contract } from "./suite.ts";

const { clause } = contract();
const maps = "/api/v1/namespaces/default/configmaps";
const deployments = "/apis/apps/v1/namespaces/default/deployments";

const configMap = (name: string, data: Readonly<Record<string, string>>): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name },
  data,
});

const deployment = (replicas: number, more: object = {}): object => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    replicas,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "web", image: "example.test/web:1", ...more }] },
    },
  },
});

clause("A field has one owner: another's value conflicts until forced", [201, 409, 200, 200], async (to) => [
  await to.apply(`${maps}/owned`, "one", configMap("owned", { shared: "1", mine: "1" })),
  await to.apply(`${maps}/owned`, "two", configMap("owned", { shared: "2" })),
  await to.apply(`${maps}/owned`, "two", configMap("owned", { shared: "2" }), "&force=true"),
  // What an owner no longer names, and nobody else owns, goes.
  await to.apply(`${maps}/owned`, "one", configMap("owned", {})),
]);

clause("The same value has two owners", [201, 200], async (to) => [
  await to.apply(`${maps}/shared`, "one", configMap("shared", { shared: "1", mine: "1" })),
  await to.apply(`${maps}/shared`, "two", configMap("shared", { shared: "1" })),
]);

clause("A dry run answers as the write would, and leaves nothing", [201, 404], async (to) => [
  await to.apply(`${maps}/dry`, "one", configMap("dry", { key: "1" }), "&dryRun=All"),
  await to.request("GET", `${maps}/dry`),
]);

clause("An apply needs a manager, and a name that is the path's", [422, 400], async (to) => [
  await to.request("PATCH", `${maps}/unnamed`, {
    body: configMap("unnamed", {}),
    type: "application/apply-patch+yaml",
  }),
  await to.apply(`${maps}/unnamed`, "one", configMap("other", {})),
]);

clause("An apply refuses a field that the kind does not have", [500], async (to) => [
  await to.apply(
    `${deployments}/web`,
    "one",
    deployment(1, { imagePulPolicy: "Always" }),
    "&fieldValidation=Strict",
  ),
]);

clause("An apply refuses a value that can't be", [422], async (to) => [
  await to.apply(`${deployments}/web`, "one", deployment(-1), "&fieldValidation=Strict"),
]);

clause("An update by another way takes the fields that it changes", [201, 200], async (to) => [
  await to.apply(`${maps}/edited`, "one", configMap("edited", { key: "1", other: "1" })),
  await to.request("PATCH", `${maps}/edited?fieldManager=editor`, {
    body: { data: { key: "2" } },
    type: "application/merge-patch+json",
  }),
]);

clause("A conflict with an update names who", [201, 200, 409], async (to) => [
  await to.apply(`${maps}/taken`, "one", configMap("taken", { key: "1", other: "1" })),
  await to.request("PATCH", `${maps}/taken?fieldManager=editor`, {
    body: { data: { key: "2" } },
    type: "application/merge-patch+json",
  }),
  await to.apply(`${maps}/taken`, "one", configMap("taken", { key: "1", other: "1" })),
]);

clause("A watch goes on from a version, and selects as a list does", [200, 200], async (to) => {
  const list = await to.request("GET", `${maps}?labelSelector=watched%3Dyes`);
  const { resourceVersion } = z
    .object({ metadata: z.object({ resourceVersion: z.string() }) })
    .parse(list.body).metadata;
  const labelled = {
    ...configMap("seen", { key: "1" }),
    metadata: { name: "seen", labels: { watched: "yes" } },
  };
  await to.apply(`${maps}/seen`, "one", labelled);
  await to.apply(`${maps}/seen`, "one", { ...labelled, data: { key: "2" } });
  await to.request("DELETE", `${maps}/seen`);
  return [
    list,
    {
      status: 200,
      body: await to.watch(`${maps}?labelSelector=watched%3Dyes&resourceVersion=${resourceVersion}`),
    },
  ];
});
