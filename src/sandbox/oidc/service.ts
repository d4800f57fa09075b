/**
 * The issuer over HTTP, in the forms in which CI hosts hand out identity tokens: GitHub's `GET …&audience=` answers
 * `{ value }`, Azure DevOps's `POST …` answers `{ oidcToken }`. The address holds issuer, subject and lifetime, which
 * on a real host follow from the job.
 */
import { bearerOf, type Call, type Reply, serve } from "../http/call.ts";
import type { Settings } from "../settings.ts";
import type { Service, World } from "../world.ts";
import { type AssertionInput, assertionInput, type Issuer } from "./issuer.ts";

const discovery = /^\/oidc\/\.well-known\/openid-configuration\/?$/;
const keys = /^\/oidc\/jwks\/?$/;
const token = /^\/oidc\/token\/([^/]+)\/?$/;

/** Where a job asks for assertions like this one, again and again: ACTIONS_ID_TOKEN_REQUEST_URL, SYSTEM_OIDCREQUESTURI. */
export const requestPath = (input: AssertionInput): string =>
  `/oidc/token/${Buffer.from(JSON.stringify(input)).toString("base64url")}`;

const inputOf = (encoded: string): AssertionInput | undefined => {
  try {
    return assertionInput.safeParse(JSON.parse(Buffer.from(encoded, "base64url").toString("utf8"))).data;
  } catch {
    return undefined;
  }
};

export const createOidcService = (world: World, settings: Settings, issuer: Issuer): Service => {
  const hand = (call: Call, encoded: string): Reply => {
    if (bearerOf(call) !== settings.controlToken) {
      return { status: 401, body: { message: "The job's request token is missing or wrong." } };
    }
    const input = inputOf(encoded);
    if (!input) return { status: 404, body: { message: "This address names no issuer and subject." } };
    const audience = call.query.get("audience") ?? input.audience;
    const assertion = issuer.issue({ ...input, audience });
    return call.method === "POST"
      ? { status: 200, body: { oidcToken: assertion } }
      : { status: 200, body: { count: 1, value: assertion } };
  };

  const answer = (call: Call): Reply => {
    const asked = token.exec(call.path)?.[1];
    if (asked !== undefined) return hand(call, asked);
    if (keys.test(call.path)) return { status: 200, body: { keys: [issuer.publicKey] } };
    return {
      status: 200,
      body: {
        issuer: `${world.url()}/oidc`,
        jwks_uri: `${world.url()}/oidc/jwks`,
        response_types_supported: ["id_token"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["ES256"],
      },
    };
  };

  return {
    name: "oidc",
    matches: (path) => discovery.test(path) || keys.test(path) || token.test(path),
    handle: serve(answer),
    close: async () => undefined,
  };
};
