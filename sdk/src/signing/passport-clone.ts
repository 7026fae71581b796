import { concat, getAddress, getCreate2Address, keccak256, toBeHex, toUtf8Bytes, toUtf8String, ZeroHash } from "ethers";
import { type Address, addressSchema, type Hex, hexSchema } from "../primitives/hex.js";

/** What the code of a passport says: whose code it runs, who its manager is, which product it speaks of. */
export interface PassportClone {
  /** Contract whose code the clone runs. */
  readonly implementation: Address;
  /** The manufacturer's contract. */
  readonly manager: Address;
  /** URL of the product, as it stands in the code: not necessarily in its normal form. */
  readonly productId: string;
}

// EIP-1167 minimal proxy: what stands before and behind the implementation's address.
const CODE_BEFORE = "0x363d3d373d3d3d363d73";
const CODE_BEHIND = "0x5af43d82803e903d91602b57fd5bf3";

/** Behind the manager, the product in 1 to 256 bytes of visible ASCII: what the registry accepts. */
const CODE_PATTERN =
  /^0x363d3d373d3d3d363d73([0-9a-f]{40})5af43d82803e903d91602b57fd5bf3([0-9a-f]{40})((?:2[1-9a-f]|[3-6][0-9a-f]|7[0-9a-e]){1,256})$/;

/**
 * The code of a passport: an EIP-1167 clone with `manager (20 bytes) | productId` behind it.
 *
 * @param clone - what the code says
 * @returns the code at the passport's address, byte for byte
 */
export function cloneCode({ implementation, manager, productId }: PassportClone): Hex {
  return hexSchema.parse(concat([CODE_BEFORE, implementation, CODE_BEHIND, manager, toUtf8Bytes(productId)]));
}

/**
 * Reads the code of a passport.
 *
 * @param code - code at an address
 * @returns what it says; undefined if it is not the code of a passport
 */
export function parseCloneCode(code: Hex): PassportClone | undefined {
  const [, implementation, manager, productId] = CODE_PATTERN.exec(code) ?? [];
  if (implementation === undefined || manager === undefined || productId === undefined) return undefined;
  return {
    implementation: readAddress(implementation),
    manager: readAddress(manager),
    productId: toUtf8String(`0x${productId}`),
  };
}

/**
 * The address that the passport of a product has, or will have.
 *
 * @param options - what its code says, and the `factory` that deploys it
 * @returns the CREATE2 address
 */
export function predictPassportAddress(options: PassportClone & { readonly factory: Address }): Address {
  const code = cloneCode(options);
  const codeLength = toBeHex((code.length - 2) / 2, 2);
  const creationCode = concat(["0x61", codeLength, "0x3d81600a3d39f3", code]);
  return addressSchema.parse(getCreate2Address(options.factory, ZeroHash, keccak256(creationCode)));
}

function readAddress(digits: string): Address {
  return addressSchema.parse(getAddress(`0x${digits}`));
}
