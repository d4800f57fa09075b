/**
 * `ingress/nginx` with the real Helm on the real API server, and upstream's controller on the Deployment that it makes,
 * with the rights of the chart's own roles. There is no cloud here: the test gives the Service its address.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import nginx from "../../src/steps/ingress/nginx.ts";
import { clusterInput, realContext } from "../e2e/real-context.ts";
import { driveStep } from "../fakes/drive-step.ts";
import { helm } from "./helm.ts";
import { startTestbed, type Testbed } from "./testbed.ts";
import { type Claim, type Part, proves } from "./verified/claim.ts";

const root = join(import.meta.dirname, "..", "..");
const mirror = join(root, ".charts");
const address = "20.4.8.15";
const publicIp = { kind: "public-ip", id: "/x", name: "clu-ip", group: "rg-ip", address };

let testbed: Testbed;
beforeAll(async () => {
  testbed = await startTestbed({ variables: process.env, nodes: 2, sandbox: join(root, "no-sandbox") });
  if (existsSync(join(mirror, "index.yaml"))) return;
  await execa(process.execPath, [join(root, "scripts", "charts.ts")], {
    env: { PROVISION_HELM: testbed.binaries(helm) },
  });
});
afterAll(() => testbed?.stop());

const controller: readonly Part[] = ["control-plane", "ingress-nginx", "nginx stand-in"];
const claim = (text: string, by: Claim["by"]) => proves({ step: "ingress/nginx", claim: text, by });

const kubectl = async (words: readonly string[], input?: object): Promise<string> => {
  const { stdout } = await execa(testbed.kubectl, words, {
    env: { KUBECONFIG: testbed.kubeconfig, HOME: testbed.directory },
    ...(input === undefined ? {} : { input: JSON.stringify(input) }),
  });
  return stdout;
};

const drive = (input: object) => {
  const { directory, kubeconfig } = testbed;
  const context = realContext({ directory, kubeconfig }, { mirror, helm: testbed.binaries(helm) });
  const cluster = clusterInput({ kubeconfig });
  return { context, step: driveStep(nginx, context, { cluster, address: publicIp, ...input }) };
};

/** What a cloud provider writes. */
const giveAddress = (): Promise<string> =>
  kubectl([
    "patch",
    "service/nginx-controller",
    "--namespace=ingress-nginx",
    "--subresource=status",
    "--type=merge",
    `--patch=${JSON.stringify({ status: { loadBalancer: { ingress: [{ ip: address }] } } })}`,
  ]);

const ingress = (name: string, className: string, host: string) => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: { name, namespace: "default" },
  spec: {
    ingressClassName: className,
    rules: [
      {
        host,
        http: {
          paths: [
            {
              path: "/",
              pathType: "Prefix",
              backend: { service: { name: "web", port: { number: 80 } } },
            },
          ],
        },
      },
    ],
  },
});

const create = (object: object): Promise<string> => kubectl(["create", "--filename=-"], object);

const addressOf = (name: string): Promise<string> =>
  kubectl(["get", "ingress", name, "--output=jsonpath={.status.loadBalancer.ingress[*].ip}"]);

/** An elected controller keeps its Lease for 30 s after its end, and a successor waits for that. */
const patience = { timeout: 90_000, interval: 500 };

test("The controller gives an Ingress of its class the Service's address, and to no other", {
  meta: claim(
    "The controller gives every Ingress of its class the Service's address, with the chart's own roles, and no Ingress of another class",
    [...controller, helm],
  ),
}, async () => {
  const { step } = drive({});
  if (helm === "helm3") {
    // It waits for the address by itself, and would so for ten minutes.
    const coming = step.up();
    const given = () =>
      giveAddress().then(
        () => true,
        () => false,
      );
    await expect.poll(given, patience).toBe(true);
    await coming;
  } else {
    expect(await step.up()).toMatchObject({
      ready: false,
      worthWaiting: true,
      reason: "Service nginx-controller has no address yet",
    });
    await giveAddress();
  }
  expect(await step.up()).toEqual({ ready: true, detail: `${address} on the Service` });
  await expect.poll(() => testbed.controllers(), patience).toContain("ingress-nginx");

  await create(ingress("ours", "nginx", "ours.example.test"));
  await create(ingress("other", "other", "other.example.test"));
  await expect.poll(() => addressOf("ours"), patience).toBe(address);
  expect(await addressOf("other")).toBe("");
});

test("What the controller and the chart's Jobs write is no drift", {
  meta: claim("What the controller and the chart's Jobs write is no drift: a second run writes nothing", [
    ...controller,
    helm,
    "certgen stand-in",
  ]),
}, async () => {
  const { step } = drive({});
  const mark = (await testbed.writes()).length;
  expect(await step.changes()).toEqual([]);
  expect(await step.up()).toMatchObject({ ready: true });
  const ours = (await testbed.writes())
    .slice(mark)
    .filter(({ userAgent, dryRun }) => !dryRun && /^(Helm|provision|node)/i.test(userAgent));
  expect(ours).toEqual([]);
});

test("Its webhook refuses what it can't serve", {
  meta: claim("The webhook refuses an Ingress whose host and path another one has", [
    ...controller,
    "certgen stand-in",
  ]),
}, async () => {
  const webhook = "validatingwebhookconfiguration/nginx-admission";
  const field = (path: string): Promise<string> =>
    kubectl(["get", webhook, `--output=jsonpath={.webhooks[0].${path}}`]);
  await expect.poll(() => field("clientConfig.caBundle"), patience).not.toBe("");
  await expect(create(ingress("twice", "nginx", "ours.example.test"))).rejects.toThrow(
    'admission webhook "validate.nginx.ingress.kubernetes.io" denied the request: host "ours.example.test" and path "/" is already defined in ingress default/ours',
  );

  const { step } = drive({ admissionWebhook: "fail" });
  expect(await step.up()).toMatchObject({ ready: true });
  expect(await field("failurePolicy")).toBe("Fail");
  expect(await step.changes()).toEqual([]);
});

test("Without publishService an Ingress gets the nodes' addresses, which nobody outside reaches", {
  meta: claim(
    "Without `publishService`, which the step sets, an Ingress would get the nodes' addresses",
    controller,
  ),
}, async () => {
  const { step } = drive({ values: { controller: { publishService: { enabled: false } } } });
  await step.up();
  await expect.poll(() => addressOf("ours"), patience).toMatch(/^10\.224\.0\./);
  // Rounds later, too.
  expect(await addressOf("other")).toBe("");
});

test("destroy leaves nothing of it in the cluster", {
  meta: claim("`destroy` leaves nothing of it in the cluster, the certificate of the webhook included", [
    ...controller,
    helm,
    "certgen stand-in",
  ]),
}, async () => {
  const { step, context } = drive({});
  await step.destroy();
  expect(context.reported).toEqual([]);
  await expect.poll(() => testbed.controllers(), patience).not.toContain("ingress-nginx");
  await expect.poll(() => kubectl(["get", "namespaces", "--output=name"]), patience).not.toContain("ingress");
  expect(
    await kubectl([
      "get",
      "ingressclasses,clusterroles,clusterrolebindings,validatingwebhookconfigurations",
      "--output=name",
    ]),
  ).not.toContain("nginx");
});
