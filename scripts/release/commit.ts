/**
 * The commit at which the action stands: a folder as a commit on top of the source's. Its id follows from the folder
 * and the source alone, so the npm package can name its own action before anything is pushed.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { git } from "./git.ts";
import type { Source } from "./source.ts";
import { filesIn, isProgram } from "./stage.ts";

export interface ActionCommit {
  readonly root: string;
  /** Absolute: the folder that the commit is to hold. */
  readonly folder: string;
  readonly source: Pick<Source, "commit" | "seconds">;
  readonly message: string;
  /** Whether the repository keeps the commit, so that it can be tagged and pushed. Otherwise only its id is wanted. */
  readonly keep: boolean;
}

/** Of the release, not of whoever makes it: the id must not depend on that. */
const author = { name: "The provision authors", email: "authors@provision.invalid" };

/** Makes the commit; no branch and no tag points to it. Gives its id. */
export const actionCommit = async (wanted: ActionCommit): Promise<string> => {
  const { root, folder, source, message } = wanted;
  const scratch = await mkdtemp(join(tmpdir(), "provision-commit-"));
  try {
    const own = await git(root, ["rev-parse", "--path-format=absolute", "--git-path", "objects"]);
    const date = `@${source.seconds} +0000`;
    const environment = {
      GIT_INDEX_FILE: join(scratch, "index"),
      ...(wanted.keep ? {} : { GIT_OBJECT_DIRECTORY: scratch, GIT_ALTERNATE_OBJECT_DIRECTORIES: own }),
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: author.name,
      GIT_COMMITTER_EMAIL: author.email,
      GIT_COMMITTER_DATE: date,
    };
    const files = await filesIn(folder);
    // Bytes as they are, modes as the release has them: no filter, attribute or umask of this machine changes the id.
    const written = await git(root, ["hash-object", "-w", "--no-filters", "--stdin-paths"], {
      environment,
      lines: files.map((file) => join(folder, file)),
    });
    const blobs = written.split("\n");
    await git(root, ["update-index", "--add", "--index-info"], {
      environment,
      lines: files.map((file, index) => `${isProgram(file) ? "100755" : "100644"} ${blobs[index]}\t${file}`),
    });
    const tree = await git(root, ["write-tree"], { environment });
    return await git(root, ["commit-tree", tree, "-p", source.commit, "-m", message], { environment });
  } finally {
    await rm(scratch, { recursive: true });
  }
};
