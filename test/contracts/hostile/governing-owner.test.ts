import { expect } from "chai";
import { connection } from "../behaviours/deployed-suite.js";
import { expectRefusals } from "../behaviours/expect-refusals.js";
import { DAY, loadGovernedRegistry } from "../behaviours/governed-registry.js";

const { ethers } = connection;

/** The first owner's key is stolen; the thief wants LISTING_ROLE. */
const load = async () => {
  const scene = await loadGovernedRegistry();
  const { accounts, callTo, listingTimelock, operationOf, registry, scheduleCall } = scene;
  const data = registry.interface.encodeFunctionData("grantRole", [
    ethers.id("LISTING_ROLE"),
    accounts.stranger.address,
  ]);
  const operation = operationOf(await callTo(registry, data));
  return { ...scene, operation, wanted: await scheduleCall(listingTimelock, operation, 7n * DAY) };
};

describe("A thief of one key of the governing Safe cannot", () => {
  it("have it do anything: not by his signature alone, by the same one twice, or with a key of his own", async () => {
    const { accounts, bySafe, owners, wanted } = await load();
    const [thief] = owners;
    await expect(bySafe(wanted, [thief])).to.be.revertedWith("GS020");
    await expect(bySafe(wanted, [thief, thief])).to.be.revertedWith("GS026");
    await expect(bySafe(wanted, [thief, accounts.stranger])).to.be.revertedWith("GS026");
  });

  it("propose, cancel or change a delay beside the Safe", async () => {
    const { listingTimelock, motor, owners, wanted } = await load();
    const byThief = listingTimelock.connect(owners[0]);
    await expectRefusals(motor, [
      [
        listingTimelock,
        "AccessControlUnauthorizedAccount",
        () => owners[0].sendTransaction({ to: listingTimelock, data: wanted.data }),
      ],
      [listingTimelock, "AccessControlUnauthorizedAccount", () => byThief.cancel(ethers.id("any"))],
      [listingTimelock, "TimelockUnauthorizedCaller", () => byThief.updateDelay(0)],
    ]);
  });

  it("use what another owner has signed for something else", async () => {
    const { bySafe, callTo, listingTimelock, owners, registry, safe, wanted } = await load();
    const [thief, honest, third] = owners;
    const harmless = await callTo(registry, registry.interface.encodeFunctionData("manufacturerCount"));
    const nonce: bigint = await safe.getFunction("nonce").staticCall();
    await bySafe(harmless, [honest, third]);
    expect(await safe.getFunction("nonce").staticCall()).to.equal(nonce + 1n);
    // The honest signature of the position before, beside the thief's of this one.
    await expect(bySafe(wanted, [thief, signingBefore(honest, harmless)])).to.be.revertedWith("GS026");
    expect(await listingTimelock.hasRole(ethers.id("PROPOSER_ROLE"), thief)).to.equal(false);
  });
});

describe("A thief of one key of the governing Safe can", () => {
  it("sign what he wants, and hope that another owner signs it without reading what it changes", async () => {
    const { bySafe, listingTimelock, operation, owners, wanted } = await load();
    await bySafe(wanted, [owners[0], owners[1]]);
    const id = await listingTimelock.hashOperation(
      operation.calls[0]?.to ?? "",
      0,
      operation.calls[0]?.data ?? "0x",
      operation.predecessor,
      operation.salt,
    );
    expect(await listingTimelock.isOperationPending(id)).to.equal(true);
  });
});

/** An owner who gives a signature for another call than the one that he is asked to sign. */
function signingBefore(
  owner: Awaited<ReturnType<typeof load>>["owners"][number],
  call: { readonly to: string; readonly data: string },
) {
  const signer = Object.create(owner);
  signer.signTypedData = (domain: object, types: object, message: { readonly nonce: bigint }) => {
    const before = { ...message, ...call, nonce: message.nonce - 1n };
    return Reflect.apply(owner.signTypedData, owner, [domain, types, before]);
  };
  return signer;
}
