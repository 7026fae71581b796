import { setTimeout } from "node:timers/promises";
import {
  type Address,
  createMemoryStore,
  createPassportClient,
  createProvider,
  type Digest,
  digestOf,
  eventTypeOf,
} from "@digital-product-passport/sdk";
import { toBeHex, Wallet } from "ethers";
import { AttestationRelay__factory } from "../../types/ethers-contracts/index.js";
import type { AnvilSuite } from "./anvil-suite.js";
import { NO_END } from "./contract-values.js";
import { SAMPLE_MOTOR } from "./sdk-clients.js";

/** Some 4 M gas; a transaction may take 16.7 M. */
const ENTRIES_PER_TRANSACTION = 100;
const GAS_LIMIT = toBeHex(10_000_000);

const RECEIPT_POLLING_MILLISECONDS = 3;

/** Answers that every signature is right, as ERC-1271 wants it: `return(isValidSignature.selector)`. */
export const CONSENTING_WALLET = "0x631626ba7e60e01b60005260206000f3";

/** A passport with many entries. */
export interface LongHistory {
  readonly productId: string;
  readonly passport: Address;
}

/** Which product's history, how long, and what its entries name. */
export interface LongHistoryOptions {
  readonly productId: string;
  /** All entries, MANUFACTURED included. */
  readonly entryCount: number;
  /** Digest of the document of an entry; that of its sequence in UTF-8 if left out, which no store has. */
  readonly documentOf?: (sequence: number) => Promise<Digest>;
}

/**
 * Issues a passport and records as many entries as are wanted, a hundred in a transaction and a block. Signing them would
 * take far longer, so the technician's account becomes a contract wallet that consents to everything; the entries are
 * those of an honest passport in all else.
 *
 * @param suite - the suite on anvil
 * @param options - product, number of entries, their documents
 * @returns the passport
 */
export async function recordLongHistory(suite: AnvilSuite, options: LongHistoryOptions): Promise<LongHistory> {
  const { network, participants, url } = suite;
  const { productId, entryCount, documentOf = async (sequence) => digestOf(Buffer.from(String(sequence))) } = options;
  const provider = createProvider(url, { chainId: network.chainId });
  const { registry, manager, attestationRelay } = suite.addressBook.contracts;
  const client = createPassportClient({
    rpc: provider,
    chainId: network.chainId,
    registry: registry.address,
    manager: manager.address,
    store: createMemoryStore(),
    signer: new Wallet(participants.issuer.privateKey, provider),
  });
  try {
    const owner = participants.owner.address;
    const issued = await (await client.issuePassport({ productId, owner, document: SAMPLE_MOTOR })).send();
    const { passport } = issued.result;
    const attester = participants.technician.address;
    await provider.send("anvil_setCode", [attester, CONSENTING_WALLET]);
    const itemOf = async (sequence: number) => {
      const document = await documentOf(sequence);
      const attestation = { eventType: eventTypeOf("MAINTAINED"), document, attester, sequence, deadline: NO_END };
      return { passport, attestation, signer: "0x", signature: "0x" };
    };
    const relay = AttestationRelay__factory.createInterface();
    for (let next = 2; next <= entryCount; next += ENTRIES_PER_TRANSACTION) {
      const length = Math.min(ENTRIES_PER_TRANSACTION, entryCount - next + 1);
      const items = await Promise.all(Array.from({ length }, (_, index) => itemOf(next + index)));
      const data = relay.encodeFunctionData("submitMany", [items]);
      const call = { from: participants.stranger.address, to: attestationRelay.address, data, gas: GAS_LIMIT };
      const hash: string = await provider.send("eth_sendTransaction", [call]);
      // Not waitForTransaction: it misses a block that is mined before it looks, and no other follows.
      let receipt = await provider.getTransactionReceipt(hash);
      while (receipt === null) {
        await setTimeout(RECEIPT_POLLING_MILLISECONDS);
        receipt = await provider.getTransactionReceipt(hash);
      }
      if (receipt.status !== 1) throw new Error(`entries ${next} to ${next + length - 1} were not recorded`);
    }
    return { productId, passport };
  } finally {
    provider.destroy();
  }
}
