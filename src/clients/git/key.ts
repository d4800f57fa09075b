/** The key under which a run opens git. */
import type { ClientKey } from "../../step/context.ts";
import type { GitClient } from "./client.ts";

export const git: ClientKey<GitClient> = {
  name: "git",
  open: async (environment) => (await import("./git.ts")).gitClient(environment.variables),
};
