/** Contract: the real kubectl says the same of both clusters, and ends the same way. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { sharedClusters } from "./shared-clusters.ts";
import { contract } from "./suite.ts";
import type { Answer, Target } from "./target.ts";

const { clause } = contract();

/** What differs with time and chance. */
const masks: readonly (readonly [RegExp, string])[] = [
  // What kubectl logs of its own doings.
  [/^[IW]\d{4} .*(\n|$)/gm, ""],
  [/\/tmp\/(LIVE|MERGED)-\d+/g, "/tmp/$1"],
  [/\t?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [+-]\d{4}/g, ""],
  [/\b\d+[smh](\d+[smh])?\b/g, "<age>"],
  [/resourceVersion: "\d+"/g, 'resourceVersion: "<n>"'],
  // Columns are as wide as their widest cell.
  [/ {2,}/g, "  "],
  [/[ \t]+$/gm, ""],
];

const masked = (text: string): string =>
  masks.reduce((shown, [pattern, mask]) => shown.replace(pattern, mask), text);

/** Runs commands one after the other, each with the files that are written for it; its exit code as status. */
const kubectl = async (
  to: Target,
  files: Readonly<Record<string, object>>,
  commands: readonly string[],
): Promise<readonly Answer[]> => {
  const { kubectl: program } = await sharedClusters();
  const directory = await mkdtemp(join(tmpdir(), "provision-kubectl-"));
  try {
    await mkdir(join(directory, ".kube"));
    for (const [name, object] of Object.entries(files))
      await writeFile(join(directory, name), stringify(object));
    const answers: Answer[] = [];
    for (const command of commands) {
      const { exitCode, stdout, stderr } = await execa(program, command.split(" "), {
        cwd: directory,
        env: { KUBECONFIG: to.kubeconfig, HOME: directory },
        reject: false,
      });
      answers.push({
        status: exitCode ?? -1,
        body: { command, stdout: masked(stdout), stderr: masked(stderr.replaceAll(directory, "")) },
      });
    }
    return answers;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

const map = (name: string, data: object, more: object = {}): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...more },
  data,
});

const deployment = (name: string, replicas: number, more: object = {}): object => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, labels: { app: name } },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "web", image: "example.test/web:1", ...more }] },
    },
  },
});

clause("apply makes, leaves, changes and prunes fields", [0, 0, 0, 0, 1], (to) =>
  kubectl(to, { "1.yaml": map("applied", { a: "1", b: "1" }), "2.yaml": map("applied", { a: "2" }) }, [
    "apply -f 1.yaml",
    "apply -f 1.yaml",
    "apply -f 2.yaml",
    "get configmap applied -o jsonpath={.data}",
    "get configmap not-there",
  ]),
);

clause("diff shows what apply would change, and ends with 1 where it would", [0, 1, 0, 1, 1], (to) =>
  kubectl(
    to,
    {
      "1.yaml": map("compared", { a: "1" }),
      "2.yaml": map("compared", { a: "2", b: "1" }),
      "3.yaml": map("uncompared", {}),
    },
    ["apply -f 1.yaml", "diff -f 2.yaml", "diff -f 1.yaml", "diff --server-side -f 2.yaml", "diff -f 3.yaml"],
  ),
);

clause(
  "apply on the server: conflicts, force, and the way there from the client's apply",
  [0, 1, 0, 0, 0],
  (to) =>
    kubectl(
      to,
      {
        "1.yaml": map("served", { a: "1" }),
        "2.yaml": map("served", { a: "2" }),
        "3.yaml": map("migrated", { a: "1" }),
      },
      [
        "apply --server-side --field-manager=one -f 1.yaml",
        "apply --server-side --field-manager=two -f 2.yaml",
        "apply --server-side --field-manager=two --force-conflicts -f 2.yaml",
        "apply -f 3.yaml",
        "apply --server-side -f 3.yaml",
      ],
    ),
);

