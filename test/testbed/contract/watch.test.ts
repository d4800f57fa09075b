/** Contract: watches, from where they start to what they are told. */
import { z } from "zod";
import { contract } from "./suite.ts";
import type { Target } from "./target.ts";

const { clause } = contract();
const maps = "/api/v1/namespaces/default/configmaps";

const map = (name: string, labels: object, data: object = {}): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, labels },
  data,
});

const version = async (to: Target, path: string): Promise<string> => {
  const { body } = await to.request("GET", path);
  const list = z.object({ metadata: z.object({ resourceVersion: z.string() }) });
  return list.parse(body).metadata.resourceVersion;
};

const events = async (to: Target, path: string, count?: number) => ({
  status: 200,
  body: await to.watch(path, count),
});

clause("Without a version, what is there comes first", [200], async (to) => {
  await to.apply(`${maps}/there`, "contract", map("there", { watched: "there" }));
  return [await events(to, `${maps}?labelSelector=watched%3Dthere`, 1)];
});

clause("What comes to fit the selector is added, what ceases to is deleted", [200], async (to) => {
  const start = await version(to, maps);
  await to.apply(`${maps}/fits`, "contract", map("fits", { watched: "no" }));
  await to.apply(`${maps}/fits`, "contract", map("fits", { watched: "fits" }));
  await to.apply(`${maps}/fits`, "contract", map("fits", { watched: "no" }));
  await to.apply(`${maps}/fits`, "contract", map("fits", { watched: "no" }, { more: "1" }));
  return [await events(to, `${maps}?labelSelector=watched%3Dfits&resourceVersion=${start}`, 2)];
});

clause("One object is watched by its name", [200], async (to) => {
  const start = await version(to, maps);
  await to.apply(`${maps}/named`, "contract", map("named", {}));
  await to.apply(`${maps}/other-named`, "contract", map("other-named", {}));
  await to.request("DELETE", `${maps}/named`);
  return [await events(to, `${maps}?fieldSelector=metadata.name%3Dnamed&resourceVersion=${start}`, 2)];
});

clause("A watch that starts as a list ends that with a bookmark", [200], async (to) => {
  await to.apply(`${maps}/initial`, "contract", map("initial", { watched: "initial" }));
  const query =
    "labelSelector=watched%3Dinitial&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
  return [await events(to, `${maps}?${query}`, 2)];
});

clause("What is asked of a watch must fit together", [500, 422, 422], async (to) => [
  await to.request("GET", `${maps}?watch=1&timeoutSeconds=1&resourceVersion=abc`),
  await to.request("GET", `${maps}?watch=1&timeoutSeconds=1&sendInitialEvents=true`),
  await to.request("GET", `${maps}?watch=1&timeoutSeconds=1&resourceVersionMatch=Exact&resourceVersion=1`),
]);

clause("Metadata alone is watched as what it is", [200], async (to) => {
  const start = await version(to, maps);
  await to.apply(`${maps}/partial`, "contract", map("partial", { watched: "partial" }, { key: "value" }));
  const answer = await to.request(
    "GET",
    `${maps}?watch=1&timeoutSeconds=1&labelSelector=watched%3Dpartial&resourceVersion=${start}`,
    { accept: "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1" },
  );
  return [answer];
});

clause("A deletion is told with the object as it was last", [200], async (to) => {
  const start = await version(to, maps);
  await to.request("POST", `${maps}?fieldManager=contract`, {
    body: {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "last", labels: { watched: "last" }, finalizers: ["example.test/hold"] },
    },
  });
  await to.request("DELETE", `${maps}/last`);
  await to.request("PATCH", `${maps}/last?fieldManager=contract`, {
    body: { metadata: { finalizers: null } },
    type: "application/merge-patch+json",
  });
  return [await events(to, `${maps}?labelSelector=watched%3Dlast&resourceVersion=${start}`, 3)];
});

clause("A list may ask for a version, and for one that is no number in vain", [200, 400, 422], async (to) => [
  await to.request("GET", `${maps}?resourceVersion=0&labelSelector=watched%3Dnone`),
  await to.request("GET", `${maps}?resourceVersion=abc`),
  await to.request("GET", `${maps}?resourceVersionMatch=Exact`),
]);
