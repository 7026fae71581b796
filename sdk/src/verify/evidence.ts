import type { ManagerNames } from "../chain/manager-names.js";
import type { Attachment } from "../document/schemas/envelope.js";
import type { RecordedEntry } from "../passport/decode-attested.js";
import type { BlockLevel, ReadBlock } from "../passport/read-at-block.js";
import type { PassportState } from "../passport/read-passport-state.js";
import type { EventRule } from "../passport/read-rules.js";
import type { EventType } from "../primitives/event-type.js";
import type { Address, Bytes32, Digest, Hex } from "../primitives/hex.js";
import type { PassportEntry } from "../signing/passport-hashing.js";
import type { Basis } from "./basis.js";
import type { Gathered } from "./verdict.js";

/** A factory that the registry lists. */
export interface ListedFactory {
  readonly factory: Address;
  /** Hash of the code that its passports run, when the registry listed the factory. */
  readonly recordedCodeHash: Bytes32;
}

/** An entry, and where the chain has it as far as a node said so: the head commits to the entry, not to its place. */
export type EvidencedEntry = PassportEntry & Partial<Omit<RecordedEntry, keyof PassportEntry>>;

/** What the pinned registry, and the chain behind it, say about a passport. */
export interface RegistrationEvidence {
  readonly registry: Address;
  readonly factories: readonly ListedFactory[];
  /** Hash of the code that the passport runs. */
  readonly implementationCodeHash: Bytes32;
  /** The passport that the registry knows of the product; undefined: none. */
  readonly registered: Address | undefined;
  /** Namespace of the manufacturer that the manager was admitted for; undefined: it was not admitted. */
  readonly namespace: string | undefined;
  readonly manufacturerId: bigint;
}

/** How far the chain has settled when the evidence was read. */
export interface FinalityEvidence {
  /** Number of the last safe block; undefined where the node does not know. */
  readonly safe: bigint | undefined;
  /** Number of the last finalized block; undefined where the node does not know. */
  readonly finalized: bigint | undefined;
}

/** What a manager says about one attester. */
export interface AttesterStanding {
  /** Chain time, Unix seconds; undefined: never. */
  readonly revokedAt: bigint | undefined;
  /** Unix seconds; undefined: never. */
  readonly compromisedSince: bigint | undefined;
}

/** What the manufacturer's manager says. */
export interface ManagerEvidence {
  readonly names: ManagerNames;
  readonly rules: ReadonlyMap<EventType, EventRule>;
  readonly standings: ReadonlyMap<Address, AttesterStanding>;
}

/** What is judged of one passport: plain data, so that a file can hold it as well as a node can serve it. */
export interface PassportEvidence {
  readonly chainId: bigint;
  readonly passport: Address;
  /** Code at the passport's address. */
  readonly code: Hex;
  /** Undefined without a pinned registry. */
  readonly registration: Gathered<RegistrationEvidence> | undefined;
  readonly state: Gathered<PassportState>;
  readonly entries: Gathered<readonly EvidencedEntry[]>;
  /** By digest; undefined without a store. */
  readonly documents: ReadonlyMap<Digest, Gathered<Uint8Array>> | undefined;
}

/** A file that a document lists. Files are large: they are compared while they stream, and not kept. */
export interface FetchedAttachment {
  /** Position of the entry whose document lists it. */
  readonly sequence: bigint;
  readonly attachment: Attachment;
  /** Its size in bytes, if all of it came and its digest is the listed one. */
  readonly size: Gathered<bigint>;
}

/** A passport that another one names as its predecessor or successor. */
export interface LinkedPassport {
  readonly role: "predecessor" | "successor";
  readonly passport: Address;
  readonly evidence: Gathered<PassportEvidence>;
}

/** Everything a verification looks at. */
export interface VerificationEvidence extends PassportEvidence {
  /** On whose word all of it rests. */
  readonly basis: Basis;
  /** Block at which all was read. */
  readonly block: ReadBlock;
  /** How settled the reader wanted the block to be; undefined: he named its hash. */
  readonly level: BlockLevel | undefined;
  readonly finality: FinalityEvidence;
  readonly manager: Gathered<ManagerEvidence>;
  /** Files that the documents list, as far as they were fetched; undefined: nobody asked for them. */
  readonly attachments: readonly FetchedAttachment[] | undefined;
  readonly links: readonly LinkedPassport[];
}
