import type {
  Bytes27,
  DocumentStore,
  Hex,
  Item,
  ItemKind,
  SignedAttestation,
  SubmittedAttestation,
  WritingContext,
} from "@digital-product-passport/sdk";
import type { AnchoredBatch, CreatedBatch, Reading, SignedBatch } from "@digital-product-passport/sdk/readings";

/** How settled what is read must be. */
export type ChainLevel = "sequenced" | "finalized";

/** A product's pairing with the relay's gateway. */
export interface Pairing {
  readonly productId: string;
  readonly passport: string;
  readonly sensors: readonly {
    readonly id: string;
    readonly quantity: string;
    readonly unit: string;
    readonly publicKey?: Hex | undefined;
  }[];
  /** Left out if the manufacturer trusts the gateway. */
  readonly lostTrust?: { readonly code: "gateway-revoked" | "gateway-compromised"; readonly since: string } | undefined;
}

/** An entry that is to be signed. */
export interface EntryDraft {
  readonly productId: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A batch without its tree: what is stored and signed. */
export type MadeBatch = Omit<CreatedBatch, "proofOf">;

/** Everything that the relay wants from the chain, in the name of one gateway. */
export interface RelayChain {
  /** Chain, contract and gateway: what the journals belong to. */
  readonly name: string;
  readonly context: WritingContext;
  /** Where readings and documents go. */
  readonly store: DocumentStore;
  readonly batches: ItemKind<SignedBatch, AnchoredBatch>;
  readonly attestations: ItemKind<SignedAttestation, SubmittedAttestation> | undefined;
  readonly readPosition: (level: ChainLevel) => Promise<{ readonly sequence: number; readonly head: Bytes27 }>;
  /** @returns undefined if the product is not paired with the gateway */
  readonly readPairing: (productId: string) => Promise<Pairing | undefined>;
  readonly createBatch: (
    readings: readonly Reading[],
    place: { readonly sequence: number; readonly previousHead: Bytes27; readonly salt: string },
  ) => Promise<{ readonly head: Bytes27; readonly created: MadeBatch }>;
  /** Files and document are taken to be stored. */
  readonly signBatch: (created: MadeBatch) => Promise<Item<SignedBatch>>;
  readonly signEntry: (draft: EntryDraft) => Promise<SignedAttestation>;
}
