/** Bad luck and bad input with the built command: each is one clear message, and nothing is lost. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { control } from "./sandbox-control.ts";

const root = join(import.meta.dirname, "..", "..");
const program = join(root, "dist", "provision.js");
const main = ["pipelines/aks-nginx-flux.yaml", "--input", "domain=example.com"];
const small = ["pipelines/static-ip.yaml"];
let sandbox: string;

const run = (words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  execa(process.execPath, [program, ...words], {
    cwd: root,
    reject: false,
    env: { PROVISION_SANDBOX: sandbox, PROVISION_SANDBOX_PACE: "instant", NO_COLOR: "1", ...env },
  });

const up = (pipeline: readonly string[]) => run(["up", "--sandbox", "--yes", ...pipeline]);

beforeEach(async () => {
  sandbox = await mkdtemp(join(tmpdir(), "provision-luck-"));
  await run(["sandbox", "start"]);
});
afterEach(async () => {
  await run(["sandbox", "stop"]);
  await rm(sandbox, { recursive: true, force: true });
});

/** No Azure login of the machine may help: neither variables nor a CLI on the PATH nor a profile. */
const bare = {
  AZURE_SUBSCRIPTION_ID: "00000000-0000-0000-0000-000000000001",
  PATH: "/nonexistent",
  HOME: "/nonexistent",
  CLOUDFLARE_API_TOKEN: "",
};

test("a run that is killed anywhere goes on where it was, and the second time changes nothing", async () => {
  for (const moment of ["step-started", "operation", "step-done"]) {
    const killed = run(["up", "--sandbox", "--yes", "--json", ...main]);
    let seen = 0;
    killed.stdout.on("data", (chunk: Buffer) => {
      seen += chunk.toString().split(`"kind":"${moment}"`).length - 1;
      if (seen >= 4) killed.kill("SIGKILL");
    });
    await killed;
  }
  expect((await up(main)).exitCode).toBe(0);
  const again = await up(main);
  expect(again.stdout).toContain("Nothing to do");
});

test("two runs at once end converged, one after the other inside the cluster", async () => {
  const [one, two] = await Promise.all([up(main), up(main)]);
  const third = await up(main);
  expect({ one: one.exitCode === 0 || two.exitCode === 0, third: third.exitCode }).toEqual({
    one: true,
    third: 0,
  });
  expect((await up(main)).stdout).toContain("Nothing to do");
});

test("a quota that is too small stops before the first write, and says for which step", async () => {
  await control(sandbox, "quota", { location: "westeurope", counter: "cores", limit: 4 });
  const { exitCode, stdout, stderr } = await up(main);
  expect(exitCode).toBe(4);
  expect(stdout + stderr).toMatch(/✗ P0615 +cluster: \d+ more vCPUs/);
  expect(await control(sandbox, "inventory")).toMatchObject({ groups: [], resources: [] });
});

test("throttling and passing faults are outlasted", async () => {
  await control(sandbox, "fault", {
    service: "arm",
    method: "PUT",
    times: 2,
    kind: "status",
    status: 429,
    headers: { "retry-after": "1" },
  });
  await control(sandbox, "fault", { service: "arm", method: "PUT", times: 1, kind: "reset-after" });
  const { exitCode, stdout } = await up(small);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("Done: 2 steps verified.");
});

test("no credentials, a wrong command, no terminal: one message with code and hint", async () => {
  const none = await run(["plan", ...small], bare);
  expect(none.exitCode).toBe(1);
  expect(none.stdout + none.stderr).toMatch(/az login/);
  const unasked = await run(["up", ...small], bare);
  expect(unasked.exitCode).toBe(2);
  expect(unasked.stderr).toContain("--yes");
  const noSubscription = await run(["plan", ...small], { ...bare, AZURE_SUBSCRIPTION_ID: "" });
  expect(noSubscription.exitCode).toBe(2);
  expect(noSubscription.stderr).toContain("P0421");
});

