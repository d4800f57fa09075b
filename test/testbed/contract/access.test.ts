/**
 * Contract: who asks. The sandbox forbids nothing (its clusters are whoever's who starts it), so what is forbidden is
 * asked of the real server only: our clients tell people what it says.
 */
import { z } from "zod";
import { contract } from "./suite.ts";
import type { Target } from "./target.ts";

const { clause, real } = contract();
const accounts = "/api/v1/namespaces/default/serviceaccounts";
const roles = "/apis/rbac.authorization.k8s.io/v1/namespaces/default";

const token = z.object({ status: z.object({ token: z.string() }) });

const request = (seconds: number): object => ({
  apiVersion: "authentication.k8s.io/v1",
  kind: "TokenRequest",
  spec: { expirationSeconds: seconds },
});

/** A login as an account that is made for it. */
const as = async (to: Target, name: string): Promise<Target> => {
  await to.request("POST", accounts, {
    body: { apiVersion: "v1", kind: "ServiceAccount", metadata: { name } },
  });
  const { body } = await to.request("POST", `${accounts}/${name}/token`, { body: request(3600) });
  return to.as(token.parse(body).status.token);
};

clause("No token, or an unknown one, is nobody", [401], async (to) => [
  await to.as("unknown").request("GET", "/api/v1/namespaces"),
]);

clause("A token of an account speaks for it", [201, 404, 201], async (to) => {
  const account = await as(to, "speaker");
  const made = await to.request("POST", `${accounts}/speaker/token`, { body: request(3600) });
  const review = await account.request("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", {
    body: { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" },
  });
  const user = z
    .object({
      status: z.object({ userInfo: z.looseObject({ username: z.string(), groups: z.array(z.string()) }) }),
    })
    .parse(review.body).status.userInfo;
  const { spec } = z.looseObject({ spec: z.looseObject({ expirationSeconds: z.number() }) }).parse(made.body);
  return [
    // Audiences and times are a cluster's own.
    { status: made.status, body: { seconds: spec.expirationSeconds } },
    await to.request("POST", `${accounts}/nobody/token`, { body: request(3600) }),
    { status: review.status, body: { username: user.username, groups: user.groups.toSorted() } },
  ];
});

clause("Whoever may do all is told so", [201, 201], async (to) => {
  const review = (kind: string, spec: object) =>
    to.request("POST", `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`, {
      body: { apiVersion: "authorization.k8s.io/v1", kind, spec },
    });
  const answers = [
    await review("SelfSubjectAccessReview", { resourceAttributes: { verb: "create", resource: "secrets" } }),
    await review("SelfSubjectRulesReview", { namespace: "default" }),
  ];
  const parts = z.looseObject({
    status: z.looseObject({
      allowed: z.boolean().optional(),
      resourceRules: z.array(z.looseObject({ verbs: z.array(z.string()) })).optional(),
    }),
  });
  return answers.map(({ status, body }) => {
    const { allowed, resourceRules = [] } = parts.parse(body).status;
    return { status, body: { allowed, all: resourceRules.some(({ verbs }) => verbs.includes("*")) } };
  });
});

const forbidden = z.object({ message: z.string(), reason: z.literal("Forbidden"), details: z.unknown() });

real(
  "What no role allows is forbidden, with who, what and where",
  [403, 403, 403, 403],
  async (to) => {
    const account = await as(to, "powerless");
    return [
      await account.request("GET", "/api/v1/namespaces/default/secrets"),
      await account.request("GET", "/api/v1/nodes"),
      await account.request("POST", "/apis/apps/v1/namespaces/default/deployments", {
        body: { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" } },
      }),
      await account.apply("/api/v1/namespaces/default/configmaps/web", "contract", {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "web" },
      }),
    ].map(({ status, body }) => ({ status, body: forbidden.parse(body) }));
  },
  [
    'secrets is forbidden: User "system:serviceaccount:default:powerless" cannot list resource "secrets" in API group "" in the namespace "default"',
    'nodes is forbidden: User "system:serviceaccount:default:powerless" cannot list resource "nodes" in API group "" at the cluster scope',
    'deployments.apps is forbidden: User "system:serviceaccount:default:powerless" cannot create resource "deployments" in API group "apps" in the namespace "default"',
    'configmaps "web" is forbidden: User "system:serviceaccount:default:powerless" cannot patch resource "configmaps" in API group "" in the namespace "default"',
  ],
);

real(
  "A role allows what it names, and no role gives more than its maker has",
  [200, 403, 403],
  async (to) => {
    const account = await as(to, "reader");
    const rules = [
      { apiGroups: [""], resources: ["configmaps"], verbs: ["get"] },
      { apiGroups: ["rbac.authorization.k8s.io"], resources: ["roles"], verbs: ["create"] },
    ];
    const role = (name: string, more: readonly object[]): object => ({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata: { name },
      rules: more,
    });
    await to.request("POST", `${roles}/roles`, { body: role("reader", rules) });
    await to.request("POST", `${roles}/rolebindings`, {
      body: {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "RoleBinding",
        metadata: { name: "reader" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" },
        subjects: [{ kind: "ServiceAccount", name: "reader", namespace: "default" }],
      },
    });
    const map = "/api/v1/namespaces/default/configmaps/kube-root-ca.crt";
    // The server learns of a binding a moment after it is made.
    const read = await account.until(map, 200);
    return [
      { status: read.status, body: {} },
      await account.request("DELETE", map),
      await account.request("POST", `${roles}/roles`, {
        body: role("more", [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }]),
      }),
    ];
  },
  [
    undefined,
    'configmaps "kube-root-ca.crt" is forbidden: User "system:serviceaccount:default:reader" cannot delete resource "configmaps" in API group "" in the namespace "default"',
    /^roles\.rbac\.authorization\.k8s\.io "more" is forbidden: user "system:serviceaccount:default:reader" .* is attempting to grant RBAC permissions not currently held/s,
  ],
);
