import { encodeQR } from "qr";
import { type ParsedProductId, parseProductId } from "../identifier/parse-product-id.js";

/** Blank modules around a QR code (ISO/IEC 18004, clause 9.1). */
export const QUIET_ZONE_MODULES = 4;

/** What stands on a product's label. */
export interface LabelContent {
  readonly productId: string;
  /** Rows of modules, with the quiet zone; true is dark. */
  readonly modules: readonly (readonly boolean[])[];
  /** What the code says, for people. */
  readonly text: string;
}

/**
 * Makes what stands on a product's label. The error correction level M repairs 15 % of the code, as GS1 asks for on
 * products.
 *
 * @param productId - URL of the product, in its normal form
 * @returns the QR code and its text
 * @throws PassportError `input.invalid`, `identifier.*`
 */
export function labelContent(productId: string): LabelContent {
  const parsed = parseProductId(productId);
  const modules = encodeQR(parsed.productId, "raw", { ecc: "medium", border: QUIET_ZONE_MODULES });
  return { productId: parsed.productId, modules, text: textOf(parsed) };
}

/** Human readable interpretation: application identifiers in brackets (GS1 General Specifications, section 4.14). */
function textOf(parsed: ParsedProductId): string {
  if (parsed.scheme === "url") return parsed.productId;
  const { gtin, variant, lot, serial } = parsed;
  return [
    ["01", gtin],
    ["22", variant],
    ["10", lot],
    ["21", serial],
  ]
    .flatMap(([identifier, value]) => (value === undefined ? [] : [`(${identifier})${value}`]))
    .join(" ");
}

/**
 * Breaks text into lines, between words where that is possible.
 *
 * @param text - of printable ASCII
 * @param options - most characters of a line
 * @returns the lines
 */
export function wrapText(text: string, { width }: { readonly width: number }): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ").flatMap((long) => long.match(new RegExp(`.{1,${width}}`, "g")) ?? [])) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
