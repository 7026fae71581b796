import { decodeRlp, encodeRlp, keccak256, stripZerosLeft } from "ethers";
import * as z from "zod";
import { PassportError } from "../errors/passport-error.js";
import { type Bytes32, bytes32Schema, type Hex, hexSchema } from "../primitives/hex.js";
import { describeIssues } from "../primitives/parse-input.js";
import { rlpWordSchema } from "./rlp-word.js";

/** What is used of a block's header. All of it, and the rest, is committed to by the hash. */
export interface BlockHeader {
  readonly hash: Bytes32;
  readonly number: bigint;
  /** Unix seconds. */
  readonly timestamp: bigint;
  /** Root of the trie that holds all accounts. */
  readonly stateRoot: Bytes32;
  /** The header itself, as RLP. */
  readonly rlp: Hex;
}

// Nodes write either case. A quantity has no leading zeros, in JSON as "0x0", in RLP as no bytes at all.
const lowerCase = z.string().toLowerCase();
const bytesOf = (length: number) => lowerCase.regex(new RegExp(`^0x[0-9a-f]{${2 * length}}$`));
const quantity = lowerCase.regex(/^0x[0-9a-f]{1,64}$/).transform((digits) => {
  return stripZerosLeft(`0x${digits.slice(2).padStart(64, "0")}`);
});
const MAXIMUM_EXTRA_DATA_DIGITS = 2_048;

/** The fields in the order in which they are hashed: first those of London, which is all that Arbitrum has. */
const LONDON_FIELDS = {
  parentHash: bytesOf(32),
  sha3Uncles: bytesOf(32),
  miner: bytesOf(20),
  stateRoot: bytesOf(32),
  transactionsRoot: bytesOf(32),
  receiptsRoot: bytesOf(32),
  logsBloom: bytesOf(256),
  difficulty: quantity,
  number: quantity,
  gasLimit: quantity,
  gasUsed: quantity,
  timestamp: quantity,
  extraData: lowerCase.regex(/^0x(?:[0-9a-f]{2})*$/).max(MAXIMUM_EXTRA_DATA_DIGITS),
  mixHash: bytesOf(32),
  nonce: bytesOf(8),
  baseFeePerGas: quantity,
};

/** Those that Shanghai, Cancun and Prague added on other chains; a header has the first so many of them. */
const LATER_FIELDS = {
  withdrawalsRoot: bytesOf(32),
  blobGasUsed: quantity,
  excessBlobGas: quantity,
  parentBeaconBlockRoot: bytesOf(32),
  requestsHash: bytesOf(32),
};

const headerSchema = z.object({ ...LONDON_FIELDS, ...z.object(LATER_FIELDS).partial().shape });

/**
 * Makes a block's header of what a node says of the block, so that its hash can be compared. ethers leaves fields out:
 * ask the node itself (`eth_getBlockByHash`).
 *
 * @param block - the block as JSON-RPC has it, of Arbitrum or of any chain since London
 * @returns the header, with the hash that its fields give
 * @throws PassportError `proof.invalid` if it is no header
 */
export function blockHeaderOf(block: unknown): BlockHeader {
  const parsed = headerSchema.safeParse(block);
  if (!parsed.success) {
    throw new PassportError("proof.invalid", { problem: `a block's header: ${describeIssues(parsed.error.issues)}` });
  }
  const header: Readonly<Record<string, string | undefined>> = parsed.data;
  const names = [...Object.keys(LONDON_FIELDS), ...Object.keys(LATER_FIELDS)];
  const fields = names.map((name) => header[name]).filter((field) => field !== undefined);
  return parseBlockHeader(hexSchema.parse(encodeRlp(fields)));
}

const itemsSchema = z.array(hexSchema).min(Object.keys(LONDON_FIELDS).length).max(64);
const usedSchema = z.object({ stateRoot: bytes32Schema, number: rlpWordSchema, timestamp: rlpWordSchema });

/**
 * Reads a block's header from its own bytes: also one with fields that did not exist when this was written.
 *
 * @param rlp - the header
 * @returns what is used of it, and its hash
 * @throws PassportError `proof.invalid` if it is no header
 */
export function parseBlockHeader(rlp: Hex): BlockHeader {
  try {
    const items = itemsSchema.parse(decodeRlp(rlp));
    const used = usedSchema.parse({ stateRoot: items[3], number: items[8], timestamp: items[11] });
    if (encodeRlp(items) === rlp) return { ...used, hash: bytes32Schema.parse(keccak256(rlp)), rlp };
  } catch (cause) {
    throw new PassportError("proof.invalid", { problem: "the bytes are no block's header" }, { cause });
  }
  throw new PassportError("proof.invalid", { problem: "the header is not RLP as it must be written" });
}
