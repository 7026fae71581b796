import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { concat, getBytes, Interface, keccak256, type Provider } from "ethers";
import { base32 } from "multiformats/bases/base32";
import { headAfter, initialGatewayHead } from "./replay-batches.js";

/**
 * The chain of a gateway, a second time: from its events and the files of a store alone, word by word as docs/readings.md
 * says, and without the SDK, so that an error in either shows.
 */

/** A reading as its line in a file says it. */
export interface ReplayedReading {
  readonly sensor: string;
  readonly sequence: number;
  readonly product: string;
  readonly value: string;
  readonly time: string;
}

/** What the events and files of a gateway give together. */
export interface ReplayedChain {
  readonly sequence: bigint;
  /** 27 bytes. */
  readonly head: string;
  /** Of all batches, in order. */
  readonly readings: readonly ReplayedReading[];
}

const anchor = new Interface([
  "event Anchored(address indexed gateway, uint256 indexed sequence, bytes27 previousHead, bytes32 root, uint256 count, " +
    "uint256 from, uint256 to, bytes32 indexed document, uint256 recordedAt)",
]);

/**
 * Replays everything that a gateway has anchored.
 *
 * @param provider - of the chain
 * @param options - contract, gateway, and the folder of a disk store that has the documents
 * @returns its state and its readings
 * @throws Error where a batch is missing or anything in it does not belong to it
 */
export async function replayGatewayChain(
  provider: Provider,
  options: { readonly readingsAnchor: string; readonly gateway: string; readonly documents: string },
): Promise<ReplayedChain> {
  const { readingsAnchor, gateway, documents } = options;
  const { chainId } = await provider.getNetwork();
  const topics = anchor.encodeFilterTopics("Anchored", [gateway]);
  const logs = await provider.getLogs({ address: readingsAnchor, topics, fromBlock: 0 });
  const readings: ReplayedReading[] = [];
  let sequence = 0n;
  let head = initialGatewayHead(gateway, { chainId, anchor: readingsAnchor });
  for (const log of logs) {
    const batch = anchor.decodeEventLog("Anchored", log.data, log.topics).toObject();
    sequence += 1n;
    expectSame("sequence", batch["sequence"], sequence);
    expectSame(`head before batch ${sequence}`, batch["previousHead"], head);
    const lines = await readLines(batch["document"], { documents });
    expectSame(`count of batch ${sequence}`, batch["count"], BigInt(lines.length));
    expectSame(`root of batch ${sequence}`, batch["root"], rootOf(lines.map((line) => keccak256(keccak256(line)))));
    readings.push(...lines.map((line) => JSON.parse(new TextDecoder().decode(line))));
    head = headAfter({
      gateway,
      sequence,
      previousHead: head,
      root: batch["root"],
      count: batch["count"],
      from: batch["from"],
      to: batch["to"],
      document: batch["document"],
    });
  }
  return { sequence, head, readings };
}

/** The root of a complete binary tree: leaves fill its array from the end, each node hashes its children in their order by value. */
function rootOf(leaves: readonly string[]): string {
  const tree: string[] = Array.from({ length: 2 * leaves.length - 1 });
  for (const [index, leaf] of leaves.entries()) tree[tree.length - 1 - index] = leaf;
  for (let node = tree.length - 1 - leaves.length; node >= 0; node -= 1) {
    tree[node] = keccak256(concat([tree[2 * node + 1] ?? "", tree[2 * node + 2] ?? ""].toSorted()));
  }
  return tree[0] ?? "";
}

/** Document and file are taken by their names and compared with their hashes. */
async function readLines(
  digest: string,
  { documents }: { readonly documents: string },
): Promise<readonly Uint8Array[]> {
  const rawCid = base32.encode(getBytes(concat(["0x01551220", digest])));
  const document = await readFile(join(documents, rawCid));
  expectSame("digest of the document", sha256(document), digest);
  const { cid, sha256: hash, size } = JSON.parse(document.toString()).readings;
  const file = await readFile(join(documents, cid));
  expectSame("hash of the file", sha256(file), hash);
  expectSame("size of the file", file.length, size);
  const lines = file.toString().split("\n");
  expectSame("end of the file", lines.pop(), "");
  return lines.map((line) => new TextEncoder().encode(line));
}

function sha256(bytes: Uint8Array): string {
  return `0x${createHash("sha256").update(bytes).digest("hex")}`;
}

function expectSame(what: string, found: unknown, expected: unknown): void {
  if (found !== expected) throw new Error(`The ${what} is ${String(found)}, expected is ${String(expected)}`);
}
