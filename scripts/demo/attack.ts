import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  accountAttester,
  type Cid,
  cidOf,
  createPassportClient,
  isPassportError,
  type PreparedTransaction,
  parseAddress,
  type SignedAttestation,
} from "@digital-product-passport/sdk";
import type { Motor } from "./issue-motors.js";
import { maintained } from "./life-events.js";
import type { Life } from "./live-life.js";
import type { Stage } from "./set-stage.js";
import { verifyFromOutside } from "./verify-from-outside.js";

/** What somebody tried, and what he got. */
export interface Attack {
  readonly attack: string;
  /** `undecided`: it failed, but not because anybody saw what it was. */
  readonly outcome: "refused" | "detected" | "succeeded" | "undecided";
  /** Of the error or the verdict. */
  readonly code: string;
  readonly reason: string;
}

/** Whom the attacks are aimed at. */
export interface AttackTargets {
  readonly motor: Motor;
  /** A new one. */
  readonly otherMotor: Motor;
  readonly life: Life;
}

const HOUR_IN_SECONDS = 3_600n;

/**
 * Attacks the passports in ways that are open to everybody, and one by one tells what came of it.
 *
 * @param stage - after a motor's life
 * @param targets - two motors, and the life of the first one
 * @returns the attacks in their order
 */
export async function attack(stage: Stage, targets: AttackTargets): Promise<readonly Attack[]> {
  const { clientOf } = stage;
  const { motor, otherMotor } = targets;
  const { certificate, maintenance } = targets.life;
  const { passport } = otherMotor;
  const logistics = clientOf("logistics");
  return [
    await tryToChange(stage, motor, {
      attack: "The keeper of the store changes one byte of a document: 8760 running hours become 3760",
      mustGive: "documents.invalid",
      cid: cidOf(maintenance.message.document),
      change: ['"runningHours":"8760"', '"runningHours":"3760"'],
    }),
    await tryToChange(stage, motor, {
      attack: "He changes one byte of the test certificate: 96.1 % efficiency becomes 98.1 %",
      mustGive: "documents.attachment-invalid",
      cid: certificate.cid,
      change: ["96.1 %", "98.1 %"],
    }),
    await tryToSend({
      attack: "A logistics company records maintenance in its own name",
      mustFailWith: "contract.manufacturer-manager-role-missing",
      prepare: () => logistics.attest({ passport, ...maintained }),
    }),
    await tryToSend({
      attack: "It signs maintenance in the technician's name",
      mustFailWith: "contract.attester-signature-invalid",
      prepare: async () => logistics.submitAttestation({ signed: await forgeMaintenance(stage, otherMotor) }),
    }),
    await tryToSend({
      attack: "It submits the technician's true signature a second time",
      mustFailWith: "contract.digital-passport-signature-used",
      prepare: () => logistics.submitAttestation({ signed: maintenance }),
    }),
    await tryToSend({
      attack: "It submits that signature to another motor's passport",
      mustFailWith: "contract.attester-signature-invalid",
      prepare: () => logistics.submitAttestation({ signed: { ...maintenance, passport } }),
    }),
  ];
}

/**
 * Whether an attack was seen through.
 *
 * @param attack - that was tried
 * @returns true if it was refused or detected for what it is
 */
export function isRepelled({ outcome }: Attack): boolean {
  return outcome === "refused" || outcome === "detected";
}

interface Attempt {
  readonly attack: string;
  /** The only code that means that the attack was understood as what it is. */
  readonly mustFailWith: string;
  readonly prepare: () => Promise<PreparedTransaction<unknown>>;
}

async function tryToSend({ attack, mustFailWith, prepare }: Attempt): Promise<Attack> {
  try {
    const { transactionHash } = await (await prepare()).send();
    return { attack, outcome: "succeeded", code: "", reason: `The transaction ${transactionHash} was accepted.` };
  } catch (error) {
    if (!isPassportError(error)) throw error;
    const { code, message: reason } = error;
    return { attack, outcome: code === mustFailWith ? "refused" : "undecided", code, reason };
  }
}

/** Everything is right about it but the key. */
async function forgeMaintenance({ clientOf, wallets }: Stage, motor: Motor): Promise<SignedAttestation> {
  const { sign, signer } = await accountAttester(wallets.logistics);
  const { context } = clientOf("logistics");
  const forger = createPassportClient({
    ...context,
    rpc: context.provider,
    attester: { address: parseAddress(wallets.technician.address), sign, signer },
  });
  return await forger.signAttestation({ ...motor, ...maintained, deadline: context.clock() + HOUR_IN_SECONDS });
}

interface ChangedFile {
  readonly attack: string;
  /** The only verdict that means that the change was seen. */
  readonly mustGive: string;
  /** What the store keeps. */
  readonly cid: Cid;
  /** What stands in the file, and what is to stand there. */
  readonly change: readonly [from: string, to: string];
}

/** Afterwards the file is as it was. */
async function tryToChange(stage: Stage, motor: Motor, changed: ChangedFile): Promise<Attack> {
  const { attack, change, cid, mustGive } = changed;
  const path = join(stage.documentsFolder, cid);
  const original = await readFile(path, "latin1");
  if (!original.includes(change[0])) throw new Error(`Nothing in ${cid} reads ${change[0]}`);
  await writeFile(path, original.replace(...change), "latin1");
  try {
    const { checks } = await verifyFromOutside(stage, motor);
    const found = checks.find(({ status }) => status !== "valid" && status !== "notApplicable");
    if (found === undefined) return { attack, outcome: "succeeded", code: "", reason: "Nobody noticed." };
    const { code, reason } = found;
    return { attack, outcome: code === mustGive ? "detected" : "undecided", code, reason };
  } finally {
    await writeFile(path, original, "latin1");
  }
}
