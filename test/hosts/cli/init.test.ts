/** `init`: one command makes files that work; by flags or by answers, all of them or none, and never over others. */
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCommandLine } from "./command.ts";
import { combinationsOf, pipelines } from "./init/combinations.ts";
import { person } from "./init/person.ts";

const staticIp = ["init", "--pipeline", "static-ip", "--ci", "none"];

const filesOf = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

test.for([...combinationsOf("github"), ...combinationsOf("azure-pipelines")])(
  "what $pipeline becomes for $host in $environments is valid, and plans offline",
  async ({ words, environments }) => {
    await using command = await openCommandLine();
    expect(await command.run(...words)).toMatchObject({ code: 0 });
    expect(await command.run("validate")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^valid: 1 pipeline/),
    });
    for (const name of environments) {
      const inputs = `environments/${name}.yaml`;
      const plan = await command.run("plan", "--offline", "provision.yaml", "--inputs", inputs);
      expect(plan).toMatchObject({ code: 0, err: "" });
      expect(plan.out).toContain(" to create");
    }
  },
);

test("environments are instances of their own, so none changes what is another's", async () => {
  await using command = await openCommandLine();
  await command.run(...staticIp);
  const planned = async (name: string) =>
    (await command.run("plan", "--offline", "--inputs", `environments/${name}.yaml`)).out;
  expect(await planned("dev")).toContain("rg-demo-dev");
  expect(await planned("prod")).toContain("rg-demo-prod");
});

test("what is given for one environment is taken as it is; with several, each adds its name", async () => {
  await using command = await openCommandLine();
  const inputs = async () => readFile(join(command.folder, "environments", "prod.yaml"), "utf8");
  await command.run(...staticIp, "--input", "name=shop", "--environment", "prod");
  expect(await inputs()).toContain("\nname: shop\n");
  await command.run(
    ...staticIp,
    "--input",
    "name=shop",
    "--environment",
    "dev",
    "--environment",
    "prod",
    "--force",
  );
  expect(await inputs()).toContain("\nname: shop-prod\n");
});

test("the schema that provision.yaml names for editors is there", async () => {
  await using command = await openCommandLine();
  await command.run(...staticIp);
  const [modeline = ""] = (await readFile(join(command.folder, "provision.yaml"), "utf8")).split("\n");
  const [, name = ""] = /^# yaml-language-server: \$schema=(.*)$/.exec(modeline) ?? [];
  const schema: unknown = JSON.parse(await readFile(join(command.folder, name), "utf8"));
  const printed: unknown = JSON.parse((await command.run("schema")).out);
  expect(schema).toEqual(printed);
});

test("the first screen says what was written and what comes next, and its first command works", async () => {
  await using command = await openCommandLine();
  const { out } = await command.run(...(combinationsOf("github")[1]?.words ?? []));
  expect(out).toContain("+ provision.yaml ");
  expect(out).toContain("+ .github/workflows/provision.yml ");
  expect(out).toContain("gh secret set CLOUDFLARE_API_TOKEN --repo octo/net.work");
  const [, first = ""] = /^ +provision (plan --offline .*)$/m.exec(out) ?? [];
  expect(first).toBe("plan --offline provision.yaml --inputs environments/dev.yaml");
  expect(await command.run(...first.split(" "))).toMatchObject({ code: 0 });
});

test("each environment on GitHub gets a login of its own, by commands that work as they stand", async () => {
  await using command = await openCommandLine();
  const { out } = await command.run(...(combinationsOf("github")[1]?.words ?? []));
  const logins = [...out.matchAll(/^ +provision up (pipelines\/.*)$/gm)].map(([, words = ""]) => words);
  expect(logins).toEqual([
    "pipelines/bootstrap-github.yaml --input name=ci-net-work-dev --input repository=octo/net.work --input environment=dev",
    "pipelines/bootstrap-github.yaml --input name=ci-net-work-prod --input repository=octo/net.work --input environment=prod --input pull-requests=false",
  ]);
  for (const words of logins)
    expect(await command.run("plan", "--offline", ...words.split(" "))).toMatchObject({ code: 0, err: "" });
  expect(await command.run("validate", "pipelines")).toMatchObject({ code: 0 });
  const [modeline = ""] = (
    await readFile(join(command.folder, "pipelines", "bootstrap-github.yaml"), "utf8")
  ).split("\n");
  expect(modeline).toBe("# yaml-language-server: $schema=../provision.schema.json");
});

