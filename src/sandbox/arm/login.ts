/** What ARM makes of a request's bearer token: the principal that calls, or a 401 as ARM words it. */
import type { Entra } from "../entra/service.ts";
import { bearerOf, type Call } from "../http/call.ts";
import type { Settings } from "../settings.ts";
import { ArmError } from "./errors.ts";

/** Audiences of tokens for ARM, besides the sandbox's own address. */
const audiences = [
  "https://management.azure.com",
  "https://management.core.windows.net",
  "https://management.azure.com/",
  "https://management.core.windows.net/",
];

/** Returns the object id of the caller. */
export const loginOf = (call: Call, entra: Entra, settings: Settings, url: string): string => {
  const refuse = (code: string, message: string, error = "invalid_token"): ArmError =>
    new ArmError(401, code, message, {
      headers: {
        "www-authenticate": `Bearer authorization_uri="${url}/${settings.tenant}", error="${error}", error_description="${message}"`,
      },
    });
  const token = bearerOf(call);
  if (token === undefined) {
    throw refuse("AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.");
  }
  const verdict = entra.check(token);
  if ((!verdict.valid && verdict.reason === "expired") || call.fault?.kind === "expired-token") {
    throw refuse(
      "ExpiredAuthenticationToken",
      "The access token expiry UTC time is earlier than the current UTC time.",
    );
  }
  if (!verdict.valid) {
    throw refuse("InvalidAuthenticationToken", "The access token is invalid.");
  }
  const { aud, tid, oid } = verdict.claims;
  if (tid !== settings.tenant) {
    throw refuse(
      "InvalidAuthenticationTokenTenant",
      `The access token is from the wrong issuer. It must match the tenant '${settings.tenant}' associated with this subscription.`,
    );
  }
  if (!audiences.includes(aud) && aud.replace(/\/+$/, "") !== url) {
    throw refuse(
      "InvalidAuthenticationTokenAudience",
      `The access token has been obtained for wrong audience or resource '${aud}'. It should exactly match one of the allowed audiences 'https://management.core.windows.net/','https://management.azure.com/'.`,
    );
  }
  return oid;
};
