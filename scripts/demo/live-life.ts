import { openAsBlob } from "node:fs";
import { basename, join } from "node:path";
import {
  type Attachment,
  createPassportClient,
  type EventOption,
  type PendingOffer,
  type PreparedTransaction,
  type RecordedEntry,
  type SignedAttestation,
} from "@digital-product-passport/sdk";
import { type Cost, costOfTransaction } from "../lib/cost-of-transaction.js";
import type { ParticipantName } from "../lib/participants.js";
import { projectFolder } from "../lib/project-paths.js";
import { type Motor, SAMPLE_SERIAL } from "./issue-motors.js";
import * as events from "./life-events.js";
import type { Stage } from "./set-stage.js";

/** One transaction of a motor's life. */
export interface LifeStep {
  /** The event, or what prepares one. */
  readonly what: string;
  /** Position of the entry; undefined if nothing was recorded. */
  readonly sequence: bigint | undefined;
  /** Who states it. */
  readonly signedBy: ParticipantName;
  /** Who sends it, and pays. */
  readonly paidBy: ParticipantName;
  readonly cost: Cost;
}

/** A motor's life. */
export interface Life {
  readonly steps: readonly LifeStep[];
  /** What those hold who only sign, at the end. */
  readonly balancesWei: Readonly<Record<"technician" | "buyer", bigint>>;
  /** The certificate of the quality test. */
  readonly certificate: Attachment;
  /** What the technician signed. */
  readonly maintenance: SignedAttestation;
}

const CERTIFICATE = join(projectFolder, "examples", "certificates", `${SAMPLE_SERIAL}.pdf`);

const DAY_IN_SECONDS = 24n * 60n * 60n;

/** What a signer without a connection has for an endpoint: whoever asks it fails. */
const NO_CONNECTION = "http://offline.invalid";

/**
 * Takes a motor from its first test to recycling. Each step is signed by whom it concerns.
 *
 * @param stage - with the contracts, and all participants in their roles
 * @param motor - whose passport was just issued
 * @returns the steps
 * @throws PassportError `contract.*`, `document.*`, `store.*`, `chain.*`
 */
export async function liveLife(stage: Stage, motor: Motor): Promise<Life> {
  const { clientOf, wallets } = stage;
  const { passport } = motor;
  const steps: LifeStep[] = [];
  const send = async (
    names: Pick<LifeStep, "what" | "signedBy" | "paidBy">,
    prepared: Promise<PreparedTransaction<RecordedEntry | PendingOffer>>,
  ): Promise<void> => {
    const { result, transactionHash } = await (await prepared).send();
    const sequence = "sequence" in result ? result.sequence : undefined;
    steps.push({ ...names, sequence, cost: await costOfTransaction(stage.network.provider, { transactionHash }) });
  };
  const record = (who: ParticipantName, event: EventOption): Promise<void> =>
    send({ what: event.eventType, signedBy: who, paidBy: who }, clientOf(who).attest({ passport, ...event }));

  const certificate = await storeCertificate(stage);
  await record("certifier", events.qualityTested(certificate));
  await record("exporter", events.shipped);
  await record("jointManufacturer", events.received);

  const [newOwner, document] = [wallets.buyer.address, events.sale];
  const offer = clientOf("owner").offerOwnership({ passport, newOwner, document, expiresAt: inDays(14n) });
  await send({ what: "offer to the buyer", signedBy: "owner", paidBy: "owner" }, offer);
  const accepted = await clientOf("buyer").signAcceptance({ passport, deadline: inDays(1n) });
  await send(
    { what: "OWNERSHIP_TRANSFERRED", signedBy: "buyer", paidBy: "retailer" },
    clientOf("retailer").submitAcceptance({ signed: accepted }),
  );

  await record("jointManufacturer", events.commissioned);
  const maintenance = await signMaintenanceOffline(stage, motor);
  await record("regulator", events.inspected);
  await record("manufacturer", events.recalled);
  await send(
    { what: "MAINTAINED", signedBy: "technician", paidBy: "stranger" },
    clientOf("stranger").submitAttestation({ signed: maintenance }),
  );
  await record("manufacturer", events.recallClosed);

  // An exact position costs less than any position; nobody else writes at the end.
  const { entryCount } = await clientOf("buyer").readPassport({ passport });
  const end = { passport, ...events.decommissioned, sequence: entryCount + 1n, deadline: inDays(1n) };
  const decommissioned = await clientOf("buyer").signAttestation(end);
  await send(
    { what: "DECOMMISSIONED", signedBy: "buyer", paidBy: "recycler" },
    clientOf("recycler").submitAttestation({ signed: decommissioned }),
  );
  await record("recycler", events.recycled);
  return { steps, balancesWei: await readBalances(stage), certificate, maintenance };
}

async function readBalances({ network, wallets }: Stage): Promise<Life["balancesWei"]> {
  const { technician, buyer } = wallets;
  return {
    technician: await network.provider.getBalance(technician.address),
    buyer: await network.provider.getBalance(buyer.address),
  };
}

async function storeCertificate({ store }: Stage): Promise<Attachment> {
  const mediaType = "application/pdf";
  const { cid, sha256, size } = await store.putFile(await openAsBlob(CERTIFICATE, { type: mediaType }));
  return { name: basename(CERTIFICATE), mediaType, size, sha256, cid };
}

/** In a cellar without a network: the key and what stands on the motor are enough. What comes out is plain JSON. */
async function signMaintenanceOffline(
  { addressBook, network, wallets }: Stage,
  { passport, productId }: Motor,
): Promise<SignedAttestation> {
  const offline = createPassportClient({
    rpc: NO_CONNECTION,
    chainId: network.chainId,
    registry: addressBook.contracts.registry.address,
    signer: wallets.technician,
  });
  const signed = await offline.signAttestation({
    passport,
    productId,
    ...events.maintained,
    deadline: inDays(30n),
  });
  return JSON.parse(JSON.stringify(signed));
}

function inDays(days: bigint): bigint {
  return BigInt(Math.floor(Date.now() / 1_000)) + days * DAY_IN_SECONDS;
}
