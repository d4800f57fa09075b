/** Every pipeline that `init` offers, with flags that leave nothing to ask, and every shape of a CI workflow. */

/** Pipeline → the flags of its required inputs. */
export const pipelines: Readonly<Record<string, readonly string[]>> = {
  "aks-nginx-flux": ["--input", "domain=example.com"],
  "existing-cluster": [
    "--input",
    "kubeconfig=/etc/kubeconfig",
    "--input",
    "context=clu",
    "--input",
    "group=MC_x",
  ],
  "static-ip": [],
};

export const hosts = {
  github: ["--ci", "github", "--repository", "octo/net.work"],
  "azure-pipelines": ["--ci", "azure-pipelines", "--service-connection", "my azure (prod)"],
} as const satisfies Record<string, readonly string[]>;

export type Host = keyof typeof hosts;

export const environmentSets: readonly (readonly string[])[] = [
  ["prod"],
  ["dev", "prod"],
  ["dev", "test-eu", "prod"],
];

export interface Combination {
  readonly pipeline: string;
  readonly host: Host;
  readonly environments: readonly string[];
  readonly words: readonly string[];
}

export const combinationsOf = (host: Host): readonly Combination[] =>
  Object.entries(pipelines).flatMap(([pipeline, inputs]) =>
    environmentSets.map((environments) => ({
      pipeline,
      host,
      environments,
      words: [
        "init",
        "--pipeline",
        pipeline,
        ...inputs,
        ...environments.flatMap((name) => ["--environment", name]),
        ...hosts[host],
      ],
    })),
  );