test.each(["plan.json", "approved"])(
  "a plan file (%s) is an assertion: what moved is named, and nothing is changed",
  async (name) => {
    const plan = join(sandbox, name);
    const made = await run(["plan", "--sandbox", "--out", plan, ...small]);
    expect(made.exitCode).toBe(0);
    expect(made.stdout).toContain(`\nNext: provision up ${plan} --sandbox`);
    expect((await run(["up", "--sandbox", "--yes", plan])).stdout).toContain("Done: 2 steps verified.");
    const { exitCode, stderr } = await run(["up", "--sandbox", "--yes", plan]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("P0443");
    expect(stderr).toContain("group: planned as create, now none");
  },
);

test("the next command after a plan carries out what the plan shows", async () => {
  const pruning = await run(["plan", "--sandbox", "--prune", ...small]);
  expect(pruning.stdout).toMatch(/\nNext: provision up pipelines\/static-ip\.yaml --sandbox --prune$/);
  await up(small);
  const words = ["plan", "--sandbox", "--destroy", "--out", join(sandbox, "end.json")];
  expect((await run([...words, ...small])).stdout).toMatch(
    /\nNext: provision destroy pipelines\/static-ip\.yaml --sandbox$/,
  );
});

/** What is wrong → exit code and what the command says of it. */
const mistakes: readonly [string, readonly string[], Readonly<Record<string, string>>, number, RegExp][] = [
  [
    "a zone that is not on Cloudflare",
    ["up", "--yes", main[0] ?? "", "--input", "domain=nowhere.org"],
    {},
    1,
    /zone +dns\/[^\n]*\n +P0410 nowhere\.org/,
  ],
  [
    "a Kubernetes version that the region lacks",
    ["up", "--yes", ...main, "--input", "kubernetes-version=1.20"],
    {},
    4,
    /✗ P0621 +cluster: [^✗]*1\.20/,
  ],
  [
    "a VM size that the region lacks",
    ["up", "--yes", ...main, "--input", "vm-size=Standard_Nope"],
    {},
    4,
    /✗ P0611 +cluster: [^✗]*Standard_Nope/,
  ],
  [
    "no Helm",
    ["up", "--yes", ...main],
    { PROVISION_HELM: "/nonexistent/helm" },
    4,
    /✗ P0651 +nginx, [\w, -]+: [^✗]*[Hh]elm/,
  ],
  [
    "another subscription",
    ["plan", ...small, "--subscription", "11111111-1111-1111-1111-111111111111"],
    {},
    1,
    /SubscriptionNotFound[\s\S]*az account list/,
  ],
  [
    "no place for the plan file",
    ["plan", ...small, "--out", "/proc/plan.json"],
    {},
    2,
    /P0441[\s\S]*nothing was changed/,
  ],
  ["no such pipeline", ["plan", "nothing.yaml"], {}, 2, /P0430[\s\S]*no such file/],
];

test.for(mistakes)("%s: one clear message, and nothing is written", async ([, words, env, code, says]) => {
  const [command = "", ...rest] = words;
  const { exitCode, stdout, stderr } = await run([command, "--sandbox", ...rest], env);
  expect(stdout + stderr).toMatch(says);
  expect(exitCode).toBe(code);
  expect(await control(sandbox, "inventory")).toMatchObject({ groups: [], resources: [], records: [] });
});

test("an expired login and a missing permission say who must do what", async () => {
  await control(sandbox, "secret-expired", true);
  const expired = await run(["plan", "--sandbox", ...small]);
  expect(expired.exitCode).toBe(1);
  expect(expired.stderr).toMatch(/AADSTS7000222[\s\S]*AZURE_CLIENT_SECRET/);
  await control(sandbox, "secret-expired", false);
  await control(sandbox, "login-roles", ["Reader"]);
  const reader = await up(small);
  expect(reader.exitCode).toBe(4);
  expect(reader.stdout + reader.stderr).toMatch(/✗ P0605 +ip: [^✗]*publicIPAddresses\/write/);
});

test("what another pipeline made is named with its owner and left alone", async () => {
  await up(small);
  const other = join(sandbox, "other.yaml");
  await writeFile(
    other,
    (await readFile(join(root, "pipelines", "static-ip.yaml"), "utf8")).replace(
      "name: static-ip",
      "name: other",
    ),
  );
  const { exitCode, stdout } = await run(["up", "--sandbox", "--yes", other]);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/P0414[\s\S]*pipeline `static-ip`/);
  expect((await up(small)).stdout).toContain("Nothing to do");
});
