/** The programs of the testbed: where their Go modules are and how they are linked. */

export interface Program {
  /** Of the upstream program, for people. */
  readonly version: string;
  /** Below test/testbed. */
  readonly folder: string;
  /** What `go build` is given. */
  readonly package: string;
  readonly linkerFlags: string;
  /** What a build takes on two cores, with the modules' download. */
  readonly minutes: number;
}

/** What every testbed needs. */
export const basePrograms = ["control-plane", "kwok", "helm4", "helm3"] as const;

/** What runs in the place of Deployments' pods and of the cloud. */
export const controllerPrograms = [
  "cloud-provider-azure",
  "external-dns",
  "cert-manager",
  "pebble",
  "pebble-challtestsrv",
  "ingress-nginx",
  "nginx-stand-in",
  "fluxd",
  "helm-operator",
  "git-server",
] as const;

/** Flux v2's: they take minutes to build and no pipeline of ours installs them, so only who asks for them has them. */
export const fluxPrograms = ["source-controller", "kustomize-controller"] as const;

/** They run beside no cluster: what CI hosts are given is held against them. */
export const lintPrograms = ["actionlint"] as const;

export type BaseProgram = (typeof basePrograms)[number];
export type ProgramName =
  | BaseProgram
  | (typeof controllerPrograms)[number]
  | (typeof fluxPrograms)[number]
  | (typeof lintPrograms)[number];

const setting = (name: string, value: string): string => `-X ${name}=${value}`;

const kubernetesVersion = "v1.35.4";
const helm4Version = "v4.3.1";
const helm3Version = "v3.22.0";
const externalDnsVersion = "v0.22.0";
const certManagerVersion = "v1.21.2";
const cloudProviderAzureVersion = "v1.32.4";
const pebbleVersion = "v2.10.1";
const ingressNginxVersion = "v1.11.0";
const fluxVersion = "v1.25.4";
const helmOperatorVersion = "v1.4.4";
const sourceControllerVersion = "v1.8.0";
const kustomizeControllerVersion = "v1.7.3";
const actionlintVersion = "v1.7.12";

export const programs: Readonly<Record<ProgramName, Program>> = {
  "control-plane": {
    version: kubernetesVersion,
    folder: ".",
    package: ".",
    linkerFlags: [
      setting("k8s.io/component-base/version.gitVersion", kubernetesVersion),
      setting("k8s.io/component-base/version.gitMajor", "1"),
      setting("k8s.io/component-base/version.gitMinor", "35"),
    ].join(" "),
    minutes: 4,
  },
  kwok: { version: "v0.8.0", folder: "kwok", package: ".", linkerFlags: "", minutes: 1 },
  helm4: {
    version: helm4Version,
    folder: "helm4",
    package: "helm.sh/helm/v4/cmd/helm",
    // Helm appends "unreleased" to its version unless told otherwise.
    linkerFlags: [
      setting("helm.sh/helm/v4/internal/version.version", helm4Version),
      setting("helm.sh/helm/v4/internal/version.metadata", ""),
    ].join(" "),
    minutes: 2,
  },
  helm3: {
    version: helm3Version,
    folder: "helm3",
    package: "helm.sh/helm/v3/cmd/helm",
    linkerFlags: [
      setting("helm.sh/helm/v3/internal/version.version", helm3Version),
      setting("helm.sh/helm/v3/internal/version.metadata", ""),
      // Without these, charts see Kubernetes 1.20 where no cluster is asked, and most refuse it.
      setting("helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor", "1"),
      setting("helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor", "35"),
    ].join(" "),
    minutes: 2,
  },
  "cloud-provider-azure": {
    version: cloudProviderAzureVersion,
    folder: "cloud-provider-azure",
    package: "sigs.k8s.io/cloud-provider-azure/cmd/cloud-controller-manager",
    linkerFlags: setting(
      "sigs.k8s.io/cloud-provider-azure/pkg/version.gitVersion",
      cloudProviderAzureVersion,
    ),
    minutes: 3,
  },
  "external-dns": {
    version: externalDnsVersion,
    folder: "external-dns",
    package: ".",
    linkerFlags: setting("sigs.k8s.io/external-dns/pkg/apis/externaldns.Version", externalDnsVersion),
    minutes: 6,
  },
  "cert-manager": {
    version: certManagerVersion,
    folder: "cert-manager",
    package: ".",
    linkerFlags: setting("github.com/cert-manager/cert-manager/pkg/util.AppVersion", certManagerVersion),
    minutes: 2,
  },
  pebble: {
    version: pebbleVersion,
    folder: "pebble",
    package: "github.com/letsencrypt/pebble/v2/cmd/pebble",
    linkerFlags: "",
    minutes: 1,
  },
  "pebble-challtestsrv": {
    version: pebbleVersion,
    folder: "pebble",
    package: "github.com/letsencrypt/pebble/v2/cmd/pebble-challtestsrv",
    linkerFlags: "",
    minutes: 1,
  },
  "ingress-nginx": {
    version: ingressNginxVersion,
    folder: "ingress-nginx",
    package: "k8s.io/ingress-nginx/cmd/nginx",
    linkerFlags: setting("k8s.io/ingress-nginx/version.RELEASE", ingressNginxVersion),
    minutes: 2,
  },
  "nginx-stand-in": {
    version: "for ingress-nginx",
    folder: "nginx-stand-in",
    package: ".",
    linkerFlags: "",
    minutes: 1,
  },
  fluxd: {
    version: fluxVersion,
    folder: "fluxd",
    package: "github.com/fluxcd/flux/cmd/fluxd",
    linkerFlags: setting("main.version", fluxVersion.slice(1)),
    minutes: 3,
  },
  "helm-operator": {
    version: helmOperatorVersion,
    folder: "helm-operator",
    package: "github.com/fluxcd/helm-operator/cmd/helm-operator",
    linkerFlags: setting("main.version", helmOperatorVersion.slice(1)),
    minutes: 3,
  },
  "source-controller": {
    version: sourceControllerVersion,
    folder: "source-controller",
    package: "github.com/fluxcd/source-controller",
    linkerFlags: "",
    minutes: 3,
  },
  "kustomize-controller": {
    version: kustomizeControllerVersion,
    folder: "kustomize-controller",
    package: "github.com/fluxcd/kustomize-controller",
    linkerFlags: "",
    minutes: 3,
  },
  actionlint: {
    version: actionlintVersion,
    folder: "actionlint",
    package: "github.com/rhysd/actionlint/cmd/actionlint",
    linkerFlags: setting("github.com/rhysd/actionlint.version", actionlintVersion),
    minutes: 1,
  },
  "git-server": { version: "of our own", folder: "git-server", package: ".", linkerFlags: "", minutes: 1 },
};
