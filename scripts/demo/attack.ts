import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  accountAttester,
  cidOf,
  createPassportClient,
  isPassportError,
  type PreparedTransaction,
  parseAddress,
  type SignedAttestation,
} from "@digital-product-passport/sdk";
import type { Motor } from "./issue-motors.js";
import { maintained } from "./life-events.js";
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
  /** It has lived its life. */
  readonly motor: Motor;
  /** It is new. */
  readonly otherMotor: Motor;
  /** What the technician signed for the first one. */
  readonly maintenance: SignedAttestation;
}

const HOUR_IN_SECONDS = 3_600n;

/**
 * Attacks the passports in ways that are open to everybody, and one by one tells what came of it.
 *
 * @param stage - after a motor's life
 * @param targets - two motors and a signature
 * @returns the attacks in their order; the document that was changed is as it was
 */
export async function attack(stage: Stage, targets: AttackTargets): Promise<readonly Attack[]> {
  const { clientOf } = stage;
  const { maintenance, otherMotor } = targets;
  const { passport } = otherMotor;
  const logistics = clientOf("logistics");
  return [
    await changeDocument(stage, targets),
    await tryToSend({
      attack: "A logistics company records maintenance, in its own name",
      mustFailWith: "contract.manufacturer-manager-role-missing",
      prepare: () => logistics.attest({ passport, ...maintained }),
    }),
    await tryToSend({
      attack: "It records maintenance in the technician's name, with its own signature",
      mustFailWith: "contract.attester-signature-invalid",
      prepare: async () => logistics.submitAttestation({ signed: await forgeMaintenance(stage, otherMotor) }),
    }),
    await tryToSend({
      attack: "It submits the technician's true signature once more",
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

/** The store's owner makes a motor look younger: of 8,760 running hours he makes 3,760. */
async function changeDocument(stage: Stage, { motor, maintenance }: AttackTargets): Promise<Attack> {
  const path = join(stage.documentsFolder, cidOf(maintenance.message.document));
  const original = await readFile(path, "utf8");
  const changed = original.replace('"runningHours":"8760"', '"runningHours":"3760"');
  if (changed === original) throw new Error("The document of the maintenance does not name its running hours");
  await writeFile(path, changed);
  try {
    const { checks } = await verifyFromOutside(stage, motor);
    const found = checks.find(({ status }) => status !== "valid" && status !== "notApplicable");
    const { code = "", reason = "Nobody noticed." } = found ?? {};
    return {
      attack: "Whoever runs the store changes one byte of a document: 8760 running hours become 3760",
      outcome: found === undefined ? "succeeded" : code === "documents.invalid" ? "detected" : "undecided",
      code,
      reason,
    };
  } finally {
    await writeFile(path, original);
  }
}
