/**
 * Builds the testbed's programs from their Go modules, once: a binary is kept under the digest of all that went into
 * it, in a cache that outlives the checkout.
 */
import { createHash } from "node:crypto";
import { access, mkdir, readdir, readFile, rename } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { Failure } from "../../src/step/failure.ts";
import { type BaseProgram, type Program, type ProgramName, programs } from "./programs.ts";

/** The path of a program that was asked for. */
export type Binaries<Name extends ProgramName = BaseProgram> = (name: Name) => string;

export interface BuildOptions {
  /** Usually `process.env`: PROVISION_TESTBED_CACHE, XDG_CACHE_HOME, PATH. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Told before a build that takes minutes, and after it. */
  readonly report?: (line: string) => void;
}

/** Nobody runs a debugger on these programs: without its tables they compile in six sevenths of the time. */
const flags = ["-trimpath", "-buildvcs=false", "-gcflags=all=-dwarf=false"];

/** What a build sees of the machine: no other toolchain is downloaded, no C compiler is needed, no flags are added. */
const buildVariables = { GOTOOLCHAIN: "local", CGO_ENABLED: "0", GOFLAGS: "" };

/** `PROVISION_TESTBED_CACHE`, else `aks-provision/testbed` in the user's cache folder. */
export const cacheFolder = (variables: BuildOptions["variables"]): string =>
  variables.PROVISION_TESTBED_CACHE ??
  join(variables.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "aks-provision", "testbed");

/** `go version go1.26.8 linux/amd64`, without the first two words. */
const goVersion = async (): Promise<string> => {
  if (process.platform !== "linux") {
    throw new Failure({
      kind: "missing-tool",
      code: "TestbedPlatform",
      message: `the testbed runs on Linux, and this is ${process.platform}`,
      hint: "Use a Linux machine or a container: it needs all of 127.0.0.0/8 and prctl(2).",
    });
  }
  const { stdout, exitCode } = await execa("go", ["version"], { reject: false, env: buildVariables });
  if (exitCode === 0) return stdout.replace("go version ", "");
  throw new Failure({
    kind: "missing-tool",
    code: "GoMissing",
    message: "the testbed is built from source, and there is no Go on this machine",
    hint: "Install Go 1.26 (https://go.dev/doc/install) and see to it that `go version` answers.",
  });
};

const moduleFolder = (program: Program): string => join(import.meta.dirname, program.folder);

/** Over the names and contents of the module's files, the flags and the compiler's version. */
const digestOf = async (program: Program, go: string): Promise<string> => {
  const folder = moduleFolder(program);
  const files = (await readdir(folder)).filter((name) => /^go\.(mod|sum)$|\.go$/.test(name)).sort();
  const hash = createHash("sha256").update(JSON.stringify([go, flags, program.package, program.linkerFlags]));
  for (const name of files) hash.update(`\0${name}\0`).update(await readFile(join(folder, name)));
  return hash.digest("hex").slice(0, 16);
};

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Where a program is, or is going to be once it is built. Fails with a hint where there is no Go or no Linux. */
export const pathOf = async (
  name: ProgramName,
  { variables }: Pick<BuildOptions, "variables">,
): Promise<string> => pathFor(name, await goVersion(), variables);

const pathFor = async (
  name: ProgramName,
  go: string,
  variables: BuildOptions["variables"],
): Promise<string> => join(cacheFolder(variables), `${name}-${await digestOf(programs[name], go)}`);

const build = async (name: ProgramName, go: string, options: BuildOptions): Promise<string> => {
  const program = programs[name];
  const folder = cacheFolder(options.variables);
  const path = await pathFor(name, go, options.variables);
  if (await exists(path)) return path;
  options.report?.(`building ${name} ${program.version} (about ${program.minutes} minutes) ...`);
  await mkdir(folder, { recursive: true });
  // Two builds at once end with the same file; nobody ever sees half of one.
  const partial = `${path}.${process.pid}`;
  const started = performance.now();
  const result = await execa(
    "go",
    ["build", ...flags, "-ldflags", `-s -w ${program.linkerFlags}`.trim(), "-o", partial, program.package],
    { cwd: moduleFolder(program), env: buildVariables, reject: false, all: true },
  );
  if (result.exitCode !== 0) {
    throw new Failure({
      kind: "unexpected",
      code: "GoBuild",
      message: `${name} does not build (go build ended with ${result.exitCode ?? result.signal})`,
      hint: `See what it says: cd ${moduleFolder(program)} && go build ${flags.join(" ")} ${program.package}`,
      evidence: result.all.trim().split("\n").slice(-15),
    });
  }
  await rename(partial, path);
  options.report?.(`built ${name} in ${Math.round((performance.now() - started) / 1000)} s`);
  return path;
};

/**
 * The paths of programs; what is not in the cache is built, two at a time: while one downloads or links, which takes
 * one processor or none, the other compiles (one after the other kept two processors busy for 73 % of half an hour).
 * Fails with a hint where there is no Go or no Linux.
 */
export const buildPrograms = async <Name extends ProgramName>(
  names: readonly Name[],
  options: BuildOptions,
): Promise<Binaries<Name>> => {
  const go = await goVersion();
  const paths = new Map<ProgramName, string>();
  const waiting = names.values();
  const lane = async (): Promise<void> => {
    // Both lanes take from the same iterator.
    for (const name of waiting) paths.set(name, await build(name, go, options));
  };
  await Promise.all([lane(), lane()]);
  return (name) => {
    const path = paths.get(name);
    if (path === undefined) throw new Error(`${name} was not asked for`);
    return path;
  };
};
