/** A removal that is killed once Helm has removed the release is found by what it left, and carried on. */
import { expect, test } from "vitest";
import { kubernetesFamily } from "../../../src/families/kubernetes/family.ts";
import { Secret } from "../../../src/step/secret.ts";
import externalDns from "../../../src/steps/dns/external-dns.ts";
import { quickClock } from "../../fakes/quick-clock.ts";
import { started } from "../../steps/helm/started.ts";

const input = {
  cluster: { kind: "cluster", id: "kubeconfig:k#c", name: "c" },
  token: new Secret("token", "test"),
  domainFilters: ["example.com"],
};
const crd = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "things.example.org", annotations: { "helm.sh/resource-policy": "keep" } },
  spec: { group: "example.org", names: { kind: "Thing" }, versions: [{ name: "v1", served: true }] },
};

test.each([
  ["Secret", ["Secret", "CustomResourceDefinition", "Namespace"]],
  ["CustomResourceDefinition", ["CustomResourceDefinition", "Namespace"]],
  ["Namespace", ["Namespace"]],
])(
  "killed at its %s: what is left carries the marks of the release, and one more takes it",
  async (at, left) => {
    const { step, cluster, context, helm } = started(externalDns, input, {
      manifest: () => JSON.stringify(crd),
      clock: quickClock(),
    });
    await step.up();
    cluster.intercept((verb, { kind, name }) => {
      const helms = name?.startsWith("sh.helm.") ?? false;
      if (verb === "delete" && kind === at && !helms) throw new Error("killed");
    });
    await expect(step.destroy()).rejects.toThrow("killed");
    cluster.intercept(() => undefined);
    expect(helm.calls.at(-1)).toBe("uninstall external-dns/external-dns");
    expect((await step.observe()).state).toBe("absent");

    const place = step.ref.within;
    const found = () => kubernetesFamily.discover(context, context.owner, place ? [place] : []);
    expect(await found()).toEqual([{ ref: step.ref, owner: context.owner }]);
    const before = cluster.writes.length;
    await step.destroy();
    expect(helm.calls.filter((call) => call.startsWith("uninstall"))).toHaveLength(1);
    const removed = cluster.writes.slice(before).flatMap((write) => /^delete (\S+)/.exec(write)?.[1] ?? []);
    expect(removed).toEqual(left);
    expect(await found()).toEqual([]);
  },
);
