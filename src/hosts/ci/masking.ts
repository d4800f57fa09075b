/** What every job of a CI host does with secrets: has the host mask each before its first use, and tells none itself. */
import { redactedData } from "../../reporters/redacted-data.ts";
import { createRedactor } from "../../reporters/redactor.ts";
import { watchSecrets } from "../../step/secret.ts";
import type { JobHost } from "./host.ts";

/** Data without secrets, to be rendered: see `redactedData`. */
export type Cleaned = <Data extends object>(data: Data) => Data;

export interface Masking {
  /** The same host, with no secret in anything that it is handed, in a form that can be told in rendered text. */
  readonly host: JobHost;
  readonly cleaned: Cleaned;
  /** Secrets that are made from now on are no longer seen. */
  readonly stop: () => void;
}

export const masking = (host: JobHost): Masking => {
  const redactor = createRedactor();
  const masked = new Set<string>();
  const mask = (text: string) => {
    // A Secret is made anew at every look at the cluster.
    if (masked.has(text)) return;
    masked.add(text);
    for (const form of redactor.add(text)) host.write(`${host.dialect.mask(form)}\n`);
  };
  for (const text of host.secrets) mask(text);
  const stop = watchSecrets((secret) => {
    for (const part of secret.revealParts()) mask(part);
  });
  const { comment, dialect } = host;
  return {
    stop,
    cleaned: (data) => redactedData(data, redactor.clean),
    host: {
      ...host,
      // Before the host's escaping, which would hide a secret from the redactor.
      dialect: {
        ...dialect,
        harmless: (text) => dialect.harmless(redactor.clean(text)),
        groupStart: (title) => dialect.groupStart(redactor.clean(title)),
        annotation: ({ title, message, ...rest }) =>
          dialect.annotation({
            ...rest,
            message: redactor.clean(message),
            title: title && redactor.clean(title),
          }),
      },
      write: (text) => host.write(redactor.clean(text)),
      summary: (markdown) => host.summary(redactor.clean(markdown)),
      output: (name, value) => host.output(name, redactor.clean(value)),
      comment: comment && ((markdown, about) => comment(redactor.clean(markdown), about)),
    },
  };
};
