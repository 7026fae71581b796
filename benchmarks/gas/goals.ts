import type { Row, System } from "./gas-meter.js";

/** Gas of the public predecessor for each product of a batch; no package of it is published, so it is not measured here. */
export const PREDECESSOR_BATCH = 2_460_162;

/** How much cheaper an operation has to be than what it is compared with. */
interface Comparison {
  readonly operation: string;
  readonly peer: System | "predecessor";
  readonly peerOperation: string;
  readonly factor: number;
}

const COMPARISONS: readonly Comparison[] = [
  { operation: "create-batch-25", peer: "predecessor", peerOperation: "create-batch-25", factor: 16 },
  { operation: "create", peer: "tradetrust", peerOperation: "create", factor: 1 },
  { operation: "append", peer: "eas", peerOperation: "append", factor: 6.8 },
  { operation: "append-signed", peer: "eas", peerOperation: "append-signed", factor: 5.9 },
  { operation: "append-relay-100", peer: "eas", peerOperation: "append-relay-100", factor: 8 },
];

/** Most US cents of an operation while Ethereum is quiet; issuing happens once, and has none. */
const MOST_US_CENTS = { reading: 0.001, other: 1 } as const;

/** Most gas of a batch of readings. */
const MOST_GAS = { "anchor-1000": 46_000, "anchor-1000-p256": 55_000 } as const;

/** Readings of each batch that is measured. */
const READINGS = 1_000;

/** A goal and how far it is reached. */
export interface Goal {
  /** Such as "append: 6.8 times cheaper than eas". */
  readonly goal: string;
  readonly measured: string;
  readonly isReached: boolean;
}

/**
 * Compares what was measured with what it is to be.
 *
 * @param rows - of the passport and of its peers
 * @returns all goals, reached or not
 */
export function goalsOf(rows: readonly Row[]): readonly Goal[] {
  const gasOf = (system: Comparison["peer"], operation: string): number => {
    if (system === "predecessor") return PREDECESSOR_BATCH;
    const row = rows.find((candidate) => candidate.system === system && candidate.operation === operation);
    if (row === undefined) throw new Error(`${operation} of ${system} was not measured`);
    return row.gas;
  };
  const comparisons = COMPARISONS.map(({ operation, peer, peerOperation, factor }) => {
    const ratio = gasOf(peer, peerOperation) / gasOf("passport", operation);
    const times = factor === 1 ? "cheaper" : `${factor} times cheaper`;
    return {
      goal: `${operation}: ${times} than ${peer}`,
      measured: `${ratio.toFixed(2)} times`,
      isReached: ratio >= factor,
    };
  });
  const prices = rows
    .filter(({ system, operation }) => system === "passport" && !operation.startsWith("create"))
    .map(({ operation, usCents }) => {
      const isBatch = operation.startsWith("anchor-");
      const most = isBatch ? MOST_US_CENTS.reading : MOST_US_CENTS.other;
      const cents = usCents["0.004"] / (isBatch ? READINGS : 1);
      return { goal: `${operation}: less than ${most} US cents`, measured: `${cents}`, isReached: cents < most };
    });
  const amounts = Object.entries(MOST_GAS).map(([operation, most]) => {
    const gas = gasOf("passport", operation);
    return { goal: `${operation}: at most ${most} gas`, measured: `${gas}`, isReached: gas <= most };
  });
  return [...comparisons, ...prices, ...amounts];
}
