/**
 * The main job on real parts: pipelines/aks-nginx-flux.yaml as it is shipped, with the real API server, Helm, charts and
 * controllers; Azure and Cloudflare are the sandbox's. Writes are counted by the API server's own audit log.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { failuresOf, written } from "../../e2e/command.ts";
import { proves } from "../verified/claim.ts";
import { openRealParts, type RealParts } from "./real-parts.ts";

/** Controllers take their time. */
const soon = { timeout: 120_000, interval: 500 };

const ingress = (host: string) => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: {
    name: host.split(".")[0],
    namespace: "default",
    annotations: { "cert-manager.io/cluster-issuer": "letsencrypt-production" },
  },
  spec: {
    ingressClassName: "nginx",
    rules: [
      {
        host,
        http: {
          paths: [
            {
              path: "/",
              pathType: "Prefix",
              backend: { service: { name: "kubernetes", port: { number: 443 } } },
            },
          ],
        },
      },
    ],
    tls: [{ hosts: [host], secretName: `${host.split(".")[0]}-tls` }],
  },
});

describe.each(["helm4", "helm3"] as const)("with %s", (helm) => {
  let parts: RealParts;
  beforeAll(async () => {
    parts = await openRealParts(helm, "pipelines/aks-nginx-flux.yaml");
  });
  afterAll(() => parts[Symbol.asyncDispose]());

  test("`up` brings every step of the main pipeline to work", {
    meta: proves(
      {
        step: "azure/role-assignment",
        claim: "the cluster's identity may use the address in its own group",
        by: ["cloud-provider-azure"],
      },
      {
        step: "azure/public-ip",
        claim: "the cloud provider finds the address by name and group",
        by: ["cloud-provider-azure"],
      },
      {
        step: "azure/aks-cluster",
        claim:
          "the cluster's login opens the API server, and its identity and node group serve the cloud provider",
        by: ["control-plane", "cloud-provider-azure"],
      },
      {
        step: "ingress/nginx",
        claim: "the LoadBalancer Service has the static address",
        by: ["control-plane", helm, "cloud-provider-azure"],
      },
      {
        step: "certificates/cert-manager",
        claim: "done only when the webhook answers through the API server",
        by: ["control-plane", helm, "cert-manager"],
      },
      {
        step: "certificates/cluster-issuers",
        claim: "both ACME accounts are registered",
        by: ["control-plane", "cert-manager", "pebble"],
      },
      {
        step: "gitops/flux-v1",
        claim: "Flux has read the repository with the key of `git/deploy-key`",
        by: ["control-plane", helm, "fluxd", "git and ssh"],
      },
      {
        step: "gitops/helm-operator",
        claim: "the operator runs and HelmRelease is served",
        by: ["control-plane", helm, "helm-operator"],
      },
      {
        step: "ingress/probe",
        claim: "a host has address, record and certificate, and all of it is gone afterwards",
        by: [
          "control-plane",
          "ingress-nginx",
          "external-dns",
          "cert-manager",
          "pebble",
          "HTTP01 stand-in",
          "nginx stand-in",
        ],
      },
    ),
  }, async () => {
    const { exitCode, events, said } = await parts.events("up").ended;
    expect(failuresOf(events)).toEqual([]);
    expect(exitCode, said).toBe(0);
    const address = await parts.kubectl(
      "get",
      "service/nginx-controller",
      "--namespace=ingress-nginx",
      "--output=jsonpath={.status.loadBalancer.ingress[0].ip}",
    );
    const outputs = await parts.run("outputs", "--json");
    expect(JSON.parse(outputs.stdout)).toMatchObject({ address: { kind: "value", value: address } });
    expect((await parts.cloud()).records.filter((record) => record.includes("probe"))).toEqual([]);
    expect(await parts.kubectl("get", "ingresses,certificates", "--all-namespaces", "--output=name")).toBe(
      "",
    );
  });

  test("a second `up` writes nothing, by the API server's audit log", {
    meta: proves(
      ...(
        [
          "ingress/nginx",
          "dns/external-dns",
          "certificates/cert-manager",
          "certificates/cluster-issuers",
          "gitops/helm-operator",
          "gitops/flux-v1",
          "git/deploy-key",
          "ingress/probe",
        ] as const
      ).map((step) => ({
        step,
        claim: "a second `up` writes nothing, by the audit log",
        by: ["control-plane"] as const,
      })),
    ),
  }, async () => {
    const before = (await parts.writes()).length;
    const { exitCode, events } = await parts.events("up").ended;
    expect(exitCode).toBe(0);
    expect(written(events)).toEqual([]);
    expect((await parts.writes()).slice(before)).toEqual([]);
  });

  test("an Ingress of a user's gets its address, records under our owner and a certificate; hosts of other zones none", {
    meta: proves(
      {
        step: "ingress/nginx",
        claim: "Ingresses of its class get the published Service's address in their status",
        by: ["ingress-nginx", "nginx stand-in"],
      },
      {
        step: "dns/external-dns",
        claim:
          "a host in the zone gets A and TXT records with our owner; one outside the domain filter gets none",
        by: ["external-dns"],
      },
      {
        step: "certificates/cluster-issuers",
        claim: "a certificate is issued by HTTP01 through the ingress class of the solver",
        by: ["cert-manager", "pebble", "HTTP01 stand-in"],
      },
    ),
  }, async () => {
    await parts.apply(ingress("shop.example.com"));
    await parts.apply(ingress("shop-elsewhere.example.net"));
    await vi.waitFor(async () => {
      const records = (await parts.cloud()).records.filter((record) => record.includes("shop"));
      expect(records.toSorted()).toEqual([
        expect.stringMatching(
          /^a-shop\.example\.com TXT "?heritage=external-dns,external-dns\/owner=clu-demo,/,
        ),
        expect.stringMatching(/^shop\.example\.com A \d+\.\d+\.\d+\.\d+$/),
      ]);
    }, soon);
    await parts.kubectl("wait", "certificate/shop-tls", "--for=condition=Ready", "--timeout=120s");
  });

  test("drift by hand is seen by `status` and mended by `up`", {
    meta: proves(
      {
        step: "ingress/nginx",
        claim: "a changed replica count and annotation are seen by `status` and mended by `up`",
        by: ["control-plane", helm],
      },
      {
        step: "dns/external-dns",
        claim: "a deleted token Secret is seen by `status` and mended by `up`",
        by: ["control-plane", helm],
      },
    ),
  }, async () => {
    const annotation = "service.beta.kubernetes.io/azure-load-balancer-resource-group";
    const service = ["service/nginx-controller", "--namespace=ingress-nginx"];
    const read = () =>
      Promise.all([
        parts.kubectl(
          "get",
          "deployment/nginx-controller",
          "--namespace=ingress-nginx",
          "--output=jsonpath={.spec.replicas}",
        ),
        parts.kubectl("get", ...service, "--output=jsonpath={.metadata.annotations}"),
        parts.kubectl(
          "get",
          "secret/external-dns-cloudflare",
          "--namespace=external-dns",
          "--output=jsonpath={.data}",
        ),
      ]);
    const wanted = await read();
    await parts.kubectl("scale", "deployment/nginx-controller", "--namespace=ingress-nginx", "--replicas=3");
    await parts.kubectl("annotate", ...service, `${annotation}=elsewhere`, "--overwrite");
    await parts.kubectl("delete", "secret/external-dns-cloudflare", "--namespace=external-dns");
    const status = await parts.run("status");
    expect(status.said).toMatch(/~ nginx +ingress\/nginx +differs/);
    expect(status.said).toMatch(/spec\.replicas: 3 → /);
    expect(status.said).toContain(`${annotation}"]: elsewhere → rg-clu-demo-ip`);
    expect(status.said).toMatch(/~ external-dns +dns\/external-dns +differs/);
    const { exitCode, events } = await parts.events("up").ended;
    expect(exitCode).toBe(0);
    expect(written(events).toSorted()).toEqual(["external-dns update", "nginx update"]);
    expect(await read()).toEqual(wanted);
  });

  test("`destroy` leaves no record of ours, none of another's is touched, and the cloud is empty", {
    meta: proves({
      step: "dns/external-dns",
      claim: "`destroy` takes its records along, and leaves those of others",
      by: ["external-dns", "control-plane"],
    }),
  }, async () => {
    await parts.makeRecord("somebody-else.example.com", "192.0.2.1");
    const { exitCode, said } = await parts.events("destroy").ended;
    expect(exitCode, said).toBe(0);
    expect(await parts.cloud()).toMatchObject({
      groups: [],
      resources: [],
      records: ["somebody-else.example.com A 192.0.2.1"],
      deployKeys: [],
      directory: [],
    });
  });
});
