/** Every form in which a secret may turn up in text, so that each can be looked for and masked. Pure. */
import { shortestForm } from "./longest-form.ts";
import { base64Forms, hexForms, jsonForms, quotedForms, urlForms, xmlForms } from "./secret-encodings.ts";
import { secretLines } from "./secret-lines.ts";

const textForms = (text: string): readonly string[] => [
  text,
  ...urlForms(text),
  ...jsonForms(text),
  ...xmlForms(text),
  ...quotedForms(text),
];

/** What a setting among a Secret's data may be, and a host's own outputs are. */
const ordinaryWord = /^(true|false|null|none)$/i;

const allForms = (text: string): readonly string[] => [
  ...textForms(text),
  ...base64Forms(text),
  ...hexForms(text),
];

/**
 * The forms of a secret, each once, the longest first: as it is and without blanks around it; in base64 (three
 * alignments, both alphabets, with and without padding), hexadecimal, URL, JSON, XML and shell escapes; and each line
 * of a text of several lines, but for those under 8 characters and PEM's first and last.
 *
 * A text under 4 characters, blanks around it not counted, has no forms: masking it would blank ordinary words
 * everywhere. Nor has a word such as `true`; nor is any form under 4 characters given.
 */
export const secretForms = (text: string): readonly string[] => {
  const trimmed = text.trim();
  if (trimmed.length < shortestForm || ordinaryWord.test(trimmed)) return [];
  const forms = [text, trimmed].flatMap(allForms).concat(secretLines(text).flatMap(textForms));
  return [...new Set(forms)]
    .filter((form) => form.length >= shortestForm)
    .sort((one, other) => other.length - one.length);
};
