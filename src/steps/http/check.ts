/** Asks a URL and looks at the answer: status, body, and who issued its certificate. It writes nothing, ever. */
import { isIP } from "node:net";
import { z } from "zod";
import { type HttpAnswer, http } from "../../clients/http/http.ts";
import { httpFamily } from "../../families/http/family.ts";
import { Failure } from "../../step/failure.ts";
import { handle, publicIpHandle } from "../../step/handle.ts";
import { defineStep, type Verdict } from "../../step/step.ts";

const type = "http/check";

const input = z.object({
  url: z
    .string()
    .regex(/^https?:\/\/[^\s/@?#]+([/?][^\s#]*)?$/)
    .describe("The address that is asked, with GET; it holds no login."),
  status: z.number().int().min(100).max(599).default(200).describe("The status that the answer must have."),
  contains: z.string().min(1).optional().describe("A text that must be in the first megabyte of the body."),
  issuer: z
    .string()
    .min(1)
    .optional()
    .describe("A text that must be in the name of the certificate's issuer, as in `Let's Encrypt`."),
  resolve: z
    .union([z.string().min(1), publicIpHandle])
    .optional()
    .describe(
      "Address to connect to while the name is not public yet; by default what the name resolves to.",
    ),
  redirects: z
    .number()
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe("How many redirects are followed; none by default."),
});
type Input = z.output<typeof input>;

const output = handle("url", { url: z.string().describe("The address that answers as expected.") });

const wrong = (answer: HttpAnswer, wanted: Input): string | undefined => {
  if (answer.status !== wanted.status) return `it answers with status ${answer.status}, not ${wanted.status}`;
  if (wanted.contains !== undefined && !answer.body.includes(wanted.contains)) {
    return `its body does not hold ${JSON.stringify(wanted.contains)}`;
  }
  if (wanted.issuer !== undefined && !answer.issuer?.toLowerCase().includes(wanted.issuer.toLowerCase())) {
    return `its certificate is from ${answer.issuer ?? "nobody: it is plain HTTP"}, not ${wanted.issuer}`;
  }
  return undefined;
};

export default defineStep<Input, z.output<typeof output>, undefined>({
  type,
  version: 1,
  summary: "Checks that a URL answers as expected: status, body and the certificate's issuer.",
  family: httpFamily,
  readOnly: true,
  timeout: 10 * 60_000,
  input,
  output,
  locate: ({ url }) => ({ type, version: 1, id: url }),
  predict: { kind: () => "url", url: ({ url }) => url },
  // The plan asks nothing: what shall answer may be made by the same run.
  observe: async (_context, ref) => ({
    state: "present",
    actual: undefined,
    output: { kind: "url", url: ref.id },
    owner: undefined,
  }),
  fields: () => [],
  apply: async (_context, ref) => {
    throw new Failure({
      kind: "unexpected",
      code: "P0494",
      message: `${ref.id} is only asked, never written`,
    });
  },
  verify: async (context, _ref, wanted): Promise<Verdict> => {
    const resolve = typeof wanted.resolve === "object" ? wanted.resolve.address : wanted.resolve;
    if (resolve !== undefined && isIP(resolve) === 0) {
      return { ready: false, reason: `\`resolve\` is no IP address: ${resolve}`, worthWaiting: false };
    }
    const client = await context.use(http);
    try {
      const { url, redirects } = wanted;
      const answer = await client.get({ url, resolve, redirects }, context.signal);
      const reason = wrong(answer, wanted);
      if (reason !== undefined) return { ready: false, reason, worthWaiting: true };
      const issuer = answer.issuer === undefined ? "" : `, certificate from ${answer.issuer}`;
      return { ready: true, detail: `${answer.url} answers ${answer.status}${issuer}` };
    } catch (error) {
      if (!(error instanceof Failure) || (error.kind !== "transient" && error.kind !== "rejected"))
        throw error;
      // A certificate may still be on its way, as everything else.
      return { ready: false, reason: error.message, worthWaiting: true };
    }
  },
  destroy: async () => {},
});
