/**
 * `npm run testbed -- up|down|status`: a real Kubernetes on loopback that stays up until `down`. Its state is in
 * .testbed/, or where PROVISION_TESTBED says. `build` only builds, the programs of the tests too.
 */
import { join } from "node:path";
import { sandboxFolder } from "../src/hosts/sandbox.ts";
import { Failure } from "../src/step/failure.ts";
import { buildPrograms } from "../test/testbed/build.ts";
import { basePrograms, controllerPrograms, fluxPrograms, lintPrograms } from "../test/testbed/programs.ts";
import { down, type Standing, status, up } from "../test/testbed/standing.ts";

const directory = process.env.PROVISION_TESTBED ?? join(import.meta.dirname, "..", ".testbed");

const minutesSince = (time: number): string => `${Math.round((Date.now() - time) / 60_000)} min`;

const describe = ({ kubeconfig, kubectl, helm4, helm3, pid, started }: Standing): string =>
  [
    `The testbed runs (process ${pid}, since ${minutesSince(started)}): Kubernetes with 3 simulated nodes. Controllers`,
    "start with their Deployments: cloud provider, nginx, External DNS, cert-manager with its ACME server, Flux.",
    "",
    `  kubeconfig  ${kubeconfig}`,
    `  kubectl     ${kubectl}`,
    `  Helm 4      ${helm4}`,
    `  Helm 3      ${helm3}`,
    `  git         ${directory}/github/work, which Flux syncs`,
    `  logs        ${directory}`,
    "",
    "Next, for example:",
    `  export KUBECONFIG=${kubeconfig}`,
    `  ${kubectl} get nodes`,
    "  npx provision up pipelines/aks-nginx-flux.yaml --input domain=example.com --sandbox --kubeconfig $KUBECONFIG",
    "  npm run testbed -- down",
  ].join("\n");

const usage = "usage: npm run testbed -- up|down|status|build";

const run = async (command: string | undefined): Promise<void> => {
  switch (command) {
    case "up":
      console.log(
        describe(await up(directory, sandboxFolder({ variables: process.env }), (line) => console.log(line))),
      );
      return;
    case "build":
      await buildPrograms([...basePrograms, ...controllerPrograms, ...fluxPrograms, ...lintPrograms], {
        variables: process.env,
        report: (line) => console.log(line),
      });
      return;
    case "down":
      console.log((await down(directory)) ? "The testbed has ended." : "No testbed runs.");
      return;
    case "status": {
      const standing = await status(directory);
      console.log(standing ? describe(standing) : "No testbed runs. Start one: npm run testbed -- up");
      if (!standing) process.exitCode = 1;
      return;
    }
    default:
      console.error(usage);
      process.exitCode = 2;
  }
};

try {
  await run(process.argv[2]);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(`${error.message}${error.hint === undefined ? "" : `\n${error.hint}`}`);
  for (const line of error.evidence) console.error(`  ${line}`);
  process.exitCode = 1;
}
