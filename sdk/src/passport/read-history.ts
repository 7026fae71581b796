import type { Provider } from "ethers";
import * as z from "zod";
import { askNode } from "../chain/ask-node.js";
import { DigitalPassport__factory } from "../contracts/index.js";
import type { Address } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import type { ReadingContext } from "./context.js";
import type { RecordedEntry } from "./decode-attested.js";
import { readEntries } from "./read-entries.js";
import { type PassportOption, resolvePassport } from "./resolve-passport.js";

/** Which part of which history. */
export interface ReadHistoryOptions extends PassportOption {
  /** First block; 0 if left out. */
  readonly fromBlock?: bigint | undefined;
  /** Last block; the node's last one if left out. */
  readonly toBlock?: bigint | undefined;
}

/** Entries of a passport, and where they were looked for. */
export interface History {
  readonly passport: Address;
  /** Entries without a gap, in order; the first one is MANUFACTURED if the range begins early enough. */
  readonly entries: readonly RecordedEntry[];
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
}

const blockNumberSchema = z.bigint().nonnegative().optional();

/**
 * Reads a passport's history from its events. The entries are well formed, of this passport and without a gap; that
 * they are the true ones, and all of them, only their replay to the passport's `head` proves: `verifyPassport` does it.
 *
 * @param context - `provider`, `registry`
 * @param options - the passport and the range of blocks
 * @returns the entries in order
 * @throws PassportError `input.invalid`, `identifier.*`, `passport.not-found`, `chain.*`
 *
 * @example
 * ```ts
 * const { entries } = await readHistory(context, { passport: "https://id.weg.example/01/09521234543213/21/W22-000001" });
 * for (const { sequence, eventType, attester } of entries) console.log(sequence, eventTypeName(eventType), attester);
 * ```
 */
export async function readHistory(
  context: Pick<ReadingContext, "provider" | "registry">,
  options: ReadHistoryOptions,
): Promise<History> {
  const { provider } = context;
  const fromBlock = parseInput(blockNumberSchema, options.fromBlock, { field: "fromBlock" }) ?? 0n;
  const lastBlock = parseInput(blockNumberSchema, options.toBlock, { field: "toBlock" });
  const passport = await resolvePassport(context, options);
  const toBlock = lastBlock ?? BigInt(await askNode(provider, () => provider.getBlockNumber()));
  const lastRecordedAt = lastBlock === undefined ? await readLastRecordedAt(provider, passport, toBlock) : undefined;
  const entries = await readEntries(provider, { passport, fromBlock, toBlock, lastRecordedAt });
  return { passport, entries, fromBlock, toBlock };
}

async function readLastRecordedAt(provider: Provider, passport: Address, blockTag: bigint): Promise<bigint> {
  const contract = DigitalPassport__factory.connect(passport, provider);
  return await askNode(provider, () => contract.lastRecordedAt({ blockTag }));
}
