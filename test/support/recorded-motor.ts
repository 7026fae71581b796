import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { createDocument } from "../../sdk/src/document/create-document.js";
import type { Attachment } from "../../sdk/src/document/schemas/envelope.js";
import type { FullDocumentStore } from "../../sdk/src/document/stores/document-store.js";
import { createMemoryStore } from "../../sdk/src/document/stores/memory-store.js";
import { eventTypeOf } from "../../sdk/src/primitives/event-type.js";
import { type Digest, parseAddress } from "../../sdk/src/primitives/hex.js";
import type { DigitalPassport } from "../../types/ethers-contracts/index.js";
import { issuePassport, productIdOf, type Suite } from "./deploy-suite.js";

/** A motor on a real chain, with real documents in a real store. */
export interface RecordedMotor {
  readonly productId: string;
  readonly passport: DigitalPassport;
  readonly store: FullDocumentStore;
}

/** What the documents of the tests say; the SDK's own schemas check it. */
export const SAMPLE_DATA = {
  MANUFACTURED: {
    product: {
      name: "W22 IE4 75 kW",
      model: "W22-280SM-4",
      manufacturer: { name: "WEG" },
      country: "BR",
      manufacturedAt: "2026-11-01",
      productLine: "W22",
    },
    materials: [],
    plant: { name: "Jaraguá do Sul" },
  },
  QUALITY_TESTED: { test: "Routine test", standard: "IEC 60034-1", result: "passed" },
  OWNERSHIP_TRANSFERRED: { contractReference: "2026-4711" },
  LOCKED: { purpose: "Sale" },
  COMMISSIONED: { site: { name: "Mill 3" }, operatingConditions: { load: "Pump" }, firstMeasurements: [] },
  MAINTAINED: { kind: "lubrication", description: "Regreased both bearings" },
  RECALLED: { campaign: "2026-07", reason: "Terminal box seal", remedy: "Replace the seal" },
  STOLEN: { reportReference: "Police report 4711" },
} as const;

/** An event type that the tests have a document for. */
export type SampleType = keyof typeof SAMPLE_DATA;

let issuedMotors = 500_000;

/**
 * Makes and stores a document.
 *
 * @param store - where it is stored
 * @param eventType - name of the event
 * @param options - product and attester, and what it says if not the sample's
 * @returns its digest
 */
export async function storeSample(
  store: FullDocumentStore,
  eventType: string,
  options: {
    readonly productId: string;
    readonly attester: string;
    readonly data?: object;
    readonly attachments?: Attachment[];
  },
): Promise<Digest> {
  const { attachments } = options;
  const { bytes, digest } = createDocument(eventType as SampleType, {
    productId: options.productId,
    attester: parseAddress(options.attester),
    issuedAt: "2026-11-22T13:08:00Z",
    // Safety: createDocument checks the content against the schema of the event type.
    data: (options.data ?? SAMPLE_DATA[eventType as SampleType]) as never,
    ...(attachments && { attachments }),
  });
  await store.put(bytes);
  return digest;
}

/**
 * Issues the passport of a motor.
 *
 * @param suite - the deployed suite
 * @param options - store (one of its own if left out), productId, and what its first document says
 * @returns the motor
 */
export async function issueMotor(
  suite: Suite,
  options: { readonly store?: FullDocumentStore; readonly productId?: string; readonly data?: object } = {},
): Promise<RecordedMotor> {
  const { store = createMemoryStore(), productId = productIdOf(++issuedMotors) } = options;
  const attester = await suite.manager.getAddress();
  const document = await storeSample(store, "MANUFACTURED", {
    productId,
    attester,
    data: options.data ?? SAMPLE_DATA.MANUFACTURED,
  });
  return { productId, passport: await issuePassport(suite, { productId, document }), store };
}

/**
 * Records an entry by transaction.
 *
 * @param motor - the motor
 * @param eventType - name of the event
 * @param attester - who records it
 * @param data - what its document says, if not the sample's
 */
export async function recordEntry(
  motor: RecordedMotor,
  eventType: string,
  attester: HardhatEthersSigner,
  data?: object,
): Promise<void> {
  const { productId, passport, store } = motor;
  const document = await storeSample(store, eventType, {
    productId,
    attester: attester.address,
    ...(data === undefined ? {} : { data }),
  });
  await passport.connect(attester).attest(eventTypeOf(eventType), document);
}

/**
 * Sells a motor.
 *
 * @param suite - the deployed suite
 * @param motor - the motor
 * @param buyer - who buys it from the account `owner`
 */
async function sellMotor(suite: Suite, motor: RecordedMotor, buyer: HardhatEthersSigner): Promise<void> {
  const { passport, store, productId } = motor;
  const document = await storeSample(store, "OWNERSHIP_TRANSFERRED", { productId, attester: buyer.address });
  const expiresAt = (await suite.connection.networkHelpers.time.latest()) + 86_400;
  await passport.connect(suite.accounts.owner).offerOwnership(buyer, document, expiresAt);
  await passport.connect(buyer).acceptOwnership(document, await passport.head());
}

/**
 * Lets a motor live: tested, sold, commissioned by a technician, maintained.
 *
 * @param suite - the deployed suite
 * @param options - as of `issueMotor`
 * @returns the motor, with five entries
 */
export async function recordMotor(
  suite: Suite,
  options: Parameters<typeof issueMotor>[1] = {},
): Promise<RecordedMotor> {
  const { accounts } = suite;
  const motor = await issueMotor(suite, options);
  await recordEntry(motor, "QUALITY_TESTED", accounts.certifier);
  await sellMotor(suite, motor, accounts.buyer);
  await recordEntry(motor, "COMMISSIONED", accounts.technician);
  await recordEntry(motor, "MAINTAINED", accounts.technician);
  return motor;
}
