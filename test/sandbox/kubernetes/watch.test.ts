import { expect, test } from "vitest";
import { at, type Json, type JsonObject, objectOf, textOf } from "../../../src/sandbox/kubernetes/json.ts";
import { clusterPath } from "../../../src/sandbox/kubernetes/kubeconfig.ts";
import { clusterKey, type RunningCluster, runCluster } from "./running-cluster.ts";

const maps = "/api/v1/namespaces/default/configmaps";
const map = (name: string, labels: Record<string, string> = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, labels },
});

/** Reads `count` events of a watch, then leaves. */
const events = async (
  cluster: RunningCluster,
  query: string,
  count: number,
  meanwhile: () => Promise<unknown>,
): Promise<JsonObject[]> => {
  const leave = new AbortController();
  const response = await fetch(`${cluster.url}${clusterPath(clusterKey)}${maps}?watch=true&${query}`, {
    headers: { authorization: `Bearer ${cluster.token}` },
    signal: leave.signal,
  });
  await meanwhile();
  const found: JsonObject[] = [];
  let rest = "";
  for await (const chunk of response.body ?? []) {
    rest += Buffer.from(chunk).toString();
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const value: Json = JSON.parse(line);
      found.push(objectOf(value));
    }
    if (found.length >= count) break;
  }
  leave.abort();
  return found;
};
const told = (list: readonly JsonObject[]) =>
  list.map((event) => `${textOf(event.type)} ${textOf(at(event, "object", "metadata", "name"))}`);

test("a watch tells each change from a resource version on", async () => {
  await using cluster = await runCluster();
  const made = (await cluster.call("POST", maps, map("a"))).body;
  const version = textOf(at(made, "metadata", "resourceVersion"));
  await cluster.call("POST", maps, map("b"));
  const list = await events(cluster, `resourceVersion=${version}`, 3, async () => {
    await cluster.call(
      "PATCH",
      `${maps}/b`,
      { data: { x: "1" } },
      { contentType: "application/merge-patch+json" },
    );
    await cluster.call("DELETE", `${maps}/b`);
  });
  expect(told(list)).toEqual(["ADDED b", "MODIFIED b", "DELETED b"]);
});

test("without a resource version it starts with what is there", async () => {
  await using cluster = await runCluster();
  await cluster.settle();
  await cluster.call("POST", maps, map("a"));
  const list = await events(cluster, "fieldSelector=metadata.name%3Da", 1, async () => undefined);
  expect(told(list)).toEqual(["ADDED a"]);
});

test("an object that leaves the selection is told as deleted", async () => {
  await using cluster = await runCluster();
  const made = (await cluster.call("POST", maps, map("a", { on: "1" }))).body;
  const version = textOf(at(made, "metadata", "resourceVersion"));
  const list = await events(cluster, `labelSelector=on&resourceVersion=${version}`, 1, () =>
    cluster.call(
      "PATCH",
      `${maps}/a`,
      { metadata: { labels: { on: null } } },
      { contentType: "application/merge-patch+json" },
    ),
  );
  expect(told(list)).toEqual(["DELETED a"]);
});

test("a streamed list ends with a bookmark that says so", async () => {
  await using cluster = await runCluster();
  await cluster.settle();
  await cluster.call("POST", maps, map("a"));
  const list = await events(
    cluster,
    "sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan&fieldSelector=metadata.name%3Da",
    2,
    async () => undefined,
  );
  expect(list.map((event) => event.type)).toEqual(["ADDED", "BOOKMARK"]);
  expect(at(list[1], "object", "metadata", "annotations", "k8s.io/initial-events-end")).toBe("true");
});

test("a resource version from before the sandbox's last start is answered with 410", async () => {
  const first = await runCluster();
  await first.call("POST", maps, map("a"));
  await first[Symbol.asyncDispose]();
  await using second = await runCluster([], first.state);
  const list = await events(second, "resourceVersion=3", 1, async () => undefined);
  expect(list).toMatchObject([{ type: "ERROR", object: { code: 410, reason: "Expired" } }]);
});
