import { type ParseErrorCode, printParseErrorCode, visit } from "jsonc-parser";
import { PassportError } from "../errors/passport-error.js";
import { MAXIMUM_DEPTH } from "./canonicalise.js";

/**
 * Reads JSON strictly: no comments, no trailing commas, no key twice in one object, at most 64 levels deep.
 *
 * @param text - JSON from outside
 * @returns the value
 * @throws PassportError `document.not-json`, naming line and column
 */
export function parseJson(text: string): unknown {
  const plain = readPlain(text);
  if (plain !== undefined) return plain.value;
  checkJson(text);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PassportError("document.not-json", { problem: "the JSON parser refuses it" }, { cause });
  }
}

/**
 * The quick way for what is right, and has nothing escaped: then each quotation mark begins or ends a string, each colon
 * outside of strings stands behind a key, and as many keys as colons mean that none is there twice.
 */
function readPlain(text: string): { readonly value: unknown } | undefined {
  if (text.includes("\\")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return countKeys(value, 0) === countColons(text) ? { value } : undefined;
  } catch {
    return undefined;
  }
}

/** NaN, which equals nothing, where it is nested too deep. */
function countKeys(value: unknown, depth: number): number {
  if (typeof value !== "object" || value === null) return 0;
  if (depth >= MAXIMUM_DEPTH) return Number.NaN;
  const values: readonly unknown[] = Object.values(value);
  let keys = Array.isArray(value) ? 0 : values.length;
  for (const each of values) keys += countKeys(each, depth + 1);
  return keys;
}

const QUOTATION_MARK = 0x22;
const COLON = 0x3a;

function countColons(text: string): number {
  let colons = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTATION_MARK) isInString = !isInString;
    else if (code === COLON && !isInString) colons += 1;
  }
  return colons;
}

/** JSON.parse takes the last of several equal keys without a word; this finds them, and says where. */
function checkJson(text: string): void {
  const openObjects: Set<string>[] = [];
  let depth = 0;
  const fail = (problem: string, line: number, column: number): never => {
    throw new PassportError("document.not-json", { problem: `${problem} in line ${line + 1}, column ${column + 1}` });
  };
  const open = (_offset: number, _length: number, line: number, column: number): void => {
    depth += 1;
    if (depth > MAXIMUM_DEPTH) fail(`more than ${MAXIMUM_DEPTH} levels`, line, column);
  };

  visit(
    text,
    {
      onObjectBegin: (offset, length, line, column) => {
        open(offset, length, line, column);
        openObjects.push(new Set());
      },
      onObjectProperty: (key, _offset, _length, line, column) => {
        const keys = openObjects.at(-1);
        if (keys?.has(key)) fail(`the key ${JSON.stringify(key)} a second time`, line, column);
        keys?.add(key);
      },
      onObjectEnd: () => {
        depth -= 1;
        openObjects.pop();
      },
      onArrayBegin: open,
      onArrayEnd: () => {
        depth -= 1;
      },
      onError: (code: ParseErrorCode, _offset, _length, line, column) => fail(printParseErrorCode(code), line, column),
    },
    { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false },
  );
}
