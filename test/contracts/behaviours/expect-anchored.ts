import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import type { ReadingsAnchor } from "../../../types/ethers-contracts/index.js";
import { fieldsOf } from "../../support/contract-values.js";
import { headAfter, readBatches, replayBatches } from "../../support/replay-batches.js";
import type { Messages } from "../../support/signing.js";

/**
 * Asserts that a transaction anchors exactly these batches, and that each gateway's chain is what its events say.
 *
 * @param anchor - the anchor
 * @param options - sends the transaction; the batches, in their order
 */
export async function expectAnchored(
  anchor: ReadingsAnchor,
  options: {
    readonly send: () => Promise<ContractTransactionResponse>;
    readonly batches: readonly Messages["Batch"][];
  },
): Promise<void> {
  const receipt = await (await options.send()).wait();
  const recordedAt = BigInt((await receipt?.getBlock())?.timestamp ?? 0);
  const events = (receipt?.logs ?? []).map((log) => anchor.interface.parseLog(log)?.args.toObject());
  expect(events).to.deep.equal(options.batches.map((batch) => ({ ...batch, recordedAt })));
  for (const batch of options.batches) await expectReplayed(anchor, batch.gateway);
  const last = options.batches.at(-1);
  if (last !== undefined) expect((await anchor.chainOf(last.gateway)).head).to.equal(headAfter(last));
}

/**
 * Asserts that nothing of some gateways' chains changes meanwhile.
 *
 * @param anchor - the anchor
 * @param options - the gateways; asserts the refusal
 */
export async function expectChainsUntouched(
  anchor: ReadingsAnchor,
  options: { readonly gateways: readonly string[]; readonly refuse: () => Promise<unknown> },
): Promise<void> {
  const read = () => Promise.all(options.gateways.map(async (gateway) => fieldsOf(await anchor.chainOf(gateway))));
  const before = await read();
  await options.refuse();
  expect(await read()).to.deep.equal(before);
  for (const gateway of options.gateways) await expectReplayed(anchor, gateway);
}

async function expectReplayed(anchor: ReadingsAnchor, gateway: string): Promise<void> {
  const network = await anchor.runner?.provider?.getNetwork();
  const options = { gateway, chainId: network?.chainId ?? 0n, anchor: await anchor.getAddress() };
  const replayed = replayBatches(await readBatches(anchor, gateway), options);
  expect(fieldsOf(await anchor.chainOf(gateway))).to.deep.equal(replayed);
}
