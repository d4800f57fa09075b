/**
 * The Kubernetes Secret that holds a Cloudflare token for a chart, which refers to it and never holds it. A changed
 * token restarts the pods by the Secret's resourceVersion in an annotation, since a digest of a secret is kept nowhere.
 */
import { z } from "zod";
import type { KubernetesClient } from "../../clients/kubernetes/client.ts";
import type { StepContext } from "../../step/context.ts";
import type { Ref } from "../../step/ref.ts";
import { Secret } from "../../step/secret.ts";
import { marksOf, withMarks } from "../kubernetes/marks.ts";
import { removeObjects } from "../kubernetes/removal.ts";
import { placeOf } from "./observed.ts";
import type { Beside } from "./step.ts";
import { pathOf, valueAt } from "./values.ts";

export interface StoredToken {
  readonly token: Secret | undefined;
  readonly resourceVersion: string | undefined;
}

export const tokenKey = "token";

/** Name of the Secret of a release. */
export const tokenSecretName = (release: string): string => `${release}-cloudflare`;

const annotation = ["podAnnotations", "provision.dev/token-version"];

const nameOf = (ref: Ref) => {
  const { namespace, release } = placeOf(ref);
  return { apiVersion: "v1", kind: "Secret", namespace, name: tokenSecretName(release) };
};

const dataSchema = z.looseObject({ data: z.record(z.string(), z.string()).nullish() });

/** Spaces and line ends around a token come from the file it was in; External DNS would send them along. */
const trimmed = (token: Secret): Secret => new Secret(token.reveal().trim(), token.origin);

export const cloudflareToken = <Input>(tokenOf: (input: Input) => Secret): Beside<Input, StoredToken> => ({
  values: [pathOf(annotation)],

  observe: async (client, ref) => {
    const live = await client.get(nameOf(ref));
    if (!live) return { token: undefined, resourceVersion: undefined };
    const text = dataSchema.parse(live).data?.[tokenKey];
    return {
      token:
        text === undefined
          ? undefined
          : new Secret(Buffer.from(text, "base64").toString("utf8"), "the cluster"),
      resourceVersion: live.metadata.resourceVersion,
    };
  },

  fields: (input, stored, actual) => [
    { path: "token", desired: () => trimmed(tokenOf(input)), actual: stored?.token, effect: "update" },
    {
      path: `values.${pathOf(annotation)}`,
      desired: () => stored?.resourceVersion,
      actual: valueAt(actual?.values, annotation),
      effect: "disrupt",
    },
  ],

  apply: (context, client, ref, input) => write(context, client, ref, trimmed(tokenOf(input))),

  remove: (context, client, ref) => removeObjects(context, client, ref, [nameOf(ref)]),
});

const write = async (context: StepContext, client: KubernetesClient, ref: Ref, token: Secret) => {
  const { namespace, name } = nameOf(ref);
  await context.fence();
  const stored = await client.apply(
    withMarks(
      {
        apiVersion: "v1",
        kind: "Secret",
        type: "Opaque",
        metadata: { namespace, name },
        data: { [tokenKey]: Buffer.from(token.reveal(), "utf8").toString("base64") },
      },
      marksOf(context.owner, ref),
    ),
  );
  return { podAnnotations: { "provision.dev/token-version": stored.metadata.resourceVersion ?? "" } };
};
