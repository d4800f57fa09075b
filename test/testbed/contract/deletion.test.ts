/** Contract: deletion of what owns something, and of collections. */
import { z } from "zod";
import { contract } from "./suite.ts";
import type { Answer, Target } from "./target.ts";

const { clause } = contract();
const maps = "/api/v1/namespaces/default/configmaps";

const map = (name: string, metadata: object = {}): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...metadata },
});

const uidOf = ({ body }: Answer): string =>
  z.object({ metadata: z.object({ uid: z.string() }) }).parse(body).metadata.uid;

/** `NAME-owner`, and `NAME-child` that it owns. */
const family = async (to: Target, name: string, more: object = {}): Promise<void> => {
  const owner = await to.request("POST", maps, { body: map(`${name}-owner`) });
  const reference = {
    apiVersion: "v1",
    kind: "ConfigMap",
    name: `${name}-owner`,
    uid: uidOf(owner),
    ...more,
  };
  await to.request("POST", maps, { body: map(`${name}-child`, { ownerReferences: [reference] }) });
};

const remove = (to: Target, name: string, options: object): Promise<Answer> =>
  to.request("DELETE", `${maps}/${name}`, { body: { kind: "DeleteOptions", apiVersion: "v1", ...options } });

clause("In the background, dependents go after their owner", [200, 404, 404], async (to) => {
  await family(to, "background");
  return [
    await remove(to, "background-owner", { propagationPolicy: "Background" }),
    await to.request("GET", `${maps}/background-owner`),
    await to.until(`${maps}/background-child`, 404),
  ];
});

clause(
  "In the foreground, an owner stays until its dependents are gone",
  [200, 200, 200, 200, 404, 404],
  async (to) => {
    await family(to, "fore", { blockOwnerDeletion: true });
    await to.request("PATCH", `${maps}/fore-child?fieldManager=contract`, {
      body: { metadata: { finalizers: ["example.test/hold"] } },
      type: "application/merge-patch+json",
    });
    const deleted = await remove(to, "fore-owner", { propagationPolicy: "Foreground" });
    const deletionTimestamp = z.object({ metadata: z.object({ deletionTimestamp: z.string() }) });
    // The collector has come as far as the dependent, which is held.
    let child = await to.request("GET", `${maps}/fore-child`);
    while (!deletionTimestamp.safeParse(child.body).success)
      child = await to.request("GET", `${maps}/fore-child`);
    return [
      deleted,
      child,
      await to.request("GET", `${maps}/fore-owner`),
      await to.request("PATCH", `${maps}/fore-child?fieldManager=contract`, {
        body: { metadata: { finalizers: null } },
        type: "application/merge-patch+json",
      }),
      await to.until(`${maps}/fore-owner`, 404),
      await to.until(`${maps}/fore-child`, 404),
    ];
  },
);

clause("Orphaned, dependents stay without their owner", [200, 404, 200], async (to) => {
  await family(to, "orphan");
  return [
    await remove(to, "orphan-owner", { propagationPolicy: "Orphan" }),
    await to.until(`${maps}/orphan-owner`, 404),
    await to.request("GET", `${maps}/orphan-child`),
  ];
});

clause("What has a second owner stays for it", [200, 404, 200], async (to) => {
  await family(to, "shared");
  const other = await to.request("POST", maps, { body: map("shared-other") });
  const first = await to.request("GET", `${maps}/shared-owner`);
  const reference = (name: string, answer: Answer) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    name,
    uid: uidOf(answer),
  });
  await to.request("PATCH", `${maps}/shared-child?fieldManager=contract`, {
    body: {
      metadata: { ownerReferences: [reference("shared-owner", first), reference("shared-other", other)] },
    },
    type: "application/merge-patch+json",
  });
  const deleted = await remove(to, "shared-owner", {});
  const owners = z.object({ metadata: z.object({ ownerReferences: z.array(z.unknown()).length(1) }) });
  let child = await to.request("GET", `${maps}/shared-child`);
  while (!owners.safeParse(child.body).success) child = await to.request("GET", `${maps}/shared-child`);
  const { ownerReferences } = owners.parse(child.body).metadata;
  return [
    deleted,
    await to.request("GET", `${maps}/shared-owner`),
    { status: child.status, body: { ownerReferences } },
  ];
});

clause("A deletion says what it wants in words that are known", [422, 422, 200, 404], async (to) => {
  await to.request("POST", maps, { body: map("options") });
  return [
    await remove(to, "options", { propagationPolicy: "Sideways" }),
    await remove(to, "options", { propagationPolicy: "Orphan", orphanDependents: true }),
    await remove(to, "options", { gracePeriodSeconds: 0 }),
    await remove(to, "options", {}),
  ];
});

clause("A dry run of a deletion leaves the object", [200, 200], async (to) => {
  await to.request("POST", maps, { body: map("rehearsed") });
  return [
    await to.request("DELETE", `${maps}/rehearsed?dryRun=All`),
    await to.request("GET", `${maps}/rehearsed`),
  ];
});

clause("A second deletion of what is held changes nothing", [200, 200, 409, 422, 200], async (to) => {
  await to.request("POST", `${maps}?fieldManager=contract`, {
    body: map("twice", { finalizers: ["example.test/hold"] }),
  });
  return [
    await remove(to, "twice", {}),
    await remove(to, "twice", {}),
    // What is on its way out is still there for those who make it anew, and takes no new finalizer.
    await to.request("POST", maps, { body: map("twice") }),
    await to.request("PATCH", `${maps}/twice`, {
      body: { metadata: { finalizers: ["example.test/hold", "example.test/more"] } },
      type: "application/merge-patch+json",
    }),
    await to.request("PATCH", `${maps}/twice`, {
      body: { metadata: { finalizers: null } },
      type: "application/merge-patch+json",
    }),
  ];
});

clause("A collection goes by its selector", [200, 404, 200], async (to) => {
  for (const name of ["first", "second"]) {
    await to.request("POST", `${maps}?fieldManager=contract`, {
      body: map(`collected-${name}`, { labels: { collected: name } }),
    });
  }
  return [
    await to.request("DELETE", `${maps}?labelSelector=collected%3Dfirst`),
    await to.request("GET", `${maps}/collected-first`),
    await to.request("GET", `${maps}/collected-second`),
  ];
});

clause(
  "A namespace takes what is in it along, and takes nothing new",
  [201, 201, 200, 403, 404, 404],
  async (to) => {
    const held = "/api/v1/namespaces/leaving/configmaps";
    const merge = (path: string, body: object) =>
      to.request("PATCH", path, { body, type: "application/merge-patch+json" });
    const made = await to.request("POST", "/api/v1/namespaces?fieldManager=contract", {
      body: { apiVersion: "v1", kind: "Namespace", metadata: { name: "leaving" } },
    });
    const holder = await to.request("POST", `${held}?fieldManager=contract`, {
      body: map("holder", { finalizers: ["example.test/hold"] }),
    });
    const answers = [
      made,
      holder,
      await to.request("DELETE", "/api/v1/namespaces/leaving"),
      await to.request("POST", held, { body: map("late") }),
    ];
    await merge(`${held}/holder`, { metadata: { finalizers: null } });
    return [
      ...answers,
      await to.until("/api/v1/namespaces/leaving", 404),
      await to.request("GET", `${held}/holder`),
    ];
  },
);
