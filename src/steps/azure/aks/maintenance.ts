/** When AKS may upgrade a cluster and its nodes by itself: two schedules of the same form, below the cluster. */
import { z } from "zod";
import type { JsonObject } from "../../../clients/azure/client.ts";
import { at, isObject, withValue } from "../../../families/arm/model.ts";
import type { Companion } from "../../../families/arm/resource.ts";
import type { Setting } from "../../../families/arm/setting.ts";

export const maintenanceInput = z
  .object({
    day: z
      .enum(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"])
      .describe("Day of the week."),
    start: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
      .describe("Time of day that the window opens, as in `02:00`."),
    hours: z
      .number()
      .int()
      .min(4)
      .max(24)
      .default(4)
      .describe("Length of the window in hours; 4 by default."),
    utcOffset: z
      .string()
      .regex(/^[+-]\d{2}:\d{2}$/)
      .default("+00:00")
      .describe("Offset of `start` from UTC; `+00:00` by default."),
  })
  .optional()
  .describe("Weekly window for upgrades that AKS does by itself; any time by default.");

interface WithMaintenance {
  readonly maintenanceWindow?: z.output<typeof maintenanceInput> | undefined;
}

const schedules = [
  { name: "upgrades", configuration: "aksManagedAutoUpgradeSchedule" },
  { name: "nodeImages", configuration: "aksManagedNodeOSUpgradeSchedule" },
] as const;

export const maintenanceCompanions: readonly Companion[] = schedules.map(({ name, configuration }) => ({
  name,
  suffix: `/maintenanceConfigurations/${configuration}`,
}));

const windowOf = ({ maintenanceWindow: window }: WithMaintenance): JsonObject | undefined =>
  window && {
    schedule: { weekly: { intervalWeeks: 1, dayOfWeek: window.day } },
    durationHours: window.hours,
    utcOffset: window.utcOffset,
    startTime: window.start,
  };

export const maintenanceSettings = <Input extends WithMaintenance>(): readonly Setting<Input>[] =>
  schedules.map(({ name }) => {
    const place = `companions.${name}.properties.maintenanceWindow`;
    return {
      path: `maintenanceWindow.${name}`,
      desired: windowOf,
      effect: "update",
      // The service adds a start date; what we do not set is left out of the comparison.
      read: (model) => {
        const found = at(model, place);
        if (!isObject(found)) return undefined;
        const { schedule, durationHours, utcOffset = "+00:00", startTime } = found;
        return { schedule, durationHours, utcOffset, startTime };
      },
      write: (model, window) => withValue(model, place, window),
    };
  });
