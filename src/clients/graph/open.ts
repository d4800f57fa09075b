/** Opens the client: the same login as ARM's with another audience, over the same pipeline of the Azure SDK. */
import { z } from "zod";
import type { Environment } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import { graphOf } from "../azure/cloud.ts";
import { type ErrorAnswer, failureOfThrown } from "../azure/errors.ts";
import { openLogin } from "../azure/login.ts";
import type { GraphClient, JsonObject } from "./client.ts";
import { failureOfGraph } from "./errors.ts";

const page = z.object({ value: z.array(z.unknown()), "@odata.nextLink": z.string().nullish() });

export const openGraph = async (environment: Environment): Promise<GraphClient> => {
  const { cloud, credential, transport } = await openLogin(environment);
  const endpoint = await graphOf(cloud, transport.tlsOptions?.ca);
  // The resource manager's is the SDK's plainest pipeline: it adds nothing of ARM's own to a request.
  const { createResourceManagement } = await import("@azure/arm-resources/api");
  const open = (maxRetries: number) =>
    createResourceManagement(credential, "", {
      ...transport,
      endpoint,
      credentials: { scopes: [`${endpoint}/.default`] },
      userAgentOptions: { userAgentPrefix: "aks-provision" },
      retryOptions: { maxRetries, retryDelayInMs: 200, maxRetryDelayInMs: 2_000 },
    });
  // The runner has the real budget of retries.
  const reads = open(1);
  const writes = open(0);

  const send = async (
    method: "get" | "patch" | "post" | "delete",
    path: string,
    signal: AbortSignal,
    options: { body?: JsonObject; headers?: Record<string, string> } = {},
  ): Promise<ErrorAnswer> => {
    signal.throwIfAborted();
    const url = path.startsWith("https://") ? path : `${endpoint}/v1.0/${path}`;
    const call = (method === "get" ? reads : writes).pathUnchecked(url);
    try {
      const response = await call[method]({
        abortSignal: signal,
        headers: { accept: "application/json", ...options.headers },
        ...(options.body === undefined ? {} : { contentType: "application/json", body: options.body }),
      });
      return { status: Number(response.status), headers: response.headers, body: response.body };
    } catch (error) {
      throw failureOfThrown(error, path);
    }
  };

  const written = (answer: ErrorAnswer, path: string): void => {
    if (answer.status >= 400) throw failureOfGraph(answer, path);
  };

  return {
    get: async (path, schema, signal) => {
      const answer = await send("get", path, signal);
      if (answer.status === 404) return undefined;
      if (answer.status !== 200) throw failureOfGraph(answer, path);
      return parsedAs(schema, answer.body, path);
    },
    list: async (path, item, signal, query = {}) => {
      const items: z.output<typeof item>[] = [];
      const search = new URLSearchParams(query).toString();
      let next: string | undefined = search === "" ? path : `${path}?${search}`;
      while (next !== undefined) {
        const answer = await send("get", next, signal);
        if (answer.status === 404) return items;
        if (answer.status !== 200) throw failureOfGraph(answer, path);
        const parsed = parsedAs(page, answer.body, path);
        items.push(...parsed.value.map((entry) => parsedAs(item, entry, path)));
        next = parsed["@odata.nextLink"] || undefined;
      }
      return items;
    },
    upsert: async (path, body, signal) => {
      const headers = { prefer: "create-if-missing" };
      written(await send("patch", path, signal, { body, headers }), path);
    },
    act: async (path, signal) => written(await send("post", path, signal), path),
    delete: async (path, signal) => {
      const answer = await send("delete", path, signal);
      if (answer.status !== 404) written(answer, path);
    },
  };
};

/** An answer whose shape is not what the API promises is nobody's mistake but ours. */
const parsedAs = <T>(schema: z.ZodType<T>, body: unknown, path: string): T => {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Failure({
    kind: "unexpected",
    code: "P0831",
    message: `an answer of Microsoft Graph has an unforeseen shape: ${z.prettifyError(parsed.error)}`,
    resource: path,
  });
};
