import type { Bytes27, Journal } from "@digital-product-passport/sdk";
import { PassportError, parseBytes27 } from "@digital-product-passport/sdk";
import type * as z from "zod";
import { type BatchRecord, batchRecordSchema, type Step } from "./batch-records.js";

/** Where a gateway's chain of batches stands. */
export interface ChainPosition {
  readonly sequence: number;
  readonly head: Bytes27;
}

/** What the batches' journal tells. */
export interface RecoveredBatches {
  /** Undefined if no batch was ever cut here. */
  readonly last: ChainPosition | undefined;
  /** Number of the last step. */
  readonly step: number;
  /** Last position of the readings' journal that is in a batch. */
  readonly position: number;
  /** Batches up to here are final on chain. */
  readonly anchored: number;
  /** Steps that are still in the journal. */
  readonly steps: readonly Step[];
  readonly remembered: ReadonlyMap<string, z.core.util.JSONType>;
}

/**
 * Reads the batches' journal; a new one is begun for this chain.
 *
 * @param journal - of its own
 * @param options - `chain`: chain, contract and gateway
 * @returns what it tells
 * @throws PassportError `journal.foreign`, `journal.damaged`, `journal.unusable`
 */
export async function recoverBatches(journal: Journal, options: { readonly chain: string }): Promise<RecoveredBatches> {
  let last: ChainPosition | undefined;
  let step = 0;
  let position = 0;
  let anchored = 0;
  let isNew = true;
  let steps: Step[] = [];
  const remembered = new Map<string, z.core.util.JSONType>();
  const apply = (changes: Step["changes"]): void => {
    for (const [name, value] of changes) {
      if (value === null) remembered.delete(name);
      else remembered.set(name, value);
    }
  };
  const read = (record: BatchRecord): void => {
    switch (record.type) {
      case "opened":
        isNew = false;
        if (record.chain === options.chain) return;
        throw new PassportError("journal.foreign", {
          journal: journal.name,
          actual: record.chain,
          expected: options.chain,
        });
      case "step":
        step = record.step;
        steps.push(record);
        apply(record.changes);
        if (record.batch === undefined) return;
        last = { sequence: record.batch.sequence, head: record.batch.head };
        position = record.batch.last;
        return;
      case "anchored":
        anchored = Math.max(anchored, record.sequence);
        return;
      case "state":
        remembered.clear();
        apply(record.remembered);
        ({ step, position, anchored } = record);
        last = record.sequence === 0 ? undefined : { sequence: record.sequence, head: record.head };
        return;
    }
  };
  for await (const record of journal.read()) read(parseRecord(record, journal));
  if (isNew) await journal.append([{ type: "opened", version: 1, chain: options.chain }]);
  steps = steps.filter(({ batch }) => batch === undefined || batch.sequence > anchored);
  return { last, step, position, anchored, steps, remembered };
}

/**
 * Compares what was cut here with what stands on the chain.
 *
 * @param recovered - from the journal
 * @param options - `gateway`: for the error; `chain`: where the gateway's chain stands at present
 * @returns where the next batch goes on
 * @throws PassportError `relay.chain-diverged` if somebody else has anchored with this gateway's key, or the chain has lost
 *   what was final
 */
export function reconcile(
  { last, steps }: RecoveredBatches,
  options: { readonly gateway: string; readonly chain: ChainPosition },
): ChainPosition {
  const { gateway, chain } = options;
  if (last === undefined) return chain;
  const heads = new Map<number, Bytes27>([[last.sequence, last.head]]);
  for (const { batch } of steps) {
    if (batch === undefined) continue;
    heads.set(batch.sequence, batch.head);
    heads.set(batch.sequence - 1, batch.previousHead);
  }
  const known = heads.get(chain.sequence);
  if (known === chain.head) return last;
  const problem =
    known === undefined
      ? `this relay has cut batches up to ${last.sequence}, and knows none of number ${chain.sequence} that is not final`
      : `its head there is ${chain.head}, here ${known}`;
  throw new PassportError("relay.chain-diverged", { gateway, sequence: chain.sequence, problem });
}

function parseRecord(record: unknown, journal: Journal): BatchRecord {
  const parsed = batchRecordSchema.safeParse(record);
  if (parsed.success) return parsed.data;
  const problem = `it has a record of an unknown form: ${parsed.error.message}`;
  throw new PassportError("journal.damaged", { journal: journal.name, line: 1, problem });
}

/**
 * The head of no batch at all in a record of state.
 *
 * @returns 27 zero bytes
 */
export function noHead(): Bytes27 {
  return parseBytes27(`0x${"00".repeat(27)}`);
}
