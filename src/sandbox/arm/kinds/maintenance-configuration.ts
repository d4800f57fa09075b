/** Microsoft.ContainerService/managedClusters/maintenanceConfigurations: when AKS may upgrade by itself. */
import { z } from "zod";
import { clusterType } from "../aks/schema.ts";
import { defineKind } from "../define-kind.ts";
import { ArmError, badRequest } from "../errors.ts";
import type { Write } from "../kind.ts";

const schema = z.looseObject({
  properties: z.looseObject({
    maintenanceWindow: z
      .looseObject({
        schedule: z.looseObject({}),
        durationHours: z.number(),
        utcOffset: z.string().optional(),
        startTime: z.string(),
        startDate: z.string().optional(),
      })
      .optional(),
    timeInWeek: z.array(z.unknown()).optional(),
  }),
});

type Maintenance = z.infer<typeof schema>;

/** `default` is for AKS's weekly releases, the other two are for upgrades of the cluster and of node images. */
const names = ["default", "aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule"];

/** The service adds the offset and the day from which on the schedule holds. */
const complete = ({ arm, body, before }: Write<Maintenance>): Maintenance => {
  const window = body.properties.maintenanceWindow;
  if (!window) return body;
  const today = new Date(arm.world.pace.now()).toISOString().slice(0, 10);
  const startDate = before?.properties.maintenanceWindow?.startDate ?? today;
  return {
    ...body,
    properties: { ...body.properties, maintenanceWindow: { utcOffset: "+00:00", startDate, ...window } },
  };
};

export const maintenanceConfiguration = defineKind<Maintenance>({
  type: `${clusterType}/maintenanceConfigurations`,
  home: "group",
  located: false,
  groupSegment: "resourcegroups",
  schema,
  validate({ arm, id, name, body }) {
    if (!arm.find(id.replace(/\/maintenanceConfigurations\/[^/]+$/i, ""))) {
      throw new ArmError(
        404,
        "ParentResourceNotFound",
        `Failed to perform 'write' on resource(s) of type 'managedClusters/maintenanceConfigurations', because the parent resource of '${id}' could not be found.`,
      );
    }
    if (!names.some((known) => known.toLowerCase() === name.toLowerCase())) {
      throw badRequest(
        "InvalidParameter",
        `The maintenance configuration name '${name}' is invalid. Allowed values: ${names.join(", ")}.`,
      );
    }
    const hours = body.properties.maintenanceWindow?.durationHours;
    if (hours !== undefined && (hours < 4 || hours > 24)) {
      throw badRequest(
        "InvalidParameter",
        `durationHours ${hours} is out of range. It must be between 4 and 24.`,
        "maintenanceWindow.durationHours",
      );
    }
  },
  create: complete,
  update: complete,
});
