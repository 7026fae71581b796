import { join } from "node:path";
import { createPassportClient, createProvider, issueMany } from "@digital-product-passport/sdk";
import { createDiskStore, createFileJournal } from "@digital-product-passport/sdk/node";
import { startAnvilSuite } from "../../test/support/anvil-suite.js";
import { productIdOf } from "../../test/support/deploy-suite.js";
import { SAMPLE_MOTOR } from "../../test/support/sdk-clients.js";
import { startSequencer } from "../../test/support/sequencer.js";
import { liveHeapMB } from "../lib/live-heap.js";

const FIRST = 1_000;

/** How `issueMany` does with many products, each with its document on the disk. */
export interface IssuingFigures {
  readonly passports: number;
  /** Until the first thousand was on chain and in the journal. */
  readonly seconds1000: number;
  /** How much more of the heap is in use after the last passport than after the first thousand. */
  readonly heapGrowthMB: number;
}

/**
 * Measures `issueMany` by two issuers on a chain of its own, behind what Arbitrum's sequencer is like.
 *
 * @param options - `passports`: how many, 1,000 or more
 * @returns seconds and heap
 */
export async function measureIssuing({ passports }: { readonly passports: number }): Promise<IssuingFigures> {
  const suite = await startAnvilSuite({ epochBlocks: 8 });
  const sequencer = await startSequencer(suite.url, { seed: 1 });
  const { chainId } = suite.network;
  const { issuer, manufacturer, owner } = suite.participants;
  const provider = createProvider(sequencer.url, { chainId });
  const journal = await createFileJournal(join(suite.folder, "issuing.journal"));
  const { context } = createPassportClient({
    rpc: provider,
    chainId,
    registry: suite.addressBook.contracts.registry.address,
    manager: suite.addressBook.contracts.manager.address,
    store: createDiskStore(join(suite.folder, "documents")),
    signer: issuer,
  });
  function* motors() {
    for (let serial = 1; serial <= passports; serial += 1) {
      yield { productId: productIdOf(serial), owner: owner.address, document: SAMPLE_MOTOR };
    }
  }
  try {
    const started = performance.now();
    const first = { seconds: 0, heapMB: 0 };
    let issued = 0;
    await issueMany(context, {
      items: motors(),
      journal,
      signers: [issuer, manufacturer],
      onProblem: (error) => process.stderr.write(`${error}\n`),
      onProgress: () => {
        issued += 1;
        if (issued !== FIRST) return;
        Object.assign(first, { seconds: (performance.now() - started) / 1_000, heapMB: liveHeapMB() });
      },
    });
    if (issued !== passports) throw new Error(`${issued} passports were issued of ${passports}`);
    return { passports, seconds1000: first.seconds, heapGrowthMB: liveHeapMB() - first.heapMB };
  } finally {
    await journal.close();
    provider.destroy();
    await sequencer.close();
    await suite.close();
  }
}
