import { requireReadingsAnchor } from "../passport/context.js";
import type { PassportOption } from "../passport/resolve-passport.js";
import type { Address } from "../primitives/hex.js";
import type { Finding } from "../verify/finding.js";
import { gather } from "../verify/gather.js";
import type { Gathered } from "../verify/verdict.js";
import { agreedContext } from "./agreed-context.js";
import type { RecordedBatch } from "./decode-anchored.js";
import { judgePairing } from "./judge-pairing.js";
import { type BatchContent, readBatch } from "./read-batch.js";
import { type GatewayChain, readGatewayChain } from "./read-gateway-chain.js";
import { readPairings, type VerifiedPairings } from "./read-pairings.js";
import type { Reading } from "./reading.js";
import { createReadingNumbers, type ReadingGap, type ReadingNumbers } from "./reading-numbers.js";
import type { ReadingsVerificationContext } from "./readings-verification-context.js";
import { createSummary, type Series } from "./summarise-readings.js";

/** Which readings. */
export interface ReadReadingsOptions extends PassportOption {
  /** Time of the earliest reading that is wanted, as readings write it. */
  readonly from?: string | undefined;
  /** Time of the latest. */
  readonly until?: string | undefined;
}

/** A reading that counts for the product, and the batch that it stands in. */
export interface CountedReading {
  readonly reading: Reading;
  readonly batch: RecordedBatch;
}

/** A batch of a gateway while it was attached to the product. */
export interface ProductBatch {
  readonly batch: RecordedBatch;
  /** Whether document and readings could be read and fit each other. */
  readonly status: BatchContent["status"];
  /** What is wrong with it; undefined if nothing is. */
  readonly problem: string | undefined;
  /** Readings of it that name the product but do not count for it, with the first reason. */
  readonly refused: { readonly count: number; readonly problem: string } | undefined;
}

/** What sensors have said of a product. */
export interface ProductReadings {
  readonly pairings: VerifiedPairings;
  readonly batches: readonly ProductBatch[];
  /** Statistics of the readings that count; of two under one number only the one that was anchored first can. */
  readonly series: readonly Series[];
  /** Numbers that are missing; those of a batch that could not be read are among them. */
  readonly gaps: readonly ReadingGap[];
  /** On the pairings, on chains that could not be read, and on numbers that were anchored twice. */
  readonly findings: readonly Finding[];
  /** Reads the readings that count once more, one by one, in the order of their batches. */
  readonly readings: () => AsyncGenerator<CountedReading, void>;
}

/**
 * Reads what sensors have said of a product: verifies its passport and the chains of its gateways, opens the batches of the
 * time in which they were attached, and sums up. What is missing or repeated is shown.
 *
 * @param context - `provider`, `chainId`, `registry`, `readingsAnchor`, `store`
 * @param options - the passport, and the time that is wanted
 * @returns windows, batches, statistics, gaps, and the readings
 * @throws PassportError `input.invalid`, `identifier.*`; never for what was found
 */
export async function readReadings(
  context: ReadingsVerificationContext,
  options: ReadReadingsOptions,
): Promise<ProductReadings> {
  const pairings = await readPairings(context, options);
  const chains = await readChains(context, pairings);
  const batches: ProductBatch[] = [];
  const summary = createSummary();
  const numbers = createReadingNumbers();
  const walk = { context, options, pairings, chains };
  for await (const { batch, content, counted, refused } of walkBatches(walk, numbers)) {
    const problem = content.status === "valid" ? undefined : content.problem;
    batches.push({ batch, status: content.status, problem, refused });
    for (const reading of counted) summary.add(reading);
  }
  return {
    pairings,
    batches,
    series: summary.series(),
    gaps: numbers.gaps(),
    findings: [...pairings.findings, ...findingsOn(chains), ...numbers.findings()],
    readings: async function* () {
      for await (const { batch, counted } of walkBatches(walk, createReadingNumbers())) {
        for (const reading of counted) yield { reading, batch };
      }
    },
  };
}

type Chains = ReadonlyMap<Address, Gathered<GatewayChain>>;

interface Walk {
  readonly context: ReadingsVerificationContext;
  readonly options: ReadReadingsOptions;
  readonly pairings: VerifiedPairings;
  readonly chains: Chains;
}

async function readChains(context: ReadingsVerificationContext, { pairings }: VerifiedPairings): Promise<Chains> {
  const chains = new Map<Address, Gathered<GatewayChain>>();
  const readingsAnchor = requireReadingsAnchor(context);
  for (const { gateway, readingsAnchor: named } of pairings) {
    if (chains.has(gateway) || named !== readingsAnchor) continue;
    chains.set(gateway, await gather(() => readGatewayChain(agreedContext(context), { gateway })));
  }
  return chains;
}

async function* walkBatches({ context, options, pairings, chains }: Walk, numbers: ReadingNumbers) {
  const readingsAnchor = requireReadingsAnchor(context);
  const { chainId } = context;
  const earliest = options.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(options.from);
  const latest = options.until === undefined ? Number.POSITIVE_INFINITY : Date.parse(options.until);
  for (const chain of chains.values()) {
    if (chain.status === "missing") continue;
    const windows = pairings.pairings.filter(({ gateway }) => gateway === chain.value.gateway);
    for (const batch of chain.value.batches) {
      const isPaired = windows.some(
        ({ start, end }) =>
          start.batchSequence < batch.sequence && (end === undefined || batch.sequence <= end.batchSequence),
      );
      if (!isPaired || Number(batch.to) * 1_000 + 999 < earliest || Number(batch.from) * 1_000 > latest) continue;
      const content = await readBatch(context, { batch });
      const all = content.status === "valid" ? content.readings : [];
      const claimed = all.filter(
        ({ product, time }) =>
          product === pairings.productId && Date.parse(time) >= earliest && Date.parse(time) <= latest,
      );
      const judged = claimed.map((reading) => {
        const judging = { pairings, chain: chain.value, batch, chainId, readingsAnchor };
        return { reading, verdict: judgePairing(reading, judging) };
      });
      const refusals = judged.filter(({ verdict }) => verdict.status !== "valid");
      const [first] = refusals;
      const counted = judged.filter(({ verdict }) => verdict.status === "valid").map(({ reading }) => reading);
      const repeated = numbers.add({ gateway: batch.gateway, sequence: batch.sequence, all, counted });
      yield {
        batch,
        content,
        counted: counted.filter((reading) => !repeated.has(reading)),
        refused: first && { count: refusals.length, problem: first.verdict.reason },
      };
    }
  }
}

function findingsOn(chains: Chains): readonly Finding[] {
  return [...chains].flatMap(([gateway, chain]) => {
    if (chain.status === "gathered") return [];
    return [{ code: chain.code, reason: `The batches of the gateway ${gateway} could not be read: ${chain.problem}` }];
  });
}
