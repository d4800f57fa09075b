import { expect, test } from "vitest";
import { renderFailure } from "../../src/reporters/failure.ts";
import { renderFindings } from "../../src/reporters/findings.ts";
import { renderOutputs } from "../../src/reporters/outputs.ts";
import { renderStatus } from "../../src/reporters/status.ts";
import { renderStep, renderSteps } from "../../src/reporters/steps.ts";
import type { StepManifest } from "../../src/step/shape.ts";
import { plainStyle } from "./memory-sink.ts";
import { failure, plan } from "./samples.ts";

test("a failure says step, thing, request, evidence and what to do", () => {
  expect(renderFailure(failure, plainStyle(), "nginx")).toMatchInlineSnapshot(`
    "error[P0540] nginx: the Service nginx/controller has no address
      request id  7c1f0d4e-1b7a-4d2c-9f5e-0a6b3c8d9e10
      evidence    SyncLoadBalancerFailed: AuthorizationFailed on
                  publicIPAddresses/join/action
                  EnsuringLoadBalancer: Ensuring load balancer
      hint        grant the cluster's identity the role Network Contributor on
                  rg-demo, then run the same command again
    "
  `);
});

test("a key among the evidence stays one line, so that it can be copied", () => {
  const key = `ssh-ed25519 ${"A".repeat(68)} provision clu-demo`;
  expect(renderFailure({ ...failure, evidence: [key] }, plainStyle())).toContain(key);
});

test("a finding says which steps ask, what is in the way, and what to do", () => {
  const many = ["group", "ip", "cluster", "nginx", "dns", "flux"];
  const findings = [
    {
      code: "P0644",
      severity: "warning",
      steps: ["zone", "www"],
      message: "nobody tells whether the token may edit",
      hint: "look at it",
    },
    {
      code: "P0615",
      severity: "blocker",
      steps: ["cluster"],
      message:
        "12 vCPUs of Standard_D4s_v5 are needed in westeurope, and 4 of 10 are left in the subscription",
      hint: "ask for a higher quota: https://aka.ms/ProdportalCRP/#blade",
    },
    { code: "P0640", severity: "ok", steps: many.slice(0, 4), message: "zone example.com is active" },
    { code: "P0650", severity: "ok", steps: many, message: "helm 4.2.3 is here" },
  ] as const;
  expect(renderFindings(findings, plainStyle())).toMatchInlineSnapshot(`
    "! P0644  zone, www: nobody tells whether the token may edit
             look at it
    ✗ P0615  cluster: 12 vCPUs of Standard_D4s_v5 are needed in westeurope, and 4
             of 10 are left in the subscription
             ask for a higher quota: https://aka.ms/ProdportalCRP/#blade
    ✓ P0640  group, ip, cluster, nginx: zone example.com is active
    ✓ P0650  group, ip, cluster and 3 more: helm 4.2.3 is here

    Preflight: 1 in the way, 1 worth a look, 2 as needed.
    "
  `);
  expect(renderFindings([], plainStyle())).toBe("\nPreflight: nothing to ask.\n");
});

test("the status is one line a step", () => {
  expect(renderStatus(plan(), ["group"], plainStyle(90))).toMatchInlineSnapshot(`
    "aks-nginx-flux/clu-demo

    ✗ group     azure/resource-group    does not work
    ~ ip        azure/public-ip         differs
        idleTimeout: 4 → 10
        token: (secret, changed)
    + identity  azure/managed-identity  not there
    + grant     azure/role-assignment   not there
    ~ cluster   azure/aks-cluster       differs
        kubernetesVersion: 1.34.6 → 1.35.4
    ? nginx     ingress/nginx           an operation is running: pending-upgrade

    Status: 1 not working, 2 not there, 2 drifted, 1 not known, 0 as wanted.
    "
  `);
});

test("outputs are aligned, and secrets stay secret", () => {
  expect(renderOutputs(plan().outputs, plainStyle())).toMatchInlineSnapshot(`
    "  address  52.0.0.1
      url      (known after nginx)
      token    (secret)
    "
  `);
});

const manifest: StepManifest = {
  type: "azure/public-ip",
  version: 1,
  summary: "A static public IPv4 address.",
  readOnly: false,
  input: {
    kind: "object",
    properties: {
      group: {
        shape: {
          kind: "object",
          properties: {},
          handle: "resource-group",
          description: "The group to make it in.",
        },
        required: true,
      },
      name: { shape: { kind: "string", maximumLength: 80, description: "Its name." }, required: true },
      idleTimeout: {
        shape: {
          kind: "number",
          integer: true,
          minimum: 4,
          maximum: 30,
          default: 4,
          description: "Minutes.",
        },
        required: false,
      },
    },
  },
  output: {
    kind: "object",
    handle: "public-ip",
    properties: {
      kind: { shape: { kind: "literal", value: "public-ip" }, required: true },
      address: { shape: { kind: "string", description: "The IPv4 address." }, required: true },
      fqdn: { shape: { kind: "string" }, required: false },
    },
  },
  volatile: ["fqdn"],
};

test("one step type is a page, with an example to copy", () => {
  expect(renderStep(manifest, plainStyle())).toMatchInlineSnapshot(`
    "azure/public-ip
    A static public IPv4 address.

    Inputs
      group        resource-group handle, required
                   The group to make it in.
      name         string, at most 80 characters, required
                   Its name.
      idleTimeout  integer, 4 to 30, default 4
                   Minutes.

    Outputs  together a public-ip handle
      address  string
               The IPv4 address.
      fqdn     string, an update may change it

    Example
      public-ip:
        uses: azure/public-ip
        with:
          group: \${{ steps.resource-group.outputs }}
          name: my-name
    "
  `);
});

test("all step types are a list in groups", () => {
  const other = { ...manifest, type: "dns/cloudflare-record", summary: "A DNS record in a Cloudflare zone." };
  expect(renderSteps([manifest, other], plainStyle())).toMatchInlineSnapshot(`
    "azure
      azure/public-ip        A static public IPv4 address.

    dns
      dns/cloudflare-record  A DNS record in a Cloudflare zone.

    \`provision steps TYPE\` shows one's inputs, outputs and an example.
    "
  `);
});

test("status does not say of what it could not verify that it works", () => {
  const text = renderStatus(plan(), [], plainStyle(90), ["group"]);
  expect(text).toMatch(/^– group +azure\/resource-group +as wanted, not verified$/m);
});
