import { expect } from "chai";
import { connection } from "../behaviours/deployed-suite.js";
import { expectRefusals } from "../behaviours/expect-refusals.js";
import { DAY, loadGovernedRegistry } from "../behaviours/governed-registry.js";

const { ethers, networkHelpers } = connection;

/** Two owners' keys are stolen: the Safe does what the thief wants. */
const load = async () => {
  const scene = await loadGovernedRegistry();
  const { accounts, bySafe, callTo, listingTimelock, operationOf, owners, registry, scheduleCall } = scene;
  const thieves = [owners[0], owners[1]];
  const data = registry.interface.encodeFunctionData("grantRole", [
    ethers.id("LISTING_ROLE"),
    accounts.stranger.address,
  ]);
  const coup = operationOf(await callTo(registry, data));
  const propose = async (operation = coup, delay = 7n * DAY) =>
    await bySafe(await scheduleCall(listingTimelock, operation, delay), thieves);
  const idOf = async ({ calls, predecessor, salt }: typeof coup) =>
    await listingTimelock.hashOperation(calls[0]?.to ?? "", 0, calls[0]?.data ?? "0x", predecessor, salt);
  return { ...scene, coup, idOf, propose, thieves };
};

describe("A stolen proposer cannot", () => {
  it("change anything before two or seven days have passed, nor shorten them", async () => {
    const { admissionTimelock, bySafe, callTo, coup, execute, listingTimelock, motor, propose, scheduleCall, thieves } =
      await load();
    const shorten = await callTo(listingTimelock, listingTimelock.interface.encodeFunctionData("updateDelay", [0]));
    const early = await scheduleCall(admissionTimelock, coup, 2n * DAY - 1n);
    await expectRefusals(motor, [
      [listingTimelock, "TimelockInsufficientDelay", () => propose(coup, 7n * DAY - 1n)],
      [admissionTimelock, "TimelockInsufficientDelay", () => bySafe(early, thieves)],
      [listingTimelock, "TimelockUnauthorizedCaller", () => bySafe(shorten, thieves)],
    ]);
    await propose();
    await networkHelpers.time.increase(7n * DAY - 10n);
    await expectRefusals(motor, [
      [listingTimelock, "TimelockUnexpectedOperationState", () => execute(listingTimelock, coup)],
    ]);
  });

  it("do by the quick timelock what belongs to the slow one", async () => {
    const { admissionTimelock, bySafe, coup, execute, motor, registry, scheduleCall, thieves } = await load();
    await bySafe(await scheduleCall(admissionTimelock, coup, 2n * DAY), thieves);
    await networkHelpers.time.increase(2n * DAY);
    await expectRefusals(motor, [
      [registry, "AccessControlUnauthorizedAccount", () => execute(admissionTimelock, coup)],
    ]);
  });

  it("execute what the guardian has cancelled", async () => {
    const { accounts, coup, execute, idOf, listingTimelock, motor, propose } = await load();
    await propose();
    await listingTimelock.connect(accounts.guardian).cancel(await idOf(coup));
    await networkHelpers.time.increase(8n * DAY);
    await expectRefusals(motor, [
      [listingTimelock, "TimelockUnexpectedOperationState", () => execute(listingTimelock, coup)],
    ]);
  });

  it("touch a passport or a manager: neither Safe nor timelock has a role there", async () => {
    const { bySafe, callTo, manager, motor, thieves } = await load();
    const grant = manager.interface.encodeFunctionData("grant", [thieves[0]?.address ?? "", 1n, 0, 2n ** 40n - 1n]);
    const byAttest = motor.interface.encodeFunctionData("attest", [
      ethers.encodeBytes32String("MAINTAINED"),
      ethers.id("x"),
    ]);
    const [grantCall, attestCall] = [await callTo(manager, grant), await callTo(motor, byAttest)];
    await expectRefusals(motor, [
      [manager, "AccessControlUnauthorizedAccount", () => bySafe(grantCall, thieves)],
      [manager, "ManufacturerManagerRoleMissing", () => bySafe(attestCall, thieves)],
    ]);
  });
});

describe("A stolen proposer can", () => {
  it("take the registry over by what nobody cancels for seven days", async () => {
    const { accounts, coup, execute, listingTimelock, propose, registry } = await load();
    await propose();
    await networkHelpers.time.increase(7n * DAY);
    await execute(listingTimelock, coup);
    expect(await registry.hasRole(ethers.id("LISTING_ROLE"), accounts.stranger)).to.equal(true);
  });

  it("propose again and again what is cancelled", async () => {
    const { accounts, coup, idOf, listingTimelock, propose } = await load();
    for (let time = 1; time <= 2; ++time) {
      await propose();
      await listingTimelock.connect(accounts.guardian).cancel(await idOf(coup));
    }
    await propose();
    expect(await listingTimelock.isOperationPending(await idOf(coup))).to.equal(true);
  });
});
