/** What needs no cloud: start-up against an empty Node, memory of a plan, pipelines of a thousand steps and more. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { largePipeline } from "./large-pipeline.ts";
import { type Command, peakMemory, ratio } from "./measure.ts";
import type { Row } from "./row.ts";

/** Pairs of runs for a short command; the long ones need fewer. */
const pairs = 9;
const longPairs = 3;
const megabyte = 1024 * 1024;

export interface Place {
  /** The built command. */
  readonly provision: string;
  /** The pipeline that stands for all. */
  readonly pipeline: string;
  readonly inputs: readonly string[];
  /** An empty folder to work in. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** `provision …` as a command of Node, so that it can be measured from within. */
export const command = (place: Place, ...words: readonly string[]): Command => ({
  program: process.execPath,
  arguments: [place.provision, ...words],
  directory: place.folder,
  environment: place.environment,
});

export const offlineRows = async (place: Place): Promise<readonly Row[]> => {
  const plan = ["plan", "--offline", place.pipeline, ...place.inputs];
  const rows = [
    await ratioRow(place, "validate", pairs, 4, ["validate", place.pipeline]),
    await ratioRow(place, "plan --offline", pairs, 6, plan),
    await memoryRow(place, "memory of plan --offline", 150, plan),
  ];
  for (const { steps, limit, count } of [
    { steps: 1_000, limit: 15, count: pairs },
    { steps: 10_000, limit: 100, count: longPairs },
  ]) {
    const file = join(place.folder, `large-${steps}.yaml`);
    await writeFile(file, largePipeline(steps));
    const name = `plan --offline, ${steps.toLocaleString("en")} steps`;
    rows.push(await ratioRow(place, name, count, limit, ["plan", "--offline", file]));
    rows.push(await memoryRow(place, `memory of ${name}`, 400, ["plan", "--offline", file]));
  }
  return rows;
};

const ratioRow = async (
  place: Place,
  name: string,
  count: number,
  limit: number,
  words: readonly string[],
): Promise<Row> => {
  const nothing = { ...command(place), arguments: ["-e", "0"] };
  const measured = await ratio(count, nothing, command(place, ...words));
  const detail = `${measured.subject.toFixed(0)} ms against ${measured.yardstick.toFixed(0)} ms of \`node -e 0\``;
  return { name, figure: measured.ratio, limit, unit: "×", detail };
};

const memoryRow = async (
  place: Place,
  name: string,
  limit: number,
  words: readonly string[],
): Promise<Row> => {
  const { ended, peak } = await peakMemory(command(place, ...words));
  if (ended.exit !== 0) throw new Error(`${words.join(" ")} ended with ${ended.exit}:\n${ended.stderr}`);
  return { name, figure: peak / megabyte, limit, unit: "MB", detail: "of the process at its largest" };
};
