import { PassportError } from "../errors/passport-error.js";

/** Deepest nesting of objects and arrays: far more than any document needs, far less than a call stack bears. */
export const MAXIMUM_DEPTH = 64;

const encoder = new TextEncoder();

/**
 * Writes a value in the one form of RFC 8785 (JCS). Nothing is left out or converted on the way: what JSON cannot hold
 * is refused.
 *
 * @param value - plain objects, arrays, strings, finite numbers, booleans and null
 * @returns canonical JSON in UTF-8
 * @throws PassportError `document.not-canonicalisable`, naming the path
 */
export function canonicalise(value: unknown): Uint8Array {
  return encoder.encode(write(value, []));
}

/** Where a value stands; it grows and shrinks as the value is walked through. */
type Path = (string | number)[];

function write(value: unknown, path: Path): string {
  switch (typeof value) {
    case "boolean":
      return String(value);
    case "number":
      // RFC 8785 writes numbers as ECMAScript does.
      if (!Number.isFinite(value)) throw refuse(path, `${value} is not a JSON number`);
      return JSON.stringify(value);
    case "string":
      return writeString(value, path);
    case "object":
      return value === null ? "null" : writeContainer(value, path);
    default:
      throw refuse(path, `JSON has no ${typeof value}`);
  }
}

/** RFC 8785 writes strings as ECMAScript does, apart from those that are not Unicode. */
function writeString(text: string, path: Path): string {
  // Most have nothing that has to be escaped, and to find that out is faster than to have them written.
  if (!/[^ !#-[\]-~]/.test(text)) return `"${text}"`;
  // With the u flag a surrogate that has its partner is part of one character, and does not match.
  if (/\p{Surrogate}/u.test(text)) throw refuse(path, "a string has half of a surrogate pair");
  return JSON.stringify(text);
}

function writeContainer(value: object, path: Path): string {
  // Cycles end here, too.
  if (path.length >= MAXIMUM_DEPTH) throw refuse(path.slice(0, 3), `it is nested deeper than ${MAXIMUM_DEPTH} levels`);
  if (Array.isArray(value)) return writeArray(value, path);
  if (!isPlainObject(value)) throw refuse(path, "it is not a plain object");
  if (Object.getOwnPropertySymbols(value).length > 0) throw refuse(path, "it has a symbol as a key");
  return writeObject(value, path);
}

function writeArray(items: readonly unknown[], path: Path): string {
  let text = "";
  // Not forEach: it skips the holes of a sparse array.
  for (let index = 0; index < items.length; index++) {
    path.push(index);
    text += `${index === 0 ? "" : ","}${write(items[index], path)}`;
    path.pop();
  }
  return `[${text}]`;
}

function writeObject(value: object, path: Path): string {
  let text = "";
  // By UTF-16 code units, as RFC 8785 orders keys.
  for (const key of Object.keys(value).sort()) {
    const name = writeString(key, path);
    path.push(key);
    text += `${text === "" ? "" : ","}${name}:${write(Reflect.get(value, key), path)}`;
    path.pop();
  }
  return `{${text}}`;
}

/** Also of another realm, such as a frame, whose `Object` is not ours. */
function isPlainObject(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

function refuse(path: readonly (string | number)[], problem: string): PassportError {
  return new PassportError("document.not-canonicalisable", { path: ["$", ...path].join("."), problem });
}
