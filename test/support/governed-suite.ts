import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import {
  type AddressBook,
  createPassportClient,
  createProvider,
  type PassportClient,
} from "@digital-product-passport/sdk";
import { createDiskStore } from "@digital-product-passport/sdk/node";
import { Wallet } from "ethers";
import { deployTo } from "../../scripts/lib/deploy-to.js";
import type { DeploymentParameters } from "../../scripts/lib/deployment-parameters.js";
import { developmentAccounts } from "../../scripts/lib/development-accounts.js";
import type { OpenNetwork } from "../../scripts/lib/open-network.js";
import { grantRoles, type Participants, participantsOf } from "../../scripts/lib/participants.js";
import { WEGManager__factory } from "../../types/ethers-contracts/index.js";
import { deployGoverningSafe, SAFE_OWNERS } from "./deploy-safe.js";
import { projectRoot } from "./project-files.js";
import { type AnvilOptions, startAnvil } from "./start-anvil.js";

const SEPOLIA_CHAIN_ID = 421_614n;
const NETWORK = "arbitrumSepolia";

/** What a command left behind. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A public network, with the deployment's timelocks and a Safe, on a chain of its own process. */
export interface GovernedSuite {
  readonly url: string;
  readonly addressBook: AddressBook;
  /** `admin` has deployed; `administrator` is the cold account that the manager is handed to. */
  readonly participants: Participants<Wallet>;
  readonly administrator: Wallet;
  /** Owners of the Safe, two of whom have to sign. */
  readonly owners: readonly [Wallet, Wallet, Wallet];
  /** Working folder of whoever runs commands; the address book and the documents lie where the command looks. */
  readonly folder: string;
  /** A client of somebody. */
  readonly clientOf: (signer?: Wallet) => PassportClient;
  /** Runs the `passport` command in the folder, as the built package does. */
  readonly passport: (commandArguments: readonly string[], signer?: { readonly privateKey: string }) => Promise<Ran>;
  /** Lets the chain's time pass. */
  readonly pass: (seconds: bigint) => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Starts anvil as a public network and deploys the suite as production does, behind timelocks and a Safe.
 *
 * @param options - `startsAt`: Unix seconds of the chain's first block; now if left out
 * @returns the running chain and where everything is; close it
 */
export async function startGovernedSuite(options: Pick<AnvilOptions, "startsAt"> = {}): Promise<GovernedSuite> {
  const anvil = await startAnvil({ chainId: SEPOLIA_CHAIN_ID, ...options });
  const folder = await mkdtemp(join(tmpdir(), "governed-suite-"));
  const provider = createProvider(anvil.url, { chainId: SEPOLIA_CHAIN_ID, pollingIntervalMilliseconds: 50 });
  const close = async (): Promise<void> => {
    provider.destroy();
    await anvil.stop();
    await rm(folder, { recursive: true });
  };
  try {
    const accounts = developmentAccounts().map(({ privateKey }) => new Wallet(privateKey, provider));
    const participants = participantsOf(accounts);
    const [first, second, third] = SAFE_OWNERS.map(({ privateKey }) => new Wallet(privateKey, provider));
    const administrator = accounts[19];
    if (administrator === undefined || first === undefined || second === undefined || third === undefined) {
      throw new Error("There are not enough development accounts");
    }
    const network: OpenNetwork = { name: NETWORK, chainId: SEPOLIA_CHAIN_ID, rpcUrl: anvil.url, provider, accounts };
    const parameters = parametersOf(participants, {
      safe: await deployGoverningSafe(network),
      administrator: administrator.address,
    });
    const { addressBook } = await deployTo(network, { parameters, folder: join(folder, "deployments") });
    const { manager, registry } = addressBook.contracts;
    // While he still may, the deployer names the people of the trade.
    await grantRoles(WEGManager__factory.connect(manager.address, participants.admin), participants);

    const clientOf = (signer?: Wallet): PassportClient =>
      createPassportClient({
        rpc: provider,
        chainId: SEPOLIA_CHAIN_ID,
        registry: registry.address,
        manager: manager.address,
        store: createDiskStore(join(folder, ".passport", "documents")),
        signer,
      });
    return {
      url: anvil.url,
      addressBook,
      participants,
      administrator,
      owners: [first, second, third],
      folder,
      clientOf,
      passport: (commandArguments, signer) => runPassport(commandArguments, { folder, url: anvil.url, signer }),
      pass: async (seconds) => {
        await anvil.ask("evm_increaseTime", Number(seconds));
        await anvil.ask("evm_mine");
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function parametersOf(
  { guardian, issuer }: Participants<Wallet>,
  governance: { readonly safe: string; readonly administrator: string },
): DeploymentParameters {
  // Safety: addresses of ethers begin with 0x.
  return {
    $global: { guardian: guardian.address, adminDelay: 3 * 24 * 60 * 60 },
    WEG: {
      namespace: "https://id.weg.example/",
      issuer: issuer.address,
      issuerPerHour: 1_000,
      managerPerHour: 5_000,
      issuingUntil: 2 ** 40 - 1,
    },
    Governance: governance,
  } as DeploymentParameters;
}

function runPassport(
  commandArguments: readonly string[],
  options: {
    readonly folder: string;
    readonly url: string;
    readonly signer?: { readonly privateKey: string } | undefined;
  },
): Promise<Ran> {
  const { folder, signer, url } = options;
  const key = signer === undefined ? {} : { PASSPORT_KEY: signer.privateKey };
  const environment = { PATH: process.env["PATH"], NO_COLOR: "1", PASSPORT_RPC_URL: url, ...key };
  return new Promise((resolve) => {
    const child = execFile(
      execPath,
      [join(projectRoot, "cli", "bin", "passport.js"), ...commandArguments],
      { cwd: folder, env: environment },
      (_, stdout, stderr) => resolve({ exitCode: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}
