/** One line of the bench: a figure, the limit it must keep, and whether it does. */

export interface Row {
  readonly name: string;
  readonly figure: number;
  /** The most that the figure may be. */
  readonly limit: number;
  /** `×`, `MB`, `ms`, or nothing for a count. */
  readonly unit: string;
  /** What the figure is made of: `27 ms against 92 ms`. */
  readonly detail: string;
}

export const keeps = (row: Row): boolean => row.figure <= row.limit;

const number = (value: number): string =>
  value.toLocaleString("en", { maximumFractionDigits: value < 100 ? 2 : 0 });

/** A table for a terminal. */
export const table = (rows: readonly Row[]): string => {
  const cells = rows.map((row) => [
    keeps(row) ? "pass" : "FAIL",
    row.name,
    `${number(row.figure)} ${row.unit}`.trim(),
    `≤ ${number(row.limit)} ${row.unit}`.trim(),
    row.detail,
  ]);
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return cells.map(line).join("\n");
};
