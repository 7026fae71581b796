import { expect } from "chai";
import { id, Wallet } from "ethers";
import { network } from "hardhat";
import {
  accountAttester,
  type DocumentInput,
  eventTypeName,
  type PassportClient,
  p256Attester,
  p256Key,
  parseAddress,
  verifiedGet,
} from "../../sdk/src/index.js";
import { NO_END } from "../support/contract-values.js";
import { deploySuite } from "../support/deploy-suite.js";
import { refusalOf, SAMPLE_MAINTENANCE, sdkOn } from "../support/sdk-clients.js";

const connection = await network.create();
const { loadFixture, time } = connection.networkHelpers;

const SALE: DocumentInput<"OWNERSHIP_TRANSFERRED"> = { data: { contractReference: "2026-4711" } };
const LOCK: DocumentInput<"LOCKED"> = { data: { purpose: "Sale" } };
const DAY = 86_400n;

const issuedMotor = async () => {
  const sdk = await sdkOn(await deploySuite(connection));
  const { passport, productId } = await sdk.issueMotor();
  const contract = await connection.ethers.getContractAt("DigitalPassport", passport);
  return { ...sdk, passport, productId, contract, expiresAt: BigInt(await time.latest()) + DAY };
};

/** A buyer without ETH who signs with a key in his phone. */
const setUpSale = async () => {
  const motor = await loadFixture(issuedMotor);
  const { suite, clientOf, passport } = motor;
  const verifier = parseAddress(await suite.p256Verifier.getAddress());
  const buyer = p256Attester(p256Key(id("the buyer's phone")), { verifier });
  const owner = clientOf(suite.accounts.owner);
  const buyerClient = clientOf(undefined, { attester: buyer });
  const stranger = clientOf(suite.accounts.stranger);
  const offer = { passport, newOwner: buyer.address, document: SALE, expiresAt: motor.expiresAt };
  return { ...motor, buyer, owner, buyerClient, stranger, offer };
};

const expectValid = async (client: PassportClient, passport: string): Promise<void> => {
  const { verdicts } = await client.verifyPassport({ passport });
  for (const question of ["history", "documents", "authority", "condition"] as const) {
    expect(verdicts[question].status, `${question}: ${verdicts[question].reason}`).to.equal("valid");
  }
};

