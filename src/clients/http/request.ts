/** The request itself, over Node's own HTTP: loaded when a check is made, since it costs every plan's start otherwise. */
import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { getCACertificates, TLSSocket } from "node:tls";
import { Failure } from "../../step/failure.ts";
import type { HttpAnswer, HttpClient } from "./http.ts";

/** Milliseconds for one request, and bytes of a body that are read. */
const timeout = 15_000;
const longestBody = 1_000_000;

/** `authority`: PEM of one more authority to trust. */
export const httpWith = (authority?: string): HttpClient => ({
  get: async ({ url, resolve, redirects }, signal) => {
    let at = new URL(url);
    for (let left = redirects; ; left -= 1) {
      // The given address stands for the given host alone.
      const address = at.host === new URL(url).host ? resolve : undefined;
      const { location, ...answer } = await once(at, address, authority, signal);
      if (location === undefined || answer.status < 300 || answer.status > 399 || left <= 0) return answer;
      const next = new URL(location, at);
      if (next.protocol !== "https:" && next.protocol !== at.protocol) {
        throw failed(at, "P0492", "rejected", `it redirects from HTTPS to ${next.protocol}//${next.host}`);
      }
      at = next;
    }
  },
});

const once = async (
  url: URL,
  address: string | undefined,
  authority: string | undefined,
  signal: AbortSignal,
): Promise<HttpAnswer & { readonly location: string | undefined }> =>
  new Promise((done, fail) => {
    const isSecure = url.protocol === "https:";
    const sent = (isSecure ? secureRequest : plainRequest)(url, {
      agent: false,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
      headers: { "user-agent": "provision", accept: "*/*" },
      ...(address === undefined ? {} : { lookup: always(address) }),
      ...(isSecure && authority !== undefined ? { ca: [...getCACertificates("default"), authority] } : {}),
    });
    sent.once("error", (error) => fail(signal.aborted ? signal.reason : translated(url, error)));
    sent.once("response", (response) => {
      const certificate =
        response.socket instanceof TLSSocket ? response.socket.getPeerCertificate().issuer : undefined;
      const chunks: Buffer[] = [];
      let length = 0;
      const finish = () =>
        done({
          url: url.href,
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).subarray(0, longestBody).toString("utf8"),
          issuer: certificate && [certificate.O, certificate.CN].filter(Boolean).join(" "),
          location: response.headers.location,
        });
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length < longestBody) return;
        finish();
        response.destroy();
      });
      response.once("end", finish);
      response.once("error", (error) => fail(signal.aborted ? signal.reason : translated(url, error)));
    });
    sent.end();
  });

const always =
  (address: string): LookupFunction =>
  (_host, options, answer) => {
    const family = isIP(address);
    if (options.all) answer(null, [{ address, family }]);
    else answer(null, address, family);
  };

const untrusted = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS_CERT)/;

const translated = (url: URL, error: Error): Failure => {
  const code = "code" in error ? String(error.code) : error.name;
  return untrusted.test(code)
    ? failed(url, "P0491", "rejected", `its certificate is not trusted: ${error.message}`)
    : failed(url, "P0493", "transient", error.name === "TimeoutError" ? "no answer in time" : error.message);
};

const failed = (url: URL, code: string, kind: "transient" | "rejected", reason: string): Failure =>
  new Failure({ kind, code, message: `${url.origin}${url.pathname}: ${reason}`, resource: url.origin });