test("a pipeline on a cluster that is there says that its kubeconfig has to get to CI", async () => {
  await using command = await openCommandLine();
  const words = ["init", "--pipeline", "existing-cluster", "--ci", "github", "--repository", "octo/net"];
  const inputs = ["kubeconfig=clu.kubeconfig", "context=clu", "group=MC_clu"];
  const { out } = await command.run(...words, ...inputs.flatMap((input) => ["--input", input]));
  expect(out).toMatch(/^\d\. Bring the kubeconfig to each job/m);
});

test("a service connection is one for all environments, and what only Azure DevOps knows is left to fill in", async () => {
  await using command = await openCommandLine();
  const { out } = await command.run(...(combinationsOf("azure-pipelines")[1]?.words ?? []));
  expect(out).toContain(
    "\n     provision up pipelines/bootstrap-azure-devops.yaml --input organization-id=... --input service-connection-id=...\n",
  );
  expect(await command.run("validate", "pipelines")).toMatchObject({ code: 0 });
});

test("a second run says that there is nothing to do, and one that lacks a file writes that alone", async () => {
  await using command = await openCommandLine();
  await command.run(...staticIp);
  expect(await command.run(...staticIp)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Nothing to do:/),
  });
  const more = await command.run(...staticIp, "--environment", "dev", "--environment", "test");
  expect(more.out).toMatch(/^Written:\n {2}\+ environments\/test\.yaml [^\n]*\n\n/);
});

test("a file that differs is named, nothing at all is written, and --force replaces it", async () => {
  await using command = await openCommandLine();
  await mkdir(join(command.folder, "environments"));
  for (const path of ["provision.yaml", "environments/prod.yaml"])
    await writeFile(join(command.folder, path), "mine: true\n");
  const refused = await command.run(...staticIp);
  expect(refused.err).toMatch(
    /^error\[P0436\][^\n]* provision\.yaml, environments\/prod\.yaml\n[\s\S]*--force/,
  );
  expect(refused.code).toBe(2);
  expect(await filesOf(command.folder)).toEqual(["environments/prod.yaml", "provision.yaml"]);
  const forced = await command.run(...staticIp, "--force");
  expect(forced.out).toMatch(/ ~ provision\.yaml [\s\S]* \+ environments\/dev\.yaml /);
  expect(await command.run("validate")).toMatchObject({ code: 0 });
});

test("a file in the place of a folder is found before anything is written", async () => {
  await using command = await openCommandLine();
  await writeFile(join(command.folder, "environments"), "no folder\n");
  const { code, err } = await command.run(...staticIp);
  expect(err).toMatch(
    /^error\[P0437\] can't write environments\/dev\.yaml: what should be its folder is a file/,
  );
  expect(code).toBe(2);
  expect(await filesOf(command.folder)).toEqual(["environments"]);
});

test("where one can't be written, those before it are taken back", async () => {
  await using command = await openCommandLine();
  await writeFile(join(command.folder, "provision.yaml"), "mine: true\n");
  // A link to nowhere: there is no file to read, and none can be made there.
  await symlink("/proc/nowhere", join(command.folder, "environments"));
  const { code, err } = await command.run(...staticIp, "--force");
  expect(err).toMatch(/^error\[P0437\]/);
  expect(code).toBe(2);
  expect(await filesOf(command.folder)).toEqual(["provision.yaml"]);
  expect(await readFile(join(command.folder, "provision.yaml"), "utf8")).toBe("mine: true\n");
});

test("without a terminal, one error names every flag that is missing", async () => {
  await using command = await openCommandLine();
  const nothing = await command.run("init");
  expect(nothing.err).toMatch(/^error\[P0440\][^\n]*: --pipeline NAME, --ci github\|azure-pipelines\|none\n/);
  expect(nothing.code).toBe(2);
  const some = await command.run(
    "init",
    "--pipeline",
    "existing-cluster",
    "--ci",
    "github",
    "--input",
    "group=x",
  );
  expect(some.err).toMatch(
    /missing: --input kubeconfig=VALUE, --input context=VALUE, --repository OWNER\/NAME\n/,
  );
  expect((await command.run(...staticIp.slice(0, 4), "azure-pipelines")).err).toContain(
    "--service-connection NAME",
  );
  expect(await filesOf(command.folder)).toEqual([]);
});

