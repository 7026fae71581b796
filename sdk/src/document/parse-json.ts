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
  checkJson(text);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PassportError("document.not-json", { problem: "the JSON parser refuses it" }, { cause });
  }
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
