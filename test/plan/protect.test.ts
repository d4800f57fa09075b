import { expect, test } from "vitest";
import type { PlannedStep } from "../../src/plan/plan.ts";
import { keepHolders } from "../../src/plan/protect.ts";
import type { Ref } from "../../src/step/ref.ts";

const ref = (id: string, within?: Ref): Ref => ({ type: "t", version: 1, id, within });
const step = (id: string, at: Ref, action: PlannedStep["action"] = "delete"): PlannedStep => ({
  id,
  type: "t",
  action,
  ref: at,
  changes: [],
  notes: [],
  problems: [],
  after: [],
});

const group = ref("/subscriptions/s/resourceGroups/g");
const cluster = ref("/subscriptions/s/resourceGroups/g/providers/M/managedClusters/c", group);
const release = ref("web/app", ref(`${cluster.id}#admin`));
const other = ref("/subscriptions/s/resourceGroups/other");

const steps = [
  step("group", group),
  step("cluster", cluster),
  step("release", release, "leave"),
  step("other", other),
];

test("a protected release keeps its cluster, and that its group; what holds neither goes", () => {
  const kept = keepHolders(steps, new Set(["release"]));
  expect(kept.map(({ id, action }) => `${id} ${action}`)).toEqual([
    "group leave",
    "cluster leave",
    "release leave",
    "other delete",
  ]);
  expect(kept[0]?.notes).toEqual(["holds `cluster`, which stays"]);
});

test("without protection everything goes as planned", () => {
  expect(keepHolders(steps, new Set())).toEqual(steps);
});
