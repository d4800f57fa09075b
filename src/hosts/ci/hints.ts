/** What to do about a failure, in the words of a CI host, where the command line's would mislead. */
import type { Failure } from "../../step/failure.ts";

export interface HostWords {
  /** What a pull request from a fork lacks, and how it is planned. */
  readonly fork: string;
  /** How a job logs in. */
  readonly login: string;
  /** Codes of the host's own logins, beside those that every host knows. */
  readonly lacking: readonly string[];
  readonly byCode: Readonly<Record<string, string>>;
}

/** Codes of a login, a secret or a subscription that is not there: what a fork's pull request never has. */
const lackingAnywhere = ["P0420", "P0421", "P0804", "P0805"];

const goesOn = "Nothing is lost: run the job again, and it goes on from here.";

const anywhere: Readonly<Record<string, string>> = {
  P0433: "Only after it is merged, or in a branch of this repository, are its own steps loaded.",
  P0520: goesOn,
};

/** Undefined where the failure's own hint is right as it is. */
export const hintIn = (
  words: HostWords,
  { code, kind, hint }: Pick<Failure, "code" | "kind" | "hint">,
  fromFork: boolean,
): string | undefined => {
  const lacks = lackingAnywhere.includes(code) || words.lacking.includes(code) || kind === "unauthenticated";
  if (fromFork && lacks) return words.fork;
  if (kind === "cancelled") return goesOn;
  if (kind === "unauthenticated" && hint?.startsWith("No login was found")) return words.login;
  return words.byCode[code] ?? anywhere[code];
};
