/**
 * Issues many passports with documents on a local anvil behind a sequencer, and says how long it took and how much memory:
 * `npx tsx benchmarks/submit.ts [count]`.
 */
import { join } from "node:path";
import { argv, memoryUsage } from "node:process";
import { createPassportClient, createProvider, issueMany } from "@digital-product-passport/sdk";
import { createDiskStore, createFileJournal } from "@digital-product-passport/sdk/node";
import { startAnvilSuite } from "../test/support/anvil-suite.js";
import { productIdOf } from "../test/support/deploy-suite.js";
import { SAMPLE_MOTOR } from "../test/support/sdk-clients.js";
import { startSequencer } from "../test/support/sequencer.js";

const count = Number(argv[2] ?? 1_000);
const suite = await startAnvilSuite({ epochBlocks: 8 });
const sequencer = await startSequencer(suite.url, { seed: 1 });
const { registry, manager } = suite.addressBook.contracts;
const { issuer, manufacturer, owner } = suite.participants;
const provider = createProvider(sequencer.url, { chainId: suite.network.chainId });
const { context } = createPassportClient({
  rpc: provider,
  chainId: suite.network.chainId,
  registry: registry.address,
  manager: manager.address,
  store: createDiskStore(join(suite.folder, "documents")),
  signer: issuer,
});
const journal = await createFileJournal(join(suite.folder, "issuing.journal"));

function* motors() {
  for (let serial = 1; serial <= count; serial += 1) {
    yield { productId: productIdOf(serial), owner: owner.address, document: SAMPLE_MOTOR };
  }
}

const megabytes = (): number => {
  globalThis.gc?.();
  return Math.round(memoryUsage().heapUsed / 1e6);
};
const started = performance.now();
const seconds = () => ((performance.now() - started) / 1_000).toFixed(1);
console.log(`start: ${megabytes()} MB heap`);
let told = 0;
const counts = await issueMany(context, {
  items: motors(),
  journal,
  signers: [issuer, manufacturer],
  onProblem: (error) => console.log(String(error)),
  onProgress: () => {
    told += 1;
    if (told % Math.ceil(count / 10) === 0)
      console.log(`${told} after ${seconds()} s, ${megabytes()} MB heap, journal ${journal.size()} bytes`);
  },
});
console.log(`${JSON.stringify(counts)} in ${seconds()} s, ${megabytes()} MB heap, journal of ${journal.size()} bytes`);
console.log(Object.fromEntries(sequencer.counts));
await journal.close();
provider.destroy();
await sequencer.close();
await suite.close();
