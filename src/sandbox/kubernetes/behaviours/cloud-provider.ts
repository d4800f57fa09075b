/**
 * Azure's cloud provider, as far as Services see it: a LoadBalancer Service gets the address that its annotations
 * name, if it is there and the cluster's identity may use it; else the Event that cloud-provider-azure writes
 * (its `pkg/provider/azure_loadbalancer.go`).
 */
import type { ArmWorld } from "../../world.ts";
import type { Behaviour } from "../behaviour.ts";
import type { ClusterApi } from "../cluster-api.ts";
import { at, sameJson, textOf } from "../json.ts";
import { type KubernetesObject, nameOf } from "../object.ts";

const annotation = {
  name: "service.beta.kubernetes.io/azure-pip-name",
  group: "service.beta.kubernetes.io/azure-load-balancer-resource-group",
  ipv4: "service.beta.kubernetes.io/azure-load-balancer-ipv4",
};

const role = "Network Contributor";
const component = "service-controller";
/** The service controller tries again after 5 seconds at first; real time keeps an instant sandbox from spinning. */
const retry = { modelled: 5_000, least: 250 };

type Address = { readonly id: string; readonly address: string };
type Found = { readonly address: Address } | { readonly problem: string };

export const behaviour: Behaviour = {
  name: "cloud-provider-azure",
  reconcile: (cluster, { type, object }) => {
    if (object.apiVersion !== "v1" || object.kind !== "Service") return;
    if (type === "deleted") release(cluster, object);
    else ensure(cluster, object.metadata.namespace ?? "", object.metadata.name, object.metadata.uid);
  },
};

const wants = (service: KubernetesObject): boolean =>
  at(service, "spec", "type") === "LoadBalancer" && service.metadata.deletionTimestamp === undefined;

const frontend = (cluster: ClusterApi, service: KubernetesObject): string =>
  `${cluster.settings.nodeResourceGroup}/kubernetes/${service.metadata.uid ?? service.metadata.name}`;

const ensure = (cluster: ClusterApi, namespace: string, name: string, uid: string | undefined): void => {
  const service = cluster.get({ apiVersion: "v1", kind: "Service", namespace, name });
  if (service === undefined || service.metadata.uid !== uid) return;
  if (!wants(service)) {
    release(cluster, service);
    return;
  }
  const found = find(cluster, cluster.world.arm, service);
  if ("problem" in found) {
    const message = `Error syncing load balancer: failed to ensure load balancer: ${found.problem}`;
    cluster.emitEvent(service, "Warning", "SyncLoadBalancerFailed", message, component);
    cluster.pace.after(retry.modelled, () => ensure(cluster, namespace, name, uid), retry.least);
    return;
  }
  const { id, address } = found.address;
  const ingress = [{ ip: address, ipMode: "VIP" }];
  if (sameJson(at(service, "status", "loadBalancer", "ingress"), ingress)) return;
  cluster.emitEvent(service, "Normal", "EnsuringLoadBalancer", "Ensuring load balancer", component);
  cluster.pace.after(15_000, () => {
    cluster.world.arm.attach(id, frontend(cluster, service));
    const present = cluster.setStatus(
      nameOf(service),
      (status) => ({ ...status, loadBalancer: { ingress } }),
      component,
    );
    if (present)
      cluster.emitEvent(present, "Normal", "EnsuredLoadBalancer", "Ensured load balancer", component);
  });
};

/** In cloud-provider-azure's order: name, then address by annotation, then `spec.loadBalancerIP`, then one of its own. */
const find = (cluster: ClusterApi, arm: ArmWorld, service: KubernetesObject): Found => {
  const { annotations = {}, namespace, name, uid } = service.metadata;
  const { nodeResourceGroup, principalId, location } = cluster.settings;
  const group = annotations[annotation.group] ?? nodeResourceGroup;
  const named = annotations[annotation.name];
  const wanted = annotations[annotation.ipv4] ?? textOf(at(service, "spec", "loadBalancerIP"));
  if (named === undefined && wanted === undefined) {
    return {
      address: arm.makePublicIp(
        nodeResourceGroup,
        `kubernetes-${(uid ?? name).replaceAll("-", "")}`,
        location,
      ),
    };
  }
  // Reading the group needs the role as well: without it the answer is a refusal, not "does not exist".
  const scope = `/subscriptions/x/resourceGroups/${group}`;
  const address = named === undefined ? addressIn(arm, group, wanted ?? "") : arm.publicIp(group, named);
  const allowed =
    group.toLowerCase() === nodeResourceGroup.toLowerCase() ||
    arm.hasRole(principalId, address?.id ?? scope, role);
  if (!allowed) return { problem: forbidden(principalId, address?.id ?? scope) };
  if (address) return { address };
  return {
    problem:
      named === undefined
        ? `user supplied IP Address ${wanted} was not found in resource group ${group}`
        : `PublicIP from annotation azure-pip-name(-IPv6)=${named} for service ${namespace}/${name} doesn't exist`,
  };
};

const addressIn = (arm: ArmWorld, group: string, wanted: string): Address | undefined => {
  const found = arm.publicIpByAddress(wanted);
  return found && found.group.toLowerCase() === group.toLowerCase()
    ? { id: found.id, address: wanted }
    : undefined;
};

const forbidden = (principal: string, scope: string): string =>
  `PUT load balancer: RESPONSE 403: 403 Forbidden ERROR CODE: LinkedAuthorizationFailed {"error":{"code":"LinkedAuthorizationFailed","message":"The client '${principal}' with object id '${principal}' has permission to perform action 'Microsoft.Network/loadBalancers/write' on the node resource group; however, it does not have permission to perform action(s) 'Microsoft.Network/publicIPAddresses/join/action' on the linked scope(s) '${scope}' or the linked scope(s) are invalid."}}`;

const release = (cluster: ClusterApi, service: KubernetesObject): void => {
  const ingress = at(service, "status", "loadBalancer", "ingress");
  const first = Array.isArray(ingress) ? ingress[0] : undefined;
  const address = textOf(at(first, "ip"));
  if (address === undefined) return;
  const used = cluster.world.arm.publicIpByAddress(address);
  if (used) cluster.world.arm.attach(used.id, undefined);
  if (cluster.get(nameOf(service))) {
    cluster.setStatus(nameOf(service), (status) => ({ ...status, loadBalancer: {} }), component);
  }
};
