/** Every resource type that the sandbox's ARM knows. A new one is its file and a line here. */
import type { AnyKind } from "../kind.ts";
import { agentPool } from "./agent-pool.ts";
import { backendAddressPool } from "./backend-address-pool.ts";
import { loadBalancer } from "./load-balancer.ts";
import { lock } from "./lock.ts";
import { maintenanceConfiguration } from "./maintenance-configuration.ts";
import { managedCluster } from "./managed-cluster.ts";
import { federatedCredential, managedIdentity } from "./managed-identity.ts";
import { networkSecurityGroup } from "./network-security-group.ts";
import { privateLinkService } from "./private-link-service.ts";
import { publicIp } from "./public-ip.ts";
import { roleAssignment } from "./role-assignment.ts";
import { scaleSet } from "./scale-set.ts";
import { subnet, virtualNetwork } from "./virtual-network.ts";
import { workspace } from "./workspace.ts";

export const allKinds: readonly AnyKind[] = [
  publicIp,
  virtualNetwork,
  subnet,
  loadBalancer,
  backendAddressPool,
  networkSecurityGroup,
  privateLinkService,
  scaleSet,
  managedIdentity,
  federatedCredential,
  roleAssignment,
  lock,
  workspace,
  managedCluster,
  agentPool,
  maintenanceConfiguration,
];
