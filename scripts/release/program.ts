/** Runs npm's programs for a release. They may be others' code, and see nothing of this environment but what they need. */
import { execFile } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The vendor's packer of extensions, which also publishes them: by a person's token, so no other version of it. */
export const packer = "tfx-cli@0.23.1";

/** Programs and folders, the registry and the way to it. No token of anybody is among them. */
const needed =
  /^(PATH|HOME|USERPROFILE|APPDATA|LOCALAPPDATA|SYSTEMROOT|COMSPEC|PATHEXT|TMPDIR|TEMP|TMP|(HTTPS?|NO)_PROXY|NODE_EXTRA_CA_CERTS|NPM_CONFIG_(REGISTRY|CACHE|USERCONFIG|CAFILE|PREFER_OFFLINE|OFFLINE))$/i;

/** What it printed. @throws with its own words where it fails. */
export const program = async (
  name: "npm" | "npx",
  words: readonly string[],
  directory: string,
): Promise<string> => {
  const given = Object.entries(process.env).filter(([variable]) => needed.test(variable));
  const env = {
    ...Object.fromEntries(given),
    // They run on this Node, too: what they compress would be other bytes on another.
    PATH: [dirname(process.execPath), process.env.PATH ?? ""].join(delimiter),
    npm_config_ignore_scripts: "true",
    npm_config_loglevel: "error",
  };
  const { stdout } = await run(name, words, { cwd: directory, env, maxBuffer: 16 * 1024 * 1024 });
  return stdout;
};
