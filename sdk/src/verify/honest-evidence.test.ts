import { expect } from "chai";
import { getAddress, id, keccak256 } from "ethers";
import { OWNER_ROLE } from "../chain/manager-names.js";
import { createDocument } from "../document/create-document.js";
import type { Attachment } from "../document/schemas/envelope.js";
import type { RecordedEntry } from "../passport/decode-attested.js";
import type { PassportState } from "../passport/read-passport-state.js";
import { eventTypeOf } from "../primitives/event-type.js";
import { type Address, type Digest, parseAddress, parseBytes32, parseHex } from "../primitives/hex.js";
import { cloneCode, predictPassportAddress } from "../signing/passport-clone.js";
import { replayHeads } from "../signing/passport-hashing.js";
import type { ListedFactory, ManagerEvidence, RegistrationEvidence, VerificationEvidence } from "./evidence.js";
import { type JudgePassportOptions, judgePassport } from "./judge-passport.js";
import type { Gathered, MissingEvidence } from "./verdict.js";

/**
 * Evidence as an honest node and an honest store give it, for the tests of the judges to spoil.
 */

export const NOW = 1_795_600_000n;
const CHAIN_ID = 42_161n;

/** Somebody, by his name. */
export const addressOf = (name: string): Address => parseAddress(getAddress(`0x${id(name).slice(-40)}`));

/** Roles and conditions as WEG numbers them. */
export const ROLES = { manufacturer: 1n, certifier: 2n, technician: 64n, owner: OWNER_ROLE } as const;
export const CONDITIONS = {
  issued: 1n,
  locked: 2n,
  stolen: 4n,
  retired: 8n,
  superseded: 16n,
  inService: 256n,
  recalled: 512n,
};

/** Code that all honest passports run. */
export const IMPLEMENTATION = addressOf("implementation");
const IMPLEMENTATION_CODE_HASH = parseBytes32(keccak256("0x6080604052"));
const REGISTRY = addressOf("registry");
export const MANAGER = addressOf("manager");

/** The factory of all honest passports. */
export const LISTED_FACTORY: ListedFactory = {
  factory: addressOf("factory"),
  recordedCodeHash: IMPLEMENTATION_CODE_HASH,
};

const DATA: Readonly<Record<string, object>> = {
  MANUFACTURED: {
    product: { name: "W22", model: "W22", manufacturer: { name: "WEG" }, country: "BR", manufacturedAt: "2026-11-01" },
    materials: [],
    plant: { name: "Jaraguá do Sul" },
  },
  QUALITY_TESTED: { test: "Routine test", standard: "IEC 60034-1", result: "passed" },
  OWNERSHIP_TRANSFERRED: {},
  LOCKED: { purpose: "Sale" },
  COMMISSIONED: { site: { name: "Mill" }, operatingConditions: { load: "Pump" }, firstMeasurements: [] },
  MAINTAINED: { kind: "lubrication", description: "Regreased" },
  RECALLED: { campaign: "2026-07", reason: "Seal", remedy: "Replace it" },
  STOLEN: { reportReference: "4711" },
};

/** An entry of which only what matters is said. */
export interface SampleEntry {
  readonly type: string;
  readonly attester: Address;
  readonly roles: bigint;
  readonly owner?: Address;
  readonly condition?: bigint;
  readonly recordedAt?: bigint;
  readonly data?: object;
  readonly attachments?: readonly Attachment[];
}

/** A product, and what happened to it. */
export interface SamplePassport {
  readonly productId: string;
  readonly entries: readonly SampleEntry[];
}

/** Made, tested, sold, installed, maintained. */
export const MOTOR: SamplePassport = {
  productId: "https://id.weg.example/01/09521234543213/21/W22-000001",
  entries: [
    { type: "MANUFACTURED", attester: MANAGER, roles: 0n, owner: addressOf("WEG"), condition: 1n },
    { type: "QUALITY_TESTED", attester: addressOf("certifier"), roles: ROLES.certifier },
    { type: "OWNERSHIP_TRANSFERRED", attester: addressOf("buyer"), roles: ROLES.owner, owner: addressOf("buyer") },
    { type: "COMMISSIONED", attester: addressOf("technician"), roles: ROLES.technician, condition: 0x101n },
    { type: "MAINTAINED", attester: addressOf("technician"), roles: ROLES.technician },
  ],
};

