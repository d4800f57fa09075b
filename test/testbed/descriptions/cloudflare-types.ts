/**
 * Cloudflare's bodies held against the types of its own SDK, which are made from its API description: each body is
 * written down as a constant of its type, and TypeScript says what is wrong, undeclared keys too.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Exchange } from "./exchanges.ts";

const modules = join(import.meta.dirname, "..", "..", "..", "node_modules");
const resources = join(modules, "cloudflare", "resources");

const prelude = [
  `import type { Zone } from ${JSON.stringify(join(resources, "zones", "zones.mjs"))};`,
  `import type { RecordBatchParams, RecordBatchResponse, RecordCreateParams, RecordDeleteResponse, RecordEditParams, RecordResponse, RecordUpdateParams } from ${JSON.stringify(join(resources, "dns", "records.mjs"))};`,
  `import type { TokenVerifyResponse } from ${JSON.stringify(join(resources, "user", "tokens", "tokens.mjs"))};`,
  "interface Notice { code: number; message: string; documentation_url?: string; type?: string | null }",
  "interface Page { page: number; per_page: number; count: number; total_count: number; total_pages: number }",
  "interface Answer<T> { result: T; success: true; errors: []; messages: Notice[]; result_info?: Page }",
  "interface Refusal { result: null; success: false; errors: [Notice, ...Notice[]]; messages: Notice[] }",
  "export type All = [Zone, RecordResponse, RecordBatchResponse, RecordDeleteResponse, TokenVerifyResponse, RecordCreateParams, RecordEditParams, RecordUpdateParams, RecordBatchParams, Answer<0>, Refusal];",
];

/** Method and path below `/client/v4`, type of the answer, type of what is sent. */
const typed: readonly (readonly [RegExp, string, string?])[] = [
  [/^GET \/user\/tokens\/verify$/, "TokenVerifyResponse"],
  // What a token without its permission gets is all that is played of it.
  [/^GET \/user\/tokens\/[^/]+$/, "never"],
  [/^GET \/zones$/, "Zone[]"],
  [/^GET \/zones\/[^/]+$/, "Zone"],
  [/^GET \/zones\/[^/]+\/dns_records$/, "RecordResponse[]"],
  [/^POST \/zones\/[^/]+\/dns_records$/, "RecordResponse", "RecordCreateParams"],
  [/^POST \/zones\/[^/]+\/dns_records\/batch$/, "RecordBatchResponse", "RecordBatchParams"],
  [/^GET \/zones\/[^/]+\/dns_records\/[^/]+$/, "RecordResponse"],
  [/^PUT \/zones\/[^/]+\/dns_records\/[^/]+$/, "RecordResponse", "RecordUpdateParams"],
  [/^PATCH \/zones\/[^/]+\/dns_records\/[^/]+$/, "RecordResponse", "RecordEditParams"],
  [/^DELETE \/zones\/[^/]+\/dns_records\/[^/]+$/, "RecordDeleteResponse"],
];

/** The service shows `null` for a comment that there is not; its description has no comment there. */
const shown = (body: unknown): string => JSON.stringify(body).replaceAll('"comment":null,', "");

export interface TypedBodies {
  readonly bodies: number;
  readonly violations: readonly string[];
  readonly unknown: readonly string[];
}

/** @param exchanges With paths below `/client/v4`. */
export const checkCloudflare = async (exchanges: readonly Exchange[]): Promise<TypedBodies> => {
  const lines = [...prelude];
  const names = new Map<number, string>();
  const unknown = new Set<string>();
  const add = (name: string, type: string, body: string): void => {
    lines.push(`export const body${lines.length}: ${type} = ${body};`);
    names.set(lines.length, name);
  };
  for (const { method, path, status, request, answer } of exchanges) {
    const call = `${method} ${path.replace(/^\/client\/v4/, "")}`;
    const [, result, sent] = typed.find(([pattern]) => pattern.test(call)) ?? [];
    if (result === undefined) unknown.add(call);
    else {
      add(`${call} ${status} answer`, status < 400 ? `Answer<${result}>` : "Refusal", shown(answer));
      // The SDK names the zone beside the body.
      if (sent !== undefined && request !== undefined && status < 400)
        add(`${call} request`, sent, shown({ zone_id: "", ...Object(request) }));
    }
  }
  return { bodies: names.size, violations: await compile(lines, names), unknown: [...unknown] };
};

const compile = async (
  lines: readonly string[],
  names: ReadonlyMap<number, string>,
): Promise<readonly string[]> => {
  const folder = await mkdtemp(join(tmpdir(), "provision-types-"));
  try {
    await writeFile(join(folder, "bodies.mts"), lines.join("\n"));
    const flags =
      "--noEmit --strict --exactOptionalPropertyTypes --skipLibCheck --module nodenext --target esnext";
    const { stdout, exitCode } = await execa(
      process.execPath,
      [join(modules, "typescript", "bin", "tsc"), ...flags.split(" "), "--types", "", "bodies.mts"],
      { cwd: folder, reject: false },
    );
    const errors = [...stdout.matchAll(/^bodies\.mts\((\d+),\d+\): error (.*)$/gm)];
    if (exitCode !== 0 && errors.length === 0) throw new Error(stdout);
    return [
      ...new Set(errors.map(([, line, message]) => `${names.get(Number(line)) ?? "types"}: ${message}`)),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
