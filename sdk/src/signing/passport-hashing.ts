import { AbiCoder, dataSlice, getAddress, id, keccak256 } from "ethers";
import type { EventType } from "../primitives/event-type.js";
import {
  type Address,
  addressSchema,
  type Bytes27,
  type Bytes32,
  bytes27Schema,
  bytes32Schema,
  type Digest,
  type Hex,
} from "../primitives/hex.js";
import { type GatewayMessages, hashBatch } from "./typed-data.js";

/** One entry of a passport's history, as it is hashed into the head. */
export interface PassportEntry {
  /** Position in the history; MANUFACTURED is 1. */
  readonly sequence: bigint;
  readonly eventType: EventType;
  /** Who states the event: an account, a contract wallet or the derived address of a key. */
  readonly attester: Address;
  /** Under which of his roles he states it: bits of the manager, bit 127 is "the current owner". */
  readonly roles: bigint;
  /** sha2-256 digest of the canonical document. */
  readonly document: Digest;
  /** Chain time in Unix seconds. */
  readonly recordedAt: bigint;
  /** Owner after this entry. */
  readonly owner: Address;
  /** Condition bits after this entry. */
  readonly condition: bigint;
}

const HEAD_DOMAIN = id("DigitalPassport.head.v1");
const READINGS_HEAD_DOMAIN = id("ReadingsAnchor.head.v1");
const SIGNER_TYPEHASH = id("DigitalPassport.signer.v1(bytes signer)");

const ENTRY_TYPES = ["uint256", "bytes32", "address", "uint256", "bytes32", "uint256", "address", "uint256"];

/**
 * The head of a passport that has no entry yet.
 *
 * @param options - `chainId` and address of the `passport`
 * @returns the head that the first entry is chained to
 */
export function initialHead(options: { readonly chainId: bigint; readonly passport: Address }): Bytes32 {
  return hashAbi(["bytes32", "uint256", "address"], [HEAD_DOMAIN, options.chainId, options.passport]);
}

/**
 * The head after an entry.
 *
 * @param head - the head before it
 * @param entry - the entry
 * @returns the head that commits to the entry and to all before it
 */
export function nextHead(head: Bytes32, entry: PassportEntry): Bytes32 {
  const { sequence, eventType, attester, roles, document, recordedAt, owner, condition } = entry;
  return hashAbi(
    ["bytes32", ...ENTRY_TYPES],
    [head, sequence, eventType, attester, roles, document, recordedAt, owner, condition],
  );
}

/**
 * The head after each entry of a history.
 *
 * @param entries - all entries from the first, in order
 * @param options - `chainId` and address of the `passport`
 * @returns one head per entry; the last one is what an honest passport shows
 */
export function replayHeads(
  entries: readonly PassportEntry[],
  options: { readonly chainId: bigint; readonly passport: Address },
): readonly Bytes32[] {
  let head = initialHead(options);
  return entries.map((entry) => {
    head = nextHead(head, entry);
    return head;
  });
}

/**
 * The head of a gateway's chain that has no batch yet.
 *
 * @param options - `chainId`, and addresses of the `readingsAnchor` and the `gateway`
 * @returns the head that the first batch is chained to
 */
export function initialGatewayHead(options: {
  readonly chainId: bigint;
  readonly readingsAnchor: Address;
  readonly gateway: Address;
}): Bytes27 {
  const { chainId, readingsAnchor, gateway } = options;
  return gatewayHeadOf(
    hashAbi(["bytes32", "uint256", "address", "address"], [READINGS_HEAD_DOMAIN, chainId, readingsAnchor, gateway]),
  );
}

/**
 * The head of a gateway's chain after a batch.
 *
 * @param batch - the batch, which names the head before it
 * @returns the head that commits to the batch and to all before it
 */
export function gatewayHeadAfter(batch: GatewayMessages["Batch"]): Bytes27 {
  return gatewayHeadOf(hashBatch(batch));
}

/**
 * The address under which an ERC-7913 key attests, owns and is granted roles.
 *
 * @param signer - `verifier (20 bytes) | key`
 * @returns the derived address
 */
export function attesterOfSigner(signer: Hex): Address {
  const hash = hashAbi(["bytes32", "bytes32"], [SIGNER_TYPEHASH, keccak256(signer)]);
  return addressSchema.parse(getAddress(`0x${hash.slice(-40)}`));
}

/** As much of a hash as fits into one slot beside the sequence. */
function gatewayHeadOf(hash: Bytes32): Bytes27 {
  return bytes27Schema.parse(dataSlice(hash, 0, 27));
}

function hashAbi(types: readonly string[], values: readonly unknown[]): Bytes32 {
  return bytes32Schema.parse(keccak256(AbiCoder.defaultAbiCoder().encode(types, values)));
}
