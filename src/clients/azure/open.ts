/** Opens the client: finds cloud and login, checks the subscription, and speaks ARM over the SDK's pipeline. */
import { z } from "zod";
import type { Environment } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import { apiVersions } from "./api-versions.ts";
import type { AzureClient, Condition, JsonObject, Progression } from "./client.ts";
import { type Carrier, carrierOf, openContexts } from "./contexts.ts";
import { type ErrorAnswer, failureOfAnswer, failureOfThrown } from "./errors.ts";
import { openLogin, tokenOf } from "./login.ts";
import { accepted, polled } from "./operation.ts";
import { typedOperations } from "./typed.ts";

/** What the SDK's pipeline answers with. */
type PipelineAnswer = Awaited<ReturnType<ReturnType<Carrier["pathUnchecked"]>["get"]>>;

const page = z.object({ value: z.array(z.unknown()), nextLink: z.string().nullish() });
const subscriptionModel = z.object({
  subscriptionId: z.string(),
  displayName: z.string(),
  state: z.string(),
});

/**
 * Absence, by code where one code of status 404 means something else: a subscription that is not there is a
 * mistake, not an absence. Of an unregistered provider nothing can exist.
 */
const isAbsence = ({ status, body }: ErrorAnswer): boolean => {
  const code = z.object({ error: z.object({ code: z.string() }) }).safeParse(body).data?.error.code ?? "";
  if (/^(SubscriptionNotFound|InvalidSubscriptionId|InvalidResourceType)$/i.test(code)) return false;
  return status === 404 || code === "MissingSubscriptionRegistration";
};

export const openAzure = async (environment: Environment): Promise<AzureClient> => {
  const login = await openLogin(environment);
  const subscription = environment.azure.subscription ?? environment.variables.AZURE_SUBSCRIPTION_ID ?? "";
  // The runner has the real budget of retries.
  const reads = openContexts(login, subscription, 1);
  const writes = openContexts(login, subscription, 0);

  const send = async (
    method: "get" | "put" | "delete",
    url: string,
    signal: AbortSignal,
    options: { body?: JsonObject; headers?: Record<string, string> } = {},
  ): Promise<PipelineAnswer> => {
    signal.throwIfAborted();
    const carrier = await carrierOf(method === "get" ? reads : writes, pathOf(url));
    const call = carrier.pathUnchecked(url);
    const parameters = {
      abortSignal: signal,
      headers: { accept: "application/json", ...options.headers },
      ...(options.body === undefined ? {} : { contentType: "application/json", body: options.body }),
    };
    try {
      return await call[method](parameters);
    } catch (error) {
      throw failureOfThrown(error, pathOf(url));
    }
  };

  const client: AzureClient = {
    ...typedOperations(reads),
    subscription,
    get: async (path, version, schema, signal) => {
      const answer = answerOf(await send("get", withVersion(path, version), signal));
      if (answer.status === 200) return parsedAs(schema, answer.body, path);
      if (isAbsence(answer)) return undefined;
      throw failureOfAnswer(answer, path);
    },
    list: async (path, version, item, signal, query = {}) => {
      const items: z.output<typeof item>[] = [];
      let url: string | undefined = withVersion(path, version, query);
      while (url !== undefined) {
        const answer = answerOf(await send("get", url, signal));
        if (answer.status !== 200 && isAbsence(answer)) return items;
        if (answer.status !== 200) throw failureOfAnswer(answer, path);
        const { value, nextLink } = parsedAs(page, answer.body, path);
        items.push(...value.map((entry) => parsedAs(item, entry, path)));
        url = nextLink || undefined;
      }
      return items;
    },
    put: async (path, version, body, condition, signal) => {
      const answer = answerOf(
        await send("put", withVersion(path, version), signal, { body, headers: conditionHeaders(condition) }),
      );
      return accepted("put", answer, withVersion(path, version), path);
    },
    delete: async (path, version, condition, signal) => {
      const answer = answerOf(
        await send("delete", withVersion(path, version), signal, { headers: conditionHeaders(condition) }),
      );
      if (answer.status >= 400 && isAbsence(answer)) return { state: "done" };
      return accepted("delete", answer, withVersion(path, version), path);
    },
    poll: async (monitor, resource, signal): Promise<Progression> =>
      polled(answerOf(await send("get", monitor, signal)), monitor, resource),
    token: (scope, signal) => tokenOf(login, scope, signal),
  };
  await checkSubscription(client);
  return client;
};

/** A wrong subscription is told at once, with those that the login can see, and not as an absence later on. */
const checkSubscription = async (client: AzureClient): Promise<void> => {
  const { signal } = new AbortController();
  const path = `/subscriptions/${client.subscription}`;
  if (client.subscription !== "") {
    const found = await client.get(path, apiVersions.subscriptions, subscriptionModel, signal);
    if (found && !/disabled|deleted/i.test(found.state)) return;
    if (found) {
      throw new Failure({
        kind: "rejected",
        code: "DisabledSubscription",
        message: `the subscription ${found.displayName} (${found.subscriptionId}) is ${found.state.toLowerCase()}`,
        resource: path,
      });
    }
  }
  const visible = await client.list("/subscriptions", apiVersions.subscriptions, subscriptionModel, signal);
  const names = visible
    .slice(0, 5)
    .map(({ subscriptionId, displayName }) => `${subscriptionId} ${displayName}`);
  throw new Failure({
    kind: "rejected",
    code: "P0805",
    message:
      client.subscription === ""
        ? "no subscription is chosen"
        : `there is no subscription ${client.subscription}`,
    hint: "Set `--subscription ID` or AZURE_SUBSCRIPTION_ID to one that the login can see.",
    resource: path,
    evidence: names,
  });
};

const withVersion = (path: string, version: string, query: Readonly<Record<string, string>> = {}): string =>
  `${path}?${new URLSearchParams({ "api-version": version, ...query })}`;

const pathOf = (url: string): string => url.replace(/^https:\/\/[^/]+/, "").replace(/\?.*$/, "");

const conditionHeaders = ({ match, absent }: Condition): Record<string, string> => ({
  ...(match === undefined ? {} : { "if-match": match }),
  ...(absent ? { "if-none-match": "*" } : {}),
});

const answerOf = (response: PipelineAnswer): ErrorAnswer => ({
  status: Number(response.status),
  headers: response.headers,
  body: response.body,
});

/** An answer whose shape is not what the API promises is nobody's mistake but ours. */
const parsedAs = <T>(schema: z.ZodType<T>, body: unknown, path: string): T => {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Failure({
    kind: "unexpected",
    code: "P0806",
    message: `an answer of Azure has an unforeseen shape: ${z.prettifyError(parsed.error)}`,
    resource: path,
  });
};
