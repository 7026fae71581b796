import * as dagPb from "@ipld/dag-pb";
import { UnixFS } from "ipfs-unixfs";
import { PassportError } from "../errors/passport-error.js";
import { type Cid, cidSchema, isRawCid } from "./cid.js";
import { FILE_BLOCK_BYTES } from "./describe-file.js";

/** With 174 links a block, four levels are 218 TiB. */
const MAXIMUM_DEPTH = 4;

/** How to read a file of several blocks. */
export interface ReadUnixFsFileOptions {
  /** Fetches a block and compares it with its CID. */
  readonly readBlock: (cid: Cid) => Promise<Uint8Array>;
  /** Larger files are refused before their first byte. */
  readonly maximumFileBytes: number;
}

type Refuse = (problem: string, cause?: unknown) => PassportError;

/** A block of a file, and what its parent says of it. */
interface FileBlock {
  readonly cid: Cid;
  readonly depth: number;
  /** In bytes; undefined for the root, which has no parent. */
  readonly size: bigint | undefined;
}

/**
 * Streams a file of IPFS, block by block: in memory are the block at hand and the lists that lead to it. Who made the
 * blocks is not trusted, though they have the right digests: a list may lead to itself, or to a thousand empty blocks.
 *
 * @param root - the file's address
 * @param options - where the blocks come from, and the largest file
 * @returns the file's bytes, each verified before it is handed on
 * @throws PassportError `document.file-unreadable`, and what `readBlock` throws
 */
export async function* readUnixFsFile(
  root: Cid,
  options: ReadUnixFsFileOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { readBlock, maximumFileBytes } = options;
  const refuse: Refuse = (problem, cause) =>
    new PassportError("document.file-unreadable", { cid: root, problem }, { cause });
  // Kubo would make a quarter of them.
  let blocksLeft = 16 + 4 * Math.ceil(maximumFileBytes / FILE_BLOCK_BYTES);

  async function* readFrom({ cid, depth, size: declared }: FileBlock): AsyncGenerator<Uint8Array, void, undefined> {
    if (depth > MAXIMUM_DEPTH) throw refuse(`its blocks are nested more than ${MAXIMUM_DEPTH} deep`);
    if (blocksLeft === 0) throw refuse("it has far more blocks than a file of the largest size");
    blocksLeft -= 1;
    const { size, data, children } = openBlock(await readBlock(cid), { cid, refuse });
    if (size > maximumFileBytes) throw refuse(`it has ${size} bytes, more than ${maximumFileBytes}`);
    if (declared !== undefined && size !== declared) {
      throw refuse(`the block ${cid} holds ${size} bytes, not ${declared} as the list of blocks says`);
    }
    if (data.length > 0) yield data;
    for (const child of children) yield* readFrom({ ...child, depth: depth + 1 });
  }
  yield* readFrom({ cid: root, depth: 0, size: undefined });
}

function openBlock(
  block: Uint8Array,
  options: { readonly cid: Cid; readonly refuse: Refuse },
): { readonly size: bigint; readonly data: Uint8Array; readonly children: readonly Omit<FileBlock, "depth">[] } {
  const { cid, refuse } = options;
  if (isRawCid(cid)) return { size: BigInt(block.length), data: block, children: [] };
  const { file, links } = decodeNode(block, options);
  if (file.type !== "file" && file.type !== "raw") throw refuse(`the block ${cid} is a ${file.type}`);
  if (file.blockSizes.length !== links.length) throw refuse(`the block ${cid} does not say how large its parts are`);
  const children = links.map((link, index) => {
    const child = cidSchema.safeParse(link.Hash.toString());
    if (!child.success) throw refuse(`the block ${cid} lists ${link.Hash}, which is not hashed as files are`);
    return { cid: child.data, size: file.blockSizes[index] };
  });
  return { size: file.fileSize(), data: file.data ?? new Uint8Array(), children };
}

function decodeNode(
  block: Uint8Array,
  options: { readonly cid: Cid; readonly refuse: Refuse },
): { readonly file: UnixFS; readonly links: readonly dagPb.PBLink[] } {
  try {
    const { Data, Links } = dagPb.decode(block);
    if (Data === undefined) throw new Error("it says nothing of itself");
    return { file: UnixFS.unmarshal(Data), links: Links };
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw options.refuse(`the block ${options.cid} is not a list of blocks: ${problem}`, cause);
  }
}
