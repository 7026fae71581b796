import { parseJson } from "@digital-product-passport/sdk";
import { MAXIMUM_ITEMS } from "../delivery.js";

/** So many bytes hold too many readings, or one that is too large: nobody has to look into them. */
const MAXIMUM_BYTES = 4 << 20;

const OPENING_BRACKET = 0x5b;
const LINE_END = 0x0a;
const SPACE = 0x20;

/**
 * Takes a message apart: one reading, a JSON array of readings, or NDJSON. What cannot be taken apart is one item, and
 * the check of its contents says what is wrong.
 *
 * @param body - as it came
 * @param options - `isNdjson`: each line is a reading
 * @returns the items; undefined if there are more than 1,000
 */
export function splitBody(
  body: Uint8Array,
  options: { readonly isNdjson?: boolean } = {},
): readonly Uint8Array[] | undefined {
  const items = options.isNdjson === true ? splitLines(body) : splitArray(body);
  return items.length > MAXIMUM_ITEMS ? undefined : items;
}

/** Stops at one too many: a body of nothing but line ends has a million. */
function splitLines(body: Uint8Array): readonly Uint8Array[] {
  const items: Uint8Array[] = [];
  for (let start = 0; start < body.length && items.length <= MAXIMUM_ITEMS; ) {
    const found = body.indexOf(LINE_END, start);
    const end = found === -1 ? body.length : found;
    if (hasContent(body, start, end)) items.push(body.subarray(start, end));
    start = end + 1;
  }
  return items;
}

function hasContent(body: Uint8Array, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) if ((body[index] ?? 0) > SPACE) return true;
  return false;
}

function splitArray(body: Uint8Array): readonly Uint8Array[] {
  if (body.length > MAXIMUM_BYTES) return [body];
  const first = body.find((byte) => byte > SPACE);
  if (first !== OPENING_BRACKET) return [body];
  try {
    const items = parseJson(new TextDecoder("utf-8", { fatal: true }).decode(body));
    if (!Array.isArray(items)) return [body];
    return items.slice(0, MAXIMUM_ITEMS + 1).map((item) => Buffer.from(JSON.stringify(item)));
  } catch {
    return [body];
  }
}
