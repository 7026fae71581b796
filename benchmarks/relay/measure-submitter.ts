import { join } from "node:path";
import {
  accountAttester,
  createPassportClient,
  createSubmitter,
  gatewayHeadAfter,
  type Item,
  initialGatewayHead,
} from "@digital-product-passport/sdk";
import { createDiskStore, createFileJournal } from "@digital-product-passport/sdk/node";
import {
  batchKind,
  createBatch,
  itemOfBatch,
  parseReading,
  type SignedBatch,
  signBatch,
} from "@digital-product-passport/sdk/readings";
import { Wallet } from "ethers";
import type { BenchPlant } from "./bench-plant.js";

const GATEWAYS = 64;
const BATCHES_PER_GATEWAY = 50;

/**
 * Anchors signed batches of many gateways through the durable submitter, with two keys that pay. The batches are small and
 * were stored and signed before: what is measured is the submitter, its journal and the chain.
 *
 * @param plant - the chain
 * @returns batches a second
 */
export async function measureSubmitter(plant: BenchPlant): Promise<{ readonly batchesPerSecond: number }> {
  const { addressBook, folder, network, participants } = plant.suite;
  const { context: bare } = createPassportClient({
    rpc: network.provider,
    chainId: network.chainId,
    registry: addressBook.contracts.registry.address,
    store: createDiskStore(join(folder, "documents")),
  });
  const context = { ...bare, readingsAnchor: addressBook.contracts.readingsAnchor.address };
  const items = await signBatches(plant);
  const journal = await createFileJournal(join(folder, "submitter.journal"));
  const submitter = await createSubmitter(context, {
    kind: batchKind(context),
    journal,
    signers: [participants.logistics, participants.retailer],
    onReceipt: () => undefined,
  });
  const started = performance.now();
  for (const item of items) await submitter.submit(item);
  await submitter.flush();
  const seconds = (performance.now() - started) / 1_000;
  await submitter.close();
  await journal.close();
  return { batchesPerSecond: Math.round(items.length / seconds) };
}

/** In turn of each gateway, so that a transaction holds batches of many. */
async function signBatches({ suite, motor }: BenchPlant): Promise<readonly Item<SignedBatch>[]> {
  const { chainId } = suite.network;
  const readingsAnchor = suite.addressBook.contracts.readingsAnchor.address;
  const reading = parseReading({
    sensor: "sensor-1",
    sequence: 1,
    product: motor.productId,
    quantity: "winding-temperature",
    unit: "Cel",
    value: "71.5",
    time: "2026-11-27T15:55:46Z",
  });
  const items: (readonly Item<SignedBatch>[])[] = [];
  for (let index = 0; index < GATEWAYS; index += 1) {
    const gateway = await accountAttester(Wallet.createRandom());
    let previousHead = initialGatewayHead({ chainId, readingsAnchor, gateway: gateway.address });
    const chain: Item<SignedBatch>[] = [];
    for (let sequence = 1n; sequence <= BATCHES_PER_GATEWAY; sequence += 1n) {
      const place = { chainId, readingsAnchor, gateway: gateway.address, sequence, previousHead };
      const created = await createBatch([reading], place);
      previousHead = gatewayHeadAfter(created.batch);
      const { content: _, readings: __, ...signed } = await signBatch(gateway, { created });
      chain.push(itemOfBatch(signed));
    }
    items.push(chain);
  }
  return Array.from({ length: BATCHES_PER_GATEWAY }, (_, position) =>
    items.flatMap((chain) => chain[position] ?? []),
  ).flat();
}
