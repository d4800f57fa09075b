/** GUIDs that the service chooses: the same for the same id in every run. */
import { createHash } from "node:crypto";
import { keyOf } from "../id.ts";

/** A version 5-like GUID from an id and what it is for. */
export const derivedGuid = (id: string, purpose: string): string => {
  const digest = createHash("sha256")
    .update(`${purpose} ${keyOf(id)}`)
    .digest("hex");
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `5${digest.slice(13, 16)}`,
    `a${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join("-");
};
