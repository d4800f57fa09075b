/** Two administrators of a testbed's cluster, whose writes its audit log tells apart. */
import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { z } from "zod";
import type { Write } from "../audit.ts";
import { writeKubeconfig } from "../kubeconfig.ts";
import type { Testbed } from "../testbed.ts";

export const people = ["anna", "ben"] as const;
export type Person = (typeof people)[number];

const userOf = (person: Person): string => `system:serviceaccount:kube-system:${person}`;

const kubeconfigSchema = z.looseObject({
  clusters: z.tuple([
    z.looseObject({
      cluster: z.looseObject({ server: z.string(), "certificate-authority-data": z.string() }),
    }),
  ]),
});

/** Makes them an administrator of the cluster, with a kubeconfig of their own at the path. */
export const invite = async (testbed: Testbed, person: Person, path: string): Promise<void> => {
  const kubectl = async (...words: readonly string[]): Promise<string> => {
    const { stdout } = await execa(testbed.kubectl, words, {
      env: { KUBECONFIG: testbed.kubeconfig, HOME: testbed.directory },
    });
    return stdout;
  };
  await kubectl("create", "serviceaccount", person, "--namespace=kube-system");
  await kubectl(
    "create",
    "clusterrolebinding",
    person,
    "--clusterrole=cluster-admin",
    `--serviceaccount=kube-system:${person}`,
  );
  const token = await kubectl("create", "token", person, "--namespace=kube-system", "--duration=12h");
  const { cluster } = kubeconfigSchema.parse(JSON.parse(await readFile(testbed.kubeconfig, "utf8")))
    .clusters[0];
  await writeKubeconfig(path, {
    server: cluster.server,
    authority: Buffer.from(cluster["certificate-authority-data"], "base64").toString(),
    token,
  });
};

/** The one that runs hold. */
export const isLease = ({ resource, name }: Write): boolean =>
  resource === "leases.coordination.k8s.io" && name === "provision";

export interface Turn {
  readonly person: Person;
  readonly writes: readonly Write[];
}

/** Consecutive writes of the same person, in the order in which they came. Refused ones changed nothing. */
export const turnsIn = (writes: readonly Write[]): readonly Turn[] => {
  const turns: { person: Person; writes: Write[] }[] = [];
  const inTime = writes.toSorted((a, b) => (a.time < b.time ? -1 : 1));
  for (const write of inTime) {
    const person = people.find((one) => userOf(one) === write.user);
    if (person === undefined || write.dryRun || write.code >= 300) continue;
    const last = turns.at(-1);
    if (last?.person === person) last.writes.push(write);
    else turns.push({ person, writes: [write] });
  }
  return turns;
};
