import { expect } from "chai";
import { network } from "hardhat";
import { deploySuite, issuePassport, productIdOf, WEG_NAMESPACE } from "../support/deploy-suite.js";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;
const deployed = () => deploySuite(connection);

/** No transaction of ours is larger, see the limits of Arbitrum in the design. */
const MOST_GAS = 8_000_000n;

describe("Ignition modules", () => {
  it("WEG, deployed, is admitted with its namespace and the listed factory", async () => {
    const { factory, manager, registry } = await loadFixture(deployed);
    const { manufacturerId, suspended } = await registry.admissionOf(manager);
    expect(await registry.namespaceOf(manufacturerId)).to.equal(WEG_NAMESPACE);
    expect(suspended).to.equal(false);
    expect(await registry.factories()).to.deep.equal([await factory.getAddress()]);
    expect(await manager.factory()).to.equal(await factory.getAddress());
  });

  it("WEG, deployed, accepts both verifiers, and lets nobody but the issuer issue", async () => {
    const { accounts, manager, p256Verifier, webAuthnVerifier } = await loadFixture(deployed);
    expect(await manager.isVerifierAccepted(p256Verifier)).to.equal(true);
    expect(await manager.isVerifierAccepted(webAuthnVerifier)).to.equal(true);
    expect(await manager.issuableBy(accounts.issuer)).to.equal(1_000n);
    expect(await manager.issuableBy(accounts.admin)).to.equal(0n);
  });

  it("Suite and WEG, each transaction, stay below 8 M gas", async () => {
    await loadFixture(deployed);
    const { provider } = connection.ethers;
    const last = await provider.getBlockNumber();
    expect(last, "transactions, one a block").to.be.greaterThan(10);
    for (let number = 1; number <= last; ++number) {
      const block = await provider.getBlock(number);
      expect(block?.gasUsed, `transaction ${block?.transactions[0]}`).to.be.lessThan(MOST_GAS);
    }
  });
});

describe("issuePassport", () => {
  it("without options, issues a motor of its own to the owner", async () => {
    const suite = await loadFixture(deployed);
    const first = await issuePassport(suite);
    const second = await issuePassport(suite);
    expect(await first.owner()).to.equal(suite.accounts.owner.address);
    expect(await first.getAddress()).not.to.equal(await second.getAddress());
    expect(productIdOf(1)).to.have.length(50);
  });
});
