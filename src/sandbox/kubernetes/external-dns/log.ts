/** Lines as logrus writes them without a terminal. */

export interface Log {
  line(
    level: "debug" | "info" | "warning" | "error" | "fatal",
    message: string,
    fields?: Readonly<Record<string, string | number>>,
  ): void;
}

/** `now`: milliseconds since the epoch. `debug`: whether lines of that level are written. */
export const openLog = (write: (line: string) => void, now: () => number, debug: boolean): Log => ({
  line: (level, message, fields = {}) => {
    if (level === "debug" && !debug) return;
    const time = `${new Date(now()).toISOString().slice(0, 19)}Z`;
    const more = Object.keys(fields)
      .sort()
      .map((key) => ` ${key}=${quoted(String(fields[key]))}`);
    write(`time="${time}" level=${level} msg=${quoted(message)}${more.join("")}`);
  },
});

const quoted = (text: string): string => (/^[a-zA-Z0-9._/@^+-]+$/.test(text) ? text : JSON.stringify(text));
