/**
 * Signs an event with a key in a device, for `passport submit`; without arguments, says what an administrator grants roles
 * to: `npx tsx examples/pkcs11/sign.ts [product event document.json]`.
 */
import { readFile } from "node:fs/promises";
import { argv, env } from "node:process";
import { createPassportClient, createProvider, type EventOption, p256Attester } from "@digital-product-passport/sdk";
import { readAddressBook } from "@digital-product-passport/sdk/node";
import { openPkcs11Key } from "./open-pkcs11-key.js";

const {
  PASSPORT_ADDRESS_BOOK = "deployments/local.json",
  PKCS11_LIBRARY = "/usr/lib/softhsm/libsofthsm2.so",
  PKCS11_TOKEN = "passports",
  PKCS11_LABEL = "gateway",
  PKCS11_PIN = "",
} = env;

const addressBook = await readAddressBook(PASSPORT_ADDRESS_BOOK);
if (addressBook?.rpcUrl === undefined)
  throw new Error(`${PASSPORT_ADDRESS_BOOK} names no endpoint: is npm run dev up?`);
const { chainId, contracts, rpcUrl } = addressBook;
using key = openPkcs11Key({ library: PKCS11_LIBRARY, token: PKCS11_TOKEN, label: PKCS11_LABEL, pin: PKCS11_PIN });
const attester = p256Attester(key, { verifier: contracts.p256Verifier.address });

const [, , passport, eventType, path] = argv;
if (passport === undefined || eventType === undefined || path === undefined) {
  console.log(JSON.stringify({ attester: attester.address, signer: attester.signer }));
} else {
  const provider = createProvider(rpcUrl, { chainId });
  const client = createPassportClient({ rpc: provider, chainId, registry: contracts.registry.address, attester });
  const event: unknown = { eventType, document: JSON.parse(await readFile(path, "utf8")) };
  const signed = await client.signAttestation({
    passport,
    // Safety: the SDK refuses an event type that has no schema, and a document that does not fit it.
    ...(event as EventOption),
    deadline: BigInt(Math.floor(Date.now() / 1_000) + 3_600),
  });
  console.log(JSON.stringify(signed));
  provider.destroy();
}
