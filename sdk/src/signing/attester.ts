import type { Signer } from "ethers";
import { type Address, type Hex, parseAddress, parseHex } from "../primitives/hex.js";
import { askHolder } from "./ask-holder.js";
import type { TypedData } from "./typed-data.js";

/** Whoever states something: an account, a contract wallet or a key in a device. */
export interface Attester {
  /** Under which he attests, owns and is granted roles. */
  readonly address: Address;
  /** ERC-7913 signer `verifier (20 bytes) | key`; "0x" for an account or a contract wallet. */
  readonly signer: Hex;
  /**
   * Signs.
   *
   * @throws PassportError `signer.refused`
   */
  readonly sign: (typedData: TypedData) => Promise<Hex>;
}

/**
 * An attester who signs with an ethers signer: a wallet of ethers, a browser's wallet, a hardware wallet.
 *
 * @param signer - of the account
 * @param options - `wallet`: a contract wallet (ERC-1271) in whose name the account signs
 * @returns the attester
 * @throws PassportError `input.invalid`, `signer.refused`
 */
export async function accountAttester(
  signer: Signer,
  options: { readonly wallet?: string | undefined } = {},
): Promise<Attester> {
  const address = options.wallet ?? (await askHolder("the signer", () => signer.getAddress()));
  return {
    address: parseAddress(address, { field: "attester" }),
    signer: parseHex("0x"),
    sign: async ({ domain, types, message }) => {
      const fields = Object.fromEntries(Object.entries(types).map(([name, list]) => [name, [...list]]));
      return parseHex(await askHolder(address, () => signer.signTypedData(domain, fields, { ...message })));
    },
  };
}
