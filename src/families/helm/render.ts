/** The objects that a release would bring, without a cluster: `helm template` over a chart that is on this machine. */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { ChartSource } from "../../charts/source.ts";
import { cacheFolder, charts } from "../../charts/store.ts";
import type { JsonObject } from "../../clients/helm/client.ts";
import { helmProgram } from "../../clients/helm/helm.ts";
import type { StepContext } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import type { RenderedObject, Rendering } from "../../step/step.ts";
import { manifestObjects } from "./manifest.ts";

export interface RenderRequest {
  readonly chart: ChartSource;
  readonly release: string;
  readonly namespace: string;
  readonly values: JsonObject;
}

/** Nothing is fetched for it. A chart that refuses the values is said so here already. */
export const renderRelease = async (context: StepContext, request: RenderRequest): Promise<Rendering> => {
  try {
    return await rendered(context, request);
  } catch (error) {
    if (error instanceof Failure && error.kind !== "cancelled") return { notRendered: error.message };
    throw error;
  }
};

const rendered = async (context: StepContext, request: RenderRequest): Promise<Rendering> => {
  const store = await context.use(charts);
  const chart = await store.find(request.chart);
  if (!chart) return { notRendered: "chart not cached" };
  const { release, namespace, values } = request;
  const key = createHash("sha256")
    .update(JSON.stringify([chart.digest, release, namespace, values]))
    .digest("hex");
  const path = join(cacheFolder(context.environment.variables), "rendered", `${key}.json`);
  const known = await readCached(path);
  if (known) return { objects: known };
  const program = await context.use(helmProgram);
  const manifest = await program.template({
    release,
    namespace,
    values,
    chart: chart.path,
    signal: context.signal,
  });
  const objects = manifestObjects(manifest).map(
    ({ apiVersion, kind, metadata }): RenderedObject => ({
      apiVersion,
      kind,
      name: metadata.name,
      namespace: metadata.namespace,
    }),
  );
  await writeCached(path, objects);
  return { objects };
};

const cacheSchema = z.array(
  z.object({
    apiVersion: z.string(),
    kind: z.string(),
    name: z.string(),
    namespace: z.string().optional(),
  }),
);

const readCached = async (path: string): Promise<readonly RenderedObject[] | undefined> => {
  const text = await readFile(path, "utf8").catch(() => undefined);
  return text === undefined ? undefined : cacheSchema.safeParse(JSON.parse(text)).data;
};

/** A cache that can't be written costs time, and nothing else. */
const writeCached = async (path: string, objects: readonly RenderedObject[]): Promise<void> => {
  const partial = `${path}.${process.pid}.partial`;
  try {
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(partial, JSON.stringify(objects));
    await rename(partial, path);
  } catch {
    return;
  }
};
