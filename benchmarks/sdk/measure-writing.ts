import { setTimeout as sleep } from "node:timers/promises";
import { createProvider } from "@digital-product-passport/sdk";
import { type ContractTransactionResponse, encodeBytes32String, id } from "ethers";
import { productIdOf } from "../../test/support/deploy-suite.js";
import { SAMPLE_MAINTENANCE, SAMPLE_MOTOR } from "../../test/support/sdk-clients.js";
import { DigitalPassport__factory, WEGManager__factory } from "../../types/ethers-contracts/index.js";
import { alternate } from "./alternate.js";
import type { BenchSuite } from "./bench-suite.js";

/** Transactions of one side in one round, each sent when the one before it was included. */
const IN_A_ROUND = 25;
const RECEIPT_POLLING_MILLISECONDS = 10;

/** Writes per second, and what part that is of what ethers alone does. */
export interface WritingFigures {
  readonly ratioToRaw: { readonly issue: number; readonly attest: number };
  readonly perSecond: { readonly issue: number; readonly attest: number };
}

/**
 * Measures issuing and attesting with the SDK, which checks, makes and stores the document, simulates, and reads back
 * what was recorded; against ethers, which encodes, signs, sends and waits.
 *
 * @param suite - the chain
 * @param options - `rounds`
 * @returns writes per second of one account, and the ratio to ethers
 */
export async function measureWriting(
  suite: BenchSuite,
  { rounds }: { readonly rounds: number },
): Promise<WritingFigures> {
  const { issuer, owner, technician } = suite.participants;
  const provider = createProvider(suite.url, { chainId: suite.network.chainId });
  const manager = WEGManager__factory.connect(suite.addressBook.contracts.manager.address, issuer.connect(provider));
  const issuing = suite.clientOf(issuer);
  const attesting = suite.clientOf(technician);
  let serial = 0;

  const rawIssue = () => {
    const productId = productIdOf(++serial);
    return included(manager.issue(productId, owner.address, id(productId)));
  };
  const issue = async () => {
    const item = { productId: productIdOf(++serial), owner: owner.address, document: SAMPLE_MOTOR };
    return (await (await issuing.issuePassport(item)).send()).result;
  };
  const { passport } = await issue();
  const contract = DigitalPassport__factory.connect(passport, technician.connect(provider));
  const maintained = encodeBytes32String("MAINTAINED");
  const rawAttest = () => included(contract.attest(maintained, id(String(++serial))));
  const attest = async () =>
    (await attesting.attest({ passport, eventType: "MAINTAINED", document: SAMPLE_MAINTENANCE })).send();

  try {
    const rates = {
      issue: await alternate({ sdk: times(issue), raw: times(rawIssue) }, { rounds }),
      attest: await alternate({ sdk: times(attest), raw: times(rawAttest) }, { rounds }),
    };
    return {
      ratioToRaw: { issue: rates.issue.sdk / rates.issue.raw, attest: rates.attest.sdk / rates.attest.raw },
      perSecond: { issue: rates.issue.sdk, attest: rates.attest.sdk },
    };
  } finally {
    provider.destroy();
  }
}

function times(write: () => Promise<unknown>): () => Promise<number> {
  return async () => {
    for (let count = 0; count < IN_A_ROUND; count++) await write();
    return IN_A_ROUND;
  };
}

/** Not ethers' `wait()`: if the receipt comes a moment after the question, it waits for another block, and none comes. */
async function included(sent: Promise<ContractTransactionResponse>): Promise<void> {
  const { provider, hash } = await sent;
  while ((await provider.getTransactionReceipt(hash)) === null) await sleep(RECEIPT_POLLING_MILLISECONDS);
}
