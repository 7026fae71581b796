import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { id, ZeroAddress, ZeroHash } from "ethers";
import weg from "./weg.js";

const DAY_IN_SECONDS = 24 * 60 * 60;

/** Whoever holds a role in the name of this address: everybody. */
const ANYBODY = ZeroAddress;

/**
 * The suite and WEG on a public network, where the deployer keeps nothing: who admits waits two days, who lists a factory
 * or names who may do what waits seven.
 *
 * Only the Safe proposes, the Safe and the guardian cancel, anybody executes. The timelocks administer themselves. The
 * registry's administration goes to the slower one, the manager's to its administrator, both in two steps: until they
 * have accepted, the deployer administers.
 *
 * Parameters: `safe`, the multi-signature wallet that proposes; `guardian`, who cancels; `administrator`, the cold account
 * that administers WEG's manager.
 */
export default buildModule("Governance", (m) => {
  const deployer = m.getAccount(0);
  const safe = m.getParameter<string>("safe");
  const guardian = m.getParameter<string>("guardian");
  const administrator = m.getParameter<string>("administrator");

  const { registry, manager, ...others } = m.useModule(weg);

  const deployTimelock = (name: string, days: number) => {
    const constructorArguments = [days * DAY_IN_SECONDS, [safe], [ANYBODY], deployer];
    const timelock = m.contract("TimelockController", constructorArguments, { id: name, after: [weg] });
    const cancellerGranted = m.call(timelock, "grantRole", [id("CANCELLER_ROLE"), guardian], {
      id: `${name}_canceller`,
    });
    m.call(timelock, "renounceRole", [ZeroHash, deployer], { id: `${name}_renounce`, after: [cancellerGranted] });
    return timelock;
  };
  const admissionTimelock = deployTimelock("AdmissionTimelock", 2);
  const listingTimelock = deployTimelock("ListingTimelock", 7);

  const handOver = (role: string, timelock: typeof admissionTimelock) => {
    const granted = m.call(registry, "grantRole", [id(role), timelock], { id: `grant_${role}` });
    return m.call(registry, "renounceRole", [id(role), deployer], { id: `renounce_${role}`, after: [granted] });
  };
  const handedOver = [handOver("ADMISSION_ROLE", admissionTimelock), handOver("LISTING_ROLE", listingTimelock)];

  m.call(registry, "beginDefaultAdminTransfer", [listingTimelock], { id: "transfer_registry", after: handedOver });
  m.call(manager, "beginDefaultAdminTransfer", [administrator], { id: "transfer_manager", after: handedOver });

  return { registry, manager, admissionTimelock, listingTimelock, ...others };
});
