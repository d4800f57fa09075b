/**
 * Microsoft Entra's token endpoint for client credentials (a secret, or an assertion of a federated identity), and
 * the documents that the identity libraries read first. The sandbox's own login takes any assertion that has not
 * ended; an application of the directory takes one that fits a federated credential of it and is the issuer's. Error codes and bodies are those of
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes.
 */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { type Call, type Reply, serve } from "../http/call.ts";
import type { AssertionClaims, Issuer } from "../oidc/issuer.ts";
import type { Settings } from "../settings.ts";
import type { Service, Store, World } from "../world.ts";
import { entraError } from "./errors.ts";
import { type Claims, createTokenSigner, newSigningKey, readPayload, type Verdict } from "./tokens.ts";

export const entraState = z.strictObject({
  /** PKCS 8 PEM. */
  signingKey: z.string(),
  /** Of the issuer of CI's identity tokens; PKCS 8 PEM too. */
  issuerKey: z.string(),
  /** Seconds that a token lives. */
  tokenLifetime: z.number().positive(),
  /** Whether the client's secret is taken for an expired one. */
  secretExpired: z.boolean(),
});

export type EntraState = z.infer<typeof entraState>;

export const initialEntraState = (): EntraState => ({
  signingKey: newSigningKey(),
  issuerKey: newSigningKey(),
  tokenLifetime: 3600,
  secretExpired: false,
});

export interface Entra extends Service {
  check(token: string): Verdict;
  /** A token for the sandbox's login, or for another holder, as its endpoint would give it. */
  issue(audience: string, holder?: Holder): string;
  /** Seconds that a token lives. */
  tokenLifetime(): number;
}

/** Whom a token speaks for. */
export interface Holder {
  /** Object id. */
  readonly principal: string;
  /** Application id. */
  readonly client: string;
  /** ARM id of the managed identity, or of what has it; none for an application. */
  readonly resource?: string;
}

const route =
  /^\/([^/]+)\/(?:oauth2\/v2\.0\/token|oauth2\/token|v2\.0\/\.well-known\/openid-configuration|discovery\/v2\.0\/keys)\/?$/i;
const discovery = /^\/common\/discovery\/instance\/?$/i;

/** `https://management.azure.com//.default` → `https://management.azure.com/`; a GUID stays as it is. */
const audienceOf = (scope: string): string | undefined =>
  scope.endsWith("/.default") ? scope.slice(0, -"/.default".length) : undefined;

const assertion = z.looseObject({ exp: z.number(), iss: z.string().optional(), sub: z.string().optional() });

type Credential = {
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
};
type Refusal = readonly [code: Parameters<typeof entraError>[0], detail: string];

/** Why no federated credential fits what an assertion says. All is compared with case. */
const refusal = (
  { iss, sub, aud }: AssertionClaims,
  credentials: readonly Credential[],
): Refusal | undefined => {
  const ofIssuer = credentials.filter(({ issuer }) => issuer.replace(/\/$/, "") === iss.replace(/\/$/, ""));
  if (ofIssuer.length === 0) return [700211, iss];
  const ofSubject = ofIssuer.filter(({ subject }) => subject === sub);
  if (ofSubject.length === 0) {
    const alike = ofIssuer.some(({ subject }) => subject.toLowerCase() === sub.toLowerCase());
    return [alike ? 7002138 : 700213, sub];
  }
  const given = [aud].flat();
  const fits = ofSubject.some(({ audiences }) => audiences.some((each) => given.includes(each)));
  return fits ? undefined : [700212, given.join(", ")];
};

