/** Files that are none, are no YAML or too large; places that take no file: one message, exit 2, nothing lost. */
import { mkdir, readdir, readFile, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCommand, root, type TestCommand } from "./command.ts";

let command: TestCommand;
beforeAll(async () => {
  command = await openCommand("files");
});
afterAll(() => command[Symbol.asyncDispose]());

const small = "pipelines/static-ip.yaml";
/** What is wrong → what stands at the path, and what is said of it. */
const wrong: readonly [string, () => Promise<string>, RegExp][] = [
  ["no such file", async () => join(command.folder, "none.yaml"), /P0430[^\n]*none\.yaml: no such file/],
  ["a file in a file", async () => `${await command.file("a.yaml", "")}/b.yaml`, /P0430[^\n]*is a file/],
  [
    "10 MB",
    () => command.file("large.yaml", `name: l\n${"# ten ten\n".repeat(1_000_000)}`),
    /P0001[\s\S]*4 MB/,
  ],
  ["not YAML", () => command.file("broken.yaml", "name: [a\nsteps: }{\n"), /P0005[\s\S]*broken\.yaml:2:1/],
  ["a picture", () => command.file("picture.yaml", "\u0089PNG\r\n\u001a\n\0\0\0\rIHDR\0\0"), /P0101/],
  ["an empty file", () => command.file("empty.yaml", ""), /P0017/],
];

test.for(wrong)(
  "%s: one message with code and hint, and exit 2, from every command",
  async ([, make, says]) => {
    const path = await make();
    const commands = [
      ["validate"],
      ["plan", "--offline"],
      ["plan", "--sandbox"],
      ["up", "--sandbox", "--yes"],
    ];
    for (const words of commands) {
      const { exitCode, said } = await command.run([...words, path]);
      expect(said).toMatch(says);
      expect(said).toMatch(/hint/);
      expect(said.match(/error\[/g)).toHaveLength(1);
      // Neither a stack nor anything that would reach the terminal as a command.
      expect(said.replaceAll("\n", "")).not.toMatch(/ {4}at \/|node:internal|[\p{Cc}]/u);
      expect({ words, exitCode }).toEqual({ words, exitCode: 2 });
    }
    expect(await command.control("inventory")).toMatchObject({ groups: [] });
  },
);

const plan = (out: string) => command.run(["plan", "--sandbox", small, "--out", out]);

test("a plan goes to a device as it is, and a full one is told without taking its place", async () => {
  const link = join(command.folder, "full.json");
  await symlink("/dev/full", link);
  for (const out of ["/dev/full", link]) {
    const { exitCode, stderr } = await plan(out);
    expect(stderr).toMatch(/P0441[\s\S]*the disk is full[\s\S]*nothing was changed/);
    expect(exitCode).toBe(2);
  }
  expect((await stat("/dev/full")).isCharacterDevice()).toBe(true);
  expect((await readdir("/dev")).filter((name) => name.includes(".tmp"))).toEqual([]);
  expect((await plan("/dev/null")).exitCode).toBe(0);
  expect((await stat("/dev/null")).isCharacterDevice()).toBe(true);
});

test("a link to a plan stays a link, and a folder is not replaced", async () => {
  const [real, link] = [join(command.folder, "real.json"), join(command.folder, "link.json")];
  expect((await plan(real)).exitCode).toBe(0);
  await symlink(real, link);
  expect((await plan(link)).exitCode).toBe(0);
  expect(
    (await readdir(command.folder, { withFileTypes: true })).find(({ name }) => name === "link.json"),
  ).toSatisfy((entry: { isSymbolicLink(): boolean }) => entry.isSymbolicLink());
  expect(JSON.parse(await readFile(real, "utf8"))).toMatchObject({ command: "up" });
  const folder = await plan(command.folder);
  expect(folder.stderr).toMatch(/P0441[\s\S]*it is a folder/);
  expect(folder.exitCode).toBe(2);
});

/** A file system of 64 KB in a namespace of its own: `sh` fills it, keeps `plan.json`, and then plans over it. */
const onFullDisk = `
mount -t tmpfs -o size=64k none "$1" && echo '{"old":true}' > "$1/plan.json"
cat /dev/zero > "$1/fill" 2> /dev/null
"$2" "$3" plan --offline pipelines/static-ip.yaml --out "$1/plan.json"
echo "exit $?"; ls "$1"; cat "$1/plan.json"`;
const mounts = await execa("unshare", ["-rm", "mount", "-t", "tmpfs", "none", "/mnt"], { reject: false });

test.skipIf(mounts.exitCode !== 0)("a full disk leaves the old plan, and nothing beside it", async () => {
  const place = join(command.folder, "disk");
  await mkdir(place);
  const words = [
    "-rm",
    "sh",
    "-c",
    onFullDisk,
    "sh",
    place,
    process.execPath,
    join(root, "dist", "provision.js"),
  ];
  const { stdout, stderr } = await execa("unshare", words, {
    cwd: root,
    reject: false,
    env: { NO_COLOR: "1" },
  });
  expect(stderr).toMatch(/P0441[\s\S]*the disk is full/);
  expect(stdout).toMatch(/exit 2\nfill\nplan\.json\n\{"old":true\}$/);
});
