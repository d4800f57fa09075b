/** A URL is asked for real, from a server on loopback with the sandbox's certificate. */
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { expect, onTestFinished, test } from "vitest";
import { httpWith } from "../../../src/clients/http/request.ts";
import { openAuthority } from "../../../src/sandbox/authority/authority.ts";
import check from "../../../src/steps/http/check.ts";
import { driveStep } from "../../fakes/drive-step.ts";
import { fakeContext } from "../../fakes/step-context.ts";
import { temporaryFolder } from "../../sandbox/open.ts";

const open = async (answer: (request: IncomingMessage, response: ServerResponse) => void, trusted = true) => {
  const authority = await openAuthority(await temporaryFolder(), Date.now());
  const server = createServer({ cert: authority.server.certificate, key: authority.server.key }, answer);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const context = fakeContext({ http: httpWith(trusted ? authority.certificate : undefined) });
  const url = `https://localhost:${port}/`;
  const verdict = (input: object = {}) =>
    driveStep(check, context, { url, resolve: "127.0.0.1", ...input }).up();
  return { verdict, context, url };
};

test("status, body and issuer are looked at", async () => {
  const { verdict } = await open((_, response) => response.end("Hello there"));
  expect(await verdict({ contains: "there", issuer: "SANDBOX" })).toMatchObject({
    ready: true,
    detail: expect.stringMatching(/answers 200, certificate from .*sandbox/i),
  });
  expect(await verdict({ status: 301 })).toMatchObject({
    ready: false,
    reason: "it answers with status 200, not 301",
    worthWaiting: true,
  });
  expect(await verdict({ contains: "nobody" })).toMatchObject({ reason: 'its body does not hold "nobody"' });
  expect(await verdict({ issuer: "Let's Encrypt" })).toMatchObject({
    reason: expect.stringMatching(/^its certificate is from .*, not Let's Encrypt$/),
  });
});

test("redirects are followed only where they are asked for", async () => {
  const { verdict } = await open(({ url }, response) => {
    if (url === "/") response.writeHead(302, { location: "/home" }).end();
    else response.end("home");
  });
  expect(await verdict({})).toMatchObject({ reason: "it answers with status 302, not 200" });
  expect(await verdict({ status: 302 })).toMatchObject({ ready: true });
  expect(await verdict({ redirects: 1, contains: "home" })).toMatchObject({ ready: true });
});

test("a redirect away from HTTPS is refused", async () => {
  const { verdict } = await open((_, response) =>
    response.writeHead(302, { location: "http://a.test/" }).end(),
  );
  expect(await verdict({ redirects: 1 })).toMatchObject({
    reason: expect.stringContaining("redirects from HTTPS to http://a.test"),
  });
});

test("a certificate that is not trusted is never taken", async () => {
  const { verdict } = await open((_, response) => response.end(), false);
  expect(await verdict({ issuer: "sandbox" })).toMatchObject({
    ready: false,
    reason: expect.stringContaining("its certificate is not trusted"),
  });
});

test("an endless body is read to its first megabyte", async () => {
  const { verdict } = await open((_, response) => {
    const more = () => {
      while (response.write("x".repeat(64 * 1024)));
    };
    response.on("drain", more);
    more();
  });
  expect(await verdict({ contains: "xxx" })).toMatchObject({ ready: true });
});

test("a cancelled run stops asking at once", async () => {
  const cancelled = new AbortController();
  const { context, url } = await open(() => cancelled.abort(new Error("cancelled")));
  const input = check.input.parse({ url, resolve: "127.0.0.1" });
  const own = { ...context, signal: cancelled.signal };
  await expect(check.verify(own, { type: check.type, version: 1, id: url }, input)).rejects.toThrow(
    "cancelled",
  );
});

test("nobody listening is worth waiting for", async () => {
  const { verdict } = await open((_, response) => response.end());
  expect(await verdict({ url: "https://localhost:1/" })).toMatchObject({ ready: false, worthWaiting: true });
});

test("a URL that holds a login is refused", () => {
  expect(check.input.safeParse({ url: "https://me:secret@example.com/" }).success).toBe(false);
});
