/**
 * What the API server's own audit log tells about writes: the judge of "changes nothing". Reads are not logged, nor
 * are questions in the form of a create (reviews, tokens), which leave no object behind.
 */
import { open, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

/** A policy's first matching rule decides. */
export const auditPolicy = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived", "ResponseStarted"],
  rules: [
    { level: "None", verbs: ["get", "list", "watch"] },
    {
      level: "None",
      resources: [
        { group: "authentication.k8s.io" },
        { group: "authorization.k8s.io" },
        { group: "", resources: ["serviceaccounts/token"] },
      ],
    },
    { level: "None", nonResourceURLs: ["*"] },
    { level: "Metadata" },
  ],
};

export interface Write {
  /** `create`, `update`, `patch`, `delete`, `deletecollection`. */
  readonly verb: string;
  /** `pods`, `deployments.apps`, `pods/status`. */
  readonly resource: string;
  readonly namespace: string | undefined;
  /** None for a create with a generated name that failed, or of a collection. */
  readonly name: string | undefined;
  readonly user: string;
  readonly userAgent: string;
  /** Asked with `dryRun=All`: nothing was kept. */
  readonly dryRun: boolean;
  /** The HTTP status of the answer. */
  readonly code: number;
  /** When the request came, in RFC 3339. */
  readonly time: string;
}

const event = z.object({
  verb: z.string(),
  requestURI: z.string(),
  user: z.object({ username: z.string() }),
  userAgent: z.string().optional(),
  objectRef: z
    .object({
      resource: z.string(),
      namespace: z.string().optional(),
      name: z.string().optional(),
      apiGroup: z.string().optional(),
      subresource: z.string().optional(),
    })
    .optional(),
  responseStatus: z.object({ code: z.number() }).optional(),
  requestReceivedTimestamp: z.string(),
});

const parseLine = (line: string): readonly Write[] => {
  const { verb, requestURI, user, userAgent, objectRef, responseStatus, requestReceivedTimestamp } =
    event.parse(JSON.parse(line));
  if (!objectRef) return [];
  const group = objectRef.apiGroup ? `.${objectRef.apiGroup}` : "";
  const subresource = objectRef.subresource ? `/${objectRef.subresource}` : "";
  return [
    {
      verb,
      resource: `${objectRef.resource}${group}${subresource}`,
      namespace: objectRef.namespace,
      name: objectRef.name,
      user: user.username,
      userAgent: userAgent ?? "",
      dryRun: new URL(requestURI, "https://localhost").searchParams.has("dryRun"),
      code: responseStatus?.code ?? 0,
      time: requestReceivedTimestamp,
    },
  ];
};

/** Of whole lines. */
const parseLines = (text: string): readonly Write[] => text.split("\n").filter(Boolean).flatMap(parseLine);

/**
 * Every write in the log so far, in the order of the answers, refused ones and dry runs too. The log is written
 * before the answer is sent (its mode is `blocking`), so a caller finds its own writes.
 */
export const readWrites = async (file: string): Promise<readonly Write[]> => {
  const text = await readFile(file, "utf8");
  // What follows the last line's end is still being written.
  return parseLines(text.slice(0, text.lastIndexOf("\n") + 1));
};

/** Milliseconds between two looks at the log. */
const watchInterval = 2;

/** Tells of every write that comes into the log from now on, in its order, until it is disposed of; then of all that is in it. */
export const watchWrites = async (file: string, tell: (write: Write) => void): Promise<AsyncDisposable> => {
  const log = await open(file);
  let position = (await log.stat()).size;
  let over = false;
  const buffer = Buffer.alloc(1 << 16);
  let rest = Buffer.alloc(0);
  const watching = (async () => {
    for (;;) {
      const ending = over;
      const { bytesRead } = await log.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) {
        if (ending) return;
        await sleep(watchInterval);
        continue;
      }
      position += bytesRead;
      const text = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      const end = text.lastIndexOf("\n") + 1;
      rest = text.subarray(end);
      for (const write of parseLines(text.toString("utf8", 0, end))) tell(write);
    }
  })();
  return {
    [Symbol.asyncDispose]: async () => {
      over = true;
      await watching;
      await log.close();
    },
  };
};
