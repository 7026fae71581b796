import { decodeRlp, keccak256, toBeHex } from "ethers";
import * as z from "zod";
import { PassportError } from "../errors/passport-error.js";
import { type Bytes32, type Hex, hexSchema, parseBytes32 } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import { rlpWordSchema } from "./rlp-word.js";
import { trieNodesOf } from "./trie-nodes.js";
import { type TrieQuery, walkTrie } from "./walk-trie.js";

const LAST_WORD = 2n ** 256n - 1n;

const slotSchema = z.bigint().min(0n).max(LAST_WORD);

/**
 * Verifies what a node says of a storage slot (EIP-1186), also of one that was never written.
 *
 * @param storageRoot - of a proven account
 * @param options - number of the `slot`, and the `proof`: RLP of the nodes from the root on, in any order
 * @returns the word in the slot; 0 if it is proven that it holds nothing
 * @throws PassportError `input.invalid`, `proof.incomplete`, `proof.invalid`
 *
 * @example
 * ```ts
 * const head = verifyStorageProof(account.storageRoot, { slot: 2n, proof: answer.storageProof[0].proof });
 * ```
 */
export function verifyStorageProof(
  storageRoot: string,
  options: { readonly slot: bigint; readonly proof: readonly string[] },
): bigint {
  const nodes = trieNodesOf(options.proof);
  return findWord(parseBytes32(storageRoot, { field: "storageRoot" }), {
    slot: parseInput(slotSchema, options.slot, { field: "slot" }),
    findNode: (hash) => nodes.get(hash),
  });
}

/**
 * Looks a storage slot up.
 *
 * @param storageRoot - root of an account's storage
 * @param options - number of the `slot`, and where the nodes of the trie are
 * @returns the word in the slot; 0 if it holds nothing
 * @throws PassportError `proof.incomplete`, `proof.invalid`
 */
export function findWord(
  storageRoot: Bytes32,
  options: Pick<TrieQuery, "findNode"> & { readonly slot: bigint },
): bigint {
  const { slot, findNode } = options;
  const value = walkTrie(storageRoot, { key: hexSchema.parse(keccak256(toBeHex(slot, 32))), findNode });
  return value === undefined ? 0n : decodeWord(value);
}

function decodeWord(value: Hex): bigint {
  try {
    const word = rlpWordSchema.parse(decodeRlp(value));
    // What is set to zero is taken out of the trie.
    if (word !== 0n) return word;
  } catch (cause) {
    throw new PassportError("proof.invalid", { problem: "what the trie holds of a slot is no word" }, { cause });
  }
  throw new PassportError("proof.invalid", { problem: "the trie holds a zero" });
}
