/** One comment for one topic, brought up to date; never a failure of the run. */
import { expect, test } from "vitest";
import { type CommentTopic, markerOf, putComment } from "../../../src/hosts/github-action/comment.ts";
import { Secret } from "../../../src/step/secret.ts";
import { quickClock } from "../../fakes/quick-clock.ts";

const topic: CommentTopic = {
  pipeline: "static-ip",
  instance: "demo",
  file: "provision.yaml",
  inputsFile: "environments/dev.yaml",
  job: "provision/plan",
};
const place = {
  api: "https://api.example",
  repository: "octo/shop",
  pullRequest: 7,
  token: new Secret("the-token", "github-token"),
};

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly authorization: string | null;
}

/** GitHub's comments of one pull request, as far as they are asked for; `answers` stand before its own. */
const github = (existing: readonly object[] = [], answers: Response[] = []) => {
  const asked: Asked[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const { method, url } = request;
    asked.push({
      method,
      url,
      body: await request.text(),
      authorization: request.headers.get("authorization"),
    });
    const answer = answers.shift();
    if (answer) return answer;
    if (method !== "GET") return Response.json({ id: 1 }, { status: method === "POST" ? 201 : 200 });
    const page = Number(new URL(url).searchParams.get("page"));
    return Response.json(existing.slice((page - 1) * 100, page * 100));
  };
  const put = (markdown: string, about = topic) =>
    putComment(place, about, markdown, { fetch, clock: quickClock(), signal: new AbortController().signal });
  return { asked, put };
};

const comment = (id: number, body: string, by: object = { user: { type: "Bot" } }) => ({ id, body, ...by });

test("the first is written, with its marker, as the token's owner", async () => {
  const { asked, put } = github();
  expect(await put("### Plan")).toEqual({ kind: "written" });
  const [, written] = asked;
  expect(written).toMatchObject({
    method: "POST",
    url: "https://api.example/repos/octo/shop/issues/7/comments",
    authorization: "Bearer the-token",
  });
  expect(JSON.parse(written?.body ?? "")).toEqual({ body: `${markerOf(topic)}\n### Plan` });
});

test("the next one takes its place, on whatever page it is", async () => {
  const others = Array.from({ length: 250 }, (_, id) => comment(id, "talk"));
  const { asked, put } = github([...others, comment(999, `${markerOf(topic)}\nold`)]);
  await put("### Plan");
  expect(asked.map(({ method, url }) => `${method} ${url.split("/issues/")[1]}`)).toEqual([
    "GET 7/comments?per_page=100&page=1",
    "GET 7/comments?per_page=100&page=2",
    "GET 7/comments?per_page=100&page=3",
    "PATCH comments/999",
  ]);
});

test("another pipeline, instance, inputs file or job has a comment of its own", () => {
  const markers = [
    topic,
    { ...topic, pipeline: "other" },
    { ...topic, instance: "other" },
    { ...topic, file: "other.yaml" },
    { ...topic, inputsFile: undefined },
    { ...topic, job: "provision/other" },
  ].map(markerOf);
  expect(new Set(markers).size).toBe(6);
});

test("no text in a marker ends it", () => {
  expect(markerOf({ ...topic, instance: "--> @all <!--" }).match(/-->|--/g)).toEqual(["--", "-->"]);
});

test.each([
  ["a stranger's", { user: { type: "User" }, author_association: "CONTRIBUTOR" }, "POST"],
  ["a member's", { user: { type: "User" }, author_association: "MEMBER" }, "PATCH"],
])("%s comment with the marker: %s", async (_, by, method) => {
  const { asked, put } = github([comment(5, `${markerOf(topic)}\nmine`, by)]);
  await put("### Plan");
  expect(asked.at(-1)?.method).toBe(method);
});

test("what quotes the marker is not it", async () => {
  const { asked, put } = github([comment(5, `> ${markerOf(topic)}\nwhat is this?`)]);
  await put("### Plan");
  expect(asked.at(-1)?.method).toBe("POST");
});

test("it is cut to what GitHub takes", async () => {
  const { asked, put } = github();
  await put("a line of a plan\n".repeat(10_000));
  const { body } = JSON.parse(asked.at(-1)?.body ?? "");
  expect(body.length).toBeLessThan(65_536);
  expect(body).toContain("_Cut here");
});

test.each([403, 404, 401])("%i: the token may not", async (status) => {
  const { put } = github(
    [],
    [Response.json({ message: "Resource not accessible by integration" }, { status })],
  );
  expect(await put("### Plan")).toEqual({
    kind: "forbidden",
    message: `GitHub answered ${status}: Resource not accessible by integration`,
  });
});

test("faults pass; what lasts is told", async () => {
  const fault = () => new Response("oops", { status: 502 });
  expect(await github([], [fault(), fault()]).put("x")).toEqual({ kind: "written" });
  expect(await github([], [fault(), fault(), fault()]).put("x")).toEqual({
    kind: "failed",
    message: "GitHub answered 502: no reason given",
  });
});

test("a new comment whose answer is lost is not written again: it may be there", async () => {
  const posts: string[] = [];
  const outcome = await putComment(place, topic, "x", {
    clock: quickClock(),
    signal: new AbortController().signal,
    fetch: async (_, options) => {
      if (options?.method === "GET") return Response.json([]);
      posts.push(String(options?.body));
      throw new TypeError("fetch failed");
    },
  });
  expect(outcome).toEqual({ kind: "failed", message: "fetch failed" });
  expect(posts).toHaveLength(1);
});

test("the token is in no message", async () => {
  const outcome = await github([], [Response.json({ message: "Bad credentials" }, { status: 401 })]).put("x");
  expect(JSON.stringify(outcome)).not.toContain("the-token");
});
