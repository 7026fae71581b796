import { toBeHex, toQuantity } from "ethers";
import { DigitalPassport__factory } from "../../types/ethers-contracts/index.js";

/** Transactions of a block and of a request: together within anvil's limit of gas for a block. */
const BLOCK_ENTRIES = 400;
/** More than an entry takes. */
const ENTRY_GAS = 70_000;

/**
 * Makes a long history in little time: an account that anvil holds the key of attests again and again, many entries in a
 * block. The documents are digests of nothing.
 *
 * @param url - endpoint of anvil
 * @param options - `passport`; `attester`: one of anvil's accounts, with the role; `eventType`: 32 bytes; `count`: of
 *   entries
 * @throws Error where anvil refuses, or a transaction reverts
 */
export async function recordManyEntries(
  url: string,
  options: {
    readonly passport: string;
    readonly attester: string;
    readonly eventType: string;
    readonly count: number;
  },
): Promise<void> {
  const { passport, attester, eventType, count } = options;
  const contract = DigitalPassport__factory.createInterface();
  const firstNonce = Number(await ask(url, "eth_getTransactionCount", [attester, "latest"]));
  await ask(url, "evm_setAutomine", [false]);
  try {
    for (let recorded = 0; recorded < count; recorded += BLOCK_ENTRIES) {
      const entries = Math.min(BLOCK_ENTRIES, count - recorded);
      const calls = Array.from({ length: entries }, (_, index) => {
        const document = toBeHex(recorded + index + 1, 32);
        const data = contract.encodeFunctionData("attest", [eventType, document]);
        // Anvil takes up the questions of a request in any order.
        const nonce = toQuantity(firstNonce + recorded + index);
        return [{ from: attester, to: passport, data, gas: toQuantity(ENTRY_GAS), nonce }];
      });
      const hashes = await askAll(url, "eth_sendTransaction", calls);
      await ask(url, "evm_mine", []);
      const receipt = await ask(url, "eth_getTransactionReceipt", [hashes.at(-1)]);
      if (Reflect.get(Object(receipt), "status") !== "0x1") throw new Error(`entry ${recorded + entries} was reverted`);
    }
  } finally {
    await ask(url, "evm_setAutomine", [true]);
  }
}

async function ask(url: string, method: string, params: readonly unknown[]): Promise<unknown> {
  const [result] = await askAll(url, method, [params]);
  return result;
}

/** Asks the same method for each list of parameters, in one request. */
async function askAll(url: string, method: string, all: readonly (readonly unknown[])[]): Promise<readonly unknown[]> {
  const body = JSON.stringify(all.map((params, id) => ({ jsonrpc: "2.0", id, method, params })));
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  // Safety: anvil speaks JSON-RPC, and answers in the order of the questions.
  const answers = (await response.json()) as readonly { readonly result?: unknown; readonly error?: unknown }[];
  return answers.map(({ result, error }) => {
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result;
  });
}
