/** The product's programs as processes: where they are, and how one of them ends. */
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export interface Programs {
  /** How the command line is started once more, as for Helm's and kubectl's login. */
  readonly program: readonly string[];
  /** The sandbox's own program. */
  readonly sandboxEntry: string;
  /** The folder that holds pipelines and templates. */
  readonly packageFolder: string;
}

/** `entry`: `import.meta.url` of a host's entry, a bundle in dist/ or its source in the checkout. */
export const programsBeside = (entry: string): Programs => {
  const here = dirname(fileURLToPath(entry));
  const bundled = here.endsWith("dist");
  return {
    program: [process.execPath, resolve(here, bundled ? "provision.js" : "../cli/main.ts")],
    sandboxEntry: resolve(here, bundled ? "sandbox.js" : "../../sandbox/main.ts"),
    packageFolder: resolve(here, bundled ? ".." : "../../.."),
  };
};

/** Connections that are kept alive would keep the process, too; what was written goes out first. */
export const endProcess = async (code: number): Promise<never> => {
  const flushed = (stream: NodeJS.WriteStream) => new Promise<void>((done) => stream.write("", () => done()));
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit(code);
};