clause("what can't be is refused", [1, 1, 1, 1], (to) =>
  kubectl(
    to,
    {
      "unknown-field.yaml": { ...map("refused", {}), dta: {} },
      "unknown-kind.yaml": { apiVersion: "nobody.example/v1", kind: "Thing", metadata: { name: "refused" } },
      "nowhere.yaml": map("refused", {}, { namespace: "nowhere" }),
      "negative.yaml": deployment("refused", -1),
    },
    [
      "apply -f unknown-field.yaml",
      "apply -f unknown-kind.yaml",
      "apply -f nowhere.yaml",
      "apply --server-side -f negative.yaml",
    ],
  ),
);

clause("get in its forms", [0, 0, 0, 0, 0, 0], (to) =>
  kubectl(to, { "1.yaml": map("shown", { a: "1", b: "2" }, { labels: { shown: "here" } }) }, [
    "create -f 1.yaml",
    "get configmaps -l shown=here",
    "get configmaps -l shown=here -o name",
    "get configmaps -l shown=here --show-labels --no-headers",
    "get configmap shown -o custom-columns=NAME:.metadata.name,A:.data.a",
    "get configmaps -l shown=nowhere",
  ]),
);

clause(
  "a Deployment becomes available, is rolled out and scaled, and goes",
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  (to) =>
    kubectl(to, { "1.yaml": deployment("rolled", 2) }, [
      "apply -f 1.yaml",
      "wait --for=condition=Available deployment/rolled --timeout=60s",
      "rollout status deployment/rolled --timeout=60s",
      "wait --for=condition=Ready pod -l app=rolled --timeout=60s -o jsonpath={.status.phase}",
      "get deployment rolled",
      "set image deployment/rolled web=example.test/web:2",
      "wait --for=jsonpath={.status.observedGeneration}=2 deployment/rolled --timeout=60s",
      "scale deployment/rolled --replicas=1",
      "wait --for=jsonpath={.status.replicas}=1 deployment/rolled --timeout=60s",
      "delete deployment rolled --timeout=60s",
      "wait --for=delete pod -l app=rolled --timeout=60s",
    ]),
);

clause("wait for what is not there, and for what does not come", [1, 1, 0, 1], (to) =>
  kubectl(to, { "1.yaml": map("waiting", {}) }, [
    "wait --for=condition=Available deployment/not-there --timeout=1s",
    "wait --for=delete configmap/kube-root-ca.crt --timeout=1s",
    "create -f 1.yaml",
    "wait --for=jsonpath={.data.key}=value configmap/waiting --timeout=1s",
  ]),
);

clause("label, annotate and patch", [0, 0, 1, 0, 0, 0], (to) =>
  kubectl(to, { "1.yaml": map("marked", { a: "1" }) }, [
    "create -f 1.yaml",
    "label configmap marked one=1",
    "label configmap marked one=2",
    "annotate configmap marked example.test/one=1",
    'patch configmap marked --type=merge -p {"data":{"a":"2"}}',
    "get configmap marked -o jsonpath={.metadata.labels}{.metadata.annotations}{.data}",
  ]),
);

clause("create, again, as a dry run, and replace", [0, 1, 0, 0, 0], (to) =>
  kubectl(to, { "1.yaml": map("created", { a: "2" }) }, [
    "create configmap created --from-literal=a=1",
    "create configmap created --from-literal=a=1",
    "create configmap never --dry-run=server -o name",
    "replace -f 1.yaml",
    "get configmap created -o jsonpath={.data.a}",
  ]),
);

clause("delete, of what is not there, and of all with a label", [0, 1, 0, 0, 0], (to) =>
  kubectl(
    to,
    {
      "1.yaml": map("deleted-1", {}, { labels: { deleted: "here" } }),
      "2.yaml": map("deleted-2", {}, { labels: { deleted: "here" } }),
    },
    [
      "create -f 1.yaml -f 2.yaml",
      "delete configmap not-there",
      "delete configmap not-there --ignore-not-found",
      "delete configmap -l deleted=here",
      "get configmaps -l deleted=here",
    ],
  ),
);
