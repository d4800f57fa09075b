/** Every encoding in which a secret may turn up is one of its forms. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { secretForms } from "../../src/reporters/secret-forms.ts";

const canary = "pä/ß? 'w\"o\\r<d>&+~1";
const forms = secretForms(canary);

test("a text under 4 characters has no forms, for they would blank ordinary words", () => {
  expect(secretForms("")).toEqual([]);
  expect(secretForms("abc")).toEqual([]);
  expect(secretForms("  abc\n")).toEqual([]);
  expect(secretForms("abcd")).toContain("abcd");
});

test.each(["true", "False", " null\n"])("%j is no secret: a host's own outputs say it, too", (word) => {
  expect(secretForms(word)).toEqual([]);
});

test("the forms are different ones of 4 characters at least, the longest first", () => {
  expect(new Set(forms).size).toBe(forms.length);
  expect(forms.map(({ length }) => length)).toEqual(forms.map(({ length }) => length).sort((a, b) => b - a));
  expect(forms.at(-1)?.length).toBeGreaterThanOrEqual(4);
});

test("with blanks around it, a secret is one with and without them", () => {
  const encoded = [" token-1\n", "token-1"].map((text) => Buffer.from(text).toString("base64"));
  expect(secretForms(" token-1\n")).toEqual(expect.arrayContaining([" token-1\n", "token-1", ...encoded]));
});

test("addresses and forms escape in capitals or not", () => {
  const encoded = encodeURIComponent(canary);
  expect(forms).toEqual(
    expect.arrayContaining([
      encoded,
      encoded.replace(/%../g, (byte) => byte.toLowerCase()),
      encoded.replaceAll("%20", "+"),
      new URLSearchParams({ a: canary }).toString().slice(2),
      encodeURI(canary),
      // Uri.EscapeDataString of .NET, as GitHub's runner masks.
      "p%C3%A4%2F%C3%9F%3F%20%27w%22o%5Cr%3Cd%3E%26%2B~1",
    ]),
  );
});

test("JSON is escaped as JavaScript, PHP, Python, Go and .NET do, once and within JSON again", () => {
  expect(forms).toEqual(
    expect.arrayContaining([
      `pä/ß? 'w\\"o\\\\r<d>&+~1`,
      `pä\\/ß? 'w\\"o\\\\r<d>&+~1`,
      `p\\u00e4/\\u00df? 'w\\"o\\\\r<d>&+~1`,
      `p\\u00E4/\\u00DF? 'w\\"o\\\\r<d>&+~1`,
      `pä/ß? 'w\\"o\\\\r\\u003cd\\u003e\\u0026+~1`,
      `p\\u00E4/\\u00DF? \\u0027w\\u0022o\\\\r\\u003Cd\\u003E\\u0026\\u002B~1`,
      `pä/ß? 'w\\\\\\"o\\\\\\\\r<d>&+~1`,
    ]),
  );
});

test("XML, shells, PowerShell and the agent's backslashes", () => {
  expect(forms).toEqual(
    expect.arrayContaining([
      "pä/ß? &apos;w&quot;o\\r&lt;d&gt;&amp;+~1",
      "pä/ß? &#39;w&#34;o\\r&lt;d&gt;&amp;+~1",
      "pä/ß? 'w\"o\\\\r<d>&+~1",
      "pä/ß? ''w\"o\\r<d>&+~1",
      "pä/ß? '\\''w\"o\\r<d>&+~1",
      "pä/ß? 'w`\"o\\r<d>&+~1",
      "pä/ß? 'w\"o\\r<d>&+",
    ]),
  );
  expect(secretForms("secretpart1&secretpart2&secretpart3")).toEqual(
    expect.arrayContaining(["secretpart1&secretpart2&", "secretpart3"]),
  );
  expect(secretForms("secretpart1&+secretpart2&secretpart3")).toEqual(
    expect.arrayContaining(["secretpart1&+", "ecretpart2&secretpart3"]),
  );
  expect(secretForms('"quoted secret"')).toContain("quoted secret");
  expect(secretForms("abc\\\\def\\'\\\"ghi\\t")).toContain("abc\\def'\"ghi\t");
});

test("each line of several is a secret, but for short ones and PEM's first and last", () => {
  const key =
    "-----BEGIN EC PRIVATE KEY-----\r\nMHcCAQEE/IBkg+J4V\r\nab==\r\n-----END EC PRIVATE KEY-----\r\n";
  const lines = secretForms(key);
  expect(lines).toContain("MHcCAQEE/IBkg+J4V");
  expect(lines).toContain("MHcCAQEE\\/IBkg+J4V");
  expect(lines).not.toContain("ab==");
  expect(lines.filter((form) => /^-----[A-Z ]+-----$/.test(form))).toEqual([]);
  expect(lines).toContain(JSON.stringify(key).slice(1, -1));
});

test("the base64 of any text around a secret holds one of its forms, in both alphabets", () => {
  const secret = fc
    .string({ unit: "binary", minLength: 4, maxLength: 40 })
    .filter((text) => text.trim().length >= 4);
  const around = fc.string({ maxLength: 8 });
  fc.assert(
    fc.property(secret, around, around, (text, before, after) => {
      const whole = Buffer.from(before + text + after, "utf8");
      // A surrogate without its other half becomes another character, or meets that half in the text around.
      fc.pre(text.isWellFormed());
      const known = secretForms(text);
      for (const encoding of ["base64", "base64url"] as const) {
        const encoded = whole.toString(encoding);
        expect(known.some((form) => encoded.includes(form))).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test("the base64 of a secret in a longer text is covered but for the digits that it shares with its neighbours", () => {
  for (const before of ["", "u", "u:", "usr", "user"]) {
    for (const after of ["", "x", "xy", "xyz"]) {
      const encoded = Buffer.from(`${before}${canary}${after}`).toString("base64");
      const found = forms.find((form) => encoded.includes(form)) ?? "";
      const rest = encoded.replace(found, "");
      const own = Math.ceil((before.length * 8) / 6) + Math.ceil((after.length * 8) / 6) + 2;
      expect(rest.replaceAll("=", "").length).toBeLessThanOrEqual(own);
    }
  }
});

test("long base64 is found in the lines that programs break it into", () => {
  const long = Array.from({ length: 20 }, (_, index) => `part ${index} of it`).join(", ");
  for (const width of [64, 76]) {
    const lines =
      Buffer.from(long)
        .toString("base64")
        .match(new RegExp(`.{1,${width}}`, "g")) ?? [];
    expect(secretForms(long)).toEqual(expect.arrayContaining(lines));
  }
});

test("a text that no UTF-8 holds does no harm", () => {
  expect(secretForms("\ud800 token")).toContain("\ud800 token");
});
