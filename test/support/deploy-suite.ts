import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { AddressLike, BytesLike } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import weg from "../../deployments/ignition/modules/weg.js";
import { grantRoles, type Participants, participantsOf } from "../../scripts/lib/participants.js";
import type {
  AttestationRelay,
  DigitalPassport,
  DigitalPassportFactory,
  ERC7913P256Verifier,
  ERC7913WebAuthnVerifier,
  PassportRegistry,
  ReadingsAnchor,
  WEGManager,
} from "../../types/ethers-contracts/index.js";

/** Namespace that WEG is admitted with. */
export const WEG_NAMESPACE = "https://id.weg.example/";

/** A signer for each part that somebody plays; the administrator has deployed, and the gateway has no role yet. */
export type SuiteAccounts = Participants<HardhatEthersSigner>;

/** The contracts as production deploys them, ready to issue and attest; their signer is the administrator. */
export interface Suite {
  readonly connection: NetworkConnection;
  readonly registry: PassportRegistry;
  readonly factory: DigitalPassportFactory;
  readonly implementation: DigitalPassport;
  readonly manager: WEGManager;
  readonly attestationRelay: AttestationRelay;
  readonly readingsAnchor: ReadingsAnchor;
  readonly p256Verifier: ERC7913P256Verifier;
  readonly webAuthnVerifier: ERC7913WebAuthnVerifier;
  readonly accounts: SuiteAccounts;
}

/**
 * Deploys the suite with the production modules, WEG admitted, and grants each participant the role of its name.
 *
 * @param connection - an in-process network, from `network.create()`
 * @param options - `namespace` that WEG is admitted with, if another one matters
 * @returns contracts and accounts
 */
export async function deploySuite(
  connection: NetworkConnection,
  options: { readonly namespace?: string } = {},
): Promise<Suite> {
  const { namespace = WEG_NAMESPACE } = options;
  const { ethers, ignition } = connection;
  const accounts = participantsOf(await ethers.getSigners());
  const guardian = accounts.guardian.address;
  const deployed = await ignition.deploy(weg, {
    parameters: {
      Suite: { guardian },
      WEG: { guardian, namespace, issuer: accounts.issuer.address },
    },
  });

  const factory = await ethers.getContractAt("DigitalPassportFactory", deployed.factory);
  const manager = await ethers.getContractAt("WEGManager", deployed.manager);
  await grantRoles(manager, accounts);
  return {
    connection,
    registry: await ethers.getContractAt("PassportRegistry", deployed.registry),
    factory,
    implementation: await ethers.getContractAt("DigitalPassport", await factory.implementation()),
    manager,
    attestationRelay: await ethers.getContractAt("AttestationRelay", deployed.attestationRelay),
    readingsAnchor: await ethers.getContractAt("ReadingsAnchor", deployed.readingsAnchor),
    p256Verifier: await ethers.getContractAt("ERC7913P256Verifier", deployed.p256Verifier),
    webAuthnVerifier: await ethers.getContractAt("ERC7913WebAuthnVerifier", deployed.webAuthnVerifier),
    accounts,
  };
}

/** What the issued product is; each field has a default. */
export interface IssuePassportOptions {
  /** Default: a serial number of its own for each call. */
  readonly productId?: string;
  /** Default: the account `owner`. */
  readonly owner?: AddressLike;
  /** Digest of the MANUFACTURED document; default: that of the productId. */
  readonly document?: BytesLike;
}

/**
 * Issues a passport as the issuer does.
 *
 * @param suite - the deployed suite
 * @param options - product, owner and document
 * @returns the passport; its signer is the administrator
 */
export async function issuePassport(suite: Suite, options: IssuePassportOptions = {}): Promise<DigitalPassport> {
  const { accounts, connection, manager, registry } = suite;
  const { ethers } = connection;
  const productId = options.productId ?? productIdOf(++issuedSerials);
  const document = options.document ?? ethers.sha256(ethers.toUtf8Bytes(productId));
  await manager.connect(accounts.issuer).issue(productId, options.owner ?? accounts.owner, document);
  return await ethers.getContractAt("DigitalPassport", await registry.passportOfProduct(productId));
}

let issuedSerials = 0;

/**
 * ProductId of a sample motor.
 *
 * @param serial - number that becomes the serial, six digits
 * @returns a GS1 Digital Link in WEG's namespace, 50 characters long
 */
export function productIdOf(serial: number): string {
  return `${WEG_NAMESPACE}01/09521234567899/21/${String(serial).padStart(6, "0")}`;
}
