/** The little of GitHub's API that deploy keys need: https://docs.github.com/rest/deploy-keys/deploy-keys */
import { z } from "zod";
import { type Call, type Reply, serve } from "../http/call.ts";
import type { Settings } from "../settings.ts";
import type { Service, Store, World } from "../world.ts";

const key = z.strictObject({
  id: z.number(),
  /** `owner/name` */
  repository: z.string(),
  title: z.string(),
  key: z.string(),
  readOnly: z.boolean(),
  createdAt: z.number(),
});

export const githubState = z.strictObject({ next: z.number(), keys: z.array(key) });

export type GithubState = z.infer<typeof githubState>;

export const initialGithubState = (): GithubState => ({ next: 1, keys: [] });

const paths = /^\/github\/repos\/([^/]+\/[^/]+)\/keys(?:\/(\d+))?\/?$/;
const input = z.looseObject({
  title: z.string().optional(),
  key: z.string(),
  read_only: z.boolean().default(false),
});

const refuse = (status: number, message: string, errors?: readonly object[]): Reply => ({
  status,
  body: { message, ...(errors ? { errors } : {}), documentation_url: "https://docs.github.com/rest" },
});

/** The key's type and text; its comment is not kept. */
const normal = (text: string): string => text.trim().split(/\s+/).slice(0, 2).join(" ");

const parseBody = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export const createGithubService = (world: World, settings: Settings, store: Store<GithubState>): Service => {
  const show = (entry: GithubState["keys"][number]) => ({
    id: entry.id,
    key: entry.key,
    url: `${world.url()}/github/repos/${entry.repository}/keys/${entry.id}`,
    title: entry.title,
    verified: true,
    created_at: new Date(entry.createdAt).toISOString(),
    read_only: entry.readOnly,
    enabled: true,
  });

  const add = (repository: string, call: Call): Reply => {
    const parsed = input.safeParse(parseBody(call.body));
    const text = parsed.success ? normal(parsed.data.key) : "";
    if (!parsed.success || !/^(ssh-(rsa|ed25519)|ecdsa-sha2-nistp\d+) [A-Za-z0-9+/=]+$/.test(text)) {
      return refuse(422, "Validation Failed", [
        {
          resource: "PublicKey",
          code: "custom",
          field: "key",
          message: "key is invalid. You must supply a key in OpenSSH public key format",
        },
      ]);
    }
    if (store.state.keys.some((entry) => entry.key === text)) {
      return refuse(422, "Validation Failed", [
        { resource: "PublicKey", code: "custom", field: "key", message: "key is already in use" },
      ]);
    }
    const entry = {
      id: store.state.next++,
      repository,
      title: parsed.data.title ?? "",
      key: text,
      readOnly: parsed.data.read_only,
      createdAt: world.pace.now(),
    };
    store.state.keys.push(entry);
    store.changed();
    return { status: 201, body: show(entry) };
  };

  const answer = (call: Call): Reply => {
    const token = /^(?:bearer|token)\s+(\S+)$/i.exec(call.headers.authorization ?? "")?.[1];
    if (token !== settings.githubToken) return refuse(401, "Bad credentials");
    const match = paths.exec(call.path);
    const repository = (match?.[1] ?? "").toLowerCase();
    const keys = store.state.keys.filter((entry) => entry.repository === repository);
    if (match?.[2] === undefined) {
      if (call.method === "POST") return add(repository, call);
      const size = Number(call.query.get("per_page") ?? 30);
      const page = Number(call.query.get("page") ?? 1);
      return { status: 200, body: keys.slice((page - 1) * size, page * size).map(show) };
    }
    const entry = keys.find((candidate) => candidate.id === Number(match[2]));
    if (!entry) return refuse(404, "Not Found");
    if (call.method !== "DELETE") return { status: 200, body: show(entry) };
    store.state.keys = store.state.keys.filter((candidate) => candidate !== entry);
    store.changed();
    return { status: 204 };
  };

  return {
    name: "github",
    matches: (path) => paths.test(path),
    handle: serve(answer),
    close: async () => undefined,
  };
};
