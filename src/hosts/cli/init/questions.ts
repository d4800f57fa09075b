/** One question after the other, for what no flag has said; a wrong answer is told and asked for again. */
import { usageFailure } from "../../usage.ts";
import type { Format } from "./choices.ts";

/** Undefined where nobody can be asked. */
export type Ask = ((question: string) => Promise<string>) | undefined;

export type Answer<T> = { readonly value: T } | { readonly wrong: string };

export interface Question<T> {
  /** Shown as it is; the default is put behind it. */
  readonly text: string;
  /** What an empty answer means. */
  readonly fallback?: string | undefined;
  readonly read: (answer: string) => Answer<T>;
}

/** Asks until the answer is one. */
export const answered = async <T>(ask: NonNullable<Ask>, question: Question<T>): Promise<T> => {
  const { text, fallback, read } = question;
  let told = "";
  for (;;) {
    const line = (await ask(`${told}${text}${fallback === undefined ? "" : ` [${fallback}]`}: `)).trim();
    const answer = line === "" ? fallback : line;
    const outcome: Answer<T> = answer === undefined ? { wrong: "An answer is needed." } : read(answer);
    if ("value" in outcome) return outcome.value;
    told = `  ${outcome.wrong}\n`;
  }
};

/** A flag's value where it was given, else an answer, else the default; undefined where there is none of them. */
export const chosen = async <T>(
  ask: Ask,
  flag: { readonly name: string; readonly value: string | undefined },
  question: Question<T>,
): Promise<T | undefined> => {
  if (flag.value === undefined && ask) return answered(ask, question);
  const given = flag.value ?? question.fallback;
  if (given === undefined) return undefined;
  const outcome = question.read(given);
  if ("value" in outcome) return outcome.value;
  const wrong = outcome.wrong.replace(/^[A-Z]/, (letter) => letter.toLowerCase());
  throw usageFailure(`--${flag.name} ${given}: ${wrong}`, "`provision init --help` shows examples");
};

/** An answer that matches a format. */
export const formatted =
  ({ pattern, words }: Format, what: string) =>
  (answer: string): Answer<string> =>
    pattern.test(answer) ? { value: answer } : { wrong: `${what} must be ${words}.` };

/** One of a list, by its name or its number in it. */
export const oneOf =
  <Name extends string>(names: readonly Name[]) =>
  (answer: string): Answer<Name> => {
    const found = names.find((name, index) => name === answer || String(index + 1) === answer);
    return found === undefined ? { wrong: `It must be one of ${names.join(", ")}.` } : { value: found };
  };
