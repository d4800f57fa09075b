/**
 * What a built-in object loses on its way through the server's Go types: fields with `omitempty` that hold the zero
 * value. Fields that are pointers there keep it (`replicas: 0`); those that do not are listed here.
 */

/** Booleans and numbers whose zero value is dropped. */
export const zeroDropped: ReadonlySet<string> = new Set([
  "hostNetwork",
  "hostPID",
  "hostIPC",
  "readOnly",
  "stdin",
  "stdinOnce",
  "tty",
  "publishNotReadyAddresses",
  "paused",
  "minReadySeconds",
  "initialDelaySeconds",
  "nodePort",
  "hostPort",
  "healthCheckNodePort",
  "globalDefault",
  "unschedulable",
  "gracePeriodSeconds",
  "generation",
]);

/** Strings that are pointers in Go, or have no `omitempty`: an empty one stays. */
export const emptyKept: ReadonlySet<string> = new Set([
  "storageClassName",
  "ingressClassName",
  "runtimeClassName",
  "loadBalancerClass",
  "name",
  "kind",
  "plural",
  "key",
  "type",
  "message",
  "reason",
  "apiGroup",
  "holderIdentity",
  "topologyKey",
  "value",
  "path",
]);

/** Empty lists that stay. */
export const emptyListKept: ReadonlySet<string> = new Set(["rules", "endpoints", "webhooks", "versions"]);
