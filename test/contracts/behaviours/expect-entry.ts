import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import type { DigitalPassport } from "../../../types/ethers-contracts/index.js";
import { fieldsOf } from "../../support/contract-values.js";
import { nextHead, type RecordedEntry, readEntries } from "../../support/replay-head.js";

/** What a test expects of an entry; position and times follow from the history. */
export type ExpectedEntry = Omit<RecordedEntry, "sequence" | "recordedAt" | "previousRecordedAt">;

/**
 * Asserts that a transaction records exactly this entry, and that the passport's state is the one after it.
 *
 * @param passport - the passport
 * @param options - sends the transaction; the entry
 * @returns the entry, with its position and times
 */
export async function expectEntry(
  passport: DigitalPassport,
  options: { readonly send: () => Promise<ContractTransactionResponse>; readonly entry: ExpectedEntry },
): Promise<RecordedEntry> {
  const [head, entryCount, lastRecordedAt] = await Promise.all([
    passport.head(),
    passport.entryCount(),
    passport.lastRecordedAt(),
  ]);
  const receipt = await (await options.send()).wait();
  const block = await receipt?.getBlock();
  if (block === undefined) throw new Error("The transaction was not recorded.");

  const entry: RecordedEntry = {
    ...options.entry,
    sequence: entryCount + 1n,
    recordedAt: BigInt(block.timestamp),
    previousRecordedAt: lastRecordedAt,
  };
  expect(await readEntries(passport, { from: block.number, to: block.number })).to.deep.equal([entry]);
  expect(await passport.head(), "head").to.equal(nextHead(head, entry));
  expect(await passport.owner(), "owner").to.equal(entry.owner);
  expect(await passport.condition(), "condition").to.equal(entry.condition);
  expect(await passport.entryCount(), "entryCount").to.equal(entry.sequence);
  expect(await passport.lastRecordedAt(), "lastRecordedAt").to.equal(entry.recordedAt);
  return entry;
}

/**
 * Asserts that nothing of a passport changes while something is refused.
 *
 * @param passport - the passport
 * @param refuse - asserts the refusal
 */
export async function expectUntouched(passport: DigitalPassport, refuse: () => Promise<void>): Promise<void> {
  const before = await stateOf(passport);
  await refuse();
  expect(await stateOf(passport)).to.deep.equal(before);
}

const stateOf = async (passport: DigitalPassport) => ({
  head: await passport.head(),
  owner: await passport.owner(),
  condition: await passport.condition(),
  entryCount: await passport.entryCount(),
  lastRecordedAt: await passport.lastRecordedAt(),
  offer: fieldsOf(await passport.pendingOffer()),
  offerNonce: await passport.offerNonce(),
  lock: fieldsOf(await passport.currentLock()),
});
