import { expect } from "chai";
import { connection } from "../behaviours/deployed-suite.js";
import { expectRefusals } from "../behaviours/expect-refusals.js";
import { DAY, loadGovernedRegistry } from "../behaviours/governed-registry.js";

const { ethers, networkHelpers } = connection;

/** The Safe's owners are honest and want the guardian dismissed. */
const load = async () => {
  const scene = await loadGovernedRegistry();
  const { accounts, bySafe, callTo, listingTimelock, operationOf, owners, scheduleCall } = scene;
  const guardian = listingTimelock.connect(accounts.guardian);
  const role: [string, string] = [ethers.id("CANCELLER_ROLE"), accounts.guardian.address];
  const dismissal = operationOf(
    await callTo(listingTimelock, listingTimelock.interface.encodeFunctionData("revokeRole", role)),
  );
  const propose = async () => {
    await bySafe(await scheduleCall(listingTimelock, dismissal, 7n * DAY), [owners[0], owners[2]]);
    const [call] = dismissal.calls;
    const { predecessor, salt } = dismissal;
    return await listingTimelock.hashOperation(call?.to ?? "", 0, call?.data ?? "0x", predecessor, salt);
  };
  return { ...scene, dismissal, guardian, propose, role };
};

describe("A hostile guardian of the timelocks cannot", () => {
  it("propose anything, or have it executed before its time", async () => {
    const { dismissal, execute, guardian, listingTimelock, motor, propose } = await load();
    const [call] = dismissal.calls;
    const given = [
      call?.to ?? "",
      0,
      call?.data ?? "0x",
      dismissal.predecessor,
      ethers.id("his own"),
      7n * DAY,
    ] as const;
    await propose();
    await expectRefusals(motor, [
      [listingTimelock, "AccessControlUnauthorizedAccount", () => guardian.schedule(...given)],
      [listingTimelock, "TimelockUnexpectedOperationState", () => execute(listingTimelock, dismissal)],
    ]);
  });

  it("change a delay or give somebody a role", async () => {
    const { accounts, guardian, listingTimelock, motor } = await load();
    await expectRefusals(motor, [
      [listingTimelock, "TimelockUnauthorizedCaller", () => guardian.updateDelay(0)],
      [
        listingTimelock,
        "AccessControlUnauthorizedAccount",
        () => guardian.grantRole(ethers.id("PROPOSER_ROLE"), accounts.guardian),
      ],
    ]);
  });

  it("cancel what has been executed", async () => {
    const { dismissal, execute, guardian, listingTimelock, motor, propose, role } = await load();
    const id = await propose();
    await networkHelpers.time.increase(7n * DAY);
    await execute(listingTimelock, dismissal);
    expect(await listingTimelock.hasRole(...role)).to.equal(false);
    await expectRefusals(motor, [[listingTimelock, "AccessControlUnauthorizedAccount", () => guardian.cancel(id)]]);
  });
});

describe("A hostile guardian of the timelocks can", () => {
  it("cancel whatever waits, also his own dismissal, and so freeze admissions and listings", async () => {
    const { dismissal, execute, guardian, listingTimelock, motor, propose, role } = await load();
    await guardian.cancel(await propose());
    await networkHelpers.time.increase(7n * DAY);
    await expectRefusals(motor, [
      [listingTimelock, "TimelockUnexpectedOperationState", () => execute(listingTimelock, dismissal)],
    ]);
    expect(await listingTimelock.hasRole(...role)).to.equal(true);
  });
});
