import { expect, test } from "vitest";
import { tagsSetting } from "../../../src/families/arm/entries.ts";
import type { Model } from "../../../src/families/arm/model.ts";
import { bodyOf, fieldsOf } from "../../../src/families/arm/setting.ts";

type Input = { readonly tags: Readonly<Record<string, string>> };
const settings = [tagsSetting<Input>()];
const written = (tags: Readonly<Record<string, string>>, model?: Model): Model =>
  bodyOf(settings, { tags }, model);
const shown = (model: Model) => fieldsOf(settings, { tags: {} }, model)[0]?.actual;

test("a tag that is dropped goes; tags of others and marks stay", () => {
  const first = written({ team: "shop", cost: "7" }, { tags: { policy: "theirs", "provision-step": "ip" } });
  expect(shown(first)).toEqual({ team: "shop", cost: "7" });
  const second = written({ team: "shop" }, first);
  expect(second).toEqual({
    tags: { policy: "theirs", "provision-step": "ip", team: "shop", "provision-tags": "team" },
  });
  expect(written({}, second)).toEqual({ tags: { policy: "theirs", "provision-step": "ip" } });
});

test("a plan shows the pipeline's own tags alone, and sees one that was changed or removed by hand", () => {
  const model = written({ team: "shop", cost: "7" }, { tags: { policy: "theirs" } });
  const tags = { policy: "theirs", "provision-tags": "team//cost", team: "other" };
  expect(shown(model)).toEqual({ team: "shop", cost: "7" });
  expect(shown({ tags })).toEqual({ team: "other" });
});

test("names are compared without case, as ARM does", () => {
  const model = { tags: { Team: "shop", "provision-tags": "team" } };
  expect(shown(model)).toEqual({ team: "shop" });
  expect(written({ team: "web" }, model)).toEqual({ tags: { team: "web", "provision-tags": "team" } });
});

test("more names than one tag can hold take further tags, which go again with them", () => {
  const many = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`${"n".repeat(40)}${n}`, `${n}`]));
  const model = written(many);
  expect(shown(model)).toEqual(many);
  const values = Object.entries(model.tags ?? {}).filter(([name]) => name.startsWith("provision-"));
  expect(values.length).toBeGreaterThan(1);
  expect(values.every(([, value]) => String(value).length <= 256)).toBe(true);
  expect(written({}, model)).toEqual({ tags: {} });
});
