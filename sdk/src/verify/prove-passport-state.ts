import { toBeHex } from "ethers";
import type { PassportState } from "../passport/read-passport-state.js";
import { type Address, parseAddress, parseBytes32, parseDigest } from "../primitives/hex.js";
import type { ProvenState } from "./proven-state.js";
import { bitsOfWord, PASSPORT_SLOTS } from "./storage-slots.js";

/**
 * Proves what a passport's storage holds. What the slots mean, its code says: that is the registration's matter.
 *
 * @param state - of the chain
 * @param passport - its address
 * @returns the passport's state
 * @throws PassportError `chain.*`, `proof.*`
 */
export async function provePassportState(state: ProvenState, passport: Address): Promise<PassportState> {
  const slots = Object.values(PASSPORT_SLOTS);
  const [head = 0n, packed = 0n, offer = 0n, offerDocument = 0n, lock = 0n, lockDocument = 0n] = await state.readSlots(
    passport,
    slots,
  );
  const newOwner = bitsOfWord(offer, { first: 0, count: 160 });
  const offerNonce = bitsOfWord(offer, { first: 160, count: 56 });
  const expiresAt = bitsOfWord(offer, { first: 216, count: 40 });
  const holder = bitsOfWord(lock, { first: 0, count: 160 });
  const until = bitsOfWord(lock, { first: 160, count: 40 });
  return {
    head: parseBytes32(toBeHex(head, 32)),
    owner: addressOf(bitsOfWord(packed, { first: 0, count: 160 })),
    condition: bitsOfWord(packed, { first: 160, count: 16 }),
    entryCount: bitsOfWord(packed, { first: 176, count: 40 }),
    lastRecordedAt: bitsOfWord(packed, { first: 216, count: 40 }),
    offerNonce,
    pendingOffer:
      newOwner === 0n
        ? undefined
        : { newOwner: addressOf(newOwner), document: digestOfWord(offerDocument), offerNonce, expiresAt },
    lock: holder === 0n ? undefined : { holder: addressOf(holder), until, document: digestOfWord(lockDocument) },
  };
}

function addressOf(bits: bigint): Address {
  return parseAddress(toBeHex(bits, 20));
}

function digestOfWord(word: bigint) {
  return parseDigest(toBeHex(word, 32));
}
