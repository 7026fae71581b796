import { keccak256, type Provider, toBeHex, toQuantity } from "ethers";
import * as z from "zod";
import { askNode } from "../chain/ask-node.js";
import { endpointOf } from "../chain/endpoint-of.js";
import { trieNodesOf } from "../chain/trie-nodes.js";
import { PassportError } from "../errors/passport-error.js";
import { readCode } from "../passport/read-code.js";
import { type Bytes32, bytes32Schema, type Hex } from "../primitives/hex.js";
import type { ProofSource } from "./proven-state.js";

/** More than any node's answer has, and too few to fill a memory. */
const MAXIMUM_ITEMS = 4_096;

const nodesSchema = z.array(z.string()).max(MAXIMUM_ITEMS);
const proofSchema = z.object({
  accountProof: nodesSchema,
  storageProof: z.array(z.object({ proof: nodesSchema })).max(MAXIMUM_ITEMS),
});

/**
 * Fetches proofs from a node (EIP-1186). The node is not believed.
 *
 * @param provider - a provider that passes raw requests on
 * @param options - number of the `block`
 * @returns the source
 */
export function proofsOfNode(provider: Provider, { block }: { readonly block: bigint }): ProofSource {
  const nodes = new Map<Bytes32, Hex>();
  const codes = new Map<Bytes32, Hex>();
  return {
    findNode: (hash) => nodes.get(hash),
    findCode: (hash) => codes.get(hash),
    fetchNodes: async (address, slots) => {
      const words = slots.map((slot) => toBeHex(slot, 32));
      const answer = await askRaw(provider, "eth_getProof", [address, words, toQuantity(block)]);
      const { accountProof, storageProof } = parseAnswer(provider, () => proofSchema.parse(answer));
      for (const proof of [accountProof, ...storageProof.map(({ proof }) => proof)]) {
        for (const [hash, node] of parseAnswer(provider, () => trieNodesOf(proof))) nodes.set(hash, node);
      }
    },
    fetchCode: async (address) => {
      const code = await readCode(provider, { address, block });
      codes.set(bytes32Schema.parse(keccak256(code)), code);
    },
  };
}

/**
 * Asks a node in its own words, because ethers leaves parts of some answers out.
 *
 * @param provider - one that passes raw requests on
 * @param method - of JSON-RPC
 * @param params - of the method
 * @returns the answer, unchecked
 * @throws PassportError `input.invalid` for another provider, `chain.*`
 */
export async function askRaw(provider: Provider, method: string, params: readonly unknown[]): Promise<unknown> {
  if (!("send" in provider) || typeof provider.send !== "function") {
    throw new PassportError("input.invalid", {
      field: "provider",
      problem: "proofs need a provider that passes raw requests on, such as that of createProvider",
      value: undefined,
    });
  }
  const send = provider.send.bind(provider);
  return await askNode(provider, () => send(method, [...params]));
}

function parseAnswer<Answer>(provider: Provider, parse: () => Answer): Answer {
  try {
    return parse();
  } catch (cause) {
    const problem = "it is no proof as EIP-1186 has it";
    throw new PassportError("chain.answer-invalid", { endpoint: endpointOf(provider), problem }, { cause });
  }
}
