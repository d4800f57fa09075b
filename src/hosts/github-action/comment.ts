/**
 * One comment on a pull request for each thing that is planned there, brought up to date instead of repeated.
 * https://docs.github.com/rest/issues/comments; a pull request's comments are its issue's.
 */
import { z } from "zod";
import { commentLimit, cutMarkdown } from "../../reporters/cut-markdown.ts";
import type { Clock } from "../../step/context.ts";
import type { Secret } from "../../step/secret.ts";

export interface CommentPlace {
  /** GITHUB_API_URL, which GitHub Enterprise Server has under its own name. */
  readonly api: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly pullRequest: number;
  readonly token: Secret;
}

/** What the comment is about: another thing, another comment. */
export interface CommentTopic {
  readonly pipeline: string;
  readonly instance: string;
  readonly file: string;
  readonly inputsFile: string | undefined;
  /** Workflow and job. */
  readonly job: string;
}

export interface CommentWorld {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export type CommentOutcome =
  | { readonly kind: "written" }
  /** The token may not. */
  | { readonly kind: "forbidden"; readonly message: string }
  | { readonly kind: "failed"; readonly message: string };

/** Invisible where the comment is shown. Encoded, so that no text in it can end it. */
export const markerOf = ({ pipeline, instance, file, inputsFile, job }: CommentTopic): string => {
  const words = { pipeline, instance, file, inputs: inputsFile ?? "", job };
  const told = Object.entries(words).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `<!-- provision ${told.join(" ").replaceAll("--", "-%2D")} -->`;
};

const comment = z.object({
  id: z.number(),
  body: z.string().nullish(),
  user: z.object({ type: z.string().nullish() }).nullish(),
  author_association: z.string().nullish(),
});
const trusted = new Set(["OWNER", "MEMBER", "COLLABORATOR"]);

/** A stranger who writes our marker into a comment of theirs is not to become the author of our plan. */
const isOurs = (marker: string) => (found: z.output<typeof comment>) =>
  found.body?.startsWith(marker) === true &&
  (found.user?.type === "Bot" || trusted.has(found.author_association ?? ""));

const said = z.object({ message: z.string() });

/** The most that one page holds. */
const perPage = 100;
/** Milliseconds for one request, and between two tries of one that failed. */
const requestTimeout = 30_000;
const pause = 2_000;
const tries = 3;

/** Never throws: a comment that can't be written is no reason to fail a run. */
export const putComment = async (
  place: CommentPlace,
  topic: CommentTopic,
  markdown: string,
  world: CommentWorld,
): Promise<CommentOutcome> => {
  const marker = markerOf(topic);
  const body = `${marker}\n${cutMarkdown(markdown, commentLimit - Buffer.byteLength(marker) - 1)}`;
  const issues = `${place.api}/repos/${place.repository}/issues`;
  try {
    const existing = await find(`${issues}/${place.pullRequest}/comments`, isOurs(marker), place, world);
    await (existing === undefined
      ? ask("POST", `${issues}/${place.pullRequest}/comments`, place, world, { body })
      : ask("PATCH", `${issues}/comments/${existing}`, place, world, { body }));
    return { kind: "written" };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return error instanceof Refusal && (error.status === 403 || error.status === 404 || error.status === 401)
      ? { kind: "forbidden", message }
      : { kind: "failed", message };
  }
};

class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(`GitHub answered ${status}: ${message}`);
    this.status = status;
  }
}

const find = async (
  url: string,
  isWanted: (found: z.output<typeof comment>) => boolean,
  place: CommentPlace,
  world: CommentWorld,
): Promise<number | undefined> => {
  for (let page = 1; ; page++) {
    const answer = await ask("GET", `${url}?per_page=${perPage}&page=${page}`, place, world);
    const found = z.array(comment).parse(answer);
    const wanted = found.find(isWanted);
    if (wanted) return wanted.id;
    if (found.length < perPage) return undefined;
  }
};

/** The answer's JSON. Faults that pass are tried again; a POST whose answer is lost may have been carried out. */
const ask = async (
  method: "GET" | "POST" | "PATCH",
  url: string,
  place: CommentPlace,
  world: CommentWorld,
  body?: unknown,
): Promise<unknown> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await askOnce(method, url, place, world, body);
    } catch (error) {
      const passes =
        error instanceof Refusal ? error.status === 429 || error.status >= 500 : method !== "POST";
      if (!passes || attempt === tries || world.signal.aborted) throw error;
      await world.clock.sleep(pause * attempt, world.signal);
    }
  }
};

const askOnce = async (
  method: string,
  url: string,
  { token }: CommentPlace,
  { fetch, signal }: CommentWorld,
  body: unknown,
): Promise<unknown> => {
  const response = await fetch(url, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token.reveal()}`,
      "content-type": "application/json",
      "user-agent": "provision",
      "x-github-api-version": "2022-11-28",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(requestTimeout)]),
  });
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  throw new Refusal(response.status, messageOf(text));
};

const messageOf = (text: string): string => {
  try {
    return said.parse(JSON.parse(text)).message;
  } catch {
    return "no reason given";
  }
};
