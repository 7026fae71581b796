import { createHash } from "node:crypto";
import { expect } from "chai";
import { CID } from "multiformats/cid";
import { cidOf } from "./cid.js";
import { describeFile, FILE_BLOCK_BYTES, FILE_BLOCK_LINKS } from "./describe-file.js";
import { digestOf } from "./digest-of.js";

/** Bytes that differ from block to block. */
function fileOf(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let start = 0; start < size; start += FILE_BLOCK_BYTES)
    bytes.fill(start / FILE_BLOCK_BYTES, start, start + FILE_BLOCK_BYTES);
  return bytes;
}

// A second writing of the format, from the specifications of dag-pb and UnixFS, in bytes.

interface Node {
  readonly cid: Uint8Array;
  /** Bytes of the file below it. */
  readonly fileSize: number;
  /** Bytes of all blocks below it, and its own. */
  readonly totalSize: number;
}

const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();
const cidBytes = (codec: number, block: Uint8Array): Uint8Array =>
  Buffer.concat([Uint8Array.of(1, codec, 0x12, 32), sha256(block)]);
const varint = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]);
const field = (number: number, bytes: Uint8Array): Uint8Array =>
  Buffer.concat([Uint8Array.from([(number << 3) | 2, ...varint(bytes.length)]), bytes]);

function leafOf(block: Uint8Array): Node {
  return { cid: cidBytes(0x55, block), fileSize: block.length, totalSize: block.length };
}

function parentOf(children: readonly Node[]): Node {
  const fileSize = children.reduce((sum, child) => sum + child.fileSize, 0);
  const links = children.map(({ cid, totalSize }) =>
    field(2, Buffer.concat([field(1, cid), field(2, new Uint8Array()), Uint8Array.from([0x18, ...varint(totalSize)])])),
  );
  const unixFs = [
    0x08,
    2,
    0x18,
    ...varint(fileSize),
    ...children.flatMap((child) => [0x20, ...varint(child.fileSize)]),
  ];
  const block = Buffer.concat([...links, field(1, Uint8Array.from(unixFs))]);
  const totalSize = block.length + children.reduce((sum, child) => sum + child.totalSize, 0);
  return { cid: cidBytes(0x70, block), fileSize, totalSize };
}

function groupsOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

function rootOf(bytes: Uint8Array): string {
  let level = Array.from({ length: Math.ceil(bytes.length / FILE_BLOCK_BYTES) }, (_, index) =>
    leafOf(bytes.subarray(index * FILE_BLOCK_BYTES, (index + 1) * FILE_BLOCK_BYTES)),
  );
  do level = groupsOf(level, FILE_BLOCK_LINKS).map(parentOf);
  while (level.length > 1);
  return CID.decode(level[0]?.cid ?? new Uint8Array()).toString();
}

describe("describeFile", () => {
  it("describes a small file by the same CID as a document", async () => {
    const bytes = new TextEncoder().encode("hello world");
    expect(await describeFile(new Blob([bytes]))).to.deep.equal({
      cid: "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e",
      size: 11,
      sha256: digestOf(bytes),
    });
  });

  for (const size of [0, FILE_BLOCK_BYTES - 1, FILE_BLOCK_BYTES]) {
    it(`describes a file of ${size} bytes as one raw block`, async () => {
      const bytes = fileOf(size);
      const digest = digestOf(bytes);
      expect(await describeFile(new Blob([bytes]))).to.deep.equal({ cid: cidOf(digest), size, sha256: digest });
    });
  }

  for (const [circumstance, size] of [
    ["two blocks", FILE_BLOCK_BYTES + 1],
    ["as many blocks as one node links", FILE_BLOCK_LINKS * FILE_BLOCK_BYTES],
    ["one block more, which makes a second level", FILE_BLOCK_LINKS * FILE_BLOCK_BYTES + 1],
  ] as const) {
    it(`describes a file of ${circumstance} as the specification says`, async () => {
      const bytes = fileOf(size);
      const { cid, sha256: digest } = await describeFile(new Blob([bytes]));
      expect(cid).to.equal(rootOf(bytes));
      expect(digest).to.equal(digestOf(bytes));
    });
  }
});
