import {
  type CheckedProposal,
  durationInWords,
  isPassportError,
  type PassportClient,
  type Proposal,
  withChainErrors,
} from "@digital-product-passport/sdk";
import type { Connection } from "../../options/connection.js";
import { type Changes, printChanges } from "../../terminal/print-changes.js";
import { timelockInWords } from "./timelocks.js";

/** A proposal that was compared with the chain, and what it will change. */
export interface DescribedProposal {
  readonly checked: CheckedProposal;
  readonly changes: Changes;
}

/**
 * Compares a proposal with the chain, and works out from the very bytes that are signed what it will change.
 *
 * @param client - reads
 * @param options - `connection`; the proposal
 * @returns what is known of it
 * @throws PassportError `proposal.unfit`, `chain.*`
 */
async function describeProposal(
  client: PassportClient,
  { connection, proposal }: { readonly connection: Connection; readonly proposal: Proposal },
): Promise<DescribedProposal> {
  const checked = await client.checkProposal(proposal);
  const { delaySeconds, operation, safe, timelock } = proposal;
  const sentences = await Promise.all(operation.calls.map(async (call) => (await client.describeCall(call)).inWords));
  const { owners, threshold } = checked.safe;
  const facts = {
    today: await tryToday(connection, proposal),
    timelock: timelockInWords(connection, timelock),
    "waits for": durationInWords(delaySeconds),
    safe: `${safe}, ${threshold} of ${owners.length} owners`,
    "signed by": checked.signatures.map(({ owner }) => owner).join(", ") || "nobody yet",
    "safe digest": checked.digest,
    operation: checked.id,
  };
  return { checked, changes: { sentences, facts } };
}

/**
 * The same, and prints it.
 *
 * @param client - reads
 * @param options - `connection`, the proposal, and of the command line `json`
 * @returns what is known of it
 * @throws PassportError `proposal.unfit`, `chain.*`
 */
export async function printProposal(
  client: PassportClient,
  options: { readonly connection: Connection; readonly proposal: Proposal; readonly json?: true | undefined },
): Promise<DescribedProposal> {
  const described = await describeProposal(client, options);
  printChanges(described.changes, options);
  return described;
}

/** What is refused today may be accepted when its time has come: the delay of another change may have passed by then. */
async function tryToday({ provider }: Connection, { operation, timelock }: Proposal): Promise<string> {
  try {
    await withChainErrors(provider, () =>
      Promise.all(operation.calls.map(({ to, data }) => provider.call({ from: timelock, to, data }))),
    );
    return "the contract would accept it";
  } catch (error) {
    if (isPassportError(error) && error.code.startsWith("contract.")) return `refused: ${error.message}`;
    throw error;
  }
}
