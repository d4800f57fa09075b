import { expect, test } from "vitest";
import {
  pullArguments,
  rollbackArguments,
  uninstallArguments,
  upgradeArguments,
} from "../../../src/clients/helm/arguments.ts";
import type { HelmVersion, UpgradeRequest } from "../../../src/clients/helm/client.ts";

const helm3: HelmVersion = { major: 3, text: "v3.21.4" };
const helm4: HelmVersion = { major: 4, text: "v4.2.3" };

const request: UpgradeRequest = {
  release: "nginx",
  namespace: "web",
  chart: "/charts/nginx.tgz",
  values: { controller: { replicaCount: 2 } },
  timeout: 600_000,
  wait: true,
  skipCrds: false,
  labels: { "provision.dev/step": "nginx", "provision.dev/type": "ingress.nginx" },
  description: "provision installed nginx",
  signal: new AbortController().signal,
};

test("Helm 4 applies on the server and waits with its watcher, both said explicitly", () => {
  const line = upgradeArguments(helm4, request);
  expect(line).toEqual(expect.arrayContaining(["--server-side=true", "--force-conflicts", "--wait=watcher"]));
  expect(upgradeArguments(helm4, { ...request, wait: false })).toContain("--wait=hookOnly");
});

test("Helm 3 knows none of Helm 4's flags", () => {
  const line = upgradeArguments(helm3, request);
  expect(line).toContain("--wait");
  expect(line.filter((part) => /server-side|force-conflicts|watcher|hookOnly/.test(part))).toEqual([]);
  expect(upgradeArguments(helm3, { ...request, wait: false })).not.toContain("--wait");
});

test("a failed upgrade is not rolled back by Helm, as we do it and say so", () => {
  for (const version of [helm3, helm4]) {
    expect(
      upgradeArguments(version, request).filter((part) => /atomic|rollback-on-failure/.test(part)),
    ).toEqual([]);
  }
});

test("definitions that are there already are left alone, by Helm 4 too, which would apply its own over them", () => {
  for (const version of [helm3, helm4]) {
    expect(upgradeArguments(version, { ...request, skipCrds: true })).toContain("--skip-crds");
    expect(upgradeArguments(version, request)).not.toContain("--skip-crds");
  }
});

test("values travel by stdin, and never in the arguments", () => {
  const line = upgradeArguments(helm4, request);
  expect(line[line.indexOf("--values") + 1]).toBe("-");
  expect(line.join(" ")).not.toContain("replicaCount");
});

test("labels become one flag, and the timeout is in seconds", () => {
  const line = upgradeArguments(helm4, request);
  expect(line[line.indexOf("--labels") + 1]).toBe(
    "provision.dev/step=nginx,provision.dev/type=ingress.nginx",
  );
  expect(line[line.indexOf("--timeout") + 1]).toBe("600s");
});

test("a rollback names the revision that it goes back to", () => {
  expect(rollbackArguments(helm4, { ...request, revision: 3 }).slice(0, 3)).toEqual([
    "rollback",
    "nginx",
    "3",
  ]);
});

test("removing waits, and takes what is not there for removed", () => {
  expect(uninstallArguments(helm3, request)).toEqual(
    expect.arrayContaining(["--ignore-not-found", "--wait"]),
  );
});

test("a registry's chart is named whole, a repository's by its name", () => {
  const common = { chart: "cert-manager", version: "v1.21.1", folder: "/tmp/x", signal: request.signal };
  expect(pullArguments({ ...common, repository: "oci://quay.io/jetstack/charts" })[1]).toBe(
    "oci://quay.io/jetstack/charts/cert-manager",
  );
  expect(pullArguments({ ...common, repository: "https://charts.example.org" }).slice(1, 4)).toEqual([
    "cert-manager",
    "--repo",
    "https://charts.example.org",
  ]);
});
