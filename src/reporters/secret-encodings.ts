/** The encodings in which programs write text down: each takes a text and gives the forms it may have in a log. */

/** From a text to the forms that it takes on in some encoding. They may equal the text, or each other. */
type Encoding = (text: string) => readonly string[];

/** A percent escape may have its hexadecimal digits in either case. */
const eitherCase = (escaped: string): readonly string[] => [
  escaped,
  escaped.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase()),
];

/** RFC 3986's reserved characters that encodeURIComponent leaves alone, and .NET's Uri.EscapeDataString does not. */
const strictly = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** A query's value, a form's field (space is `+`), a whole address. */
export const urlForms: Encoding = (text) => {
  // A lone surrogate, which no UTF-8 text holds, would make these functions throw.
  const whole = text.toWellFormed();
  const form = new URLSearchParams({ "": whole }).toString().slice(1);
  return [
    encodeURIComponent(whole),
    strictly(whole),
    encodeURIComponent(whole).replaceAll("%20", "+"),
    form,
    encodeURI(whole),
  ].flatMap(eitherCase);
};

const inQuotes = (text: string): string => JSON.stringify(text).slice(1, -1);

const codeUnit = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
const upperCodeUnit = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;

/** What no ASCII text holds, and what writers of JSON escape beyond need, so that it may stand in HTML. */
const beyondAscii = /[^\n -~]/g;
const unsafeInHtml = /[<>&\u2028\u2029]/g;
const unsafeOrBeyond = /[^\n -~]|[<>&'`+]/g;

/**
 * As JavaScript, Go (Kubernetes, Helm), PHP, Python and .NET write JSON, without the quotes; and as a text in JSON
 * that is itself a text in JSON, which is how a log line of JSON quotes a body of JSON.
 */
export const jsonForms: Encoding = (text) => {
  const plain = inQuotes(text);
  const dotNet = plain.replaceAll('\\"', "\\u0022").replace(unsafeOrBeyond, upperCodeUnit);
  const once = [
    plain,
    plain.replaceAll("/", "\\/"),
    plain.replace(beyondAscii, codeUnit),
    plain.replace(beyondAscii, upperCodeUnit),
    plain.replace(unsafeInHtml, codeUnit),
    dotNet,
  ];
  return [...once, inQuotes(plain), inQuotes(plain.replace(unsafeInHtml, codeUnit))];
};

/** .NET's SecurityElement.Escape, then the two ways in which HTML writes its quotes. */
export const xmlForms: Encoding = (text) => {
  const tags = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return [
    tags,
    tags.replaceAll('"', "&quot;").replaceAll("'", "&apos;"),
    tags.replaceAll('"', "&quot;").replaceAll("'", "&#39;"),
    tags.replaceAll('"', "&quot;").replaceAll("'", "&#x27;"),
    tags.replaceAll('"', "&#34;").replaceAll("'", "&#39;"),
  ];
};

/** The shortest part that the runner masks where PowerShell cuts a secret at an ampersand. */
const shortestPart = 6;

/**
 * PowerShell colours the parts of a failed command around an ampersand, which tears a secret apart; after `&+` even the
 * next letter stands alone. As actions/runner, src/Sdk/DTLogging/Logging/ValueEncoders.cs.
 */
const aroundAmpersand: Encoding = (text) => {
  const plus = text.indexOf("&+");
  const last = text.lastIndexOf("&");
  if (last < 0) return [];
  const [before, after] =
    plus >= 0
      ? [text.slice(0, plus + 2), text.slice(plus + 3)]
      : [text.slice(0, last + 1), text.slice(last + 1)];
  return [before, after].filter((part) => part.length >= shortestPart);
};

/** Azure's agent takes these escapes back: microsoft/security-utilities, WellKnownLiteralEncoders.cs. */
const withoutBackslashes = (text: string): string =>
  text.replaceAll("\\\\", "\\").replaceAll("\\'", "'").replaceAll('\\"', '"').replaceAll("\\t", "\t");

/** As shells, YAML, SQL and the hosts' expressions quote a text, and as their quotes come off again. */
export const quotedForms: Encoding = (text) => [
  text.replaceAll('"', '\\"'),
  text.replaceAll("\\", "\\\\"),
  text.replaceAll("\\", "\\\\").replaceAll("'", "\\'"),
  withoutBackslashes(text),
  text.replaceAll("'", "''"),
  text.replaceAll("'", "'\\''"),
  text.replaceAll("'", `'"'"'`),
  text.replace(/[`$"]/g, (character) => `\`${character}`),
  ...aroundAmpersand(text),
  ...(text.length > 8 && text.startsWith('"') && text.endsWith('"') ? [text.slice(1, -1)] : []),
];

/** Each byte of the text as two digits, in either case. */
export const hexForms: Encoding = (text) => {
  const digits = Buffer.from(text, "utf8").toString("hex");
  return [digits, digits.toUpperCase()];
};

const bitsOfByte = 8;
const bitsOfDigit = 6;

/**
 * The digits of a text that begins `shift` bytes after a group of three, wherever in a longer one: those that its own
 * bits alone decide. Then what it ends with where nothing follows it, without and with padding.
 */
const aligned = (bytes: Buffer, shift: number): readonly string[] => {
  const padded = Buffer.concat([Buffer.alloc(shift), bytes]);
  const digits = padded.toString("base64");
  const first = Math.ceil((shift * bitsOfByte) / bitsOfDigit);
  const end = Math.floor((padded.length * bitsOfByte) / bitsOfDigit);
  return [digits.slice(first, end), digits.slice(first).replace(/=+$/, ""), digits.slice(first)];
};

/** In characters, as base64(1) and MIME break lines, and as OpenSSL and PEM do. */
const lineWidths = [76, 64];

const broken = (digits: string): readonly string[] =>
  lineWidths
    .filter((width) => digits.length > width)
    .flatMap((width) => digits.match(new RegExp(`.{1,${width}}`, "g")) ?? []);

/**
 * Base64 in its three alignments, for a text may be part of what is encoded (`user:token`), in both alphabets, and as
 * an address carries it. And the lines that a long text's base64 is broken into.
 */
export const base64Forms: Encoding = (text) => {
  const bytes = Buffer.from(text, "utf8");
  const forms = [0, 1, 2].flatMap((shift) => aligned(bytes, shift));
  const alphabets = forms.flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_")]);
  const lines = broken(bytes.toString("base64"));
  return [...alphabets, ...alphabets.map(encodeURIComponent).flatMap(eitherCase), ...lines];
};
