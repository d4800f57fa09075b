import { expect, test } from "vitest";
import { Failure } from "../../../src/step/failure.ts";
import { keySecretFor, knownHostsMount, knownHostsVolume } from "../../../src/steps/gitops/key-secret.ts";

const key = {
  kind: "deploy-key" as const,
  repository: "git@github.com:owner/name",
  namespace: "fluxcd",
  secret: "flux-key",
  publicKey: "ssh-ed25519 AAAA",
  fingerprint: "SHA256:AAAA",
};

test("a key in the chart's own namespace gives its Secret, and no key gives none", () => {
  expect(keySecretFor("Flux")({ key, namespace: "fluxcd" })).toBe("flux-key");
  expect(keySecretFor("Flux")({ namespace: "fluxcd" })).toBeUndefined();
});

test("a key in another namespace is refused, with where to put it", () => {
  const wrong = () => keySecretFor("the Helm operator")({ key, namespace: "operator" });
  expect(wrong).toThrow(Failure);
  expect(wrong).toThrow("the deploy key is in namespace fluxcd, and the Helm operator runs in operator");
});

test("the key's host keys are mounted where ssh in the images looks for them", () => {
  const [volume] = knownHostsVolume(key);
  const [mount] = knownHostsMount;
  expect(volume?.secret).toMatchObject({
    secretName: "flux-key",
    items: [{ key: "known_hosts", path: "known_hosts" }],
  });
  expect(mount).toEqual({ name: volume?.name, mountPath: "/root/.ssh", readOnly: true });
});
