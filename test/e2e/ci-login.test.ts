/**
 * CI's login without a secret, from nothing to nothing: a person runs the bootstrap pipeline, a job of the CI host
 * brings a pipeline up and takes it down with its own short-lived tokens, and the person takes the login away.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { failuresOf, openCommand, root, type TestCommand, written } from "./command.ts";

const handed = z.object({ variables: z.record(z.string(), z.string()) });
const outputs = z.record(z.string(), z.object({ value: z.string() }));
const access = z.looseObject({ permissions: z.array(z.looseObject({ action: z.string() })) });
const log = z.looseObject({ writes: z.record(z.string(), z.number()) });

/** How a job of this subject asks its host for tokens, each of which lives for seconds. No secret of Azure among it. */
const jobOf = async (command: TestCommand, token: { readonly subject: string; readonly issuer?: string }) =>
  handed.parse(await command.control("assertion", { ...token, lifetime: 5 })).variables;

/** On GitHub, logged in as the application. */
const onGithub = async (command: TestCommand, client: string, subject: string) => {
  const { ACTIONS_ID_TOKEN_REQUEST_URL = "", ACTIONS_ID_TOKEN_REQUEST_TOKEN = "" } = await jobOf(command, {
    subject,
  });
  return { AZURE_CLIENT_ID: client, ACTIONS_ID_TOKEN_REQUEST_URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN };
};

/** A run that has to succeed, as what it wrote. */
const done = async (
  command: TestCommand,
  verb: "up" | "destroy",
  words: readonly string[],
  job: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> => {
  const { exitCode, events } = await command.events(verb, words, job).ended;
  expect(failuresOf(events)).toEqual([]);
  expect(exitCode).toBe(0);
  // A login that may not look at the directory has nothing in it to be found, and is not warned of that.
  expect(events.filter(({ code }) => code === "P0530")).toEqual([]);
  return [...written(events)].sort();
};

const outputsOf = async (command: TestCommand, words: readonly string[]) =>
  outputs.parse(JSON.parse((await command.run(["outputs", "--sandbox", "--json", ...words])).stdout));

test("the main pipeline, up and down as a job of a GitHub repository, and everything taken away again", async () => {
  await using command = await openCommand("ci-login");
  const main = [join("pipelines", "aks-nginx-flux.yaml"), "--input", "domain=example.com"];
  const file = join(root, "pipelines", "bootstrap-github.yaml");
  const inputs = ["--input", "repository=octo/shop"];

  // With reading alone, and without the right to assign roles, nothing is written, and all that is missing is said.
  const poor = (await readFile(file, "utf8"))
    .replace("role: Contributor", "role: Reader")
    .replace(/ {2}# The cluster's identity gets[\s\S]*?\n\n/, "\n");
  expect(await done(command, "up", [await command.file("poor.yaml", poor), ...inputs])).toHaveLength(6);
  const client = (await outputsOf(command, [file, ...inputs]))["client-id"]?.value ?? "";
  const job = await onGithub(command, client, "repo:octo/shop:environment:production");
  const refused = await command.run(["up", "--sandbox", "--yes", ...main], job);
  expect(refused.exitCode).toBe(4);
  expect(refused.said).toMatch(/P0605 +ip-group, group: [^✗]*resourceGroups\/write/);
  expect(refused.said).toMatch(/P0605 +grant: [^✗]*roleAssignments\/write/);
  expect(await command.control("inventory")).toMatchObject({ groups: [] });

  // As it is shipped: it gives what is missing, and a second run writes nothing anywhere.
  expect(await done(command, "up", [file, ...inputs])).toEqual(["assign create", "make create"]);
  await command.control("clear-requests", {});
  expect(await done(command, "up", [file, ...inputs])).toEqual([]);
  expect(log.parse(await command.control("requests")).writes).toEqual({});

  const stranger = await onGithub(command, client, "repo:octo/other:environment:production");
  const strange = await command.run(["up", "--sandbox", "--yes", ...main], stranger);
  expect([strange.exitCode, strange.said]).toEqual([1, expect.stringContaining("AADSTS700213")]);

  expect(await done(command, "up", main, job)).toHaveLength(15);
  expect(await done(command, "up", main, job)).toEqual([]);
  await done(command, "destroy", main, job);
  await done(command, "destroy", [file, ...inputs]);
  expect(await command.control("inventory")).toEqual({
    groups: [],
    resources: [],
    operations: [],
    records: [],
    deployKeys: [],
    directory: ["ci-aks-nginx-flux deleted"],
  });
  const late = await command.run(["plan", "--sandbox", ...main], job);
  expect([late.exitCode, late.said]).toEqual([1, expect.stringContaining("AADSTS700016")]);
});

test("the actions that `access` names are enough for the main pipeline, beside reading: each one of them alone", async () => {
  await using command = await openCommand("access");
  const main = [join("pipelines", "aks-nginx-flux.yaml"), "--input", "domain=example.com"];
  const { permissions } = access.parse(JSON.parse((await command.run(["access", "--json", ...main])).stdout));
  await command.control("login-roles", ["Reader"]);
  await command.control(
    "login-actions",
    permissions.map(({ action }) => action),
  );
  expect(await done(command, "up", main)).toHaveLength(15);
  await done(command, "destroy", main);
  expect(await command.control("inventory")).toMatchObject({ groups: [], resources: [] });
});

test("a pipeline as a job with a service connection of Azure DevOps", async () => {
  await using command = await openCommand("devops-login");
  const connection = "b840b286-3e83-43e4-8e02-b8e8c0db0545";
  const login = [
    join("pipelines", "bootstrap-azure-devops.yaml"),
    ...["--input", "organization-id=23609cc8-ca30-4d7d-a018-0a285693d227"],
    ...["--input", `service-connection-id=${connection}`],
  ];
  expect(await done(command, "up", login)).toHaveLength(5);
  const shown = await outputsOf(command, login);
  const issuer = `https://login.microsoftonline.com/${shown["tenant-id"]?.value}/v2.0`;
  const { SYSTEM_OIDCREQUESTURI = "", SYSTEM_ACCESSTOKEN = "" } = await jobOf(command, {
    issuer,
    subject: shown.subject?.value ?? "",
  });
  const job = {
    AZURE_CLIENT_ID: shown["client-id"]?.value ?? "",
    SYSTEM_OIDCREQUESTURI,
    SYSTEM_ACCESSTOKEN,
    AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: connection,
  };
  const address = [join("pipelines", "static-ip.yaml")];
  expect(await done(command, "up", address, job)).toEqual(["group create", "ip create"]);
  await done(command, "destroy", address, job);
  expect(await done(command, "destroy", login)).toHaveLength(5);
});
