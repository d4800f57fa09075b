/** Whether a deploy key opens its repository, where its host has no API that tells: git is asked with the key itself. */
import type { KeyCheckResult } from "../../clients/git/client.ts";
import { git } from "../../clients/git/key.ts";
import type { SshKeyPair } from "../../clients/git/ssh-key.ts";
import type { StepContext } from "../../step/context.ts";
import type { Secret } from "../../step/secret.ts";
import type { Verdict } from "../../step/step.ts";
import { forPerson } from "./for-person.ts";
import type { KeptKey } from "./kept-key.ts";
import { isPretended } from "./registration.ts";

/** `because`: why nobody could ask the host's API, told to the person who must register the key. */
export const proven = async (
  context: StepContext,
  kept: KeptKey,
  pair: SshKeyPair,
  repository: string,
  because: string,
): Promise<Verdict> => {
  if (isPretended(context.environment)) {
    return { ready: true, detail: "not registered anywhere: the sandbox has no GitHub" };
  }
  const check = await ask(context, kept, pair.privateKey, repository);
  if (check.state === "opens") {
    const purpose = kept.readOnly ? "" : " for writing";
    return { ready: true, detail: `the key opens ${repository}${purpose}` };
  }
  return forPerson(repository, pair.publicKey, kept.readOnly, because, check);
};

/** The sandbox talks to nobody but itself, and has no git server. */
const ask = async (
  context: StepContext,
  { knownHosts, readOnly }: KeptKey,
  privateKey: Secret,
  repository: string,
): Promise<KeyCheckResult> => {
  if (context.environment.sandbox) return { state: "refused", evidence: [] };
  const access = readOnly ? "read" : "write";
  const client = await context.use(git);
  return client.check({ repository, privateKey, knownHosts, access, signal: context.signal });
};