test.for([
  ["an unknown pipeline", ["--pipeline", "aks"], "--pipeline aks: it must be one of aks-nginx-flux"],
  ["an unknown CI host", ["--ci", "jenkins"], "--ci jenkins: it must be one of github"],
  [
    "an environment that is no name",
    ["--environment", "Dev"],
    "--environment Dev: an environment's name must be",
  ],
  ["an environment that ends a line of YAML", ["--environment", "a\nb: c"], "must be 1 to 20 of a-z"],
  ["an environment named twice", ["--environment", "dev", "--environment", "dev"], "dev is named twice"],
  ["a repository with an expression", ["--repository", "a/${{ secrets.x }}"], "must be owner/name"],
  ["a repository that ends a string", ["--repository", "a/b' || true"], "must be owner/name"],
  ["an action without a commit", ["--action", "aks-provision/provision"], "it must be as `uses:` takes it"],
  ["an input that is none", ["--input", "domain=x"], "--input domain=x names no input of static-ip"],
  ["an input of the wrong form", ["--input", "name=A B"], '`name` can\'t be "A B": '],
  ["a name too long for an environment", ["--input", `name=${"a".repeat(39)}`], "(it must match `^"],
  [
    "a login of another host",
    ["--service-connection", "x"],
    "--service-connection goes with --ci azure-pipelines",
  ],
] as const)("%s is refused with exit 2, and nothing is written", async ([, flags, says]) => {
  await using command = await openCommandLine();
  const words = ["init", "--pipeline", "static-ip", "--ci", "github", "--repository", "octo/net", ...flags];
  const { code, err } = await command.run(...words);
  expect(err).toMatch(/^error\[P0440\]/);
  expect(err).toContain(says);
  expect(code).toBe(2);
  expect(await filesOf(command.folder)).toEqual([]);
});

test("five answers do what flags do", async () => {
  const typed = person("1", "example.com", "", "github", "octo/net");
  await using asked = await openCommandLine({}, typed.ask);
  expect(await asked.run("init")).toMatchObject({ code: 0 });
  expect(typed.asked).toHaveLength(5);
  await using flagged = await openCommandLine();
  const words = ["--pipeline", "aks-nginx-flux", "--input", "domain=example.com", "--ci", "github"];
  await flagged.run("init", ...words, "--repository", "octo/net");
  const files = await filesOf(flagged.folder);
  expect(await filesOf(asked.folder)).toEqual(files);
  for (const file of files)
    expect(await readFile(join(asked.folder, file), "utf8"), file).toBe(
      await readFile(join(flagged.folder, file), "utf8"),
    );
});

test("a question is asked only where no flag has answered it, and again where the answer is wrong", async () => {
  const typed = person("https://example.com/", "example.com", "Jenkins", "2", "", "azure");
  await using command = await openCommandLine({}, typed.ask);
  const words = ["init", "--pipeline", "aks-nginx-flux", "--environment", "prod"];
  expect(await command.run(...words)).toMatchObject({ code: 0 });
  expect(typed.asked).toEqual([
    "domain (DNS zone on Cloudflare, as in example.com): ",
    expect.stringMatching(/^ {2}`domain` can't be "https.*": DNS zone on Cloudflare, as in .*\ndomain \(/),
    expect.stringMatching(/^Where does CI run\?\n/),
    expect.stringMatching(/^ {2}It must be one of github, azure-pipelines, none\.\nWhere/),
    "Service connection to Azure, by its name: ",
    "  An answer is needed.\nService connection to Azure, by its name: ",
  ]);
  expect(await filesOf(command.folder)).toContain("azure-pipelines.yml");
});

test("the question for the pipeline tells what each one gives, from its own file", async () => {
  const typed = person("static-ip", "", "none");
  await using command = await openCommandLine({}, typed.ask);
  expect(await command.run("init")).toMatchObject({ code: 0 });
  for (const name of Object.keys(pipelines))
    expect(typed.asked[0]).toMatch(new RegExp(`^ +\\d +${name} +\\w`, "m"));
  expect(typed.asked[0]).toContain("static public IPv4 address");
  expect(typed.asked[1]).toMatch(/\[dev,prod\]: $/);
});

test("a development build says that it can't pin its action, and --action does", async () => {
  await using command = await openCommandLine();
  const words = ["init", "--pipeline", "static-ip", "--ci", "github", "--repository", "octo/net"];
  expect((await command.run(...words)).err).toMatch(/^\nnote: this is a development build/);
  const commit = "0123456789abcdef0123456789abcdef01234567";
  const pinned = await command.run(...words, "--force", "--action", `aks-provision/provision@${commit}`);
  expect(pinned.err).toBe("");
  const workflow = await readFile(join(command.folder, ".github", "workflows", "provision.yml"), "utf8");
  expect(workflow).toContain(`uses: aks-provision/provision@${commit}\n`);
  expect(workflow).not.toContain("provision@v");
});
