import { parseJson } from "@digital-product-passport/sdk";

/** Readings of one message. */
export const MAXIMUM_ITEMS = 1_000;

/** So many bytes hold too many readings, or one that is too large: nobody has to look into them. */
const MAXIMUM_BYTES = 4 << 20;

const OPENING_BRACKET = 0x5b;

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

function splitLines(body: Uint8Array): readonly Uint8Array[] {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const items: Uint8Array[] = [];
  let start = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", start)) {
    items.push(text.subarray(start, at));
    start = at + 1;
  }
  items.push(text.subarray(start));
  return items.filter((line) => !/^\s*$/.test(Buffer.from(line).toString("latin1")));
}

function splitArray(body: Uint8Array): readonly Uint8Array[] {
  if (body.length > MAXIMUM_BYTES) return [body];
  const first = body.find((byte) => byte > 0x20);
  if (first !== OPENING_BRACKET) return [body];
  try {
    const items = parseJson(new TextDecoder("utf-8", { fatal: true }).decode(body));
    if (!Array.isArray(items)) return [body];
    return items.map((item) => Buffer.from(JSON.stringify(item)));
  } catch {
    return [body];
  }
}