/** The same product with more to tell. */
export const continued = (passport: SamplePassport, ...entries: readonly SampleEntry[]): SamplePassport => ({
  ...passport,
  entries: [...passport.entries, ...entries],
});

/** Where the passport of a product is. */
export const passportOf = (productId: string): Address =>
  predictPassportAddress({ ...LISTED_FACTORY, implementation: IMPLEMENTATION, manager: MANAGER, productId });

const rule = (sets = 0n, clears = 0n) => ({
  roles: ROLES.technician,
  requires: 1n,
  forbids: 0n,
  sets,
  clears,
  pausedUntil: 0n,
});

const managerEvidence = (attesters: readonly Address[]): ManagerEvidence => ({
  names: {
    roles: new Map([
      [ROLES.manufacturer, "MANUFACTURER"],
      [ROLES.certifier, "CERTIFIER"],
      [ROLES.technician, "TECHNICIAN"],
    ]),
    conditions: new Map([
      [CONDITIONS.inService, "IN_SERVICE"],
      [CONDITIONS.recalled, "RECALLED"],
    ]),
  },
  rules: new Map([
    [eventTypeOf("QUALITY_TESTED"), rule()],
    [eventTypeOf("MAINTAINED"), rule()],
    [eventTypeOf("COMMISSIONED"), rule(CONDITIONS.inService)],
    [eventTypeOf("RECALLED"), rule(CONDITIONS.recalled)],
    [eventTypeOf("STOLEN"), rule(CONDITIONS.stolen)],
    [eventTypeOf("SUPERSEDED"), rule(CONDITIONS.superseded)],
    [eventTypeOf("CORRECTED"), rule()],
    [eventTypeOf("REVOKED"), rule()],
  ]),
  standings: new Map(attesters.map((attester) => [attester, { revokedAt: undefined, compromisedSince: undefined }])),
});

/** Evidence of a passport, all of it honest. */
export function evidenceOf({ productId, entries: samples }: SamplePassport = MOTOR) {
  const passport = passportOf(productId);
  const documents = new Map<Digest, Gathered<Uint8Array>>();
  const entries: RecordedEntry[] = [];
  for (const [index, { type, attester, roles, data, attachments, ...sample }] of samples.entries()) {
    const before = entries.at(-1);
    const { bytes, digest } = createDocument(type as "MAINTAINED", {
      productId,
      attester,
      issuedAt: "2026-11-22T13:08:00Z",
      // Safety: createDocument checks it against the schema of the event type.
      data: (data ?? DATA[type]) as never,
      ...(attachments && { attachments: [...attachments] }),
      // The same evidence each time.
      randomBytes: (length) => new Uint8Array(length).fill(index),
    });
    documents.set(digest, { status: "gathered", value: bytes });
    entries.push({
      sequence: BigInt(index + 1),
      eventType: eventTypeOf(type),
      attester,
      roles,
      document: digest,
      recordedAt: sample.recordedAt ?? NOW - 10_000n + BigInt(index) * 100n,
      previousRecordedAt: before?.recordedAt ?? 0n,
      owner: sample.owner ?? before?.owner ?? addressOf("WEG"),
      condition: sample.condition ?? before?.condition ?? 1n,
      blockNumber: BigInt(100 + index),
      logIndex: 0,
      transactionHash: parseBytes32(id(`transaction ${index}`)),
    });
  }
  return {
    chainId: CHAIN_ID,
    passport,
    code: cloneCode({ implementation: IMPLEMENTATION, manager: MANAGER, productId }),
    registration: gathered<RegistrationEvidence>({
      registry: REGISTRY,
      factories: [LISTED_FACTORY],
      implementationCodeHash: IMPLEMENTATION_CODE_HASH,
      registered: passport,
      namespace: "https://id.weg.example/",
      manufacturerId: 1n,
    }),
    state: gathered(stateAfter(entries, passport)),
    entries: gathered<readonly RecordedEntry[]>(entries),
    documents,
    basis: { kind: "node", endpoint: "https://node.example" },
    block: { number: 200n, hash: parseBytes32(id("block")), timestamp: NOW - 10n },
    level: "sequenced" as const,
    finality: { safe: 150n, finalized: 120n },
    manager: gathered(managerEvidence(entries.map(({ attester }) => attester))),
    attachments: undefined,
    links: [],
  } satisfies VerificationEvidence;
}

