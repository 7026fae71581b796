import { decodeRlp, keccak256 } from "ethers";
import * as z from "zod";
import { PassportError } from "../errors/passport-error.js";
import {
  type Address,
  type Bytes32,
  bytes32Schema,
  type Hex,
  hexSchema,
  parseAddress,
  parseBytes32,
} from "../primitives/hex.js";
import { rlpWordSchema } from "./rlp-word.js";
import { trieNodesOf } from "./trie-nodes.js";
import { type TrieQuery, walkTrie } from "./walk-trie.js";

/** What the state of a chain holds of an account. */
export interface ChainAccount {
  readonly nonce: bigint;
  /** In wei. */
  readonly balance: bigint;
  /** Root of the trie that holds its storage. */
  readonly storageRoot: Bytes32;
  /** keccak256 of its code. */
  readonly codeHash: Bytes32;
}

const accountSchema = z.tuple([rlpWordSchema, rlpWordSchema, bytes32Schema, bytes32Schema]);

/**
 * Verifies what a node says of an account (EIP-1186), present or absent.
 *
 * @param stateRoot - of a block whose hash is trusted
 * @param options - the `address`, and the `proof`: RLP of the nodes from the root on, in any order
 * @returns the account; undefined if it is proven that there is none
 * @throws PassportError `input.invalid`, `proof.incomplete`, `proof.invalid`
 *
 * @example
 * ```ts
 * const account = verifyAccountProof(stateRoot, { address: passport, proof: answer.accountProof });
 * console.log(account?.codeHash);
 * ```
 */
export function verifyAccountProof(
  stateRoot: string,
  options: { readonly address: string; readonly proof: readonly string[] },
): ChainAccount | undefined {
  const nodes = trieNodesOf(options.proof);
  return findAccount(parseBytes32(stateRoot, { field: "stateRoot" }), {
    address: parseAddress(options.address),
    findNode: (hash) => nodes.get(hash),
  });
}

/**
 * Looks an account up in the state of a chain.
 *
 * @param stateRoot - root of the state
 * @param options - the `address`, and where the nodes of the trie are
 * @returns the account; undefined if there is none
 * @throws PassportError `proof.incomplete`, `proof.invalid`
 */
export function findAccount(
  stateRoot: Bytes32,
  options: Pick<TrieQuery, "findNode"> & { readonly address: Address },
): ChainAccount | undefined {
  const { address, findNode } = options;
  const value = walkTrie(stateRoot, { key: hexSchema.parse(keccak256(address)), findNode });
  return value === undefined ? undefined : decodeAccount(value);
}

function decodeAccount(value: Hex): ChainAccount {
  try {
    const [nonce, balance, storageRoot, codeHash] = accountSchema.parse(decodeRlp(value));
    return { nonce, balance, storageRoot, codeHash };
  } catch (cause) {
    throw new PassportError("proof.invalid", { problem: "what the trie holds of an account is none" }, { cause });
  }
}
