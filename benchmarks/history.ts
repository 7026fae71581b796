/**
 * Reads and verifies a short and a long history on a local anvil, and says how long it takes and how much memory:
 * `node --expose-gc --import tsx benchmarks/history.ts [count] [count]`.
 */
import { argv, memoryUsage } from "node:process";
import { createProvider, iterateHistory, verifyPassport } from "@digital-product-passport/sdk";
import { startAnvilSuite } from "../test/support/anvil-suite.js";
import { productIdOf } from "../test/support/deploy-suite.js";
import { recordLongHistory } from "../test/support/long-history.js";

const counts = argv.length > 2 ? argv.slice(2).map(Number) : [1_000, 50_000];
const suite = await startAnvilSuite({ epochBlocks: 8 });
const { chainId } = suite.network;
const provider = createProvider(suite.url, { chainId });
const context = { provider, chainId, registry: suite.addressBook.contracts.registry.address };

const megabytes = (): number => {
  globalThis.gc?.();
  return Math.round(memoryUsage().heapUsed / 1e6);
};
const secondsOf = async (task: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await task();
  return Math.round(performance.now() - started) / 1_000;
};

for (const [index, entryCount] of counts.entries()) {
  const recorded = { productId: productIdOf(900_000 + index), passport: "" };
  const recording = await secondsOf(async () => {
    Object.assign(recorded, await recordLongHistory(suite, { productId: recorded.productId, entryCount }));
  });
  const { passport } = recorded;
  console.log(`${entryCount} entries, recorded in ${recording} s, ${megabytes()} MB heap`);
  let [read, highest, pages] = [0, 0, 0];
  const reading = await secondsOf(async () => {
    for await (const page of iterateHistory(context, { passport })) {
      if (page.kind === "entries") read += page.entries.length;
      highest = Math.max(highest, megabytes());
      pages += 1;
    }
  });
  console.log(`  read: ${read} entries to the head in ${reading} s, ${pages} pages, at most ${highest} MB heap`);
  let verdict = "";
  const verifying = await secondsOf(async () => {
    const { verdicts } = await verifyPassport(context, { passport });
    verdict = `history ${verdicts.history.status}, authority ${verdicts.authority.status}`;
  });
  console.log(`  verified: ${verdict} in ${verifying} s, ${megabytes()} MB heap afterwards`);
}
provider.destroy();
await suite.close();
