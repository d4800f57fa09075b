import { expect, test } from "vitest";
import { releaseHistory, releasesBySelector } from "../../../src/clients/helm/release.ts";
import { fakeKubernetes } from "../../fakes/kubernetes.ts";
import { releaseSecret } from "./release-secret.ts";

test("a release is read from its Secret alone: chart, values, manifest, labels", async () => {
  const client = fakeKubernetes();
  client.put(
    releaseSecret({
      status: "deployed",
      chart: { name: "ingress-nginx", version: "4.15.1" },
      values: { controller: { replicaCount: 2 } },
      manifest: "kind: Service\n",
      crds: ["kind: CustomResourceDefinition\n"],
      labels: { "provision.dev/step": "nginx" },
      description: "Upgrade complete",
    }),
  );
  const [revision] = await releaseHistory(client, "web", "nginx");
  expect(await revision?.read()).toEqual({
    namespace: "web",
    release: "nginx",
    revision: 1,
    status: "deployed",
    description: "Upgrade complete",
    chart: { name: "ingress-nginx", version: "4.15.1" },
    values: { controller: { replicaCount: 2 } },
    manifest: "kind: Service\n",
    crds: ["kind: CustomResourceDefinition\n"],
    labels: { "provision.dev/step": "nginx" },
  });
});

test("the newest revision comes first, also from the tenth on", async () => {
  const client = fakeKubernetes();
  for (const revision of [9, 10, 8]) client.put(releaseSecret({ revision, status: "superseded" }));
  const history = await releaseHistory(client, "web", "nginx");
  expect(history.map(({ revision }) => revision)).toEqual([10, 9, 8]);
});

test("a release without values has none", async () => {
  const client = fakeKubernetes();
  client.put(releaseSecret({}));
  const [revision] = await releaseHistory(client, "web", "nginx");
  expect((await revision?.read())?.values).toEqual({});
});

test("of each release that a selector finds, only the newest revision is given", async () => {
  const client = fakeKubernetes();
  const labels = { "provision.dev/pipeline": "demo" };
  client.put(releaseSecret({ revision: 1, status: "superseded", labels }));
  client.put(releaseSecret({ revision: 2, status: "failed", labels }));
  client.put(releaseSecret({ name: "other", labels }));
  client.put(releaseSecret({ name: "foreign" }));
  const found = await releasesBySelector(client, "provision.dev/pipeline=demo");
  expect(found.map(({ release, revision }) => `${release} ${revision}`).sort()).toEqual([
    "nginx 2",
    "other 1",
  ]);
});

test("a Secret that is no release any more is a Failure that names it", async () => {
  const client = fakeKubernetes();
  client.put({ ...releaseSecret({}), data: { release: "bm90IGEgcmVsZWFzZQ==" } });
  const [revision] = await releaseHistory(client, "web", "nginx");
  await expect(revision?.read()).rejects.toMatchObject({
    code: "P0746",
    message: expect.stringContaining("web/sh.helm.release.v1.nginx.v1"),
  });
});
