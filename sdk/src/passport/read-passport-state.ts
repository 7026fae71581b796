import type { Provider } from "ethers";
import { askNode } from "../chain/ask-node.js";
import { DigitalPassport__factory } from "../contracts/index.js";
import { type Address, type Bytes32, type Digest, parseAddress, parseBytes32, parseDigest } from "../primitives/hex.js";

/** An offer of the owner that waits for acceptance; it may have expired. */
export interface PendingOffer {
  readonly newOwner: Address;
  /** sha2-256 digest of the document of the transfer. */
  readonly document: Digest;
  readonly offerNonce: bigint;
  /** Last second, Unix time. */
  readonly expiresAt: bigint;
}

/** A lock for a sale; it may have run out. */
export interface PlacedLock {
  /** Who may release the lock or settle the sale. */
  readonly holder: Address;
  /** Last second, Unix time. */
  readonly until: bigint;
  /** sha2-256 digest of the document of the lock. */
  readonly document: Digest;
}

/** What a passport's storage holds. */
export interface PassportState {
  /** Commitment to every entry, in order. */
  readonly head: Bytes32;
  readonly owner: Address;
  /** Condition bits. */
  readonly condition: bigint;
  readonly entryCount: bigint;
  /** Chain time of the last entry, Unix seconds. */
  readonly lastRecordedAt: bigint;
  /** Number of the last offer, cancellation or settlement. */
  readonly offerNonce: bigint;
  readonly pendingOffer: PendingOffer | undefined;
  readonly lock: PlacedLock | undefined;
}

/**
 * Reads what a passport's storage holds at a block.
 *
 * @param provider - any ethers provider
 * @param options - `passport`: its address; `block`: number of the block
 * @returns the state
 * @throws PassportError `chain.*`, `contract.*`
 */
export async function readPassportState(
  provider: Provider,
  options: { readonly passport: Address; readonly block: bigint },
): Promise<PassportState> {
  const contract = DigitalPassport__factory.connect(options.passport, provider);
  const at = { blockTag: options.block };
  const [head, owner, condition, entryCount, lastRecordedAt, offerNonce, offer, lock] = await askNode(provider, () =>
    Promise.all([
      contract.head(at),
      contract.owner(at),
      contract.condition(at),
      contract.entryCount(at),
      contract.lastRecordedAt(at),
      contract.offerNonce(at),
      contract.pendingOffer(at),
      contract.currentLock(at),
    ]),
  );
  return {
    head: parseBytes32(head),
    owner: parseAddress(owner),
    condition,
    entryCount,
    lastRecordedAt,
    offerNonce,
    pendingOffer: readOffer(offer),
    lock: readLock(lock),
  };
}

function readOffer(offer: {
  readonly newOwner: string;
  readonly document: string;
  readonly nonce: bigint;
  readonly expiresAt: bigint;
}): PendingOffer | undefined {
  if (BigInt(offer.newOwner) === 0n) return undefined;
  const { nonce: offerNonce, expiresAt } = offer;
  return { newOwner: parseAddress(offer.newOwner), document: parseDigest(offer.document), offerNonce, expiresAt };
}

function readLock(lock: {
  readonly holder: string;
  readonly until: bigint;
  readonly document: string;
}): PlacedLock | undefined {
  if (BigInt(lock.holder) === 0n) return undefined;
  return { holder: parseAddress(lock.holder), until: lock.until, document: parseDigest(lock.document) };
}
