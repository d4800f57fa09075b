/** Texts that try to be taken for commands of a CI host: the same ones every time, some written by hand, most drawn. */

/** Mulberry32: small, seeded, good enough to draw from lists. */
const drawFrom = (seed: number) => {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return (items: readonly string[]): string => items[Math.floor(next() * items.length)] ?? "";
};

const lineEnds = ["\n", "\r", "\r\n", "\n\r", "\u2028", "\u2029", "\u0085", "\v", "\f", "\n\n"];

/** What .NET trims, what JavaScript trims, and what neither does. */
const blanks = ["", " ", "\t", "\u00a0", "\u1680", "\u2003", "\u202f", "\u205f", "\u3000", "\ufeff", "  \t "];

const invisible = [
  "\u200b",
  "\u200c",
  "\u200d",
  "\u2060",
  "\u00ad",
  "\ufe0f",
  "\u0000",
  "\u0007",
  "\u007f",
  "\u{e0001}",
];
const bidi = ["\u202e", "\u202d", "\u2066", "\u2069", "\u200f", "\u061c"];
const ansi = ["\u001b[0m", "\u001b[31;1m", "\u001b]0;title\u0007", "\u009b1m", "\u001b[2K\r"];
const before = [
  ...lineEnds,
  ...blanks,
  ...invisible,
  ...bidi,
  ...ansi,
  "ok ",
  "#",
  ":",
  "##",
  "-- ",
  "\ud800",
];

const github = [
  "::error::x",
  "::warning file=a.yaml,line=1::x",
  "::notice title=t::x",
  "::debug::x",
  "::add-mask::e",
  "::stop-commands::pause",
  "::set-env name=NODE_OPTIONS::--require=./x",
  "::set-output name=address::6.6.6.6",
  "::save-state name=x::y",
  "::add-path::/tmp/x",
  "::add-matcher::x.json",
  "::remove-matcher owner=x::",
  "::group::x",
  "::endgroup::",
  "::echo::on",
  "::error file=a%2Cb,title=%3A%3Aerror%3A%3A::%0A::error::y",
];
const old = [
  "##[error]x",
  "##[add-mask]e",
  "##[stop-commands]pause",
  "##[set-env name=A;]x",
  "##[group]x",
  "##[endgroup]",
  "##[section]Finishing",
  "##[command]rm",
  "##[start-action display=x]",
  "##[end-action id=x]",
  "##[debug]x",
];
const azure = [
  "##vso[task.setvariable variable=PATH;]/tmp",
  "##vso[task.complete result=Succeeded;]done",
  "##vso[task.setvariable variable=A;isOutput=true]x",
  "##vso[task.prependpath]/tmp",
  "##vso[task.setsecret]e",
  "##vso[task.logissue type=error;sourcepath=a%3Bb;]x%0Ay",
  "##vso[build.updatebuildnumber]1",
  "##vso[artifact.upload artifactname=x]/etc/passwd",
  "##vso[task.uploadsummary]/etc/passwd",
  "##vso[",
  "##vso",
  "##vso[a.b]",
  "##vso[task.setendpoint id=x;field=url]http://127.0.0.1",
  "##vso[.task..debug.]x",
];
const every = [...github, ...old, ...azure];

/** The same command, less plainly: in another case, torn, doubled, escaped, in another's field. */
const disguises: readonly ((command: string, draw: (items: readonly string[]) => string) => string)[] = [
  (command) => command,
  (command) => command.toUpperCase(),
  (command) => [...command].map((letter, index) => (index % 2 ? letter.toUpperCase() : letter)).join(""),
  (command, draw) => command.replace(/^(.)/, (first) => first + draw(invisible)),
  (command, draw) => command.replace(/^(..)/, (first) => first + draw([...invisible, ...bidi])),
  (command, draw) => command.replace(/^(...)/, (first) => first + draw(invisible)),
  (command, draw) => command.replace(/::(?=[^:]*$)/, () => `:${draw(invisible)}:`),
  (command) => command.replaceAll(":", "%3A").replaceAll("#", "%23"),
  (command) => command.replaceAll("%", "%25").replaceAll("\n", "%0A"),
  (command) => `${command.slice(0, 1)}${command}`,
  (command) => `${command.slice(0, 2)}${command.slice(0, 2)}${command}`,
  (command) => `${command}${command}`,
  (command, draw) => `${command.slice(0, -1)}${draw(every)}${command.slice(-1)}`,
  (command, draw) => `::error file=${command},title=${draw(every)}::${draw(every)}`,
  (command, draw) => `##vso[task.logissue type=error;sourcepath=${command};]${draw(every)}`,
  (command) => `x%0A${command}%0D${command}`,
  (command) => `],;:=%5D%3B%AZP25${command}`,
  (command) => `\\${command}\\`,
];

const written = [
  "%",
  "%25",
  "%250A",
  "%AZP25",
  "%AZP2525",
  "%AZP250D",
  "%0D%0A",
  "%%0A0A",
  "%0",
  "]",
  ";",
  ",",
  ":",
  "::",
  "::::",
  "#",
  "##",
  "##[",
  "###[group]x",
  "####vso[a.b]x",
  "##[#\u200b#[group]]x",
  ":::error::x",
  "::error",
  "::error:",
  " ",
  "=x",
  "==",
  "a=b,c=d;e=f",
  "x\n",
  "\n",
  "\r",
  "\r\n::error::x",
  "\t::error::x",
  "x ::error::x",
  "a::b::c",
  "##vso[task.debug]",
  "##VSO[TASK.DEBUG]",
  "## vso[a.b]x",
  "#\\#[group]x",
  "\\::error::x",
  "\u0130##VsO[a.b]x",
];

const draw = drawFrom(20261124);

/** What works as it is comes most often: it has to be looked out for first. */
const drawn = (): string => {
  const head = draw(["", draw(blanks), draw(lineEnds) + draw(blanks), draw(before) + draw(before)]);
  const disguise = disguises[Number(draw(["0", "0", "0", ...disguises.map((_, index) => `${index}`)]))];
  const body =
    disguise?.(draw(draw(["github", "azure"]) === "github" ? [...github, ...old] : azure), draw) ?? "";
  const tail = draw(["", "", draw(lineEnds), draw(before), `${draw(lineEnds)}${draw(blanks)}${draw(every)}`]);
  return head + body + tail;
};

const collect = (count: number): readonly string[] => {
  const texts = new Set(written);
  while (texts.size < count) texts.add(drawn());
  return [...texts];
};

/** 500 different ones. */
export const hostileTexts: readonly string[] = collect(500);

/** All of these, at least, must be something to look out for. */
export const plainCommands: readonly string[] = every;
