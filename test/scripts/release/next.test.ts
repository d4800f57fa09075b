/** The commands that publish a release: in an order that works, and with no program whose version nobody chose. */
import { expect, test } from "vitest";
import { afterRelease } from "../../../scripts/release/next.ts";

const finished = {
  out: "./release",
  version: "1.2.3",
  slug: "octo/shop",
  commit: "c0ffee",
  tarball: "p-1.2.3.tgz",
  extension: "p.vsix",
};

test("the checksums are looked at first, then the action, which the package names", () => {
  const said = afterRelease(finished);
  const places = [
    "sha256sum -c",
    "git tag -a v1.2.3 -m v1.2.3 c0ffee",
    "npm publish ./release/p-1.2.3.tgz",
  ].map((text) => said.indexOf(text));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((one, other) => one - other));
});

test("what is given a person's token to publish is the version that packed", () => {
  expect(afterRelease(finished)).toMatch(
    /npx tfx-cli@\d+\.\d+\.\d+ extension publish --vsix \.\/release\/p\.vsix/,
  );
});
