/** Lists: selectors, pages, and the metadata that says where the next one starts. */
import { ApiError } from "../api-error.ts";
import type { Cluster } from "../cluster.ts";
import type { JsonObject } from "../json.ts";
import { type Kind, storageOf } from "../kinds/kind.ts";
import type { KubernetesObject } from "../object.ts";
import { fieldSelector, labelSelector } from "../selectors.ts";
import { jsonError } from "./json-error.ts";

export interface Page {
  readonly items: readonly KubernetesObject[];
  readonly metadata: JsonObject;
}

/** The test of a query's two selectors. */
export const selection = (
  query: URLSearchParams,
  present: (object: KubernetesObject) => KubernetesObject,
) => {
  const labels = labelSelector(query.get("labelSelector") ?? undefined);
  const fields = fieldSelector(query.get("fieldSelector") ?? undefined);
  return (object: KubernetesObject): boolean =>
    labels(object.metadata.labels ?? {}) && fields(present(object));
};

const readToken = (token: string): number => {
  const strange = token.search(/[^A-Za-z0-9_-]/);
  const text = Buffer.from(token, "base64url").toString();
  if (strange < 0 && /^\d+$/.test(text)) return Number(text);
  const reason = strange < 0 ? jsonError(text) : `illegal base64 data at input byte ${strange}`;
  throw new ApiError("BadRequest", `invalid continue token: continue key is not valid: ${reason}`);
};

/** One page. The continue token counts items: a list that changes between pages may repeat or miss some. */
export const listPage = (
  cluster: Cluster,
  kind: Kind,
  namespace: string | undefined,
  query: URLSearchParams,
  present: (object: KubernetesObject) => KubernetesObject,
): Page => {
  const selected = selection(query, present);
  const all = cluster.objects.list(storageOf(kind), namespace).filter(selected).map(present);
  const token = query.get("continue");
  const start = token ? readToken(token) : 0;
  const limit = Number(query.get("limit") ?? "0");
  const end = limit > 0 ? start + limit : all.length;
  const metadata: JsonObject = { resourceVersion: String(cluster.objects.revision()) };
  if (end < all.length) {
    metadata.continue = Buffer.from(String(end)).toString("base64url");
    // With a selector, the server does not know how many are left.
    if (!query.get("labelSelector") && !query.get("fieldSelector")) {
      metadata.remainingItemCount = all.length - end;
    }
  }
  return { items: all.slice(start, end), metadata };
};
