import {
  type Address,
  type Attester,
  attestationKind,
  type DocumentStore,
  findPassport,
  gatewayHeadAfter,
  initialGatewayHead,
  isPassportError,
  PassportError,
  signAttestation,
  type WritingContext,
  withChainErrors,
} from "@digital-product-passport/sdk";
import {
  batchKind,
  createBatch,
  itemOfBatch,
  readGatewayPosition,
  signBatch,
} from "@digital-product-passport/sdk/readings";
import { getBytes, type Provider } from "ethers";
import { createKeccak } from "hash-wasm";
import { createPairingReader } from "./create-pairing-reader.js";
import type { RelayChain } from "./relay-chain.js";

/** Who speaks on which chain. */
export interface ConnectChainOptions {
  /** What writing actions work on, with a store; with an attestation relay if entries are recorded. */
  readonly context: WritingContext & { readonly store: DocumentStore; readonly readingsAnchor: Address };
  readonly gateway: Attester;
  /** How long the signature of an entry can be submitted, in seconds. */
  readonly deadlineSeconds: number;
}

/**
 * Connects a relay to its chain.
 *
 * @param options - chain, contracts and gateway
 * @returns what the relay wants from the chain
 * @throws PassportError `input.invalid`
 */
export function connectChain(options: ConnectChainOptions): RelayChain {
  const { context, gateway, deadlineSeconds } = options;
  const { chainId, readingsAnchor } = context;
  const passports = new Map<string, Promise<Address>>();
  let keccak: ReturnType<typeof createKeccak> | undefined;
  return {
    name: `${chainId} ${readingsAnchor} ${gateway.address}`,
    context,
    store: context.store,
    batches: batchKind(context),
    attestations: context.attestationRelay === undefined ? undefined : attestationKind(context),
    readPosition: async (level) => {
      try {
        const { sequence, head } = await readGatewayPosition(context, { gateway: gateway.address, block: level });
        return { sequence: Number(sequence), head };
      } catch (error) {
        // While its deployment is not final yet, nothing of the contract is.
        if (level !== "finalized" || !isPassportError(error, "chain.no-contract")) throw error;
        return { sequence: 0, head: initialGatewayHead({ chainId, readingsAnchor, gateway: gateway.address }) };
      }
    },
    readPairing: createPairingReader(context, { gateway: gateway.address }),
    createBatch: async (readings, { sequence, previousHead, salt }) => {
      keccak ??= createKeccak(256);
      const hasher = await keccak;
      const { proofOf: _, ...created } = await createBatch(readings, {
        chainId,
        readingsAnchor,
        gateway: gateway.address,
        sequence: BigInt(sequence),
        previousHead,
        randomBytes: () => getBytes(`0x${salt}`),
        keccak256: (bytes) => hasher.init().update(bytes).digest("binary"),
      });
      return { head: gatewayHeadAfter(created.batch), created };
    },
    signBatch: async (created) => {
      const { content: _, readings: __, ...signed } = await signBatch(gateway, { created });
      return itemOfBatch(signed);
    },
    signEntry: async ({ productId, data }) => {
      const known = passports.get(productId) ?? findPassport(context, { productId });
      passports.set(productId, known);
      known.catch(() => passports.delete(productId));
      return await signAttestation(
        { ...context, attester: gateway },
        {
          passport: await known,
          productId,
          eventType: "READINGS",
          // Safety: the schema of READINGS checks it when the document is made.
          document: { data: data as never },
          deadline: (await chainTime(context.provider)) + BigInt(deadlineSeconds),
        },
      );
    },
  };
}

/** A deadline is held against the chain's time; by a clock that is behind, it would be over before it is submitted. */
async function chainTime(provider: Provider): Promise<bigint> {
  const block = await withChainErrors(provider, () => provider.getBlock("latest"));
  if (block !== null) return BigInt(block.timestamp);
  throw new PassportError("chain.answer-invalid", { endpoint: "of the relay", problem: "it has no latest block" });
}
