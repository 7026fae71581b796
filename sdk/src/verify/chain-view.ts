import type { BlockLevel, ReadBlock } from "../passport/read-at-block.js";
import type { PassportState } from "../passport/read-passport-state.js";
import type { Address, Hex } from "../primitives/hex.js";
import type { PassportClone } from "../signing/passport-clone.js";
import type { Basis } from "./basis.js";
import type { EvidencedEntry, FinalityEvidence, ManagerEvidence, RegistrationEvidence } from "./evidence.js";

/** Entries of which passport. */
export interface EntriesQuery {
  readonly passport: Address;
  /** Chain time of the last entry, if it is known. */
  readonly lastRecordedAt: bigint | undefined;
}

/**
 * The chain at one block, as somebody shows it: a node, several, or a file of proofs. Every function throws a
 * `PassportError` where something cannot be found out.
 */
export interface ChainView {
  readonly basis: () => Basis;
  readonly block: ReadBlock;
  /** How settled the block had to be; undefined: it was named by its hash. */
  readonly level: BlockLevel | undefined;
  /** The passport of a product, by the registry. */
  readonly findPassport: (query: { readonly registry: Address; readonly productId: string }) => Promise<Address>;
  /** Code at an address; `0x` without one. */
  readonly readCode: (address: Address) => Promise<Hex>;
  readonly readRegistration: (query: {
    readonly registry: Address;
    readonly clone: PassportClone;
  }) => Promise<RegistrationEvidence>;
  readonly readState: (passport: Address) => Promise<PassportState>;
  readonly readEntries: (query: EntriesQuery) => Promise<readonly EvidencedEntry[]>;
  readonly readManager: (query: {
    readonly manager: Address;
    readonly attesters: readonly Address[];
  }) => Promise<ManagerEvidence>;
  readonly readFinality: () => Promise<FinalityEvidence>;
}
