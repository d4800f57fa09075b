/** Inputs that many Azure steps have in common. */
import { z } from "zod";

/** Azure tags of the user's own. */
export const tagsInput = z
  .record(z.string(), z.string())
  .default({})
  .describe(
    "Tags to set on the resource, besides the marks of provision; tags of others stay, and one that is dropped here is removed. None by default.",
  );

export const locationInput = z
  .string()
  .regex(/^[a-z0-9]+$/)
  .describe("Azure region, as in `westeurope`; it can't change later.");

/** The region of a resource in a group. */
export const regionInGroup = z
  .string()
  .regex(/^[a-z0-9]+$/)
  .optional()
  .describe("Azure region, as in `westeurope`; that of the group by default. It can't change later.");
