import { expect, test } from "vitest";
import { at, objectsOf } from "../../../src/sandbox/kubernetes/json.ts";
import { runCluster } from "./running-cluster.ts";

test("aggregated discovery names every kind once, with its subresources", async () => {
  await using cluster = await runCluster();
  const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
  const answer = await cluster.call("GET", "/apis", undefined, { accept });
  expect(answer.headers.get("content-type")).toBe(
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
  );
  const apps = objectsOf(answer.body.items).find((group) => at(group, "metadata", "name") === "apps");
  const [version] = objectsOf(apps?.versions);
  const deployments = objectsOf(version?.resources).find((resource) => resource.resource === "deployments");
  expect(deployments).toMatchObject({
    responseKind: { group: "", version: "", kind: "Deployment" },
    scope: "Namespaced",
    shortNames: ["deploy"],
  });
  expect(objectsOf(deployments?.subresources).map((item) => item.subresource)).toEqual(["scale", "status"]);
});

test("the older discovery says the same", async () => {
  await using cluster = await runCluster();
  expect(objectsOf((await cluster.read("/apis")).groups).map((group) => group.name)).toContain(
    "networking.k8s.io",
  );
  const names = objectsOf((await cluster.read("/api/v1")).resources).map((resource) => resource.name);
  expect(names).toEqual(
    expect.arrayContaining(["pods", "pods/log", "services/status", "namespaces/finalize"]),
  );
});

test("OpenAPI says that a patch takes fieldValidation, which makes clients leave validation to the server", async () => {
  await using cluster = await runCluster();
  const index = await cluster.read("/openapi/v3");
  const url = String(at(index, "paths", "apis/apps/v1", "serverRelativeURL"));
  const document = await cluster.read(url);
  const patch = at(document, "paths", "/apis/apps/v1/namespaces/{namespace}/deployments/{name}", "patch");
  expect(at(patch, "x-kubernetes-group-version-kind")).toEqual({
    group: "apps",
    version: "v1",
    kind: "Deployment",
  });
  expect(objectsOf(at(patch, "parameters")).map((parameter) => parameter.name)).toContain("fieldValidation");
});

test("kubectl's tables show what matters of a kind", async () => {
  await using cluster = await runCluster();
  const table = await cluster.call("GET", "/api/v1/nodes", undefined, {
    accept: "application/json;as=Table;v=v1;g=meta.k8s.io",
  });
  const shown = objectsOf(table.body.columnDefinitions).map((column) => column.name);
  expect(shown).toEqual(["Name", "Status", "Roles", "Version", "Internal-IP", "Age"]);
  expect(objectsOf(table.body.rows)[0]?.cells).toEqual([
    expect.stringMatching(/^aks-system-/),
    "Ready",
    "<none>",
    "v1.35.4",
    "10.224.0.4",
    "0s",
  ]);
});

test("health and version answer", async () => {
  await using cluster = await runCluster();
  for (const path of ["/healthz", "/readyz", "/livez"])
    expect((await cluster.call("GET", path)).text).toBe("ok");
  expect(await cluster.read("/version")).toMatchObject({ major: "1", minor: "35", gitVersion: "v1.35.4" });
});

test("a ServiceAccount's token is accepted", async () => {
  await using cluster = await runCluster();
  await cluster.settle();
  const answer = await cluster.call("POST", "/api/v1/namespaces/kube-system/serviceaccounts/default/token", {
    spec: {},
  });
  const token = String(at(answer.body, "status", "token"));
  const who = await cluster.call("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", {}, { token });
  expect(at(who.body, "status", "userInfo", "username")).toBe("system:serviceaccount:kube-system:default");
});
