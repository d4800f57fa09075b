/** How soon the GitHub Action's log begins, against an empty Node. */
import { dirname, relative } from "node:path";
import { ratio } from "./measure.ts";
import type { Place } from "./offline-rows.ts";
import type { Row } from "./row.ts";

const pairs = 9;
const limit = 5;

/**
 * The time to the first line of a plan. The runner's temporary folder is not told, so there is no compiled code from an
 * earlier step: as in the first step of a job.
 */
export const actionRow = async (place: Place, action: string): Promise<Row> => {
  const here = { directory: dirname(place.pipeline), program: process.execPath };
  const nothing = { ...here, arguments: ["-e", "0"], environment: place.environment };
  const plan = {
    ...here,
    arguments: [action],
    environment: {
      ...place.environment,
      INPUT_COMMAND: "plan",
      INPUT_PIPELINE: relative(here.directory, place.pipeline),
      INPUT_INPUTS: "domain: example.com",
      INPUT_OFFLINE: "true",
    },
  };
  const measured = await ratio(pairs, nothing, plan, ({ firstLine }) => {
    if (firstLine === undefined) throw new Error("the action printed no line");
    return firstLine;
  });
  return {
    name: "first line of the action",
    figure: measured.ratio,
    limit,
    unit: "×",
    detail: `${measured.subject.toFixed(0)} ms against ${measured.yardstick.toFixed(0)} ms of \`node -e 0\``,
  };
};
