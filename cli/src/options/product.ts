import { readFile } from "node:fs/promises";
import { PassportError } from "@digital-product-passport/sdk";

/**
 * Finds out which product a user means.
 *
 * @param product - the product's URL, the address of its passport, or a PNG picture of its label
 * @returns URL or address
 * @throws PassportError `input.invalid`, `label.unreadable`, `identifier.*`
 */
export async function resolveProductArgument(product: string): Promise<string> {
  if (!/\.png$/i.test(product) || /^https:/i.test(product)) return product;
  const picture = await readFile(product).catch((cause: unknown) => {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new PassportError("input.invalid", { field: "picture", problem, value: product }, { cause });
  });
  const { readLabel } = await import("@digital-product-passport/sdk/label");
  return readLabel(picture);
}
