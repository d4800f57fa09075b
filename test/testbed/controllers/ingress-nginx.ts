/**
 * Upstream's ingress-nginx controller on the Deployment that `ingress/nginx` makes: its own arguments, login and roles.
 * The paths of its image are compiled in, so it runs in a root of its own; in the place of nginx there is a stand-in
 * that serves no traffic.
 */
import { chmod, copyFile, cp, link, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { buildPrograms } from "../build.ts";
import type { Controller, Workload } from "./controller.ts";

/** Of the image, by its entry point's first word: https://github.com/kubernetes/ingress-nginx/tree/controller-v1.11.0/rootfs */
const programPath = "/nginx-ingress-controller";
const loginPath = "/kubeconfig";

const module = z.object({ Dir: z.string() });

/** The folder of upstream's source that the program was built from; it is in Go's cache since then. */
const upstream = async (): Promise<string> => {
  const { stdout } = await execa("go", ["mod", "download", "-json", "k8s.io/ingress-nginx"], {
    cwd: join(import.meta.dirname, "..", "ingress-nginx"),
    env: { GOTOOLCHAIN: "local", GOFLAGS: "" },
  });
  return module.parse(JSON.parse(stdout)).Dir;
};

/** A link takes no space; it is not to be had between two file systems. */
const place = (program: string, path: string): Promise<void> =>
  link(program, path).catch(() => copyFile(program, path));

/** What the controller finds in its image and in its mounts. */
const makeRoot = async (root: string, workload: Workload): Promise<void> => {
  for (const folder of [
    "dev",
    "proc",
    "sys/fs/cgroup",
    "tmp/nginx",
    "usr/bin",
    "etc/nginx/template",
    "etc/ingress-controller/ssl",
    "etc/ingress-controller/auth",
    "etc/ingress-controller/telemetry",
  ]) {
    await mkdir(join(root, folder), { recursive: true });
  }
  const binary = await buildPrograms(["ingress-nginx", "nginx-stand-in"], { variables: process.env });
  await place(binary("ingress-nginx"), join(root, programPath));
  await place(binary("nginx-stand-in"), join(root, "usr/bin/nginx"));
  const source = join(await upstream(), "rootfs/etc/nginx");
  for (const file of ["nginx.conf", "template/nginx.tmpl"]) {
    // Without the mode of Go's cache, which nobody may write to.
    await copyFile(join(source, file), join(root, "etc/nginx", file));
    await chmod(join(root, "etc/nginx", file), 0o644);
  }
  // Where it reads the time of boot; a program without standard input opens the other.
  await copyFile("/proc/stat", join(root, "proc/stat"));
  await writeFile(join(root, "dev/null"), "");
  await copyFile("/etc/resolv.conf", join(root, "etc/resolv.conf"));
  await copyFile(workload.kubeconfig, join(root, loginPath));
  for (const [path, folder] of Object.entries(workload.volumes)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await cp(folder, join(root, path), { recursive: true });
  }
};

/** `--name` of `--name=value`. */
const nameOf = (word: string): string => word.replace(/=.*$/, "");

export const ingressNginx: Controller = {
  name: "ingress-nginx",
  image: "ingress-nginx/controller",
  program: "nginx-stand-in",
  start: async (workload, surroundings) => {
    const root = join(workload.directory, "root");
    await makeRoot(root, workload);
    const port = (): Promise<number> => surroundings.freePort();
    const health = await port();
    const webhook = await port();
    const own = [
      `--kubeconfig=${loginPath}`,
      "--healthz-host=127.0.0.1",
      `--healthz-port=${health}`,
      `--http-port=${await port()}`,
      `--https-port=${await port()}`,
      `--default-server-port=${await port()}`,
      `--status-port=${await port()}`,
      `--stream-port=${await port()}`,
      `--profiler-port=${await port()}`,
      // A minute by default: how long an Ingress waits for its address.
      "--status-update-interval=5",
      // There is no traffic to wait for.
      "--post-shutdown-grace-period=0",
      ...(workload.ports.webhook === undefined ? [] : [`--validating-webhook=127.0.0.1:${webhook}`]),
    ];
    const replaced = new Set(own.map(nameOf));
    return {
      arguments: [
        "contain",
        root,
        programPath,
        ...workload.arguments.slice(1).filter((word) => !replaced.has(nameOf(word))),
        ...own,
      ],
      variables: workload.variables,
      listens: new Map([
        [workload.ports.metrics ?? 10_254, health],
        [workload.ports.webhook ?? 8_443, webhook],
      ]),
    };
  },
};
