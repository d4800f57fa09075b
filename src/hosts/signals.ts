/** SIGINT and SIGTERM, as a person sends them by Ctrl-C and a CI host when a job is cancelled. */

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
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return {
    stopping: () => stopping,
    signal: controller.signal,
    onStopping: (listener) => listeners.push(listener),
  };
};
