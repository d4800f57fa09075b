/** Marks are found by labels and read back from annotations, whatever the names. */
import { expect, test } from "vitest";
import {
  isOwnedBy,
  labelValue,
  marksOf,
  ownerOf,
  refOf,
  selectorOf,
  withMarks,
} from "../../../src/families/kubernetes/marks.ts";
import { namesIn, objectsId } from "../../../src/families/kubernetes/object-id.ts";

const valid = /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;

test.each([
  "demo",
  "",
  "a".repeat(63),
  "a".repeat(64),
  "über/alles",
  "-x-",
  "a b",
  "😀",
  `${"-".repeat(60)}x`,
])("%j becomes a valid label value", (text) => {
  expect(labelValue(text)).toMatch(valid);
});

test("a value that fits stays, two overlong ones with the same beginning differ", () => {
  expect(labelValue("clu-demo")).toBe("clu-demo");
  const [a, b] = [labelValue(`${"x".repeat(70)}a`), labelValue(`${"x".repeat(70)}b`)];
  expect(a).toMatch(/^x{40}-[0-9a-f]{8}$/);
  expect(a).not.toBe(b);
});

const owner = { pipeline: "a pipeline / with signs", instance: "x".repeat(80), step: "token" };
const ref = {
  type: "kubernetes/secret",
  version: 1,
  id: "v1 Secret web/token",
  within: { type: "kubernetes/cluster", version: 1, id: "kubeconfig:a#b" },
};

test("owner and Ref are read back as they were, from an object with labels of its own", () => {
  const object = withMarks(
    { apiVersion: "v1", kind: "Secret", metadata: { name: "token", labels: { app: "web" } } },
    marksOf(owner, ref),
  );
  expect(ownerOf(object)).toEqual(owner);
  expect(refOf(object)).toEqual(ref);
  expect(object.metadata.labels).toMatchObject({ app: "web", "provision.dev/type": "kubernetes.secret" });
  for (const part of selectorOf(owner).split(",")) {
    const [key = "", value] = part.split("=");
    expect(object.metadata.labels?.[key]).toBe(value);
  }
});

test("no marks, or broken ones, are nobody's", () => {
  expect(ownerOf({ metadata: {} })).toBeUndefined();
  expect(ownerOf({ metadata: { annotations: { "provision.dev/owner": "{" } } })).toBeUndefined();
  expect(isOwnedBy(owner, { pipeline: owner.pipeline, instance: "another" })).toBe(false);
});

test("names of objects are read back from an id", () => {
  const names = [
    { apiVersion: "v1", kind: "Namespace", name: "web" },
    { apiVersion: "cert-manager.io/v1", kind: "Certificate", namespace: "web", name: "tls" },
  ];
  expect(objectsId(names)).toBe("v1 Namespace web + cert-manager.io/v1 Certificate web/tls");
  expect(namesIn(objectsId(names))).toEqual(names);
});
