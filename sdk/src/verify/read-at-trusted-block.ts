import type { Provider } from "ethers";
import { type BlockHeader, blockHeaderOf } from "../chain/block-header.js";
import { endpointOf } from "../chain/endpoint-of.js";
import { PassportError } from "../errors/passport-error.js";
import { readBlock } from "../passport/read-at-block.js";
import { readEntries } from "../passport/read-entries.js";
import type { Bytes32 } from "../primitives/hex.js";
import type { PassportEntry } from "../signing/passport-hashing.js";
import { askRaw, proofsOfNode } from "./proofs-of-node.js";
import { createProvenState, type RecordingSource, recordUse } from "./proven-state.js";
import { type ProofView, viewOfProof } from "./view-of-proof.js";

/** A block that a caller trusts, and what a node proves under its hash. */
export interface TrustedBlockOptions {
  readonly blockHash: Bytes32;
  /** First block that is searched for entries. */
  readonly fromBlock: bigint;
}

/**
 * Reads by proofs of a node, under the hash of a block that the caller trusts. If the chain has left that block, the
 * node may not know its entries any more: that is said, and not that they are forged.
 *
 * @param provider - a provider that passes raw requests on
 * @param options - the block, and `read`: what is read, through the view
 * @returns what `read` returned
 * @throws PassportError `chain.*`, and what `read` throws
 */
export async function readAtTrustedBlock<Result>(
  provider: Provider,
  options: TrustedBlockOptions & { readonly read: (view: ProofView, source: RecordingSource) => Promise<Result> },
): Promise<Result> {
  const header = await readHeader(provider, options);
  const { number: toBlock, hash } = header;
  const source = recordUse(proofsOfNode(provider, { block: toBlock }));
  const view = viewOfProof(createProvenState(header, source), {
    isTrusted: true,
    readEntries: async (query) => {
      const entries = await readEntries(provider, { ...query, fromBlock: options.fromBlock, toBlock });
      return entries.map(provableOf);
    },
  });
  const result = await options.read(view, source);
  const canonical = await readBlock(provider, { tag: toBlock });
  if (canonical.hash === hash) return result;
  throw hasNot(provider, `block ${hash} on its chain, but ${canonical.hash} in its place`);
}

async function readHeader(provider: Provider, { blockHash }: TrustedBlockOptions): Promise<BlockHeader> {
  const block = await askRaw(provider, "eth_getBlockByHash", [blockHash, false]);
  if (block === null) throw hasNot(provider, `block ${blockHash}`);
  const header = blockHeaderOf(block);
  if (header.hash === blockHash) return header;
  const problem = `the header that it shows has the hash ${header.hash}, not ${blockHash}`;
  throw new PassportError("chain.answer-invalid", { endpoint: endpointOf(provider), problem });
}

/** Where an entry stands on the chain is no part of what the head commits to. */
function provableOf(entry: PassportEntry): PassportEntry {
  const { sequence, eventType, attester, roles, document, recordedAt, owner, condition } = entry;
  return { sequence, eventType, attester, roles, document, recordedAt, owner, condition };
}

function hasNot(provider: Provider, what: string): PassportError {
  return new PassportError("chain.unreachable", {
    endpoint: endpointOf(provider),
    problem: `it does not have ${what}`,
  });
}
