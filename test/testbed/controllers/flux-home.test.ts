import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { onThisMachine, sshConfiguration } from "./flux-home.ts";

const volumes = {
  "/root/.ssh": "/w/ssh",
  "/root/.ssh/known_hosts": "/w/hosts",
  "/var/fluxd/keygen": "/w/keygen",
};

test.each([
  ["--ssh-keygen-dir=/var/fluxd/keygen", "--ssh-keygen-dir=/w/keygen"],
  ["/root/.ssh/config", "/w/ssh/config"],
  ["/root/.ssh/known_hosts", "/w/hosts"],
  ["v3:/root/.ssh/a,v2:/root/.ssh/b", "v3:/w/ssh/a,v2:/w/ssh/b"],
  ["--git-path=k8s/root/.ssh", "--git-path=k8s/root/.ssh"],
  ["/root/.sshd", "/root/.sshd"],
])("%s is %s on this machine", (text, here) => {
  expect(onThisMachine(text, volumes)).toBe(here);
});

test("ssh expects the host keys of the Deployment alone, and connects to this machine alone", async () => {
  const folder = await mkdtemp(join(tmpdir(), "provision-ssh-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "config");
  const hosts = "Host git.example.test\nHostname 127.0.0.1\nPort 2222\n";
  await writeFile(file, sshConfiguration({ "/etc/fluxd/ssh": "/w/key", "/root/.ssh": "/w/ssh" }, hosts));
  const settings = async (host: string): Promise<readonly string[]> =>
    (await execa("ssh", ["-F", file, "-G", host])).stdout.split("\n");

  const led = await settings("git.example.test");
  expect(led).toEqual(
    expect.arrayContaining([
      "hostname 127.0.0.1",
      "port 2222",
      "stricthostkeychecking true",
      "identityfile /w/key/identity",
      "userknownhostsfile /w/ssh/known_hosts",
      "globalknownhostsfile none",
    ]),
  );
  expect(led).not.toContain("proxycommand false");
  expect(await settings("127.0.0.1")).not.toContain("proxycommand false");
  expect(await settings("elsewhere.example.test")).toContain("proxycommand false");
});