describe("offerOwnership and acceptOwnership", () => {
  it("by transactions: the offer, then the entry in the new owner's name with the offered document", async () => {
    const { suite, store, clientOf, passport, productId, contract, expiresAt } = await loadFixture(issuedMotor);
    const { owner, buyer } = suite.accounts;
    const offer = { passport: productId, newOwner: buyer.address, document: SALE, expiresAt };
    const { result: pending } = await (await clientOf(owner).offerOwnership(offer)).send();
    expect(pending).to.include({ offerNonce: 1n, newOwner: buyer.address, expiresAt });
    expect((await clientOf().readPassport({ passport })).pendingOffer).to.deep.equal(pending);

    const { result } = await (await clientOf(buyer).acceptOwnership({ passport })).send();
    expect(eventTypeName(result.eventType)).to.equal("OWNERSHIP_TRANSFERRED");
    expect(result).to.include({ attester: buyer.address, owner: buyer.address, document: pending.document });
    expect(await contract.owner()).to.equal(buyer.address);
    const document = JSON.parse(new TextDecoder().decode(await verifiedGet(store, result.document)));
    expect(document).to.deep.include({ attester: buyer.address, productId, ...SALE });
    await expectValid(clientOf(), passport);
  });

  it("by somebody who is not the owner: refused, naming the owner", async () => {
    const { suite, clientOf, passport, expiresAt } = await loadFixture(issuedMotor);
    const { owner, stranger, buyer } = suite.accounts;
    const offer = { passport, newOwner: buyer.address, document: SALE, expiresAt };
    const error = await refusalOf((await clientOf(stranger).offerOwnership(offer)).send());
    expect(error.code).to.equal("contract.digital-passport-not-owner");
    expect(error.message).to.include(owner.address);
  });

  it("nothing offered: offer.missing, before anything is sent", async () => {
    const { suite, clientOf, passport } = await loadFixture(issuedMotor);
    expect((await refusalOf(clientOf(suite.accounts.buyer).acceptOwnership({ passport }))).code).to.equal(
      "offer.missing",
    );
  });

  it("an entry since the new owner looked: refused, and the head that he has seen is void", async () => {
    const { suite, clientOf, passport, expiresAt } = await loadFixture(issuedMotor);
    const { owner, buyer, technician } = suite.accounts;
    const offer = { passport, newOwner: buyer.address, document: SALE, expiresAt };
    await (await clientOf(owner).offerOwnership(offer)).send();
    const { head: expectedHead } = await clientOf().readPassport({ passport });
    const event = { eventType: "MAINTAINED", document: SAMPLE_MAINTENANCE } as const;
    await (await clientOf(technician).attest({ passport, ...event })).send();
    const prepared = await clientOf(buyer).acceptOwnership({ passport, expectedHead });
    const error = await refusalOf(prepared.send());
    expect(error.code).to.equal("contract.digital-passport-head-mismatch");
    expect(error.details).to.include({ expectedHead });
  });

  it("terms replaced since the new owner read them: refused before anything is sent or signed", async () => {
    const { suite, clientOf, passport, expiresAt } = await loadFixture(issuedMotor);
    const { owner, buyer } = suite.accounts;
    const offer = { passport, newOwner: buyer.address, expiresAt };
    await (await clientOf(owner).offerOwnership({ ...offer, document: SALE })).send();
    const { pendingOffer } = await clientOf().readPassport({ passport });
    const document = pendingOffer?.document;
    await (await clientOf(owner).offerOwnership({ ...offer, document: SALE })).send();
    const code = "contract.digital-passport-document-mismatch";
    expect((await refusalOf(clientOf(buyer).acceptOwnership({ passport, document }))).code).to.equal(code);
    const signing = clientOf(buyer).signAcceptance({ passport, document, deadline: expiresAt });
    expect((await refusalOf(signing)).code).to.equal(code);
  });

  it("a time that is none, or an owner that is none: input.invalid, naming the field", async () => {
    const { suite, clientOf, passport, expiresAt } = await loadFixture(issuedMotor);
    const client = clientOf(suite.accounts.owner);
    const offer = { passport, newOwner: suite.accounts.buyer.address, document: SALE, expiresAt };
    const late = await refusalOf(client.offerOwnership({ ...offer, expiresAt: 2n ** 40n }));
    expect(late.details["field"]).to.equal("expiresAt");
    const nobody = await refusalOf(client.offerOwnership({ ...offer, newOwner: "buyer.eth" }));
    expect(nobody.details["field"]).to.equal("newOwner");
  });
});

describe("signOffer, signAcceptance and their submission", () => {
  it("owner and buyer sign, a stranger pays for both: the buyer's key owns the product", async () => {
    const { owner, buyer, buyerClient, stranger, offer, passport, contract, clientOf } = await setUpSale();
    const signedOffer = await owner.signOffer(offer);
    await (await stranger.submitOffer({ signed: JSON.parse(JSON.stringify(signedOffer)) })).send();
    const signed = await buyerClient.signAcceptance({ passport, deadline: NO_END });
    const { result } = await (await stranger.submitAcceptance({ signed: JSON.parse(JSON.stringify(signed)) })).send();
    expect(result).to.include({ attester: buyer.address, owner: buyer.address });
    expect(await contract.owner()).to.equal(buyer.address);
    await expectValid(clientOf(), passport);
  });

  it("an offer that the owner has cancelled by signature before anybody made it: void", async () => {
    const { owner, stranger, offer, passport } = await setUpSale();
    const signedOffer = await owner.signOffer(offer);
    const cancellation = await owner.signCancellation({ passport });
    const { result } = await (await stranger.submitCancellation({ signed: cancellation })).send();
    expect(result).to.deep.equal({ offerNonce: 1n });
    const error = await refusalOf(stranger.submitOffer({ signed: signedOffer }));
    expect(error.code).to.equal("contract.digital-passport-offer-nonce-mismatch");
    expect(error.message).to.include("number of the offer is 1, but 2 is the valid one");
  });

  it("a pending offer that the owner cancels: by transaction or by signature, nothing can be accepted", async () => {
    const { owner, stranger, offer, passport, contract } = await setUpSale();
    await (await owner.offerOwnership(offer)).send();
    expect((await (await owner.cancelOffer({ passport })).send()).result).to.deep.equal({ offerNonce: 1n });
    await (await owner.offerOwnership(offer)).send();
    const signed = await owner.signCancellation({ passport });
    expect((await (await stranger.submitCancellation({ signed })).send()).result).to.deep.equal({ offerNonce: 2n });
    expect((await contract.pendingOffer()).nonce).to.equal(0n);
  });

  it("an offer signed by somebody who is not the owner: refused by the passport", async () => {
    const { stranger, offer, clientOf } = await setUpSale();
    const thief = clientOf(undefined, { attester: await accountAttester(new Wallet(id("a thief"))) });
    const error = await refusalOf(stranger.submitOffer({ signed: await thief.signOffer(offer) }));
    expect(error.code).to.equal("contract.attester-signature-invalid");
  });
});

