import * as z from "zod";
import { parseInput } from "../primitives/parse-input.js";
import { parseNamespace } from "./parse-namespace.js";
import { normaliseProductId, type ProductId } from "./parse-product-id.js";

const gs1Value = z
  .string()
  .regex(/^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}$/, "expected 1 to 20 characters that GS1 allows")
  // A URL takes them for steps in its path, encoded or not, and loses what stands before them.
  .refine(
    (value) => value !== "." && value !== "..",
    "expected something else than dots alone, which no URL can carry",
  );

const productSchema = z.strictObject({
  /** GTIN of 8, 12, 13 or 14 digits (AI 01). */
  gtin: z.string().regex(/^(\d{8}|\d{12,14})$/, "expected 8, 12, 13 or 14 digits"),
  /** Consumer product variant (AI 22). */
  variant: gs1Value.optional(),
  /** Batch or lot (AI 10). */
  lot: gs1Value.optional(),
  /** Serial number (AI 21). */
  serial: gs1Value.optional(),
});

/** What a GS1 Digital Link says of a product. */
export type Gs1Product = Readonly<z.input<typeof productSchema>>;

const GTIN_LENGTH = 14;

/**
 * Builds the identifier of a product: a GS1 Digital Link in a manufacturer's namespace, in its normal form.
 *
 * @param namespace - of the manufacturer, such as `https://id.weg.example/`
 * @param product - its GTIN, and what tells it from others of the same GTIN
 * @returns the URL for its QR code and its passport
 * @throws PassportError `input.invalid`, `identifier.namespace`, `identifier.check-digit`, `identifier.invalid`
 *
 * @example
 * ```ts
 * const productId = buildProductId("https://id.weg.example/", { gtin: "9521234543213", serial: "W22/0001" });
 * // https://id.weg.example/01/09521234543213/21/W22%2F0001
 * ```
 */
export function buildProductId(namespace: string, product: Gs1Product): ProductId {
  const { gtin, variant, lot, serial } = parseInput(productSchema, product, { field: "product" });
  const path = [
    ["01", gtin.padStart(GTIN_LENGTH, "0")],
    ["22", variant],
    ["10", lot],
    ["21", serial],
  ].flatMap(([identifier, value]) => (value === undefined ? [] : [`${identifier}/${encodeURIComponent(value)}`]));
  return normaliseProductId(`${parseNamespace(namespace)}${path.join("/")}`);
}
