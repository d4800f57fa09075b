/** Kinds that are questions: who am I, may I, and tokens of ServiceAccounts. */
import { randomBytes } from "node:crypto";
import { notFound } from "../api-error.ts";
import type { Cluster } from "../cluster.ts";
import { at, type JsonObject, numberOf, objectOf, textOf } from "../json.ts";
import type { Kind } from "../kinds/kind.ts";
import { timeText } from "../time.ts";

/** The name that a token speaks for; groups as the API server would give them. */
const userInfo = (name: string): JsonObject =>
  name.startsWith("system:serviceaccount:")
    ? {
        username: name,
        groups: [
          "system:serviceaccounts",
          `system:serviceaccounts:${name.split(":")[2]}`,
          "system:authenticated",
        ],
      }
    : { username: name, groups: ["system:masters", "system:authenticated"] };

/** Nothing is forbidden here, so every access review says yes. */
export const review = (cluster: Cluster, kind: Kind, body: JsonObject, user: string): JsonObject => {
  const answer = {
    ...body,
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    metadata: { ...objectOf(body.metadata) },
  };
  switch (kind.kind) {
    case "TokenReview": {
      const name = cluster.state.tokens[textOf(at(body, "spec", "token")) ?? ""];
      return {
        ...answer,
        status: name ? { authenticated: true, user: userInfo(name) } : { error: "invalid bearer token" },
      };
    }
    case "SelfSubjectReview":
      return { ...answer, status: { userInfo: userInfo(user) } };
    case "SelfSubjectRulesReview":
      return {
        ...answer,
        status: {
          incomplete: false,
          nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
          resourceRules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }],
        },
      };
    default:
      return { ...answer, status: { allowed: true } };
  }
};

/** `POST .../serviceaccounts/NAME/token`. */
export const requestToken = (
  cluster: Cluster,
  namespace: string,
  name: string,
  body: JsonObject,
): JsonObject => {
  if (!cluster.objects.get("/serviceaccounts", namespace, name)) throw notFound("serviceaccounts", "", name);
  const seconds = numberOf(at(body, "spec", "expirationSeconds")) ?? 3600;
  const token = randomBytes(32).toString("hex");
  cluster.state.tokens[token] = `system:serviceaccount:${namespace}:${name}`;
  cluster.changed();
  return {
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
    metadata: { name, namespace, creationTimestamp: timeText(cluster.pace.now()) },
    spec: {
      audiences: ["https://kubernetes.default.svc"],
      ...objectOf(body.spec),
      expirationSeconds: seconds,
    },
    status: { token, expirationTimestamp: timeText(cluster.pace.now() + seconds * 1000) },
  };
};
