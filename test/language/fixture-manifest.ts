/** A small manifest with each kind of shape in it: what the language's tests check against. */
import type { Manifest, ObjectShape, Property, Shape, StepManifest } from "../../src/step/shape.ts";

const text = (description: string): Shape => ({ kind: "string", description });
const required = (shape: Shape): Property => ({ shape, required: true });
const optional = (shape: Shape): Property => ({ shape, required: false });

const handle = (kind: string, properties: Record<string, Property>): ObjectShape => ({
  kind: "object",
  handle: kind,
  properties: { kind: required({ kind: "literal", value: kind }), ...properties },
});

const group = handle("resource-group", {
  id: required(text("ARM id of the resource group.")),
  name: required(text("Name of the resource group.")),
  location: required(text("Azure region, as in `westeurope`.")),
});

const publicIp = handle("public-ip", {
  id: required(text("ARM id of the public IP address.")),
  name: required(text("Name of the public IP address.")),
  address: required(text("The IPv4 address.")),
});

const cluster = handle("cluster", {
  id: required(text("Address of the cluster for clients.")),
  name: required(text("Name of the cluster.")),
});

/** What an input needs of a group: the name alone, so that any resource-group outputs do. */
const anyGroup = handle("resource-group", { name: required(text("Name of the resource group.")) });
const anyIp = handle("public-ip", { address: required(text("The IPv4 address.")) });
const anyCluster = handle("cluster", { id: required(text("Address of the cluster for clients.")) });

const step = (
  type: string,
  summary: string,
  input: Record<string, Property>,
  output: ObjectShape,
): StepManifest => ({
  type,
  version: 1,
  summary,
  readOnly: false,
  input: { kind: "object", properties: input },
  output,
  volatile: [],
});

const steps: readonly StepManifest[] = [
  step(
    "azure/resource-group",
    "A resource group.",
    {
      name: required({
        kind: "string",
        description: "Name of the group, 1 to 90 characters.",
        pattern: "^[A-Za-z0-9._()-]+$",
        minimumLength: 1,
        maximumLength: 90,
      }),
      location: required(text("Azure region, as in `westeurope`.")),
      tags: optional({
        kind: "record",
        values: text("Value of the tag."),
        description: "Tags of the group.",
      }),
    },
    group,
  ),
  step(
    "azure/public-ip",
    "A static public IP address.",
    {
      group: required({ ...anyGroup, description: "Group that holds the address." }),
      name: required(text("Name of the address.")),
      sku: optional({
        kind: "string",
        values: ["Standard", "Basic"],
        default: "Standard",
        description: "Tier of the address.",
      }),
      zones: optional({
        kind: "array",
        items: { kind: "string", values: ["1", "2", "3"] },
        minimumItems: 1,
        maximumItems: 3,
        description: "Availability zones.",
      }),
    },
    publicIp,
  ),
  step(
    "azure/aks-cluster",
    "A managed Kubernetes cluster.",
    {
      group: required({ ...anyGroup, description: "Group that holds the cluster." }),
      name: required(text("Name of the cluster.")),
      nodes: optional({
        kind: "object",
        description: "The system node pool.",
        properties: {
          count: optional({ kind: "number", integer: true, minimum: 1, maximum: 100, default: 3 }),
          size: required(text("VM size, as in `Standard_D2s_v5`.")),
          spot: optional({ kind: "boolean", default: false }),
        },
      }),
      access: optional({
        kind: "union",
        description: "How clients log in.",
        options: [
          { kind: "literal", value: "admin" },
          { kind: "literal", value: "user" },
          { kind: "literal", value: "entra" },
        ],
        default: "admin",
      }),
      login: optional({
        kind: "union",
        description: "Whose tokens are taken.",
        options: [
          {
            kind: "object",
            properties: { issuer: required(text("Issuer.")), subject: required(text("Subject.")) },
          },
          {
            kind: "object",
            properties: { repository: required(text("Repository.")), branch: required(text("Branch.")) },
          },
        ],
      }),
      outbound: optional({
        kind: "union",
        description: "How traffic leaves the cluster.",
        options: [
          {
            kind: "object",
            properties: {
              type: required({ kind: "literal", value: "load-balancer" }),
              addresses: optional({ kind: "array", items: anyIp }),
            },
          },
          {
            kind: "object",
            properties: {
              type: required({ kind: "literal", value: "nat-gateway" }),
              idle: optional({ kind: "number", minimum: 4, default: 4 }),
            },
          },
        ],
      }),
    },
    {
      ...cluster,
      properties: {
        ...cluster.properties,
        fqdn: optional(text("Name of the API server, where it is public.")),
      },
    },
  ),
  step(
    "kubernetes/secret",
    "A Secret in the cluster.",
    {
      cluster: required({ ...anyCluster, description: "Cluster that holds the Secret." }),
      name: required(text("Name of the Secret.")),
      data: required({ kind: "record", values: { kind: "secret" }, description: "What it holds, by key." }),
      type: optional({ kind: "union", options: [text("Type of the Secret."), { kind: "null" }] }),
    },
    handle("kubernetes-secret", {
      name: required(text("Name of the Secret.")),
      keys: required({ kind: "array", items: text("A key.") }),
    }),
  ),
  step(
    "gitops/deploy-key",
    "A key pair for a git repository.",
    {
      repository: required(text("URL of the repository.")),
      bits: optional({ kind: "number", default: 4096 }),
    },
    {
      kind: "object",
      properties: {
        publicKey: required(text("The public half.")),
        privateKey: required({ kind: "secret", description: "The private half." }),
        settings: required({ kind: "json", description: "What the host answered." }),
      },
    },
  ),
  step(
    "ingress/nginx",
    "The NGINX ingress controller.",
    {
      cluster: required({ ...anyCluster, description: "Cluster to install into." }),
      address: optional({ ...anyIp, description: "Static address of its load balancer." }),
      replicas: optional({ kind: "number", integer: true, minimum: 1, default: 2, description: "Pods." }),
      class: optional({ kind: "string", default: "nginx", description: "Name of the ingress class." }),
      token: optional({ kind: "secret", description: "A token." }),
      values: optional({ kind: "json", default: {}, description: "Chart values, merged last." }),
    },
    handle("ingress", { class: required(text("Name of the ingress class.")) }),
  ),
];

export const fixtureManifest: Manifest = Object.fromEntries(steps.map((entry) => [entry.type, entry]));
