/**
 * SIGINT and SIGTERM, as a person sends them by Ctrl-C and a CI host when a job is cancelled. On Windows there is no
 * SIGTERM: hosts send Ctrl-C, then Ctrl-Break (actions/runner, ProcessInvoker.cs), which is SIGBREAK.
 */

/** The first ends in order, the second at once. */
export interface Signals {
  readonly stopping: () => boolean;
  readonly signal: AbortSignal;
  /** Told once, when the first comes. */
  readonly onStopping: (listener: () => void) => void;
}

/** The first begins no new step; the second ends everything at once. */
export const listenForSignals = (): Signals => {
  const controller = new AbortController();
  const listeners: (() => void)[] = [];
  let stopping = false;
  const onSignal = () => {
    if (stopping) controller.abort(new Error("cancelled"));
    else {
      stopping = true;
      for (const listener of listeners) listener();
    }
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGBREAK"] as const) process.on(name, onSignal);
  return {
    stopping: () => stopping,
    signal: controller.signal,
    onStopping: (listener) => listeners.push(listener),
  };
};
