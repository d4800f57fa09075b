/**
 * A Helm run that lasts longer than a token of Entra: the built command and the real Helm on a sandbox whose tokens live
 * for two seconds. Helm asks the command for a new one, and so does kubectl with the kubeconfig that a person gets.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { bundledTool } from "../../src/clients/helm/bundled.ts";
import { control } from "./sandbox-control.ts";

const root = join(import.meta.dirname, "..", "..");
const program = join(root, "dist", "provision.js");
/** Seconds. */
const lifetime = 2;

const cluster = `name: entra
steps:
  group:
    uses: azure/resource-group
    with: { name: rg-entra, location: westeurope }
  identity:
    uses: azure/managed-identity
    with: { group: "\${{ steps.group.outputs }}", name: entra-identity }
  cluster:
    uses: azure/aks-cluster
    with:
      group: \${{ steps.group.outputs }}
      name: clu-entra
      kubernetesVersion: "1.35"
      identity: \${{ steps.identity.outputs }}
      access: entra
      disableLocalAccounts: true
      systemPool: { size: Standard_D4ds_v5, count: 1 }
`;
const release = `  web:
    uses: helm/release
    with: { cluster: "\${{ steps.cluster.outputs }}", namespace: web, release: web, chart: ./chart }
`;

/** Helm runs hooks one after the other, each a Job that takes the sandbox's kubelet a while. */
const hook = (number: number): string => `apiVersion: batch/v1
kind: Job
metadata: { name: prepare-${number}, annotations: { helm.sh/hook: pre-install, helm.sh/hook-weight: "${number}" } }
spec:
  template:
    spec: { restartPolicy: Never, containers: [{ name: prepare, image: "prepare:${number}" }] }
`;

const logSchema = z.object({
  entries: z.array(
    z.looseObject({ service: z.string(), userAgent: z.string(), status: z.number(), at: z.number() }),
  ),
});

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "provision-entra-"));
  file = join(folder, "provision.yaml");
  await mkdir(join(folder, "chart", "templates"), { recursive: true });
  await writeFile(join(folder, "chart", "Chart.yaml"), "apiVersion: v2\nname: web\nversion: 1.0.0\n");
  await writeFile(
    join(folder, "chart", "templates", "jobs.yaml"),
    Array.from({ length: 24 }, (_, number) => hook(number)).join("---\n"),
  );
});
afterAll(async () => {
  await run("sandbox", "stop");
  await rm(folder, { recursive: true, force: true });
});

const sandbox = () => join(folder, "sandbox");
const run = (...words: readonly string[]) =>
  execa(process.execPath, [program, ...words], {
    cwd: root,
    reject: false,
    env: { PROVISION_SANDBOX: sandbox(), PROVISION_SANDBOX_PACE: "instant", NO_COLOR: "1" },
  });
const up = () => run("up", file, "--sandbox", "--yes");

test("Helm outlives its token, and is never refused", async () => {
  await writeFile(file, cluster);
  expect(await up()).toMatchObject({ exitCode: 0 });
  await control(sandbox(), "token-lifetime", lifetime);
  await control(sandbox(), "pace", "demo");
  await control(sandbox(), "clear-requests", {});
  await writeFile(file, cluster + release);
  expect(await up()).toMatchObject({ exitCode: 0 });
  const { entries } = logSchema.parse(await control(sandbox(), "requests"));
  const byHelm = entries.filter(({ userAgent }) => /^helm/i.test(userAgent));
  const [first, last] = [byHelm.at(0), byHelm.at(-1)];
  expect((last?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(lifetime * 1000);
  expect(byHelm.filter(({ status }) => status === 401)).toEqual([]);
});

test("the kubeconfig that a person gets holds no token, and kubectl works with it", async () => {
  const out = join(folder, "kubeconfig");
  const { exitCode, stderr } = await run("kubeconfig", file, "--sandbox", "--out", out);
  expect(exitCode).toBe(0);
  expect(stderr).toContain("holds no credential");
  const text = await readFile(out, "utf8");
  expect(text).not.toMatch(/"token"|eyJ|SECRET/);
  const kubectl = (await bundledTool(root, "kubectl")) ?? "kubectl";
  const asked = await execa(kubectl, ["get", "jobs", "-n", "web", "-o", "name"], {
    env: { KUBECONFIG: out, HOME: folder },
    reject: false,
  });
  expect(asked).toMatchObject({ exitCode: 0 });
  expect(asked.stdout).toContain("job.batch/prepare-0");
});
