import { existsSync } from "node:fs";
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { EIP1193Provider } from "@nomicfoundation/ignition-core";
import { Transaction } from "ethers";
import { z } from "zod";
import type { OpenNetwork } from "./open-network.js";

/** What Ignition asks to be sent; every number in hex. */
const requestSchema = z.object({
  from: z.string(),
  to: z.string().optional(),
  data: z.string(),
  value: z.string(),
  nonce: z.string(),
  gas: z.string(),
  maxFeePerGas: z.string(),
  maxPriorityFeePerGas: z.string(),
});

/** A transaction that was signed, and may have been sent. */
export interface SignedTransaction {
  readonly from: string;
  readonly nonce: number;
  readonly hash: string;
}

/**
 * Lets Ignition use a network's endpoint and accounts. A signed transaction is on disk before it leaves, so that a run
 * that never saw the answer can be told what became of it.
 *
 * @param network - whose accounts sign
 * @param options - `journal`: Ignition's folder, which the signed transactions are kept in
 * @returns what Ignition calls a provider
 */
export function createIgnitionProvider(
  { accounts, chainId, provider }: OpenNetwork,
  options: { readonly journal: string },
): EIP1193Provider {
  const send = async (request: unknown): Promise<string> => {
    const { from, gas, nonce, to, ...rest } = requestSchema.parse(request);
    const account = accounts.find(({ address }) => address.toLowerCase() === from.toLowerCase());
    if (account === undefined) throw new Error(`Ignition asks to send from ${from}, which is not an account of ours`);
    const fields = { ...rest, type: 2, chainId, nonce: Number(nonce), gasLimit: gas, to: to ?? null };
    const serialised = await account.signTransaction(fields);
    await appendFile(signedPath(options.journal), `${serialised}\n`, { flush: true });
    return await provider.send("eth_sendRawTransaction", [serialised]);
  };
  return {
    request: async ({ method, params }) => {
      const list = Array.isArray(params) ? params : [];
      return method === "eth_sendTransaction" ? await send(list[0]) : await provider.send(method, list);
    },
  };
}

/**
 * Reads what was signed for a deployment.
 *
 * @param journal - Ignition's folder
 * @returns the transactions in the order of their signing
 */
export async function readSignedTransactions(journal: string): Promise<readonly SignedTransaction[]> {
  const path = signedPath(journal);
  if (!existsSync(path)) return [];
  // Every line that was left ends in a line break; one that was cut off was never sent.
  const lines = (await readFile(path, "utf8")).split("\n").slice(0, -1);
  return lines.flatMap((line) => {
    const { from, nonce, hash } = Transaction.from(line);
    return from === null || hash === null ? [] : [{ from, nonce, hash }];
  });
}

function signedPath(journal: string): string {
  return join(journal, "signed-transactions.txt");
}
