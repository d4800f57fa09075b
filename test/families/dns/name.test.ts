import { expect, test } from "vitest";
import { fullName } from "../../../src/families/dns/name.ts";

test.each([
  ["www", "example.com", "www.example.com"],
  ["www.example.com", "example.com", "www.example.com"],
  ["WWW.Example.com.", "example.com", "www.example.com"],
  ["@", "example.com", "example.com"],
  ["", "example.com", "example.com"],
  ["example.com", "example.com", "example.com"],
  ["*", "example.com", "*.example.com"],
  ["_dnsauth.www", "example.com", "_dnsauth.www.example.com"],
  ["notexample.com", "example.com", "notexample.com.example.com"],
  ["bücher", "example.com", "xn--bcher-kva.example.com"],
])("%j in zone %s is %s", (name, zone, full) => {
  expect(fullName(name, zone)).toBe(full);
});
