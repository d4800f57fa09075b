/** A plan and the events of a run, as reporters are given them. */
import type { Action, Plan, PlannedStep } from "../../src/plan/plan.ts";
import type { Event, TimedEvent } from "../../src/run/event.ts";

export const step = (
  id: string,
  type: string,
  action: Action,
  rest: Partial<PlannedStep> = {},
): PlannedStep => ({
  id,
  type,
  action,
  changes: [],
  notes: [],
  problems: [],
  after: [],
  ...rest,
});

const value = (text: string | number) => ({ kind: "value", value: text }) as const;
const nothing = { kind: "nothing" } as const;
const place = (name: string) => ({
  type: "",
  version: 1,
  id: `/subscriptions/s/resourceGroups/rg-demo/providers/Microsoft.X/y/${name}`,
});

export const steps: readonly PlannedStep[] = [
  step("group", "azure/resource-group", "none"),
  step("ip", "azure/public-ip", "update", {
    after: ["group"],
    ref: place("clu-demo-ip"),
    changes: [
      { path: "idleTimeout", before: value(4), after: value(10), effect: "update" },
      { path: "token", before: { kind: "secret" }, after: { kind: "secret" }, effect: "update" },
    ],
  }),
  step("identity", "azure/managed-identity", "create", {
    after: ["group"],
    ref: place("clu-demo-identity"),
    changes: [{ path: "location", before: nothing, after: value("westeurope"), effect: "update" }],
  }),
  step("grant", "azure/role-assignment", "create", {
    after: ["group", "identity"],
    changes: [
      {
        path: "principalId",
        before: nothing,
        after: { kind: "unknown", after: ["identity"] },
        effect: "update",
      },
    ],
  }),
  step("cluster", "azure/aks-cluster", "update", {
    after: ["group", "identity", "grant"],
    ref: place("clu-demo"),
    notes: ["was step `aks`: marked anew"],
    changes: [
      { path: "kubernetesVersion", before: value("1.34.6"), after: value("1.35.4"), effect: "disrupt" },
    ],
  }),
  step("nginx", "ingress/nginx", "decide-later", {
    after: ["cluster", "ip"],
    notes: ["an operation is running: pending-upgrade"],
  }),
];

export const plan = (changes: Partial<Plan> = {}): Plan => ({
  version: 1,
  command: "up",
  scope: { pipeline: "aks-nginx-flux", instance: "clu-demo" },
  file: "pipelines/aks-nginx-flux.yaml",
  offline: false,
  inputs: {},
  binding: { tool: "0.1.0", digest: "sha256:0" },
  steps,
  orphans: [],
  outputs: {
    address: value("52.0.0.1"),
    url: { kind: "unknown", after: ["nginx"] },
    token: { kind: "secret" },
  },
  ...changes,
});

/** Events, each so many milliseconds after the start. */
export const at = (milliseconds: number, event: Event): TimedEvent => ({
  ...event,
  version: 1,
  at: milliseconds,
});

export const failure = {
  kind: "rejected",
  code: "P0540",
  message: "the Service nginx/controller has no address",
  hint: "grant the cluster's identity the role Network Contributor on rg-demo, then run the same command again",
  resource: "Service nginx/controller",
  requestId: "7c1f0d4e-1b7a-4d2c-9f5e-0a6b3c8d9e10",
  evidence: [
    "SyncLoadBalancerFailed: AuthorizationFailed on publicIPAddresses/join/action",
    "EnsuringLoadBalancer: Ensuring load balancer",
  ],
} as const;

export const announced = steps.map(({ id, type, action, after }) => ({ id, type, action, after }));
