/**
 * The Helm that a run of the testbed's tests works with, where a test does not try both by itself: 4, or the one that
 * PROVISION_TESTBED_HELM names (`helm3`). CI takes 4, since all of them twice would take too long there.
 */
import { z } from "zod";

export const helm = z.enum(["helm4", "helm3"]).default("helm4").parse(process.env.PROVISION_TESTBED_HELM);
