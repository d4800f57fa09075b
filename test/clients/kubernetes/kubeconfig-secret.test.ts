import { expect, test } from "vitest";
import { kubeconfigSecret } from "../../../src/clients/kubernetes/kubeconfig.ts";
import { secretFrom } from "../../../src/language/contents.ts";
import { Secret } from "../../../src/step/secret.ts";

const key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\n-----END PRIVATE KEY-----\n";
const encoded = Buffer.from(key).toString("base64");

test("of a kubeconfig only what logs in is to be masked, never its server, its names or its kind", () => {
  const text = JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "clu-demo", cluster: { server: "https://clu-demo.example:443" } }],
    users: [
      { name: "admin", user: { token: "t0ken-of-admin", "client-key-data": encoded } },
      { name: "other", user: { username: "u", password: "pa55word" } },
      { name: "none", user: null },
    ],
    contexts: [],
  });
  const secret = kubeconfigSecret(text, "clu-demo");
  expect(secret.reveal()).toBe(text);
  expect(secret.revealParts()).toEqual(["t0ken-of-admin", encoded, key, "pa55word"]);
});

test("what can't be read as a kubeconfig is secret as a whole", () => {
  expect(kubeconfigSecret("{", "clu-demo").revealParts()).toEqual(["{"]);
});

test("of a text made with a secret, the secret is to be masked, and the text where it is one line", () => {
  const token = new Secret("opensesame", "TOKEN");
  expect(secretFrom("Bearer opensesame", [token]).revealParts()).toEqual(["Bearer opensesame", "opensesame"]);
  expect(secretFrom("kind: Secret\ntoken: opensesame\n", [token]).revealParts()).toEqual(["opensesame"]);
});
