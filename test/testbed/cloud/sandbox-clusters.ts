/** The managed clusters of a running sandbox, as another process sees them: from its control and its ARM. */
import { Agent, request } from "undici";
import { z } from "zod";

/** What both a sandbox in this process and one found by its folder say of themselves. */
export interface SandboxAccess {
  /** `https://127.0.0.1:<port>` */
  readonly url: string;
  /** PEM file of what signed its certificate. */
  readonly authorityFile: string;
  /** The same as text. */
  readonly authority: string;
  /** Opens `/control`. */
  readonly controlToken: string;
  environment(): Record<string, string>;
}

/** A cluster whose creation is done, with what its cloud provider is told. */
export interface ManagedCluster {
  readonly id: string;
  readonly tenant: string;
  readonly subscription: string;
  readonly location: string;
  readonly nodeGroup: string;
  /** Client id of the user-assigned identity that the cluster acts as; none where it is the system's. */
  readonly identity: string | undefined;
  /** ARM ids. */
  readonly subnet: string;
  readonly securityGroup: string;
}

/** Ids of the clusters that are there, and of those whose creation or deletion is under way. */
export interface Census {
  readonly present: readonly string[];
  readonly unsettled: readonly string[];
  /** Ids of every resource. */
  readonly resources: readonly string[];
}

const inventory = z.object({ resources: z.array(z.string()), operations: z.array(z.string()) });
const token = z.object({ access_token: z.string() });
const cluster = z.object({
  location: z.string(),
  identity: z
    .object({ userAssignedIdentities: z.record(z.string(), z.object({ clientId: z.string() })).optional() })
    .optional(),
  properties: z.object({
    provisioningState: z.string(),
    nodeResourceGroup: z.string(),
    agentPoolProfiles: z.array(z.object({ vnetSubnetID: z.string().nullish() })),
  }),
});

const isCluster = (id: string): boolean => /\/managedclusters\/[^/]+$/i.test(id);

const ask = async <Answer>(
  sandbox: SandboxAccess,
  schema: z.ZodType<Answer>,
  path: string,
  options: { readonly bearer?: string; readonly form?: Readonly<Record<string, string>> },
): Promise<Answer> => {
  const dispatcher = new Agent({ connect: { ca: sandbox.authority } });
  try {
    const { statusCode, body } = await request(`${sandbox.url}${path}`, {
      dispatcher,
      method: options.form === undefined ? "GET" : "POST",
      headers: options.bearer === undefined ? {} : { authorization: `Bearer ${options.bearer}` },
      ...(options.form === undefined ? {} : { body: new URLSearchParams(options.form).toString() }),
    });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`${path.split("?")[0]}: ${statusCode} ${text}`);
    return schema.parse(JSON.parse(text));
  } finally {
    await dispatcher.close();
  }
};

/** Asked of the sandbox's control, which no bucket of ARM's counts. */
export const takeCensus = async (sandbox: SandboxAccess): Promise<Census> => {
  const found = await ask(sandbox, inventory, "/control/inventory", { bearer: sandbox.controlToken });
  const unsettled = found.operations
    .map((operation) => operation.split(" "))
    .filter(([state]) => state === "Creating" || state === "Deleting")
    .map(([, id = ""]) => id.toLowerCase())
    .filter(isCluster);
  return { present: found.resources.filter(isCluster), unsettled, resources: found.resources };
};

/** The login of the sandbox, for ARM. */
const login = async (sandbox: SandboxAccess): Promise<string> => {
  const { AZURE_TENANT_ID, AZURE_CLIENT_ID = "", AZURE_CLIENT_SECRET = "" } = sandbox.environment();
  const answer = await ask(sandbox, token, `/${AZURE_TENANT_ID}/oauth2/v2.0/token`, {
    form: {
      grant_type: "client_credentials",
      client_id: AZURE_CLIENT_ID,
      client_secret: AZURE_CLIENT_SECRET,
      scope: "https://management.azure.com/.default",
    },
  });
  return answer.access_token;
};

/** Reads a cluster. Undefined where its creation has failed: it has no nodes then. */
export const readCluster = async (
  sandbox: SandboxAccess,
  { resources }: Census,
  id: string,
): Promise<ManagedCluster | undefined> => {
  const bearer = await login(sandbox);
  const { location, identity, properties } = await ask(sandbox, cluster, `${id}?api-version=2025-05-01`, {
    bearer,
  });
  const { AZURE_TENANT_ID: tenant = "", AZURE_SUBSCRIPTION_ID: subscription = "" } = sandbox.environment();
  const nodeGroup = properties.nodeResourceGroup;
  const inGroup = (type: string): string | undefined => {
    const start =
      `/subscriptions/${subscription}/resourcegroups/${nodeGroup}/providers/${type}/`.toLowerCase();
    return resources.find((resource) => resource.toLowerCase().startsWith(start));
  };
  const network = inGroup("Microsoft.Network/virtualNetworks");
  const given = properties.agentPoolProfiles.find((pool) => pool.vnetSubnetID)?.vnetSubnetID;
  const subnet = given ?? (network === undefined ? undefined : `${network}/subnets/aks-subnet`);
  const securityGroup = inGroup("Microsoft.Network/networkSecurityGroups");
  if (subnet === undefined || securityGroup === undefined) return undefined;
  const [assigned] = Object.values(identity?.userAssignedIdentities ?? {});
  return {
    id,
    tenant,
    subscription,
    location,
    nodeGroup,
    identity: assigned?.clientId,
    subnet,
    securityGroup,
  };
};
