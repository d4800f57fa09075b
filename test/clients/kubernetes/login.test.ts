/** How the client logs in, logs in again, and what it keeps to itself. */
import { expect, onTestFinished, test } from "vitest";
import { readKubeconfig } from "../../../src/clients/kubernetes/kubeconfig.ts";
import { watchSecrets } from "../../../src/step/secret.ts";
import { apiServer } from "./api-server.ts";

/** An exec plugin made of Node: prints a credential, a new one each time that it runs. */
const plugin = (script: string) => ({
  exec: {
    apiVersion: "client.authentication.k8s.io/v1",
    command: process.execPath,
    args: ["-e", script],
    env: [{ name: "AUDIENCE", value: "canary-audience" }],
  },
});

const printing = (status: string) =>
  plugin(`console.log(JSON.stringify({ kind: "ExecCredential", status: ${status} }))`);

test("a refused token of an exec plugin is asked for once more", async () => {
  const tokens: unknown[] = [];
  await using server = await apiServer((asked) => {
    tokens.push(asked.headers.authorization);
    return tokens.length === 1 ? { status: 401 } : { body: { gitVersion: "v1.35.4" } };
  });
  const client = await server.client(printing("{ token: 't' + process.hrtime.bigint() }"));
  expect(await client.version()).toBe("v1.35.4");
  expect(tokens).toHaveLength(2);
  expect(tokens[0]).not.toBe(tokens[1]);
});

test("a token that stays refused fails as not logged in, after two tries", async () => {
  await using server = await apiServer(() => ({ status: 401 }));
  const client = await server.client(printing("{ token: 't' }"));
  await expect(client.version()).rejects.toMatchObject({ kind: "unauthenticated" });
  expect(server.asked).toHaveLength(2);
});

test("a fixed token is not tried twice, and no error shows it", async () => {
  await using server = await apiServer(() => ({ status: 401 }));
  const client = await server.client();
  const error: unknown = await client.version().catch((thrown: unknown) => thrown);
  expect(server.asked).toHaveLength(1);
  expect(JSON.stringify(error)).not.toContain("canary-token");
});

test("what a plugin gives is a secret before it is used", async () => {
  const seen: string[] = [];
  onTestFinished(watchSecrets((secret) => seen.push(...secret.revealParts())));
  let before: readonly string[] = [];
  await using server = await apiServer(() => {
    before = [...seen];
    return { body: { gitVersion: "v1.35.4" } };
  });
  await (await server.client(printing("{ token: 'from-the-plugin' }"))).version();
  expect(before).toContain("from-the-plugin");
});

test("a stranger's kubeconfig runs no program, and may log in by anything else", async () => {
  await using server = await apiServer(() => ({ body: { gitVersion: "v1.35.4" } }));
  const running = await server.client(printing("{ token: 't' }"), { strange: true });
  await expect(running.version()).rejects.toMatchObject({ kind: "rejected", code: "P0704" });
  expect(server.asked).toEqual([]);
  expect(await (await server.client({ token: "t" }, { strange: true })).version()).toBe("v1.35.4");
});

test("a token that is about to end is renewed before it is refused", async () => {
  await using server = await apiServer(() => ({ body: { gitVersion: "v1.35.4" } }));
  const client = await server.client(
    printing("{ token: 't' + process.hrtime.bigint(), expirationTimestamp: '2020-01-01T00:00:00Z' }"),
  );
  await client.version();
  await client.version();
  const tokens = server.asked.map((asked) => asked.headers.authorization);
  expect(new Set(tokens).size).toBe(2);
});

test("a plugin gets its environment and the protocol's version", async () => {
  await using server = await apiServer(() => ({ body: { gitVersion: "v1" } }));
  const client = await server.client(
    printing("{ token: process.env.AUDIENCE + JSON.parse(process.env.KUBERNETES_EXEC_INFO).apiVersion }"),
  );
  await client.version();
  expect(server.asked[0]?.headers.authorization).toBe(
    "Bearer canary-audienceclient.authentication.k8s.io/v1",
  );
});

test.each([
  [
    "is not there",
    { exec: { apiVersion: "client.authentication.k8s.io/v1", command: "no-such-plugin" } },
    "missing-tool",
  ],
  ["fails", plugin("console.error('AADSTS700082: expired'); process.exit(1)"), "unauthenticated"],
  ["prints no credential", plugin("console.log('canary-output')"), "unauthenticated"],
])("a plugin that %s says so and shows none of its output", async (_, user, kind) => {
  await using server = await apiServer(() => undefined);
  const client = await server.client(user);
  const error: unknown = await client.version().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ kind });
  expect(`${error}${JSON.stringify(error)}`).not.toContain("canary-output");
});

test("the kubeconfig for other programs has the one context and prints as ***", async () => {
  await using server = await apiServer(() => undefined);
  const kubeconfig = await (await server.client()).kubeconfig();
  expect(`${kubeconfig}`).toBe("***");
  const entry = readKubeconfig(kubeconfig.reveal(), "main", "/somewhere/config");
  expect(entry.cluster.server).toBe(server.url);
  expect(entry.user.token).toBe("canary-token");
});

const text = (user: object) =>
  JSON.stringify({
    "current-context": "a",
    clusters: [{ name: "c", cluster: { server: "https://127.0.0.1", "certificate-authority": "ca.crt" } }],
    users: [{ name: "u", user }],
    contexts: [{ name: "a", context: { cluster: "c", user: "u" } }],
  });

test("relative paths start at the kubeconfig's folder, commands without a slash are left to PATH", () => {
  const entry = readKubeconfig(text({ "client-key": "k.pem" }), "", "/home/me/.kube/config");
  expect(entry.cluster["certificate-authority"]).toBe("/home/me/.kube/ca.crt");
  expect(entry.user["client-key"]).toBe("/home/me/.kube/k.pem");
  const command = (of: string) =>
    readKubeconfig(
      text({ exec: { apiVersion: "client.authentication.k8s.io/v1", command: of } }),
      "a",
      "/home/me/.kube/config",
    ).user.exec?.command;
  expect(command("kubelogin")).toBe("kubelogin");
  expect(command("./login")).toBe("/home/me/.kube/login");
});

test("a missing context is named with those that are there; nothing of a broken file is quoted", () => {
  expect(() => readKubeconfig(text({}), "b", "config")).toThrow(
    expect.objectContaining({ kind: "rejected", code: "P0700", hint: "It has: `a`." }),
  );
  expect(() => readKubeconfig("a: [canary", "b", "config")).toThrow(/^config: is not valid YAML$/);
  expect(() => readKubeconfig(text({ token: 1 }), "a", "config")).toThrow(/users\.0\.user\.token/);
});
