import { getBytes, hexlify } from "ethers";
import { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import * as multihash from "multiformats/hashes/digest";
import * as z from "zod";
import { type Digest, digestSchema, type FieldOptions } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";

const SHA2_256 = 0x12;
const DAG_PB = 0x70;

/** The address of content in IPFS: CIDv1 in lower-case base32, sha2-256, raw bytes or a UnixFS file. */
export const cidSchema = z
  .string()
  .max(64)
  .refine(isOurCid, "expected a CIDv1 in lower-case base32, of raw bytes or a UnixFS file, with sha2-256")
  .brand<"Cid">();

/** The address of content in IPFS, such as `bafkrei...`. */
export type Cid = z.infer<typeof cidSchema>;

const rawCidSchema = cidSchema.refine(
  isRawCid,
  "expected the codec raw: the digest of a larger file is not in its CID",
);

/**
 * The IPFS address of a document, or of a file of at most 256 KiB.
 *
 * @param digest - its sha2-256
 * @returns CIDv1, codec raw
 */
export function cidOf(digest: Digest): Cid {
  return cidSchema.parse(CID.createV1(raw.code, multihash.create(SHA2_256, getBytes(digest))).toString());
}

/**
 * Parses the address of content in IPFS.
 *
 * @param value - from outside
 * @param options - `field`: its name in an error
 * @returns the CID
 * @throws PassportError `input.invalid`
 */
export function parseCid(value: unknown, options: FieldOptions = {}): Cid {
  return parseInput(cidSchema, value, { field: options.field ?? "cid" });
}

/**
 * The digest of a document whose IPFS address is known.
 *
 * @param cid - CIDv1, codec raw, sha2-256
 * @returns its sha2-256
 * @throws PassportError `input.invalid` for any other CID
 */
export function digestOfCid(cid: unknown): Digest {
  return digestOfBlock(cidSchema.parse(parseInput(rawCidSchema, cid, { field: "cid" })));
}

/**
 * The digest of the block in IPFS that a CID addresses: of raw bytes the bytes' own, of a file of several blocks that of
 * the block which lists the others.
 *
 * @param cid - a CID
 * @returns the block's sha2-256
 */
export function digestOfBlock(cid: Cid): Digest {
  return digestSchema.parse(hexlify(CID.parse(cid).multihash.digest));
}

/**
 * Tells whether a CID addresses raw bytes, and so has their digest in it.
 *
 * @param cid - a CID
 * @returns false for a file of several blocks
 */
export function isRawCid(cid: string): boolean {
  return readCid(cid)?.code === raw.code;
}

function isOurCid(text: string): boolean {
  const cid = readCid(text);
  return (
    cid?.version === 1 &&
    (cid.code === raw.code || cid.code === DAG_PB) &&
    cid.multihash.code === SHA2_256 &&
    cid.multihash.digest.length === 32 &&
    cid.toString() === text
  );
}

function readCid(text: string): CID | undefined {
  try {
    return CID.parse(text);
  } catch {
    return undefined;
  }
}
