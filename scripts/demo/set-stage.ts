import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AddressBook,
  createPassportClient,
  type FullDocumentStore,
  type PassportClient,
} from "@digital-product-passport/sdk";
import { createDiskStore } from "@digital-product-passport/sdk/node";
import { hexlify, randomBytes, Wallet } from "ethers";
import { type Cost, costOfTransaction } from "../lib/cost-of-transaction.js";
import { deployTo } from "../lib/deploy-to.js";
import { readDeploymentParameters } from "../lib/deployment-parameters.js";
import type { OpenNetwork } from "../lib/open-network.js";
import { GRANTED_ROLES, NO_END, type ParticipantName, type Participants, participantsOf } from "../lib/participants.js";
import { startLocalChain } from "../lib/start-local-chain.js";

/** Chain, store, contracts and everybody who plays a part. */
export interface Stage extends AsyncDisposable {
  readonly network: OpenNetwork;
  readonly addressBook: AddressBook;
  /** How many transactions the deployment took. */
  readonly transactionCount: number;
  /** What is in it goes away with the stage. */
  readonly folder: string;
  readonly store: FullDocumentStore;
  /** Folder of the store's files. */
  readonly documentsFolder: string;
  /** A key for each part; nobody has sent ETH to those of the technician and the buyer. */
  readonly wallets: Participants<Wallet>;
  /** Acts as a participant. */
  readonly clientOf: (name: ParticipantName) => PassportClient;
}

/** A role that was granted. */
export interface GrantedRole {
  readonly participant: ParticipantName;
  readonly role: string;
  readonly cost: Cost;
}

/**
 * Starts a chain in this process and a document store on disk, and deploys the suite with WEG. What it needs on disk is
 * in one temporary folder, which disposing of the stage removes.
 *
 * @returns the stage
 * @throws PassportError `input.invalid`, `contract.*`, `chain.*`
 */
export async function setStage(): Promise<Stage> {
  await using cleaning = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "passport-demonstration-"));
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  cleaning.defer(removeFolder);
  // Whoever ends the program in the middle leaves nothing behind either.
  process.once("exit", removeFolder);
  cleaning.defer(() => void process.off("exit", removeFolder));
  const { network, close } = await startLocalChain();
  cleaning.defer(close);

  const parameters = await readDeploymentParameters(network);
  const { addressBook, transactionCount } = await deployTo(network, { folder, parameters });
  const { registry, manager } = addressBook.contracts;
  const { chainId, provider } = network;
  const documentsFolder = join(folder, "documents");
  const store = createDiskStore(documentsFolder);
  const wallets = { ...participantsOf(network.accounts), technician: newWallet(), buyer: newWallet() };
  const clientOf = (name: ParticipantName): PassportClient =>
    createPassportClient({
      rpc: provider,
      chainId,
      registry: registry.address,
      manager: manager.address,
      store,
      signer: wallets[name],
    });

  const kept = cleaning.move();
  const dispose = () => kept.disposeAsync();
  return {
    network,
    addressBook,
    transactionCount,
    folder,
    store,
    documentsFolder,
    wallets,
    clientOf,
    [Symbol.asyncDispose]: dispose,
  };
}

/**
 * Grants each participant who records something his role, as the administrator.
 *
 * @param stage - with the contracts
 * @returns what was granted
 * @throws PassportError `contract.*`, `chain.*`
 */
export async function grantRoles({ clientOf, network, wallets }: Stage): Promise<readonly GrantedRole[]> {
  const administrator = clientOf("admin");
  const granted: GrantedRole[] = [];
  for (const [participant, role] of GRANTED_ROLES) {
    const attester = wallets[participant].address;
    const prepared = await administrator.grantRoles({ attester, roles: [role], validUntil: NO_END });
    granted.push({ participant, role, cost: await costOfTransaction(network.provider, await prepared.send()) });
  }
  return granted;
}

function newWallet(): Wallet {
  return new Wallet(hexlify(randomBytes(32)));
}