/** The state that an honest passport has after its entries. */
function stateAfter(entries: readonly RecordedEntry[], passport: Address): PassportState {
  const last = entries.at(-1);
  const head = replayHeads(entries, { chainId: CHAIN_ID, passport }).at(-1);
  if (last === undefined || head === undefined) throw new Error("a passport has entries");
  return {
    head,
    owner: last.owner,
    condition: last.condition,
    entryCount: BigInt(entries.length),
    lastRecordedAt: last.recordedAt,
    offerNonce: 0n,
    pendingOffer: undefined,
    lock: undefined,
  };
}

/** Evidence whose entries were changed, and whose head and state were made to fit: what a hostile contract could show. */
export function evidenceWithEntries(
  change: (entries: readonly RecordedEntry[]) => readonly RecordedEntry[],
  evidence = evidenceOf(),
) {
  const entries = change(evidence.entries.value);
  return { ...evidence, entries: gathered(entries), state: gathered(stateAfter(entries, evidence.passport)) };
}

/** Evidence that came. */
export function gathered<Value>(value: Value) {
  return { status: "gathered", value } as const;
}

/** Evidence that did not come, because the node was down. */
export const OUTAGE: MissingEvidence = { status: "missing", code: "chain.unreachable", problem: "the node is down" };

/** How the tests judge. */
const JUDGE_OPTIONS: JudgePassportOptions = { now: NOW, maximumAgeSeconds: 3_600n };

describe("judgePassport", () => {
  it("of honest evidence, is valid in everything", () => {
    const report = judgePassport(evidenceOf(), JUDGE_OPTIONS);
    expect(Object.entries(report.verdicts).map(([question, { code }]) => [question, code])).to.deep.equal([
      ["registration", "registration.proven"],
      ["history", "history.proven"],
      ["documents", "documents.valid"],
      ["authority", "authority.on-record"],
      ["condition", "condition.clear"],
      ["succession", "succession.none"],
      ["freshness", "freshness.current"],
    ]);
    expect(report.status).to.equal("valid");
    expect(report.findings).to.deep.equal([]);
    expect(report.productId).to.equal(MOTOR.productId);
  });

  it("of an outage in any part, is unknown and never invalid", () => {
    const honest = evidenceOf();
    for (const part of ["registration", "state", "entries", "manager"] as const) {
      const report = judgePassport({ ...honest, [part]: OUTAGE }, JUDGE_OPTIONS);
      expect(report.status, part).to.equal("unknown");
      expect(
        Object.values(report.verdicts).map(({ code }) => code),
        part,
      ).to.include("chain.unreachable");
    }
  });

  it("of a false passport or history, calls nothing valid that rests on it, and keeps what it found out", () => {
    const honest = evidenceOf();
    const made = { ...honest.registration.value, registered: addressOf("another passport") };
    const false_ = {
      registration: { ...honest, registration: gathered(made) },
      history: { ...honest, state: gathered({ ...honest.state.value, head: parseBytes32(id("made up")) }) },
    };
    for (const [premise, evidence] of Object.entries(false_)) {
      const { status, verdicts } = judgePassport(evidence, JUDGE_OPTIONS);
      expect(status).to.equal("invalid");
      for (const question of ["authority", "condition"] as const) {
        expect(verdicts[question], `${question} on ${premise}`).to.include({
          status: "unknown",
          code: "premise.failed",
        });
      }
      expect(verdicts.condition.details.inWords).to.deep.equal(["ISSUED", "IN_SERVICE"]);
    }
  });

  it("of an incomplete history, does not say that everybody was allowed to record what he recorded", () => {
    const honest = evidenceOf();
    const { verdicts } = judgePassport(
      { ...honest, entries: gathered(honest.entries.value.slice(0, -1)) },
      JUDGE_OPTIONS,
    );
    expect(verdicts.history.code).to.equal("history.incomplete");
    expect(verdicts.authority).to.include({ status: "unknown", code: "premise.failed" });
  });

  it("of an address without a passport, is invalid in the registration and judges nothing else", () => {
    const report = judgePassport({ ...evidenceOf(), code: parseHex("0x") }, JUDGE_OPTIONS);
    expect(report.status).to.equal("invalid");
    const { registration, freshness, ...others } = report.verdicts;
    expect(registration.code).to.equal("registration.no-passport");
    expect(Object.values(others).map(({ status }) => status)).to.deep.equal(Array(5).fill("notApplicable"));
  });
});
