import * as z from "zod";
import { PassportError } from "../errors/passport-error.js";
import { gs1CheckDigit } from "../primitives/gs1-check-digit.js";
import { MAXIMUM_IDENTIFIER_BYTES, normaliseHttpsUrl, percentEncode } from "../primitives/https-url.js";
import { parseInput } from "../primitives/parse-input.js";
import type { Namespace } from "./parse-namespace.js";

const productIdSchema = z.string().brand<"ProductId">();

/** The URL that identifies a product, in its normal form. */
export type ProductId = z.infer<typeof productIdSchema>;

/** The values that may follow the GTIN in a GS1 Digital Link, decoded. */
interface Qualifiers {
  /** Consumer product variant (AI 22). */
  readonly variant?: string;
  /** Batch or lot (AI 10). */
  readonly lot?: string;
  /** Serial number (AI 21). */
  readonly serial?: string;
}

/** A product identifier and what it says of the product. */
export type ParsedProductId =
  | { readonly scheme: "url"; readonly productId: ProductId; readonly granularity: "unknown" }
  | (Qualifiers & {
      readonly scheme: "gs1-digital-link";
      readonly productId: ProductId;
      readonly granularity: "model" | "batch" | "item";
      /** GTIN of 14 digits (AI 01). */
      readonly gtin: string;
    });

/** What the passport speaks of: a model, a batch, one item; `unknown` where the URL does not say. */
export type Granularity = ParsedProductId["granularity"];

const QUALIFIERS = [
  ["22", "variant"],
  ["10", "lot"],
  ["21", "serial"],
] as const;

/** One to twenty of the characters GS1 allows in a variant, lot or serial number (CSET 82). */
const QUALIFIER_VALUE = /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}$/;

/**
 * Parses a product identifier: a GS1 Digital Link (`https://host/path/01/<gtin>[/22/<variant>][/10/<lot>][/21/<serial>]`)
 * or another https URL. A path segment `01` with another behind it always announces a GTIN.
 *
 * @param input - from outside, such as a QR code, a file or the chain
 * @param options - `namespace`: the manufacturer's, if the product must be his
 * @returns the identifier and what it says
 * @throws PassportError `input.invalid`, `identifier.invalid`, `identifier.check-digit`, `identifier.not-normalised`,
 *   `identifier.foreign-namespace`
 *
 * @example
 * ```ts
 * const { productId, granularity } = parseProductId("https://id.weg.example/01/09521234543213/21/W22-000001");
 * ```
 */
export function parseProductId(
  input: unknown,
  options: { readonly namespace?: Namespace | undefined } = {},
): ParsedProductId {
  const productId = parseInput(z.string(), input, { field: "productId" });
  const parsed = readProductId(productId);
  const { namespace } = options;
  if (parsed.productId !== productId) {
    throw new PassportError("identifier.not-normalised", { productId, normalForm: parsed.productId });
  }
  if (namespace !== undefined && !productId.startsWith(namespace)) {
    throw new PassportError("identifier.foreign-namespace", { productId, namespace });
  }
  return parsed;
}

/**
 * Brings a product identifier into the one form it may be registered in.
 *
 * @param productId - an identifier that may be written differently
 * @returns its normal form
 * @throws PassportError `identifier.invalid`, `identifier.check-digit`
 */
export function normaliseProductId(productId: string): ProductId {
  return readProductId(productId).productId;
}

function readProductId(text: string): ParsedProductId {
  const normalised = normaliseHttpsUrl(text);
  if ("problem" in normalised) throw invalid(text, normalised.problem);
  const segments = normalised.url.split("/");
  const keyIndex = segments.indexOf("01");
  const gtin = segments[keyIndex + 1];
  if (keyIndex === -1 || gtin === undefined) {
    return { scheme: "url", productId: productIdSchema.parse(normalised.url), granularity: "unknown" };
  }

  checkGtin(text, gtin);
  const qualifiers = readQualifiers(text, segments.slice(keyIndex + 2));
  const path = QUALIFIERS.flatMap(([identifier, name]) => {
    const value = qualifiers[name];
    return value === undefined ? [] : [identifier, encodeValue(value)];
  });
  const productId = [...segments.slice(0, keyIndex + 2), ...path].join("/");
  if (productId.length > MAXIMUM_IDENTIFIER_BYTES) {
    throw invalid(text, `its normal form is longer than ${MAXIMUM_IDENTIFIER_BYTES} bytes`);
  }
  return {
    scheme: "gs1-digital-link",
    productId: productIdSchema.parse(productId),
    granularity: qualifiers.serial !== undefined ? "item" : qualifiers.lot !== undefined ? "batch" : "model",
    gtin,
    ...qualifiers,
  };
}

function checkGtin(productId: string, gtin: string): void {
  if (!/^\d{14}$/.test(gtin)) {
    throw invalid(productId, `a GTIN of 14 digits must follow /01/ (a shorter one with zeros in front), not ${gtin}`);
  }
  const expected = gs1CheckDigit(gtin.slice(0, -1));
  const actual = gtin.slice(-1);
  if (actual !== expected) {
    throw new PassportError("identifier.check-digit", { value: gtin, actual, expected, productId });
  }
}

function readQualifiers(productId: string, segments: readonly string[]): Qualifiers {
  const qualifiers: { -readonly [Name in keyof Qualifiers]: Qualifiers[Name] } = {};
  let rest = segments;
  for (const [identifier, name] of QUALIFIERS) {
    const [first, encoded, ...others] = rest;
    if (first !== identifier || encoded === undefined) continue;
    const value = decodeValue(encoded);
    if (!QUALIFIER_VALUE.test(value)) {
      throw invalid(
        productId,
        `/${identifier}/ must be followed by 1 to 20 characters that GS1 allows, not ${encoded}`,
      );
    }
    qualifiers[name] = value;
    rest = others;
  }
  if (rest.length > 0) {
    throw invalid(
      productId,
      `after the GTIN only /22/, /10/ and /21/ may follow, in this order, not /${rest.join("/")}`,
    );
  }
  return qualifiers;
}

function decodeValue(encoded: string): string {
  return encoded.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** GS1 encodes all but the unreserved characters, so that one value is written in one way. */
function encodeValue(value: string): string {
  return value.replace(/[^A-Za-z0-9._~-]/g, percentEncode);
}

function invalid(productId: string, problem: string): PassportError {
  return new PassportError("identifier.invalid", { productId, problem });
}
