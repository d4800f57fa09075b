#!/usr/bin/env node
// The command `provision`: refuses a Node that is too old with a sentence instead of a stack trace, and keeps V8's
// compiled code between runs, in the user's own cache folder (another user's, in a shared /tmp, could be forged).
import module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`provision needs Node 22.18 or later; this is ${process.versions.node}.\n`);
  process.exit(2);
}

const cacheFolder = () => {
  try {
    return (
      process.env.NODE_COMPILE_CACHE ||
      join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "provision", "code")
    );
  } catch {
    return undefined; // No home: nothing is kept.
  }
};
const folder = cacheFolder();
if (folder) module.enableCompileCache(folder);

await import("./cli.js");
