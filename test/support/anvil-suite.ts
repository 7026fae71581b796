import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AddressBook } from "@digital-product-passport/sdk";
import { deployTo } from "../../scripts/lib/deploy-to.js";
import { readDeploymentParameters } from "../../scripts/lib/deployment-parameters.js";
import { LOCAL_NETWORK, type OpenNetwork, openNetwork } from "../../scripts/lib/open-network.js";
import { grantRoles, type Participants, participantsOf } from "../../scripts/lib/participants.js";
import { WEGManager__factory } from "../../types/ethers-contracts/index.js";
import { type Anvil, type AnvilOptions, startAnvil } from "./start-anvil.js";

/** The suite on a chain of its own process. */
export interface AnvilSuite extends Pick<Anvil, "ask" | "url"> {
  readonly network: OpenNetwork;
  readonly addressBook: AddressBook;
  readonly participants: Participants<OpenNetwork["accounts"][number]>;
  /** A folder that goes away with the chain. */
  readonly folder: string;
  readonly close: () => Promise<void>;
}

/** Enough for every test. */
const ISSUED_PER_HOUR = 1_000_000;

/**
 * Starts anvil and deploys the suite as production does. Issuers are `issuer` and `manufacturer`, and may issue a million
 * passports an hour between them.
 *
 * @param options - how far finality is behind
 * @returns the running chain and where the contracts are
 */
export async function startAnvilSuite(options: AnvilOptions): Promise<AnvilSuite> {
  const anvil = await startAnvil(options);
  const folder = await mkdtemp(join(tmpdir(), "anvil-suite-"));
  const network = await openNetwork(LOCAL_NETWORK, { rpcUrl: anvil.url });
  const close = async (): Promise<void> => {
    network.provider.destroy();
    await anvil.stop();
    await rm(folder, { recursive: true });
  };
  try {
    const { WEG, ...others } = await readDeploymentParameters(network);
    const limits = { issuerPerHour: ISSUED_PER_HOUR / 2, managerPerHour: ISSUED_PER_HOUR };
    const parameters = { ...others, WEG: { ...WEG, ...limits } };
    const { addressBook } = await deployTo(network, { folder, parameters });
    const participants = participantsOf(network.accounts);
    const manager = WEGManager__factory.connect(addressBook.contracts.manager.address, participants.admin);
    await grantRoles(manager, participants);
    const second = participants.manufacturer.address;
    await (await manager.setIssuingLimit(second, ISSUED_PER_HOUR / 2, 2n ** 40n - 1n)).wait();
    return { url: anvil.url, ask: anvil.ask, network, addressBook, participants, folder, close };
  } catch (error) {
    await close();
    throw error;
  }
}
