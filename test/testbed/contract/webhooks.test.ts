/** Contract: admission webhooks that nobody answers for. */
import { contract } from "./suite.ts";
import type { Target } from "./target.ts";

const { clause } = contract();
const maps = "/api/v1/namespaces/default/configmaps";

const configuration = (kind: string, name: string, webhook: object): object => ({
  apiVersion: "admissionregistration.k8s.io/v1",
  kind,
  metadata: { name },
  webhooks: [
    {
      name: `${name}.example.test`,
      clientConfig: { service: { namespace: "default", name: "nobody", path: "/check" } },
      // Nobody else's objects, on a cluster that others use too.
      objectSelector: { matchLabels: { checked: name } },
      rules: [
        { apiGroups: [""], apiVersions: ["v1"], resources: ["configmaps"], operations: ["CREATE", "UPDATE"] },
      ],
      sideEffects: "None",
      admissionReviewVersions: ["v1"],
      timeoutSeconds: 1,
      ...webhook,
    },
  ],
});

const plurals = {
  ValidatingWebhookConfiguration: "validatingwebhookconfigurations",
  MutatingWebhookConfiguration: "mutatingwebhookconfigurations",
} as const;

const map = (checked: string): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: `checked-${checked}`, labels: { checked } },
});

/** Makes it and, since the server learns of it a moment later, asks until one that fails is in force. */
const configure = async (
  to: Target,
  kind: keyof typeof plurals,
  name: string,
  webhook: object,
): Promise<void> => {
  const path = `/apis/admissionregistration.k8s.io/v1/${plurals[kind]}`;
  await to.request("POST", path, { body: configuration(kind, name, webhook) });
  await to.request("POST", path, { body: configuration(kind, `${name}-probe`, {}) });
  for (;;) {
    const { status } = await to.request("POST", `${maps}?dryRun=All`, { body: map(`${name}-probe`) });
    if (status === 500) return;
  }
};

for (const kind of ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"] as const) {
  const short = kind.slice(0, 3).toLowerCase();

  clause(`A ${kind} that nobody answers for fails what it is about`, [500, 500, 200], async (to) => {
    await configure(to, kind, `${short}-fail`, { failurePolicy: "Fail" });
    return [
      await to.request("POST", maps, { body: map(`${short}-fail`) }),
      await to.apply(`${maps}/checked-${short}-fail`, "contract", map(`${short}-fail`)),
      // Reads and deletions are not its business.
      await to.request("GET", `${maps}?labelSelector=checked%3D${short}-fail`),
    ];
  });

  clause(`A ${kind} that may be ignored is`, [201, 200], async (to) => {
    await configure(to, kind, `${short}-ignore`, { failurePolicy: "Ignore" });
    return [
      await to.request("POST", `${maps}?fieldManager=contract`, { body: map(`${short}-ignore`) }),
      await to.request("DELETE", `${maps}/checked-${short}-ignore`),
    ];
  });
}

clause("A webhook of deletions keeps what it is about", [201, 500], async (to) => {
  const made = await to.request("POST", `${maps}?fieldManager=contract`, { body: map("gone") });
  await configure(to, "ValidatingWebhookConfiguration", "gone", {
    rules: [{ apiGroups: ["*"], apiVersions: ["*"], resources: ["*"], operations: ["DELETE"] }],
  });
  return [made, await to.request("DELETE", `${maps}/checked-gone`)];
});
