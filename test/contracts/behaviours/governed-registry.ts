import type { Signer } from "ethers";
import governance from "../../../deployments/ignition/modules/governance.js";
import { participantsOf } from "../../../scripts/lib/participants.js";
import {
  type Call,
  createOperation,
  encodeSchedule,
  parseAddress,
  parseHex,
  safeArguments,
  safeTypedData,
  type TimelockOperation,
} from "../../../sdk/src/index.js";
import type { TimelockController } from "../../../types/ethers-contracts/index.js";
import { deploySafe } from "../../support/deploy-safe.js";
import { WEG_NAMESPACE } from "../../support/deploy-suite.js";
import { connection, snapshotOf } from "./deployed-suite.js";

const { ethers, ignition, networkHelpers } = connection;

/** Seconds of a day. */
export const DAY = 86_400n;

const CHAIN_ID = 31_337n;

/** Nothing but its salt is random, and that does not matter. */
const randomBytes = (length: number) => ethers.randomBytes(length);

/**
 * The registry as a public network has it, everything handed over: `owners` of the Safe are three, two of whom sign; the
 * account `guardian` cancels; one passport belongs to the account `owner`.
 */
export const loadGovernedRegistry = snapshotOf(async () => {
  const signers = await ethers.getSigners();
  const accounts = participantsOf(signers);
  const [first, second, third, administrator] = signers.slice(16);
  if (first === undefined || second === undefined || third === undefined || administrator === undefined) {
    throw new Error("There are not enough accounts");
  }
  const owners = [first, second, third] as const;
  const addresses = await Promise.all(owners.map((owner) => owner.getAddress()));
  const safe = await deploySafe(accounts.stranger, { owners: addresses, threshold: 2 });
  const guardian = accounts.guardian.address;
  const deployed = await ignition.deploy(governance, {
    parameters: {
      Suite: { guardian },
      WEG: { guardian, namespace: WEG_NAMESPACE, issuer: accounts.issuer.address },
      Governance: { guardian, safe: await safe.getAddress(), administrator: administrator.address },
    },
  });
  const registry = await ethers.getContractAt("PassportRegistry", deployed.registry);
  const manager = await ethers.getContractAt("WEGManager", deployed.manager);
  const admissionTimelock = await ethers.getContractAt("TimelockController", deployed.admissionTimelock);
  const listingTimelock = await ethers.getContractAt("TimelockController", deployed.listingTimelock);
  const factory = await ethers.getContractAt("DigitalPassportFactory", deployed.factory);

  /** Sends a transaction in the Safe's name, with the signatures of those owners in the order that a Safe wants. */
  const bySafe = async (call: Call, signedBy: readonly Signer[]) => {
    const { domain, message, types } = safeTypedData({
      chainId: CHAIN_ID,
      safe: parseAddress(await safe.getAddress()),
      nonce: await safe.getFunction("nonce").staticCall(),
      call,
    });
    const signatures = await Promise.all(
      signedBy.map(async (signer) => ({
        address: BigInt(await signer.getAddress()),
        signature: await signer.signTypedData(domain, types, message),
      })),
    );
    const ordered = signatures.toSorted((one, other) => (one.address < other.address ? -1 : 1));
    const bytes = ethers.concat(ordered.map(({ signature }) => signature));
    return await safe.getFunction("execTransaction")(...Object.values(safeArguments(call)), bytes);
  };
  const callTo = async (contract: { readonly getAddress: () => Promise<string> }, data: string): Promise<Call> => ({
    to: parseAddress(await contract.getAddress()),
    data: parseHex(data),
    valueWei: 0n,
  });
  const operationOf = (call: Call): TimelockOperation => createOperation({ randomBytes }, { calls: [call] });
  const scheduleCall = async (
    timelock: TimelockController,
    operation: TimelockOperation,
    delaySeconds: bigint,
  ): Promise<Call> => await callTo(timelock, encodeSchedule(operation, { delaySeconds }));
  const execute = async (timelock: TimelockController, { calls, predecessor, salt }: TimelockOperation) => {
    const [call] = calls;
    return await timelock.connect(accounts.stranger).execute(call?.to ?? "", 0, call?.data ?? "0x", predecessor, salt);
  };

  const accept = operationOf(
    await callTo(registry, registry.interface.encodeFunctionData("acceptDefaultAdminTransfer")),
  );
  await bySafe(await scheduleCall(listingTimelock, accept, 7n * DAY), [first, second]);
  await networkHelpers.time.increase(7n * DAY);
  await execute(listingTimelock, accept);
  await manager.connect(administrator).acceptDefaultAdminTransfer();

  const productId = `${WEG_NAMESPACE}01/09521234567899/21/GOVERNED`;
  await manager.connect(accounts.issuer).issue(productId, accounts.owner, ethers.id("governed"));
  const motor = await ethers.getContractAt("DigitalPassport", await registry.passportOfProduct(productId));
  return {
    ...{ accounts, owners, safe, registry, manager, factory, admissionTimelock, listingTimelock, motor },
    ...{ bySafe, callTo, operationOf, scheduleCall, execute },
  };
});
