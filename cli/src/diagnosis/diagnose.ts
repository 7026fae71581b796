import {
  isPassportError,
  PassportRegistry__factory,
  requireChain,
  verifiedGet,
  withChainErrors,
} from "@digital-product-passport/sdk";
import { formatEther, keccak256, toUtf8Bytes } from "ethers";
import { type Connection, openConnection } from "../options/connection.js";
import type { WritingOptions } from "../options/open-client.js";
import { findSigner } from "../options/signer.js";
import { openStore } from "../options/store.js";
import { EXIT_CODES, exitCodeOf } from "../terminal/run-command.js";
import { timeInWords } from "../terminal/time-in-words.js";

/** What is known of one thing that a user depends on. */
export interface Diagnosis {
  readonly subject: string;
  /** `skipped`: there is nothing to look at; `unknown`: it does not answer. */
  readonly status: "well" | "wrong" | "unknown" | "skipped";
  readonly finding: string;
}

/** What looking at one thing brought up. */
type Finding = Pick<Diagnosis, "finding"> & { readonly status?: Diagnosis["status"] };

/** Arbitrum makes blocks with its traffic; a development chain stands still for as long as nobody sends anything. */
const OLD_BLOCK_SECONDS = 3_600n;

/**
 * Looks at everything that a user depends on. One thing that is broken does not keep the others from being looked at.
 *
 * @param options - of the command line
 * @returns what was found
 * @throws PassportError `input.invalid` if the options do not say where to look
 */
export async function diagnose(options: WritingOptions): Promise<readonly Diagnosis[]> {
  using connection = await openConnection(options);
  const endpoint = await examine("endpoint", () => examineEndpoint(connection));
  const onChain =
    endpoint.status === "unknown" || endpoint.status === "wrong"
      ? []
      : [
          await examine("deployment", () => examineDeployment(connection)),
          await examine("registry", () => examineRegistry(connection)),
        ];
  return [
    endpoint,
    ...onChain,
    await examine("key", () => examineKey(connection, options)),
    await examine("store", () => examineStore(options)),
  ];
}

async function examine(subject: string, look: () => Promise<Finding>): Promise<Diagnosis> {
  try {
    return { subject, status: "well", ...(await look()) };
  } catch (error) {
    if (!isPassportError(error)) throw error;
    return { subject, status: exitCodeOf(error) === EXIT_CODES.outage ? "unknown" : "wrong", finding: error.message };
  }
}

async function examineEndpoint({ provider, chainId }: Connection): Promise<Finding> {
  const startedAt = Date.now();
  await requireChain(provider, { chainId });
  const milliseconds = Date.now() - startedAt;
  const block = await withChainErrors(provider, () => provider.getBlock("latest"));
  const timestamp = BigInt(block?.timestamp ?? 0);
  const ageSeconds = BigInt(Math.floor(Date.now() / 1_000)) - timestamp;
  const finding = `Chain ${chainId} answers in ${milliseconds} ms; its last block is of ${timeInWords(timestamp)}.`;
  if (ageSeconds <= OLD_BLOCK_SECONDS) return { finding };
  return { finding: `${finding} That is old: the node may be behind, or nobody uses the chain.` };
}

async function examineDeployment({ addressBook, provider }: Connection): Promise<Finding> {
  if (addressBook === undefined) {
    return { status: "skipped", finding: "Without an address book there is no code to compare with." };
  }
  const contracts = Object.entries(addressBook.contracts);
  const codes = await withChainErrors(provider, () =>
    Promise.all(contracts.map(([, { address }]) => provider.getCode(address))),
  );
  const foreign = contracts.filter(([, { codeHash }], index) => keccak256(codes[index] ?? "0x") !== codeHash);
  if (foreign.length === 0) {
    return { finding: `All ${contracts.length} contracts of the address book run the code that was deployed.` };
  }
  const names = foreign.map(([name, { address }]) => `${name} (${address})`).join(", ");
  return { status: "wrong", finding: `Other code than the address book says: ${names}. Is it that of another chain?` };
}

async function examineRegistry({ manager, provider, registry }: Connection): Promise<Finding> {
  const contract = PassportRegistry__factory.connect(registry, provider);
  const factories = await withChainErrors(provider, () => contract.factories());
  if (factories.length === 0)
    return { status: "wrong", finding: `${registry} lists no factory: nothing can be issued.` };
  if (manager === undefined) return { finding: `${registry} lists ${factories.length} factory(s).` };
  const { manufacturerId } = await withChainErrors(provider, () => contract.admissionOf(manager));
  if (manufacturerId === 0n)
    return { status: "wrong", finding: `${registry} has not admitted the manager ${manager}.` };
  const namespace = await withChainErrors(provider, () => contract.namespaceOf(manufacturerId));
  return { finding: `${registry} has admitted the manager ${manager} for ${namespace}.` };
}

async function examineKey({ provider }: Connection, options: WritingOptions): Promise<Finding> {
  const signer = await findSigner(options);
  if (signer === undefined) return { status: "skipped", finding: "No key was given: you can read and verify." };
  const balanceWei = await withChainErrors(provider, () => provider.getBalance(signer.address));
  if (balanceWei > 0n) return { finding: `${signer.address} holds ${formatEther(balanceWei)} ETH.` };
  return { finding: `${signer.address} holds no ETH: it can sign for others to submit, and send nothing itself.` };
}

async function examineStore(options: WritingOptions): Promise<Finding> {
  const store = await openStore(options);
  const { cid, digest } = await store.put(toUtf8Bytes(`passport doctor ${new Date().toISOString()}`));
  await verifiedGet(store, digest);
  await store.unpin(cid);
  return { finding: `${options.ipfs ?? options.store} keeps documents and returns them unchanged.` };
}
