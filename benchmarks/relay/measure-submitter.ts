import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import {
  accountAttester,
  createPassportClient,
  createSubmitter,
  gatewayHeadAfter,
  type Item,
  type ItemKind,
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
import { parseUnits, Wallet } from "ethers";
import type { BenchPlant } from "./bench-plant.js";

/** So many that a lane can have several transactions under way: batches of one gateway wait for each other. */
const GATEWAYS = 256;
const BATCHES_PER_GATEWAY = 12;

/** How fast batches come on chain through the submitter. */
export interface SubmitterRates {
  readonly batchesPerSecond: number;
  /** Of what the chain does with the same batches when nothing is encoded, signed or kept: see `measureChain`. */
  readonly ratioToChain: number;
}

/**
 * Anchors signed batches of many gateways through the durable submitter, with two keys that pay. The batches are small and
 * were stored and signed before: what is measured is the submitter, its journal and the chain.
 *
 * @param plant - the chain
 * @returns batches a second
 */
export async function measureSubmitter(plant: BenchPlant): Promise<SubmitterRates> {
  const { addressBook, folder, network } = plant.suite;
  const [, ...signers] = plant.payers;
  const { context: bare } = createPassportClient({
    rpc: network.provider,
    chainId: network.chainId,
    registry: addressBook.contracts.registry.address,
    store: createDiskStore(join(folder, "documents")),
  });
  const context = { ...bare, readingsAnchor: addressBook.contracts.readingsAnchor.address };
  const items = await signBatches(plant, { perGateway: BATCHES_PER_GATEWAY });
  const journal = await createFileJournal(join(folder, "submitter.journal"));
  const submitter = await createSubmitter(context, {
    kind: batchKind(context),
    journal,
    signers,
    onReceipt: () => undefined,
  });
  const started = performance.now();
  // Gateways do not wait for each other; each one's batches are accepted in their order.
  await Promise.all(items.map((item) => submitter.submit(item)));
  await submitter.flush();
  const batchesPerSecond = items.length / ((performance.now() - started) / 1_000);
  await submitter.close();
  await journal.close();
  const chain = await measureChain(plant, batchKind(context));
  return {
    batchesPerSecond: Math.round(batchesPerSecond),
    ratioToChain: Number((batchesPerSecond / chain).toFixed(2)),
  };
}

/**
 * What the node alone does: transactions of as many batches that were signed before are estimated, sent and asked for, by two
 * keys at a time. Without the estimates, which take a node several times as long as the transaction, nobody would know what
 * it refuses.
 */
async function measureChain(plant: BenchPlant, kind: ItemKind<SignedBatch, unknown>): Promise<number> {
  const [, ...signers] = plant.payers;
  const { provider, chainId } = plant.suite.network;
  const items = await signBatches(plant, { perGateway: 2 * signers.length });
  const lanes = await Promise.all(
    signers.map(async (signer, lane) => {
      const share = items.filter((_, index) => index % signers.length === lane);
      const nonce = await provider.getTransactionCount(signer.address);
      const calls = Array.from({ length: share.length / kind.maximumItems }, (_, index) =>
        kind.encode(
          share
            .slice(index * kind.maximumItems)
            .slice(0, kind.maximumItems)
            .map(({ payload }) => payload),
        ),
      );
      return await Promise.all(
        calls.map(async (call, index) => {
          const fees = { gasLimit: 3_000_000n, maxFeePerGas: parseUnits("10", "gwei"), maxPriorityFeePerGas: 0n };
          const raw = await signer.signTransaction({ type: 2, chainId, ...call, nonce: nonce + index, ...fees });
          return { call: { ...call, from: signer.address }, raw };
        }),
      );
    }),
  );
  const started = performance.now();
  await Promise.all(
    lanes.map(async (transactions) => {
      for (const { call, raw } of transactions) {
        await provider.estimateGas(call);
        const { hash } = await provider.broadcastTransaction(raw);
        while ((await provider.getTransactionReceipt(hash)) === null) await setTimeout(1);
      }
    }),
  );
  return items.length / ((performance.now() - started) / 1_000);
}

/** In turn of each gateway, so that a transaction holds batches of many. */
async function signBatches(
  { suite, motor }: BenchPlant,
  { perGateway }: { readonly perGateway: number },
): Promise<readonly Item<SignedBatch>[]> {
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
    for (let sequence = 1n; sequence <= perGateway; sequence += 1n) {
      const place = { chainId, readingsAnchor, gateway: gateway.address, sequence, previousHead };
      const created = await createBatch([reading], place);
      previousHead = gatewayHeadAfter(created.batch);
      const { content: _, readings: __, ...signed } = await signBatch(gateway, { created });
      chain.push(itemOfBatch(signed));
    }
    items.push(chain);
  }
  return Array.from({ length: perGateway }, (_, position) => items.flatMap((chain) => chain[position] ?? [])).flat();
}
