import { keccak256 } from "ethers";
import type { BlockHeader } from "../chain/block-header.js";
import { type ChainAccount, findAccount } from "../chain/verify-account-proof.js";
import { findWord } from "../chain/verify-storage-proof.js";
import { EMPTY_TRIE_ROOT } from "../chain/walk-trie.js";
import { isPassportError, PassportError } from "../errors/passport-error.js";
import { type Address, type Bytes32, bytes32Schema, type Hex, parseHex } from "../primitives/hex.js";

/** Hash of no code, which is that of accounts without a contract. */
export const EMPTY_CODE_HASH = bytes32Schema.parse(keccak256("0x"));

/** Where trie nodes and contracts' code come from. Nothing of it need be believed: all of it is found by its hash. */
export interface ProofSource {
  readonly findNode: (hash: Bytes32) => Hex | undefined;
  readonly findCode: (hash: Bytes32) => Hex | undefined;
  /** Fetches the nodes that prove these slots of an account, and the account itself. */
  readonly fetchNodes: (address: Address, slots: readonly bigint[]) => Promise<void>;
  /** Fetches the code of an account. */
  readonly fetchCode: (address: Address) => Promise<void>;
}

/** A source that remembers what of it was used. */
export interface RecordingSource extends ProofSource {
  /** By hash, the nodes that proofs needed. */
  readonly usedNodes: ReadonlyMap<Bytes32, Hex>;
  /** By hash, the code that was read. */
  readonly usedCodes: ReadonlyMap<Bytes32, Hex>;
}

/**
 * Remembers what is used of a source: that is all a file has to hold to prove the same once more.
 *
 * @param source - any
 * @returns the same, with what was used so far
 */
export function recordUse(source: ProofSource): RecordingSource {
  const usedNodes = new Map<Bytes32, Hex>();
  const usedCodes = new Map<Bytes32, Hex>();
  const remember = (used: Map<Bytes32, Hex>, find: (hash: Bytes32) => Hex | undefined) => (hash: Bytes32) => {
    const found = find(hash);
    if (found !== undefined) used.set(hash, found);
    return found;
  };
  return {
    ...source,
    findNode: remember(usedNodes, source.findNode),
    findCode: remember(usedCodes, source.findCode),
    usedNodes,
    usedCodes,
  };
}

/** What a chain holds at one block; every answer is proven under the state root of that block. */
export interface ProvenState {
  readonly header: BlockHeader;
  /** Undefined: there is none. */
  readonly readAccount: (address: Address) => Promise<ChainAccount | undefined>;
  /** `0x` without a contract. */
  readonly readCode: (address: Address) => Promise<Hex>;
  /** Words of storage slots, in the order of the question. */
  readonly readSlots: (address: Address, slots: readonly bigint[]) => Promise<readonly bigint[]>;
}

/**
 * Reads a chain's state by proofs.
 *
 * @param header - of the block
 * @param source - where trie nodes and code come from
 * @returns the state; every function throws `proof.incomplete` or `proof.invalid`, and what the source throws
 */
export function createProvenState(header: BlockHeader, source: ProofSource): ProvenState {
  const { findNode, findCode } = source;
  const findAccountAt = (address: Address) => findAccount(header.stateRoot, { address, findNode });

  const readAccount: ProvenState["readAccount"] = (address) =>
    readTwice(
      () => findAccountAt(address),
      () => source.fetchNodes(address, []),
    );

  return {
    header,
    readAccount,
    readCode: async (address) => {
      const { codeHash } = (await readAccount(address)) ?? {};
      if (codeHash === undefined || codeHash === EMPTY_CODE_HASH) return parseHex("0x");
      return await readTwice(
        () => requireCode(codeHash, findCode(codeHash)),
        () => source.fetchCode(address),
      );
    },
    readSlots: (address, slots) =>
      readTwice(
        () => {
          const storageRoot = findAccountAt(address)?.storageRoot ?? EMPTY_TRIE_ROOT;
          return slots.map((slot) => findWord(storageRoot, { slot, findNode }));
        },
        () => source.fetchNodes(address, slots),
      ),
  };
}

/** Reads what is there; only for what is lacking is anybody asked. */
async function readTwice<Answer>(read: () => Answer, fetchLacking: () => Promise<void>): Promise<Answer> {
  try {
    return read();
  } catch (error) {
    if (!isPassportError(error, "proof.incomplete")) throw error;
  }
  await fetchLacking();
  return read();
}

function requireCode(hash: Bytes32, code: Hex | undefined): Hex {
  if (code === undefined) throw new PassportError("proof.incomplete", { missing: `the code with the hash ${hash}` });
  if (keccak256(code) === hash) return code;
  throw new PassportError("proof.invalid", { problem: `a contract's code does not have the hash ${hash}` });
}
