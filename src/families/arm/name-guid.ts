/** GUIDs that follow from what they name, so that a second run makes the same one: RFC 9562, version 5. */
import { createHash } from "node:crypto";

/** The namespace of our names, itself random and fixed for ever: another one would rename every role assignment. */
const namespace = Buffer.from("6f1f3c1e9c0b4c52a7b1d1c8a3f2e95d", "hex");

/** The same GUID for the same parts, whatever their case: ARM compares ids without it. */
export const guidOf = (...parts: readonly string[]): string => {
  const digest = createHash("sha1").update(namespace).update(parts.join("\n").toLowerCase()).digest();
  const hex = digest.toString("hex", 0, 16);
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `${variant}${hex.slice(18, 20)}`,
    hex.slice(20, 32),
  ].join("-");
};
