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
  timestampOf,
  type WritingContext,
  withChainErrors,
} from "@digital-product-passport/sdk";
import {
  batchKind,
  createBatch,
  type GatewayStanding,
  itemOfBatch,
  readGatewayPosition,
  readPairings,
  signBatch,
} from "@digital-product-passport/sdk/readings";
import { getBytes, type Provider } from "ethers";
import { createKeccak } from "hash-wasm";
import type { Pairing, RelayChain } from "./relay-chain.js";

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
    readPairing: (productId) => readPairing(context, { productId, gateway: gateway.address }),
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

function lostTrustOf({ revokedAt, compromisedSince }: GatewayStanding): Pairing["lostTrust"] {
  // Who reports a key as stolen revokes it, too.
  if (compromisedSince !== undefined) return { code: "gateway-compromised", since: timestampOf(compromisedSince) };
  return revokedAt === undefined ? undefined : { code: "gateway-revoked", since: timestampOf(revokedAt) };
}

/** What is known only in part is not known: what was found out before counts until then. */
async function readPairing(
  context: ConnectChainOptions["context"],
  { productId, gateway }: { readonly productId: string; readonly gateway: Address },
): Promise<Pairing | undefined> {
  const { status, pairings, standings, findings, report } = await readPairings(context, { passport: productId });
  // It may be issued and paired later; the other products need not wait for it.
  if (report.verdicts.registration.code === "registration.not-issued") return undefined;
  if (status !== "valid" || report.evidence === undefined) {
    const { registration, history } = report.verdicts;
    const problem = [registration, history].map((verdict) => verdict.reason).join(" ");
    throw new PassportError("relay.pairings-unknown", { productId, problem });
  }
  // A document that no store serves at the moment may be the pairing, or its end.
  const unread = findings.find(({ code }) => code === "pairing.unread");
  const documents = report.verdicts.documents.details.documents ?? [];
  if (documents.some((each) => each.status === "unknown" && unread?.sequences?.includes(each.entry.sequence))) {
    throw new PassportError("relay.pairings-unknown", { productId, problem: unread?.reason ?? "" });
  }
  const open = pairings.find(
    (pairing) =>
      pairing.gateway === gateway && pairing.readingsAnchor === context.readingsAnchor && pairing.end === undefined,
  );
  if (open === undefined) return undefined;
  const standing = standings.get(gateway);
  if (standing?.status === "missing") {
    throw new PassportError("relay.pairings-unknown", { productId, problem: standing.problem });
  }
  const { passport } = report.evidence;
  return { productId, passport, sensors: open.sensors, lostTrust: standing && lostTrustOf(standing.value) };
}
