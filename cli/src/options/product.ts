import { readGivenFile } from "./given-file.js";

/**
 * Finds out which product a user means.
 *
 * @param product - the product's URL, the address of its passport, or a PNG picture of its label
 * @returns URL or address
 * @throws PassportError `input.invalid`, `label.unreadable`, `identifier.*`
 */
export async function resolveProductArgument(product: string): Promise<string> {
  if (!isFile(product, ".png")) return product;
  const { readLabel } = await import("@digital-product-passport/sdk/label");
  return readLabel(await readGivenFile(product, { field: "file" }));
}

/**
 * Reads the bundle that a user means, if he means one.
 *
 * @param product - the product's URL, the address of its passport, or a file that `passport bundle` wrote
 * @returns the bytes of the bundle; undefined for anything but a JSON file
 * @throws PassportError `input.invalid`
 */
export async function findBundle(product: string): Promise<Uint8Array | undefined> {
  return isFile(product, ".json") ? await readGivenFile(product, { field: "file" }) : undefined;
}

function isFile(product: string, extension: string): boolean {
  return product.toLowerCase().endsWith(extension) && !/^https:/i.test(product);
}
