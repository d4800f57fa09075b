import { expect, test } from "vitest";
import type { ChartSource } from "../../../src/charts/source.ts";
import {
  descriptionOf,
  releaseLabels,
  releaseOwner,
  releaseType,
  sameSource,
  sourceOf,
} from "../../../src/families/helm/marks.ts";

const ref = { type: "ingress/nginx", version: 1, id: "web/nginx" };
const owner = { pipeline: "aks nginx & flux", instance: "clu-".repeat(30), step: "nginx" };

test("labels are label values, however long and strange the owner's names are, and lead back to them", () => {
  const labels = releaseLabels(owner, ref, `sha256:${"ab".repeat(32)}`);
  for (const value of Object.values(labels))
    expect(value).toMatch(/^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/);
  expect(releaseOwner(labels, owner)).toEqual(owner);
  expect(releaseOwner(labels, { ...owner, step: "other" })).toEqual(owner);
  expect(releaseType(labels)).toBe("ingress/nginx");
});

test("somebody else's marks are nobody's of ours, and none are none", () => {
  const labels = releaseLabels({ ...owner, instance: "another" }, ref, "sha256:00");
  expect(releaseOwner(labels, owner)?.instance).toBe("another");
  expect(releaseOwner({}, owner)).toBeUndefined();
});

test.each<ChartSource>([
  {
    kind: "repository",
    repository: "oci://quay.io/jetstack/charts",
    name: "cert-manager",
    version: "v1.21.1",
  },
  { kind: "folder", path: "./charts/with space" },
])("a release's description gives its chart back: %j", (source) => {
  expect(sourceOf(descriptionOf(source))).toEqual(source);
  expect(sameSource(source, sourceOf(descriptionOf(source)))).toBe(true);
});

test.each(["Install complete", "Rollback to 3", 'Upgrade "x" failed: timed out'])(
  "%s names no chart",
  (text) => {
    expect(sourceOf(text)).toBeUndefined();
  },
);
