/** A service's state as one JSON file: read once, written whole soon after each change and when it is closed. */
import { readFile } from "node:fs/promises";
import { isMissing, writeAtomically } from "./files.ts";
import type { Store } from "./world.ts";

export interface FileStore<State> extends Store<State> {
  /** Puts a fresh state in the place of the present one. */
  replace(state: State): void;
  /** Waits until all that was changed is in the file. */
  close(): Promise<void>;
}

/** Changes of this many milliseconds go into one write. */
const writeDelay = 100;

/**
 * Opens the state in `file`, or starts with `initial` where there is none. `parse` checks what was read; a state
 * that does not parse (another version's) is started anew, because a sandbox holds nothing worth keeping.
 */
export const openStore = async <State extends object>(
  file: string,
  initial: () => State,
  parse: (value: unknown) => State | undefined,
): Promise<FileStore<State>> => {
  let state = initial();
  try {
    state = parse(JSON.parse(await readFile(file, "utf8"))) ?? state;
  } catch (error) {
    if (!isMissing(error) && !(error instanceof SyntaxError)) throw error;
  }
  let dirty = false;
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();
  const write = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    if (!dirty) return writing;
    dirty = false;
    const text = JSON.stringify(state);
    writing = writing.then(
      () => writeAtomically(file, text),
      () => writeAtomically(file, text),
    );
    return writing;
  };
  const changed = (): void => {
    dirty = true;
    // A failed write leaves the state in memory; the next change writes it whole again.
    timer ??= setTimeout(() => write().catch(() => changed()), writeDelay);
  };
  return {
    get state() {
      return state;
    },
    changed,
    replace(fresh) {
      state = fresh;
      changed();
    },
    close: write,
  };
};
