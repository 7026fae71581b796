import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type AddressBook, formatAddressBook, PassportError } from "@digital-product-passport/sdk";
import { readAddressBook } from "@digital-product-passport/sdk/node";
import { LOCAL_NETWORK } from "./open-network.js";

/**
 * Where the address book of a network lies.
 *
 * @param network - name of the network
 * @param options - `folder`: that of the deployments
 * @returns the path
 */
export function addressBookPath(network: string, options: { readonly folder: string }): string {
  return join(options.folder, `${network}.json`);
}

/**
 * Reads the address book of a network, if there is one.
 *
 * @param network - name of the network
 * @param options - `folder`: that of the deployments
 * @returns the address book; undefined before the first deployment
 * @throws PassportError `input.invalid`
 */
export async function findAddressBook(
  network: string,
  options: { readonly folder: string },
): Promise<AddressBook | undefined> {
  return await readAddressBook(addressBookPath(network, options));
}

/**
 * Reads the address book of a network that must have one.
 *
 * @param network - name of the network
 * @param options - `folder`: that of the deployments
 * @returns the address book
 * @throws PassportError `input.invalid`, saying how to get one
 */
export async function requireAddressBook(network: string, options: { readonly folder: string }): Promise<AddressBook> {
  const addressBook = await findAddressBook(network, options);
  if (addressBook !== undefined) return addressBook;
  const start = network === LOCAL_NETWORK ? "npm run dev" : `npm run deploy -- --network ${network}`;
  const problem = `there is no address book of it yet; ${start} makes one`;
  throw new PassportError("input.invalid", { field: "network", problem, value: addressBookPath(network, options) });
}

/**
 * Writes the address book of a network.
 *
 * @param addressBook - what was deployed
 * @param options - `folder`: that of the deployments
 */
export async function writeAddressBook(addressBook: AddressBook, options: { readonly folder: string }): Promise<void> {
  await writeFile(addressBookPath(addressBook.network, options), formatAddressBook(addressBook));
}

/**
 * Removes the address book of a local chain that ends. That of another chain is left alone.
 *
 * @param network - name of the network
 * @param options - `folder`: that of the deployments; `rpcUrl`: endpoint of the chain that ends
 * @throws PassportError `input.invalid`
 */
export async function removeAddressBook(
  network: string,
  options: { readonly folder: string; readonly rpcUrl: string },
): Promise<void> {
  const addressBook = await findAddressBook(network, options);
  if (addressBook?.rpcUrl === options.rpcUrl) await rm(addressBookPath(network, options));
}
