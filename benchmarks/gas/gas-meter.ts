import { type ContractTransactionResponse, getBytes, parseUnits, Transaction } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { z } from "zod";
import { compressedLength, usCentsOf } from "../../scripts/lib/cost-of-transaction.js";
import { newSlotsOf } from "../../test/contracts/behaviours/new-slots.js";

/** Base fees of Ethereum that a cost is given for, in gwei: a quiet day, the usual assumption, a rush. */
export const L1_BASE_FEES = ["0.004", "1", "10"] as const;

const rowSchema = z.readonly(
  z.object({
    /** This project, and what others would do instead. */
    system: z.enum(["passport", "eas", "tradetrust", "erc721", "full-contract", "access-control"]),
    operation: z.string(),
    gas: z.int(),
    calldataBytes: z.int(),
    /** Signed transaction under brotli level 1, window 22: what Arbitrum counts for its L1 share. */
    compressedBytes: z.int(),
    newSlots: z.number(),
    /** By base fee of Ethereum. */
    usCents: z.record(z.enum(L1_BASE_FEES), z.number()),
  }),
);

/** What one operation costs. `gas`, `newSlots` and `usCents` of a batch are per item, bytes are of the whole transaction. */
export type Row = z.infer<typeof rowSchema>;

/** Who is measured. */
export type System = Row["system"];

/** What is committed of a measurement. */
export const gasResultSchema = z.object({ rows: z.array(rowSchema) });

/** An operation in a steady state: all slots that it only changes were filled before. */
export interface Operation {
  readonly operation: string;
  /** Its transactions, one after the other: most have one, a sale has two. */
  readonly transactions: readonly (() => Promise<ContractTransactionResponse>)[];
  /** Of a batch; one if left out. */
  readonly items?: number;
}

/** Measures operations of one system. */
export type Measure = (operation: Operation) => Promise<Row>;

/** Gives the measure of a system. */
export type GasMeter = (system: System) => Measure;

/**
 * Measures operations from their receipts. Heads depend on block times, and compressed bytes on heads: the clock of the
 * chain is set for each transaction.
 *
 * @param connection - the chain
 * @param options - `startsAt`: Unix time in seconds; later, where the chain has later blocks
 * @returns the measure of each system
 */
export function createGasMeter(connection: NetworkConnection, { startsAt }: { readonly startsAt: number }): GasMeter {
  let seconds = startsAt;
  return (system) =>
    async ({ operation, transactions, items = 1 }) => {
      const costs: Pick<Row, "gas" | "calldataBytes" | "compressedBytes" | "newSlots">[] = [];
      for (const transact of transactions) {
        seconds = Math.max(seconds, await connection.networkHelpers.time.latest()) + 1;
        await connection.networkHelpers.time.setNextBlockTimestamp(seconds);
        const transaction = await transact();
        const receipt = await transaction.wait();
        if (receipt === null) throw new Error(`${operation}: the transaction was not recorded`);
        costs.push({
          gas: Number(receipt.gasUsed),
          calldataBytes: getBytes(transaction.data).length,
          compressedBytes: compressedLength(getBytes(Transaction.from(transaction).serialized)),
          newSlots: (await newSlotsOf(connection, transaction)).length,
        });
      }
      const sumOf = (field: keyof (typeof costs)[number]) => costs.reduce((sum, cost) => sum + cost[field], 0);
      const cost = { gas: BigInt(sumOf("gas")), compressedBytes: sumOf("compressedBytes") };
      const usCentsAt = (l1BaseFee: string): number =>
        Number((usCentsOf(cost, { l1BaseFeeWei: parseUnits(l1BaseFee, "gwei") }) / items).toPrecision(4));
      return {
        system,
        operation,
        gas: Math.ceil(sumOf("gas") / items),
        calldataBytes: sumOf("calldataBytes"),
        compressedBytes: cost.compressedBytes,
        newSlots: sumOf("newSlots") / items,
        usCents: { "0.004": usCentsAt("0.004"), "1": usCentsAt("1"), "10": usCentsAt("10") },
      };
    };
}
