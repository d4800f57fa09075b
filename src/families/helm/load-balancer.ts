/** A Service of type LoadBalancer on a static public IP of Azure: the annotations that ask for it, and the proof. */
import { z } from "zod";
import type { JsonObject } from "../../clients/helm/client.ts";
import type { KubernetesClient } from "../../clients/kubernetes/client.ts";
import type { PublicIpHandle } from "../../step/handle.ts";
import type { Verdict } from "../../step/step.ts";
import { eventsOf } from "../kubernetes/evidence.ts";
import { valueAt } from "./values.ts";

const azure = "service.beta.kubernetes.io/azure";
const addressAnnotation = "provision.dev/address";

export const recordedAddress = {
  /**
   * cloud-provider-azure takes the address by name and group before anything else. The probe path is needed as AKS
   * probes `/` otherwise, where nginx answers 404 and the address is dead (Azure/AKS#3210). The last one is our own
   * note of the address, to read back; by a getter, since it is not known before the address is there.
   */
  annotations: (address: PublicIpHandle): JsonObject => ({
    [`${azure}-pip-name`]: address.name,
    [`${azure}-load-balancer-resource-group`]: address.group,
    [`${azure}-load-balancer-health-probe-request-path`]: "/healthz",
    get [addressAnnotation]() {
      return address.address;
    },
  }),
  /** The address that a release's values ask for; empty for a release of somebody else. */
  of: (values: JsonObject): string =>
    String(valueAt(values, ["controller", "service", "annotations", addressAnnotation]) ?? ""),
};

const statusSchema = z.looseObject({
  status: z
    .looseObject({
      loadBalancer: z
        .looseObject({ ingress: z.array(z.looseObject({ ip: z.string().optional() })).nullish() })
        .nullish(),
    })
    .nullish(),
});

/** Ready where the Service has exactly this address; else with the Service's events, which say what Azure refused. */
export const addressOnService = async (
  client: KubernetesClient,
  namespace: string,
  name: string,
  address: PublicIpHandle,
): Promise<Verdict> => {
  const service = await client.get({ apiVersion: "v1", kind: "Service", namespace, name });
  if (!service)
    return { ready: false, reason: `Service ${namespace}/${name} is not there`, worthWaiting: false };
  const found = statusSchema.parse(service).status?.loadBalancer?.ingress?.[0]?.ip;
  if (found === address.address) return { ready: true, detail: `${found} on the Service` };
  const evidence = await eventsOf(client, { kind: "Service", namespace, name });
  return {
    ready: false,
    reason: found
      ? `Service ${name} has the address ${found}, not ${address.address}`
      : `Service ${name} has no address yet`,
    worthWaiting: true,
    hint: hintFor(evidence.join("\n"), address),
    evidence,
  };
};

/** Texts of cloud-provider-azure and ARM. Pure. */
export const hintFor = (events: string, address: PublicIpHandle): string | undefined => {
  if (/AuthorizationFailed|LinkedAuthorizationFailed/.test(events))
    return `the cluster's identity needs Network Contributor on resource group ${address.group}: give it by \`azure/role-assignment\` and pass that to the cluster's \`grants\``;
  if (/doesn't exist|was not found in resource group/.test(events))
    return `there is no public IP ${address.name} in resource group ${address.group} for the cluster's load balancer`;
  return undefined;
};
