/** One GET as a browser would make it, without cookies or credentials, with what a check looks at of the answer. */
import { readFile } from "node:fs/promises";
import type { ClientKey } from "../../step/context.ts";

export interface HttpQuestion {
  readonly url: string;
  /** Address to connect to instead of what the host's name resolves to. */
  readonly resolve?: string | undefined;
  /** How many redirects are followed. */
  readonly redirects: number;
}

export interface HttpAnswer {
  /** Of the last request, after redirects. */
  readonly url: string;
  readonly status: number;
  /** At most 1 MB of it, as UTF-8. */
  readonly body: string;
  /** The certificate's issuer as `O CN`; undefined over plain HTTP. */
  readonly issuer: string | undefined;
}

export interface HttpClient {
  /** @throws Failure `transient` where there is no answer, `rejected` where the certificate is not to be trusted. */
  get(question: HttpQuestion, signal: AbortSignal): Promise<HttpAnswer>;
}

export const http: ClientKey<HttpClient> = {
  name: "http",
  open: async ({ variables }) => {
    const file = variables.PROVISION_CA_FILE;
    const { httpWith } = await import("./request.ts");
    return httpWith(file ? await readFile(file, "utf8") : undefined);
  },
};
