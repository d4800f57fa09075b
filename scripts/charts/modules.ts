/**
 * Where charts are when no chart repository can be reached: upstream keeps them in the repositories of its Go
 * modules, so that the module proxy has them. The versions are the nearest to the pins that are there.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { type ArchiveFile, filesOf, packTgz } from "./archive.ts";

interface ChartModule {
  readonly module: string;
  readonly version: string;
  readonly folder: string;
  /** Upstream fills in chart and application version only when it releases. */
  readonly released?: string;
}

const modules: Readonly<Record<string, ChartModule>> = {
  "ingress-nginx": {
    module: "k8s.io/ingress-nginx",
    version: "v0.0.0-20240708192948-52c50467d67d",
    folder: "charts/ingress-nginx",
  },
  "external-dns": {
    module: "sigs.k8s.io/external-dns",
    version: "v0.22.0",
    folder: "charts/external-dns",
  },
  "cert-manager": {
    module: "github.com/cert-manager/cert-manager",
    version: "v1.21.2",
    folder: "deploy/charts/cert-manager",
    released: "v1.21.2",
  },
  "helm-operator": {
    module: "github.com/fluxcd/helm-operator",
    version: "v1.4.4",
    folder: "chart/helm-operator",
  },
  flux: { module: "github.com/fluxcd/flux", version: "v1.25.4", folder: "chart/flux" },
};

export interface PackedChart {
  readonly content: Buffer;
  /** Where it comes from, for people: `module k8s.io/ingress-nginx@v0.0.0-…`. */
  readonly origin: string;
}

/** The chart packed out of its Go module, by the ordinary Go client. Throws where Go or the module is not to be had. */
export const chartFromModule = async (name: string): Promise<PackedChart> => {
  const source = modules[name];
  if (!source) throw new Error(`no Go module is known to hold the chart ${name}`);
  const folder = join(await downloadModule(source), source.folder);
  const files = await filesOf(folder, name);
  return {
    content: packTgz(source.released ? release(files, name, source.released) : files),
    origin: `module ${source.module}@${source.version}`,
  };
};

const downloadSchema = z.object({ Dir: z.string().optional(), Error: z.string().optional() });

const downloadModule = async ({ module, version }: ChartModule): Promise<string> => {
  // Outside any module, so that no go.mod of whoever calls takes part.
  const outside = await mkdtemp(join(tmpdir(), "provision-charts-"));
  try {
    const { stdout } = await execa("go", ["mod", "download", "-json", `${module}@${version}`], {
      cwd: outside,
      env: { GOFLAGS: "-mod=mod", GOTOOLCHAIN: "local" },
      timeout: 300_000,
      reject: false,
    });
    const { Dir, Error: problem } = downloadSchema.parse(JSON.parse(stdout || "{}"));
    if (Dir === undefined) throw new Error(problem ?? "go mod download gave no folder (is Go installed?)");
    return Dir;
  } finally {
    await rm(outside, { recursive: true, force: true });
  }
};

const release = (files: readonly ArchiveFile[], name: string, version: string): readonly ArchiveFile[] =>
  files.map((file) =>
    file.name === `${name}/Chart.yaml`
      ? {
          ...file,
          content: Buffer.from(
            file.content
              .toString("utf8")
              .replace(/^version: .*$/m, `version: ${version}`)
              .replace(/^appVersion: .*$/m, `appVersion: ${version}`),
          ),
        }
      : file,
  );

/** A package that somebody supplies in a folder, by the name that Helm gives it. */
export const readSupplied = async (folder: string, name: string, version: string): Promise<PackedChart> => ({
  content: await readFile(join(folder, `${name}-${version}.tgz`)),
  origin: folder,
});