export const createEntra = (
  world: World,
  settings: Settings,
  store: Store<EntraState>,
  issuer: Issuer,
): Entra => {
  const signer = createTokenSigner(store.state.signingKey);

  const login: Holder = { principal: settings.principal, client: settings.client };

  const issue = (audience: string, holder = login): string => {
    const now = Math.floor(world.pace.now() / 1000);
    const claims: Claims = {
      aud: audience,
      iss: `https://sts.windows.net/${settings.tenant}/`,
      iat: now,
      nbf: now,
      exp: now + store.state.tokenLifetime,
      appid: holder.client,
      appidacr: holder.resource === undefined ? "1" : "2",
      idtyp: "app",
      oid: holder.principal,
      sub: holder.principal,
      tid: settings.tenant,
      ...(holder.resource === undefined ? {} : { xms_mirid: holder.resource }),
      uti: randomUUID(),
      ver: "1.0",
    };
    return signer.issue(claims);
  };

  const token = (tenant: string, call: Call): Reply => {
    const now = world.pace.now();
    const form = new URLSearchParams(call.body);
    const fail = (code: Parameters<typeof entraError>[0], detail?: string): Reply =>
      entraError(code, now, call.headers["client-request-id"], detail);
    const known = tenant.toLowerCase() === settings.tenant;
    if (!known) return fail(90002, tenant);
    if (form.get("grant_type") !== "client_credentials") return fail(70003, form.get("grant_type") ?? "");
    const client = form.get("client_id")?.toLowerCase() ?? "";
    const application = client === settings.client ? undefined : world.directory.application(client);
    if (client !== settings.client && !application) return fail(700016, client);
    const resource = form.get("resource") ?? undefined;
    const audience = resource ?? audienceOf(form.get("scope") ?? "");
    if (audience === undefined) return fail(70011, form.get("scope") ?? "");
    const given = form.get("client_assertion");
    let holder = login;
    if (application) {
      const { name, principal, credentials } = application;
      if (given === null) return fail(form.has("client_secret") ? 7000215 : 7000216);
      const presented = issuer.read(given);
      if (!presented) return fail(50027);
      if (credentials.length === 0) return fail(70025, `'${client}'(${name})`);
      const refused = refusal(presented.claims, credentials);
      if (refused) return fail(...refused);
      if (!presented.genuine) return fail(50013);
      if (presented.claims.exp * 1000 <= now) return fail(700024);
      if (principal === undefined) return fail(7000229, client);
      holder = { principal, client };
    } else if (given !== null) {
      const payload = assertion.safeParse(readPayload(given));
      if (!payload.success) return fail(50027);
      if (payload.data.exp * 1000 <= now) return fail(700024);
    } else {
      const secret = form.get("client_secret");
      if (secret === null) return fail(7000216);
      if (secret !== settings.clientSecret) return fail(7000215);
      if (store.state.secretExpired) return fail(7000222);
    }
    const lifetime = store.state.tokenLifetime;
    return {
      status: 200,
      headers: { "cache-control": "no-store, no-cache" },
      body: {
        token_type: "Bearer",
        expires_in: lifetime,
        ext_expires_in: lifetime,
        access_token: issue(audience, holder),
      },
    };
  };

  const answer = (call: Call): Reply => {
    const authority = `${world.url()}/${settings.tenant}`;
    if (discovery.test(call.path)) {
      const host = new URL(world.url()).host;
      return {
        status: 200,
        body: {
          tenant_discovery_endpoint: `${authority}/v2.0/.well-known/openid-configuration`,
          "api-version": "1.1",
          metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
        },
      };
    }
    const tenant = route.exec(call.path)?.[1] ?? "";
    if (/token\/?$/i.test(call.path)) return token(tenant, call);
    if (/keys\/?$/i.test(call.path)) return { status: 200, body: { keys: [signer.publicKey] } };
    return {
      status: 200,
      body: {
        issuer: `${authority}/v2.0`,
        authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
        token_endpoint: `${authority}/oauth2/v2.0/token`,
        jwks_uri: `${authority}/discovery/v2.0/keys`,
        token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt"],
        response_types_supported: ["code", "id_token"],
        subject_types_supported: ["pairwise"],
        id_token_signing_alg_values_supported: ["ES256"],
        tenant_region_scope: null,
      },
    };
  };

  return {
    name: "entra",
    matches: (path) => route.test(path) || discovery.test(path),
    handle: serve(answer),
    close: async () => undefined,
    check: (text) => signer.check(text, world.pace.now()),
    issue,
    tokenLifetime: () => store.state.tokenLifetime,
  };
};
