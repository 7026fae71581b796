import { sha256 } from "@noble/hashes/sha2.js";
import { hexlify } from "ethers";
import { importFile } from "ipfs-unixfs-importer";
import { fixedSize } from "ipfs-unixfs-importer/chunker";
import { balanced } from "ipfs-unixfs-importer/layout";
import { type Digest, digestSchema } from "../primitives/hex.js";
import { type Cid, cidOf, cidSchema } from "./cid.js";
import { digestOf } from "./digest-of.js";

/** Bytes of a file's block in IPFS, as Kubo cuts files by default for CIDv1. */
export const FILE_BLOCK_BYTES = 262_144;

/** Links of a block in IPFS that lists others. */
export const FILE_BLOCK_LINKS = 174;

/** What a file is known by. */
export interface FileDescription {
  readonly cid: Cid;
  /** In bytes. */
  readonly size: number;
  /** sha2-256 of the whole file. */
  readonly sha256: Digest;
}

/**
 * Computes a file's digest and its address in IPFS, without storing anything.
 *
 * @param file - of any size; it is read in pieces
 * @returns what an attachment says of it
 */
export async function describeFile(file: Blob): Promise<FileDescription> {
  return file.size <= FILE_BLOCK_BYTES ? await describeBlock(file) : await describeBlocks(file);
}

/** A file of one block has its digest in its address. */
async function describeBlock(file: Blob): Promise<FileDescription> {
  const digest = digestOf(new Uint8Array(await file.arrayBuffer()));
  return { cid: cidOf(digest), size: file.size, sha256: digest };
}

async function describeBlocks(file: Blob): Promise<FileDescription> {
  const hash = sha256.create();
  async function* hashedChunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunksOf(file)) {
      hash.update(chunk);
      yield chunk;
    }
  }
  // Every option is given: the library's defaults are not Kubo's.
  const { cid } = await importFile(
    { content: hashedChunks() },
    { put: async (blockCid) => blockCid },
    {
      cidVersion: 1,
      rawLeaves: true,
      reduceSingleLeafToSelf: true,
      chunker: fixedSize({ chunkSize: FILE_BLOCK_BYTES }),
      layout: balanced({ maxChildrenPerNode: FILE_BLOCK_LINKS }),
    },
  );
  return {
    cid: cidSchema.parse(cid.toString()),
    size: file.size,
    sha256: digestSchema.parse(hexlify(hash.digest())),
  };
}

/** Not `file.stream()`: not every browser's stream can be iterated. */
async function* chunksOf(file: Blob): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < file.size; start += FILE_BLOCK_BYTES) {
    yield new Uint8Array(await file.slice(start, start + FILE_BLOCK_BYTES).arrayBuffer());
  }
}
