/** What a redactor knows, it lets through in no encoding. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { longestForm } from "../../src/reporters/longest-form.ts";
import { createRedactor } from "../../src/reporters/redactor.ts";
import { secretForms } from "../../src/reporters/secret-forms.ts";

const canary = "Canary-7f/q+é \"<&>' $x\\9~end";

const json = (text: string): string => JSON.stringify(text).slice(1, -1);
const lowerCase = (text: string): string => text.replace(/%..|\\u..../g, (escaped) => escaped.toLowerCase());
const unicode = (text: string): string =>
  text.replace(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** How programs may write a text down, made here by other means than the product's where there are any. */
const encodings: Readonly<Record<string, (text: string) => string>> = {
  raw: (text) => text,
  "URL component": encodeURIComponent,
  "URL component, lower case": (text) => lowerCase(encodeURIComponent(text)),
  form: (text) => new URLSearchParams({ a: text }).toString().slice(2),
  "whole URL": encodeURI,
  JSON: json,
  "JSON with escaped slashes": (text) => json(text).replaceAll("/", "\\/"),
  "ASCII JSON": (text) => unicode(json(text)),
  "JSON in JSON": (text) => json(json(text)),
  XML: (text) =>
    text.replace(
      /[&<>"']/g,
      (letter) => `&${{ "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos" }[letter]};`,
    ),
  shell: (text) => text.replaceAll("'", "'\\''"),
  hexadecimal: (text) => Buffer.from(text).toString("hex"),
  base64: (text) => Buffer.from(text).toString("base64"),
  "base64 without padding": (text) => Buffer.from(text).toString("base64").replaceAll("=", ""),
  base64url: (text) => Buffer.from(text).toString("base64url"),
  "base64 in a URL": (text) => encodeURIComponent(Buffer.from(text).toString("base64")),
};

interface Writing {
  readonly name: string;
  /** What a program writes. */
  readonly written: string;
  /** The part of it that would tell the secret. */
  readonly telling: string;
}

/** Base64 of the canary with so many bytes on both sides; what tells is what does not change with those bytes. */
const between = (before: number, after: number, encoding: "base64" | "base64url"): Writing => {
  const around = (byte: number) =>
    Buffer.concat([Buffer.alloc(before, byte), Buffer.from(canary), Buffer.alloc(after, byte)]).toString(
      encoding,
    );
  const ones = around(0xff);
  const telling = [...around(0)]
    .filter((digit, index) => digit !== "=" && digit === ones.charAt(index))
    .join("");
  return { name: `${encoding} between ${before} and ${after} bytes`, written: around(0x41), telling };
};

const writings: readonly Writing[] = [
  ...Object.entries(encodings).map(([name, encode]) => {
    const written = encode(canary);
    return { name, written, telling: written };
  }),
  ...[3, 4, 5].flatMap((before) =>
    [1, 2, 3].flatMap((after) => [between(before, after, "base64"), between(before, after, "base64url")]),
  ),
];

const log = writings.map(({ name, written }) => `${name} ⟦${written}⟧`).join("\n");

const left = (clean: string): readonly string[] =>
  writings.filter(({ telling }) => clean.includes(telling)).map(({ name }) => name);

test("a canary in every encoding, at three alignments in longer base64: nothing of it is left", () => {
  expect(writings.length).toBeGreaterThan(30);
  expect(writings.filter(({ telling }) => telling.length < canary.length)).toEqual([]);
  const redactor = createRedactor();
  redactor.add(canary);
  const clean = redactor.clean(log);
  expect(left(clean)).toEqual([]);
  for (const form of secretForms(canary)) expect(clean).not.toContain(form);
  const between = /^[\w ,]+ ⟦[\w+/=-]{0,7}\*{3}[\w+/=-]{0,7}⟧$/;
  for (const line of clean.split("\n")) expect(line).toMatch(line.includes("between") ? between : /⟦\*{3}⟧$/);
});

test("of base64 only digits are left that hold bits of the neighbours", () => {
  const redactor = createRedactor();
  redactor.add(canary);
  const cleaned = (before: string, after: string) =>
    redactor.clean(Buffer.from(before + canary + after).toString("base64"));
  expect(cleaned("", "")).toBe("***");
  expect(cleaned(":", "")).toMatch(/^.{2}\*{3}$/);
  expect(cleaned("u:", "")).toMatch(/^.{3}\*{3}$/);
  expect(cleaned("usr", "xyz")).toMatch(/^.{4}\*{3}.{4,6}$/);
});

test("the first test can fail: where the forms of an encoding are left out, it is found", () => {
  const cleanWith = (forms: readonly string[]) =>
    forms.reduce((text, form) => text.replaceAll(form, "***"), log);
  const all = secretForms(canary);
  expect(left(cleanWith(all))).toEqual([]);
  expect(left(log)).toEqual(writings.map(({ name }) => name));
  for (const { name, written } of writings) {
    expect(left(cleanWith(all.filter((form) => !written.includes(form))))).toContain(name);
  }
});

test("adding gives the forms that are new, and none a second time", () => {
  const redactor = createRedactor();
  expect(redactor.add("token-12345")).toEqual(secretForms("token-12345"));
  expect(redactor.add("token-12345")).toEqual([]);
  expect(redactor.add("abc")).toEqual([]);
  expect(redactor.add("token-12345\n")).not.toContain("token-12345");
});

test("a secret that is part of another, overlaps or touches it leaves nothing of either", () => {
  const redactor = createRedactor();
  for (const secret of ["secret", "secret-longer", "longer-tail", "tail"]) redactor.add(secret);
  expect(redactor.clean("a secret, a secret-longer, a secret-longer-tail, secrettail")).toBe(
    "a ***, a ***, a ***, ***",
  );
});

test("without secrets, and without their forms, a text stays as it is", () => {
  const redactor = createRedactor();
  expect(redactor.clean("nothing")).toBe("nothing");
  redactor.add("something");
  expect(redactor.clean("")).toBe("");
  expect(redactor.clean("some thing")).toBe("some thing");
});

test("a key of several lines is found in a text and line by line", () => {
  const key = "-----BEGIN KEY-----\nabcdefgh12345678\nijklmnop87654321\n-----END KEY-----\n";
  const redactor = createRedactor();
  redactor.add(key);
  expect(redactor.clean(`> abcdefgh12345678\n> ijklmnop87654321`)).toBe("> ***\n> ***");
  expect(redactor.clean(`<${key}>`)).toBe("<***>");
});

test("whatever the secrets, no form of any is left, and what is left was there before", () => {
  const secret = fc
    .string({ unit: "grapheme", minLength: 4, maxLength: 20 })
    .filter((text) => !text.includes("*"));
  const name = fc.constantFrom(...Object.keys(encodings));
  fc.assert(
    fc.property(
      fc.array(secret, { minLength: 1, maxLength: 5 }),
      fc.array(name, { maxLength: 5 }),
      (all, names) => {
        const redactor = createRedactor();
        const forms = all.flatMap((text) => redactor.add(text));
        const text = names
          .map((encoding, index) => encodings[encoding]?.(all[index % all.length] ?? ""))
          .join(" | ");
        const clean = redactor.clean(text);
        for (const form of forms) expect(clean).not.toContain(form);
        let from = 0;
        for (const part of clean.split("***")) {
          from = text.indexOf(part, from);
          expect(from).toBeGreaterThanOrEqual(0);
          from += part.length;
        }
      },
    ),
  );
});

test("the longest form is found among many that begin alike", () => {
  const form = fc.string({ unit: fc.constantFrom("a", "b"), minLength: 4, maxLength: 9 });
  const text = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 30 });
  fc.assert(
    fc.property(fc.array(form, { minLength: 1, maxLength: 20 }), text, fc.nat(30), (forms, within, index) => {
      const lengths = forms.filter((one) => within.startsWith(one, index)).map(({ length }) => length);
      expect(longestForm(forms)(within, index)).toBe(Math.max(0, ...lengths));
    }),
    { numRuns: 1000 },
  );
});

test("200 secrets in a text of a megabyte are looked for place by place, not secret by secret", () => {
  const redactor = createRedactor();
  const secrets = Array.from(
    { length: 200 },
    (_, index) => `secret/number ${index} 'é"&<>\nits second line ${index}`,
  );
  for (const secret of secrets) redactor.add(secret);
  const filler = "secret/number without one, its second line, and more. ".repeat(90);
  const text = secrets.map((secret) => `${filler}${json(secret)}`).join("\n");
  expect(text.length).toBeGreaterThan(900_000);
  expect(redactor.clean(text)).toBe(secrets.map(() => `${filler}***`).join("\n"));
});
