/** How large each artefact is, and how large it may be. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { filesIn } from "./stage.ts";

export interface Size {
  readonly name: string;
  readonly bytes: number;
  /** The most that it may be, in bytes. */
  readonly limit: number;
}

const megabyte = 1024 * 1024;
const megabytes = (bytes: number): string => `${(bytes / megabyte).toFixed(2)} MB`;

export const keeps = ({ bytes, limit }: Size): boolean => bytes <= limit;

/** Of the three artefacts below `out`. The archives are packed, the folder is not. */
export const measure = async (out: string, tarball: string, extension: string): Promise<readonly Size[]> => {
  const sizes = await Promise.all(
    (await filesIn(join(out, "action"))).map(async (file) => (await stat(join(out, "action", file))).size),
  );
  return [
    // What every job of a workflow downloads.
    { name: "action/", bytes: sizes.reduce((sum, size) => sum + size, 0), limit: 8 * megabyte },
    { name: extension, bytes: (await stat(join(out, extension))).size, limit: 3 * megabyte },
    { name: tarball, bytes: (await stat(join(out, tarball))).size, limit: 5 * megabyte },
  ];
};

/** A table for a terminal. */
export const table = (sizes: readonly Size[]): string => {
  const rows = sizes.map((size) => ({
    name: size.name,
    figure: megabytes(size.bytes),
    limit: megabytes(size.limit),
    verdict: keeps(size) ? "pass" : "FAIL",
  }));
  const width = (of: (row: (typeof rows)[number]) => string) =>
    Math.max(...rows.map((row) => of(row).length));
  const [names, figures, limits] = [
    width(({ name }) => name),
    width((row) => row.figure),
    width((row) => row.limit),
  ];
  return rows
    .map(
      ({ name, figure, limit, verdict }) =>
        `${verdict}  ${name.padEnd(names)}  ${figure.padStart(figures)}  ≤ ${limit.padStart(limits)}`,
    )
    .join("\n");
};