describe("lockPassport, releaseLock and settleSale", () => {
  it("a locked passport is sold by the holder with the buyer's signature", async () => {
    const { suite, owner, buyer, buyerClient, clientOf, passport, expiresAt } = await setUpSale();
    const holder = suite.accounts.retailer;
    const lock = { passport, holder: holder.address, until: expiresAt, document: LOCK };
    const { result: locked } = await (await owner.lockPassport(lock)).send();
    expect(eventTypeName(locked.eventType)).to.equal("LOCKED");
    expect((await clientOf().readPassport({ passport })).condition.inWords).to.deep.equal(["ISSUED", "LOCKED"]);

    const signed = await buyerClient.signSettlement({ passport, document: SALE, deadline: NO_END });
    const { result } = await (await clientOf(holder).settleSale({ signed })).send();
    expect(eventTypeName(result.eventType)).to.equal("OWNERSHIP_TRANSFERRED");
    expect(result).to.include({ attester: buyer.address, owner: buyer.address, condition: 1n });
    await expectValid(clientOf(), passport);
  });

  it("while it is locked: an offer is refused with the condition in words, and so is a release by a stranger", async () => {
    const { suite, owner, stranger, offer, passport, expiresAt } = await setUpSale();
    const lock = { passport, holder: suite.accounts.retailer.address, until: expiresAt, document: LOCK };
    await (await owner.lockPassport(lock)).send();
    const error = await refusalOf((await owner.offerOwnership(offer)).send());
    expect(error.code).to.equal("contract.digital-passport-condition-forbids");
    expect(error.message).to.include("condition ISSUED, LOCKED forbids this: LOCKED");
    const release = await refusalOf((await stranger.releaseLock({ passport })).send());
    expect(release.code).to.equal("contract.digital-passport-not-lock-holder");
  });

  it("a lock that the owner signed, submitted by a stranger, released by the holder with the same document", async () => {
    const { suite, owner, stranger, clientOf, passport, expiresAt } = await setUpSale();
    const holder = suite.accounts.retailer;
    const lock = { passport, holder: holder.address, until: expiresAt, document: LOCK, deadline: NO_END };
    const signed = JSON.parse(JSON.stringify(await owner.signLock(lock)));
    const { result: locked } = await (await stranger.submitLock({ signed })).send();
    expect(locked).to.include({ attester: suite.accounts.owner.address, sequence: 2n });
    const { result: released } = await (await clientOf(holder).releaseLock({ passport })).send();
    expect(eventTypeName(released.eventType)).to.equal("RELEASED");
    expect(released).to.include({ attester: holder.address, document: locked.document, condition: 1n });
    await expectValid(clientOf(), passport);
    const again = await refusalOf(stranger.submitLock({ signed }));
    expect(again.code).to.equal("contract.digital-passport-sequence-mismatch");
  });
});
