/** Upstream's external-dns on the Deployment that `dns/external-dns` makes: its own arguments, token and roles. */
import type { Controller } from "./controller.ts";

export const externalDns: Controller = {
  name: "external-dns",
  image: "external-dns/external-dns",
  program: "external-dns",
  start: async (workload, surroundings) => {
    const port = await surroundings.freePort();
    return {
      arguments: [
        ...workload.arguments,
        `--kubeconfig=${workload.kubeconfig}`,
        `--metrics-address=127.0.0.1:${port}`,
      ],
      variables: {
        ...workload.variables,
        HTTPS_PROXY: surroundings.proxy,
        SSL_CERT_FILE: surroundings.authority,
      },
      listens: new Map([[7979, port]]),
    };
  },
};
