/**
 * A token that Azure refuses although the SDK still holds it for good (a clock that is wrong, a machine that slept, a
 * session that was revoked) is replaced once, in the midst of a run. A refused request took no effect, so that even
 * a write may be sent again.
 */
import type { TokenCredential } from "@azure/identity";

/** A request and its answer, as far as they are looked at; the SDK's own types are wider. */
interface Sent {
  readonly headers: { get(name: string): string | undefined; set(name: string, value: string): void };
}
interface Answered {
  readonly status: number;
  readonly headers: { get(name: string): string | undefined };
}

/** A policy of the SDK's pipelines, to be put behind the one that signs. */
export interface RenewalPolicy {
  readonly name: string;
  sendRequest<Request extends Sent, Response extends Answered>(
    request: Request,
    next: (request: Request) => Promise<Response>,
  ): Promise<Response>;
}

/** RFC 6750; the challenge of a revoked session (`insufficient_claims`) is the SDK's own to answer. */
const isRefusedToken = ({ status, headers }: Answered): boolean =>
  status === 401 && /error="?invalid_token/i.test(headers.get("www-authenticate") ?? "");

/**
 * From the first refused token on, tokens come from a credential opened anew, past whatever the SDK has cached. One
 * policy serves all clients of a login, so that one refusal is enough for all.
 * @param open opens the login's credential again.
 */
export const createRenewal = (open: () => Promise<TokenCredential>, scope: string): RenewalPolicy => {
  let renewed: Promise<TokenCredential> | undefined;
  const refused = new Set<string>();

  const token = async (): Promise<string | undefined> => {
    const given = await (await renewed)?.getToken(scope);
    return given ? `Bearer ${given.token}` : undefined;
  };

  return {
    name: "provisionTokenRenewal",
    sendRequest: async (request, next) => {
      const fresh = await token();
      if (fresh !== undefined) request.headers.set("authorization", fresh);
      const sent = request.headers.get("authorization") ?? "";
      const response = await next(request);
      if (!isRefusedToken(response)) return response;
      // Of several requests with the same token only the first to be refused opens the credential.
      if (!refused.has(sent)) {
        refused.add(sent);
        renewed = open();
      }
      const other = await token();
      if (other === undefined || refused.has(other)) return response;
      request.headers.set("authorization", other);
      return next(request);
    },
  };
};
