import type { Witness } from "../chain/create-quorum.js";
import type { Bytes32 } from "../primitives/hex.js";
import { listInWords } from "./in-words.js";

/**
 * On whose word evidence rests: one node, a majority of several, or nobody's but that a block is of the chain, because
 * all else is proven under the hash of that block.
 */
export type Basis =
  | { readonly kind: "node"; readonly endpoint: string }
  | {
      readonly kind: "quorum";
      /** How many have to say the same. */
      readonly required: number;
      readonly witnesses: readonly Witness[];
    }
  | {
      readonly kind: "proof";
      /** Undefined: a file of proofs could not be read, and nobody named a block. */
      readonly blockHash: Bytes32 | undefined;
      /** Whether the caller himself says that the block is of the chain. */
      readonly isTrusted: boolean;
    };

/**
 * Says what evidence rests on.
 *
 * @param basis - of a report
 * @returns one or two sentences
 */
export function basisInWords(basis: Basis): string {
  switch (basis.kind) {
    case "node":
      return `It rests on the word of one node, ${basis.endpoint}.`;
    case "quorum":
      return quorumInWords(basis);
    case "proof":
      return proofInWords(basis);
  }
}

function proofInWords({ blockHash, isTrusted }: Extract<Basis, { readonly kind: "proof" }>): string {
  if (blockHash === undefined) return "It rests on nothing: the proofs could not be read.";
  return isTrusted
    ? `All that is said of the chain is proven under the hash of a block that you trust, ${blockHash}.`
    : `All that is said of the chain is proven under the hash of a block, ${blockHash}, for which nobody vouches.`;
}

function quorumInWords({ required, witnesses }: Extract<Basis, { readonly kind: "quorum" }>): string {
  const agreed = `It rests on the same word of at least ${required} of ${witnesses.length} nodes: ${listInWords(witnesses.map(({ endpoint }) => endpoint))}.`;
  const contradicting = witnesses.filter(({ contradictions }) => contradictions.length > 0);
  return [agreed, ...contradicting.map(contradictionInWords)].join(" ");
}

/**
 * Says where a node contradicts the majority.
 *
 * @param witness - with at least one contradiction
 * @returns a sentence
 */
export function contradictionInWords({ endpoint, contradictions }: Witness): string {
  const [first, ...more] = contradictions;
  const others = more.length === 0 ? "" : `, and ${more.length} more`;
  return `${endpoint} contradicts the others: ${first}${others}.`;
}
