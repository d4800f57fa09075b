/** Who may call the sandbox: names and credentials made at random once, and kept in the sandbox's folder (0600). */
import { randomBytes, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isMissing, writeAtomically } from "./files.ts";

const settings = z.strictObject({
  tenant: z.guid(),
  subscription: z.guid(),
  client: z.guid(),
  /** Object id of the client's service principal: what role assignments name. */
  principal: z.guid(),
  clientSecret: z.string(),
  /** 40 characters, as Cloudflare's. */
  cloudflareToken: z.string().length(40),
  githubToken: z.string(),
  /** Opens `/control`. */
  controlToken: z.string(),
});

export type Settings = z.infer<typeof settings>;

const make = (): Settings => ({
  tenant: randomUUID(),
  subscription: randomUUID(),
  client: randomUUID(),
  principal: randomUUID(),
  clientSecret: randomBytes(30).toString("base64url"),
  cloudflareToken: randomBytes(30).toString("base64url").slice(0, 40),
  githubToken: `github_pat_${randomBytes(30).toString("hex")}`,
  controlToken: randomBytes(24).toString("base64url"),
});

/** The settings kept in `directory`, made there first where they are missing or of another version. */
export const openSettings = async (directory: string): Promise<Settings> => {
  const file = join(directory, "settings.json");
  try {
    const known = settings.safeParse(JSON.parse(await readFile(file, "utf8")));
    if (known.success) return known.data;
  } catch (error) {
    if (!isMissing(error) && !(error instanceof SyntaxError)) throw error;
  }
  const fresh = make();
  await writeAtomically(file, JSON.stringify(fresh));
  return fresh;
};
