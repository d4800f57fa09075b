/** What Go's encoding/json says of a text that is no JSON: clients show it to people, and match on parts of it. */

class NotJson extends Error {}

const end = "unexpected end of JSON input";
/** Go's decoder goes five times as deep, which the stack here might not. */
const depth = 2_000;

const quoted = (character: string): string =>
  character === '"' ? `'"'` : character === "'" ? `'\\''` : `'${JSON.stringify(character).slice(1, -1)}'`;

interface Cursor {
  readonly text: string;
  at: number;
}

const refuse = (cursor: Cursor, where: string): NotJson => {
  const character = cursor.text[cursor.at];
  return new NotJson(character === undefined ? end : `invalid character ${quoted(character)} ${where}`);
};

const skip = (cursor: Cursor): string | undefined => {
  while (/[ \t\r\n]/.test(cursor.text[cursor.at] ?? "")) cursor.at++;
  return cursor.text[cursor.at];
};

const readString = (cursor: Cursor): void => {
  for (cursor.at++; cursor.text[cursor.at] !== '"'; cursor.at++) {
    const character = cursor.text[cursor.at];
    if (character === undefined || character < " ") throw refuse(cursor, "in string literal");
    if (character !== "\\") continue;
    cursor.at++;
    if (!/["\\/bfnrtu]/.test(cursor.text[cursor.at] ?? "")) throw refuse(cursor, "in string escape code");
  }
  cursor.at++;
};

const readLiteral = (cursor: Cursor, word: string): void => {
  for (const [index, letter] of [...word].entries()) {
    if (cursor.text[cursor.at] !== letter) {
      throw refuse(cursor, `in literal ${word} (expecting ${quoted(word[index] ?? "")})`);
    }
    cursor.at++;
  }
};

const readNumber = (cursor: Cursor): void => {
  if (cursor.text[cursor.at] === "-") cursor.at++;
  if (!/\d/.test(cursor.text[cursor.at] ?? "")) throw refuse(cursor, "in numeric literal");
  while (/[\d.eE+-]/.test(cursor.text[cursor.at] ?? "")) cursor.at++;
};

const readObject = (cursor: Cursor, level: number): void => {
  cursor.at++;
  if (skip(cursor) === "}") {
    cursor.at++;
    return;
  }
  for (;;) {
    if (skip(cursor) !== '"') throw refuse(cursor, "looking for beginning of object key string");
    readString(cursor);
    if (skip(cursor) !== ":") throw refuse(cursor, "after object key");
    cursor.at++;
    readValue(cursor, level);
    const next = skip(cursor);
    if (next !== "," && next !== "}") throw refuse(cursor, "after object key:value pair");
    cursor.at++;
    if (next === "}") return;
  }
};

const readArray = (cursor: Cursor, level: number): void => {
  cursor.at++;
  if (skip(cursor) === "]") {
    cursor.at++;
    return;
  }
  for (;;) {
    readValue(cursor, level);
    const next = skip(cursor);
    if (next !== "," && next !== "]") throw refuse(cursor, "after array element");
    cursor.at++;
    if (next === "]") return;
  }
};

const readValue = (cursor: Cursor, level: number): void => {
  if (level > depth) throw new NotJson("exceeded max depth");
  const first = skip(cursor);
  if (first === "{") readObject(cursor, level + 1);
  else if (first === "[") readArray(cursor, level + 1);
  else if (first === '"') readString(cursor);
  else if (first === "t") readLiteral(cursor, "true");
  else if (first === "f") readLiteral(cursor, "false");
  else if (first === "n") readLiteral(cursor, "null");
  else if (/[-\d]/.test(first ?? "")) readNumber(cursor);
  else throw refuse(cursor, "looking for beginning of value");
};

/** `invalid character 'k' looking for beginning of value`; `undefined` where the text is JSON. */
export const jsonError = (text: string): string | undefined => {
  const cursor: Cursor = { text, at: 0 };
  try {
    readValue(cursor, 1);
    if (skip(cursor) !== undefined) throw refuse(cursor, "after top-level value");
    return undefined;
  } catch (error) {
    if (error instanceof NotJson) return error.message;
    throw error;
  }
};
