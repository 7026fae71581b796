import serialise from "canonicalize";
import { PassportError } from "../errors/passport-error.js";

/** Deepest nesting of objects and arrays: far more than any document needs, far less than a call stack bears. */
export const MAXIMUM_DEPTH = 64;

/**
 * Writes a value in the one form of RFC 8785 (JCS). Nothing is left out or converted on the way: what JSON cannot hold
 * is refused.
 *
 * @param value - plain objects, arrays, strings, finite numbers, booleans and null
 * @returns canonical JSON in UTF-8
 * @throws PassportError `document.not-canonicalisable`, naming the path
 */
export function canonicalise(value: unknown): Uint8Array {
  checkValue(value, []);
  const text = serialise(value);
  // The check has refused everything for which the library returns nothing.
  return new TextEncoder().encode(text);
}

type Path = readonly (string | number)[];

function checkValue(value: unknown, path: Path): void {
  switch (typeof value) {
    case "boolean":
      return;
    case "number":
      if (!Number.isFinite(value)) throw refuse(path, `${value} is not a JSON number`);
      return;
    case "string":
      checkString(value, path);
      return;
    case "object":
      if (value !== null) checkContainer(value, path);
      return;
    default:
      throw refuse(path, `JSON has no ${typeof value}`);
  }
}

function checkString(text: string, path: Path): void {
  // With the u flag a surrogate that has its partner is part of one character, and does not match.
  if (/\p{Surrogate}/u.test(text)) throw refuse(path, "a string has half of a surrogate pair");
}

function checkContainer(value: object, path: Path): void {
  // Cycles end here, too.
  if (path.length >= MAXIMUM_DEPTH) throw refuse(path.slice(0, 3), `it is nested deeper than ${MAXIMUM_DEPTH} levels`);
  if (Array.isArray(value)) {
    // Not forEach: it skips the holes of a sparse array.
    for (let index = 0; index < value.length; index++) checkValue(value[index], [...path, index]);
    return;
  }
  if (!isPlainObject(value)) throw refuse(path, "it is not a plain object");
  if (Object.getOwnPropertySymbols(value).length > 0) throw refuse(path, "it has a symbol as a key");
  for (const [key, item] of Object.entries(value)) {
    checkString(key, path);
    checkValue(item, [...path, key]);
  }
}

/** Also of another realm, such as a frame, whose `Object` is not ours. */
function isPlainObject(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function refuse(path: Path, problem: string): PassportError {
  return new PassportError("document.not-canonicalisable", { path: ["$", ...path].join("."), problem });
}
