import { expect, test } from "vitest";
import { createRenewal } from "../../../src/clients/azure/renewal.ts";

/** Credentials that give `new-1`, `new-2`, …, one token each, and a service that takes some of the tokens. */
const start = (takes: (token: string) => boolean, challenge = 'Bearer error="invalid_token"') => {
  let opened = 0;
  const sent: string[] = [];
  const renewal = createRenewal(async () => {
    const token = `new-${++opened}`;
    return { getToken: async () => ({ token, expiresOnTimestamp: 0 }) };
  }, "scope");
  const ask = () => {
    const headers = new Map([["authorization", "Bearer old"]]);
    return renewal.sendRequest({ headers }, async (request) => {
      const token = request.headers.get("authorization") ?? "";
      sent.push(token);
      return takes(token)
        ? { status: 200, headers: new Map<string, string>() }
        : { status: 401, headers: new Map([["www-authenticate", challenge]]) };
    });
  };
  return { ask, sent, opened: () => opened };
};

test("while tokens are taken, nothing is opened", async () => {
  const { ask, opened } = start(() => true);
  expect((await ask()).status).toBe(200);
  expect(opened()).toBe(0);
});

test("a refused token is replaced, and the request sent again; later ones begin with the new token", async () => {
  const { ask, sent, opened } = start((token) => token !== "Bearer old");
  expect((await ask()).status).toBe(200);
  expect((await ask()).status).toBe(200);
  expect(sent).toEqual(["Bearer old", "Bearer new-1", "Bearer new-1"]);
  expect(opened()).toBe(1);
});

test("requests that are refused at the same time share one new login", async () => {
  const { ask, opened } = start((token) => token !== "Bearer old");
  const answers = await Promise.all([ask(), ask(), ask()]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(opened()).toBe(1);
});

test("a second refusal is the answer", async () => {
  const { ask, sent } = start(() => false);
  expect((await ask()).status).toBe(401);
  expect(sent).toEqual(["Bearer old", "Bearer new-1"]);
});

test("a challenge for more claims is left to the SDK", async () => {
  const { ask, opened } = start(() => false, 'Bearer error="insufficient_claims", claims="e30="');
  expect((await ask()).status).toBe(401);
  expect(opened()).toBe(0);
});
