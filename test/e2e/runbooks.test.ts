import { cp, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isPassportError } from "@digital-product-passport/sdk";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import type { EthereumProvider } from "hardhat/types/providers";
import { NO_END } from "../support/contract-values.js";
import { type GovernedSuite, startGovernedSuite } from "../support/governed-suite.js";
import { startLyingRpc } from "../support/lying-rpc.js";
import { openRunbook } from "../support/open-runbook.js";
import { SAMPLE_MAINTENANCE, SAMPLE_MOTOR } from "../support/sdk-clients.js";

const DAY = 86_400n;

/** Nothing listens there. */
const DEAD_ENDPOINT = "http://127.0.0.1:9";

/** One world for all runbooks, in the order in which the tests stand here: one emergency follows the other. */
describe("runbooks", () => {
  let suite: GovernedSuite;
  const products = new Map<string, string>();

  /** Whose key is meant by the words above a command; the new administrator is a buyer of everybody's trust. */
  const people = () => {
    const { administrator, owners, participants } = suite;
    return {
      administrator: products.has("handed over") ? participants.exporter : administrator,
      "new administrator": participants.exporter,
      guardian: participants.guardian,
      issuer: participants.issuer,
      technician: participants.technician,
      owner: participants.owner,
      buyer: participants.buyer,
      workshop: participants.retailer,
      anybody: participants.stranger,
      "Safe owner": owners[0],
      "second Safe owner": owners[2],
    };
  };
  const play = (name: string) => openRunbook(name, { suite, people: people() });
  const issueMotor = async (): Promise<string> => {
    const productId = `https://id.weg.example/01/09521234567899/21/RUNBOOK-${products.size}`;
    const { issuer, owner } = suite.participants;
    const issued = await suite
      .clientOf(issuer)
      .issuePassport({ productId, owner: owner.address, document: SAMPLE_MOTOR });
    products.set(productId, (await issued.send()).result.passport);
    return productId;
  };
  const maintain = async (product: string) => {
    const { technician } = suite.participants;
    const event = { passport: product, eventType: "MAINTAINED", document: SAMPLE_MAINTENANCE } as const;
    return (await (await suite.clientOf(technician).attest(event)).send()).result;
  };
  const codeOf = (refused: Promise<unknown>): Promise<unknown> =>
    refused.then(
      () => "it was not refused",
      (error: unknown) => (isPassportError(error) ? error.code : error),
    );
  const chainTime = async (): Promise<bigint> =>
    BigInt((await suite.clientOf().context.provider.getBlock("latest"))?.timestamp ?? 0);
  const blockHash = async (): Promise<string> =>
    (await suite.clientOf().context.provider.getBlock("latest"))?.hash ?? "";

  let motors: readonly string[] = [];
  const motor = (index: number): string => motors[index] ?? "";

  before(async () => {
    // So that the chain's time is the computer's once the delay has passed: verdicts compare the two.
    suite = await startGovernedSuite({ startsAt: BigInt(Math.floor(Date.now() / 1_000)) - 3n * DAY });
    await suite.pass(3n * DAY + 10n);
    const accepted = await suite.clientOf(suite.administrator).acceptAdministratorTransfer({ contract: "manager" });
    await accepted.send();
    motors = [await issueMotor(), await issueMotor(), await issueMotor(), await issueMotor()];
  });
  after(() => suite.close());

  it("stolen-gateway-key.md: what the thief recorded is disputed, and the key is refused", async () => {
    const { gateway, recycler } = suite.participants;
    const administrator = suite.clientOf(people().administrator);
    const grant = { attester: gateway.address, roles: ["GATEWAY"], passport: motor(0), validUntil: NO_END };
    await (await administrator.grantRoles(grant)).send();
    const since = await chainTime();
    const window = { from: "2026-11-22T12:00:00Z", until: "2026-11-22T13:00:00Z" };
    const document = { data: { window, series: [] } };
    const reading = { passport: motor(0), eventType: "READINGS", document } as const;
    await suite.pass(60n);
    await (await suite.clientOf(gateway).attest(reading)).send();

    const runbook = await play("stolen-gateway-key.md");
    await runbook.set({
      GATEWAY: gateway.address,
      NEW_GATEWAY: recycler.address,
      PRODUCT: motor(0),
      SINCE: new Date(Number(since) * 1_000).toISOString().replace(".000Z", "Z"),
      READINGS_ANCHOR: suite.addressBook.contracts.readingsAnchor.address,
    });
    await runbook.next();
    await runbook.next();
    await runbook.next();
    const { stdout } = await runbook.next({ exitCode: 3 });
    runbook.finish();
    expect(stdout.replace(/\s+/g, " "))
      .to.include("disputes entry 2")
      .and.match(/history valid/);
    const late = (await suite.clientOf(gateway).attest(reading)).send();
    expect(await codeOf(late)).to.equal("contract.manufacturer-manager-attester-revoked");
  });

  it("wrong-event.md: the correction of the attester is among the findings", async () => {
    const { sequence } = await maintain(motor(1));
    const runbook = await play("wrong-event.md");
    await runbook.set({ PRODUCT: motor(1), SEQUENCE: String(sequence) });
    expect((await runbook.next()).stdout).to.match(new RegExp(`${sequence}\\s+MAINTAINED`));
    await runbook.next();
    const { stdout } = await runbook.next();
    runbook.finish();
    expect(stdout.replace(/\s+/g, " ")).to.include(`Its own attester corrects entry ${sequence}`);
  });

  it("lost-owner-key.md: the successor is the new key's, and names its predecessor, one-sided", async () => {
    const { buyer } = suite.participants;
    const successor = "https://id.weg.example/01/09521234567899/21/SUCCESSOR";
    const runbook = await play("lost-owner-key.md");
    await runbook.set({ PRODUCT: motor(2), SUCCESSOR: successor, NEW_OWNER: buyer.address });
    const { stdout } = await runbook.next();
    const [passport = "", head = ""] = [/passport\s+(0x\w{40})/, /head\s+(0x\w{64})/].map((is) => is.exec(stdout)?.[1]);
    await runbook.set({ PASSPORT: passport, HEAD: head });
    await runbook.next();
    const { stdout: verdicts } = await runbook.next({ exitCode: 3 });
    runbook.finish();
    expect(verdicts)
      .to.match(/registration\s+valid/)
      .and.match(/succession\s+unknown/)
      .and.include(motor(2));
    expect((await suite.clientOf().readPassport({ passport: successor })).owner).to.equal(buyer.address);
  });

  it("chain-outage.md: verified and signed without a network, and submitted when it is back", async () => {
    const runbook = await play("chain-outage.md");
    await runbook.set({ PRODUCT: motor(1), PASSPORT: products.get(motor(1)) ?? "" });
    const { stdout } = await runbook.next();
    await runbook.set({ PASSPORT_RPC_URL: DEAD_ENDPOINT, BLOCK_HASH: /0x[0-9a-f]{64}/.exec(stdout)?.[0] ?? "" });
    expect((await runbook.next({ exitCode: 3 })).stdout).to.match(/endpoint\s+unknown/);
    expect((await runbook.next()).stdout).to.match(/^VALID/);
    await runbook.next();
    await runbook.set({ PASSPORT_RPC_URL: suite.url });
    expect((await runbook.next()).stdout).to.include(suite.participants.technician.address);
    runbook.finish();
  });

  it("lying-rpc.md: alone it deceives nobody, among others it is named, and by proof it does not matter", async () => {
    const { provider } = suite.clientOf().context;
    const request = ({ method, params }: { readonly method: string; readonly params?: readonly unknown[] }) =>
      // Safety: anvil is asked over HTTP, whose provider sends any method.
      (provider as unknown as { send: (name: string, list: readonly unknown[]) => Promise<unknown> }).send(
        method,
        params ?? [],
      );
    // Safety: of an in-process chain the double needs nothing but this.
    const liar = await startLyingRpc({ request } as unknown as EthereumProvider);
    try {
      liar.lie("eth_getLogs", (logs) => logs.slice(0, -1));
      const runbook = await play("lying-rpc.md");
      await runbook.set({
        PRODUCT: motor(1),
        PASSPORT_RPC_URL: liar.url,
        SECOND_RPC: suite.url,
        THIRD_RPC: suite.url.replace("127.0.0.1", "localhost"),
        BLOCK_HASH: await blockHash(),
      });
      expect((await runbook.next({ exitCode: 3 })).stdout).to.match(/history\s+unknown/);
      expect((await runbook.next()).stdout)
        .to.match(/^VALID/)
        .and.include(new URL(liar.url).host);
      expect((await runbook.next()).stdout).to.match(/^VALID/);
      runbook.finish();
    } finally {
      await liar.close();
    }
  });

  it("lost-documents.md: what is copied back from anywhere is whole again", async () => {
    const documents = join(suite.folder, ".passport", "documents");
    const backup = join(suite.folder, "backup");
    await cp(documents, backup, { recursive: true });
    await rm(documents, { recursive: true });
    await mkdir(documents, { recursive: true });
    expect(await readdir(documents)).to.deep.equal([]);
    const runbook = await play("lost-documents.md");
    await runbook.set({ PRODUCT: motor(1), BACKUP: backup });
    const lost = await runbook.next({ exitCode: 3 });
    expect(lost.stdout)
      .to.match(/documents\s+unknown/)
      .and.not.include("INVALID");
    await runbook.next();
    expect((await runbook.next()).stdout).to.match(/documents\s+valid/);
    runbook.finish();
  });

  it("manufacturer-gone.md: maintained and sold without him", async () => {
    const { buyer, retailer } = suite.participants;
    const runbook = await play("manufacturer-gone.md");
    await runbook.set({ PRODUCT: motor(3), WORKSHOP: retailer.address, BUYER: buyer.address });
    for (let command = 1; command <= 6; ++command) await runbook.next();
    expect((await runbook.next()).stdout).to.match(/^VALID/);
    runbook.finish();
    expect((await suite.clientOf().readPassport({ passport: motor(3) })).owner).to.equal(buyer.address);
  });

  it("compromised-admin.md: the thief is called off, and the new administrator undoes what he can", async () => {
    const { administrator, participants } = suite;
    const thief = suite.clientOf(administrator);
    const accomplice = participants.recycler.address;
    await (await thief.grantRoles({ attester: accomplice, roles: ["MANUFACTURER"], validUntil: NO_END })).send();
    const stolen = { contract: "manager", newAdministrator: participants.recycler.address } as const;
    await (await thief.beginAdministratorTransfer(stolen)).send();

    const runbook = await play("compromised-admin.md");
    await runbook.set({ NEW_ADMINISTRATOR: participants.exporter.address, ACCOMPLICE: accomplice });
    await runbook.next();
    await runbook.next();
    await runbook.next();
    await runbook.next();
    await suite.pass(3n * DAY + 1n);
    await runbook.next();
    await runbook.next();
    await runbook.next();
    runbook.finish();

    products.set("handed over", "");
    const late = (await thief.setIssuingCap({ perHour: 1 })).send();
    expect(await codeOf(late)).to.equal("contract.access-control-unauthorized-account");
    await maintain(motor(0));
  });

  it("stolen-issuer-key.md: the stolen key issues nothing any more, the new one does", async () => {
    const { issuer, manufacturer } = suite.participants;
    const runbook = await play("stolen-issuer-key.md");
    await runbook.set({ ISSUER: issuer.address, NEW_ISSUER: manufacturer.address });
    for (let command = 1; command <= 5; ++command) await runbook.next();
    const queued = await runbook.next();
    await runbook.set({ OPERATION: /0x[0-9a-f]{64}/.exec(queued.stdout.split("Scheduled")[1] ?? "")?.[0] ?? "" });
    await suite.pass(2n * DAY);
    await runbook.next();
    runbook.finish();

    const document = SAMPLE_MOTOR;
    const product = (serial: string) => `https://id.weg.example/01/09521234567899/21/${serial}`;
    const owner = manufacturer.address;
    const theirs = await suite.clientOf(issuer).issuePassport({ productId: product("INVENTED"), owner, document });
    expect(await codeOf(theirs.send())).to.equal("contract.manufacturer-manager-limit-exceeded");
    const ours = await suite.clientOf(manufacturer).issuePassport({ productId: product("REAL"), owner, document });
    expect((await ours.send()).result.passport).to.match(/^0x/);
  });

  it("hostile-proposal.md: what nobody decided is cancelled and cannot be executed", async () => {
    const { addressBook, owners, participants } = suite;
    const [first, second] = owners.map(suite.clientOf);
    const { call } = await suite.clientOf().grantAdministrativeRole({
      contract: "registry",
      role: "LISTING_ROLE",
      account: participants.stranger.address,
    });
    const timelock = addressBook.contracts.listingTimelock?.address ?? ZeroAddress;
    const proposal = await suite.clientOf().createProposal({ safe: addressBook.safe ?? "", timelock, calls: [call] });
    const signed = await second?.signProposal((await first?.signProposal(proposal)) ?? proposal);
    const { result } = await (await suite.clientOf(participants.stranger).queueProposal(signed ?? proposal)).send();

    const runbook = await play("hostile-proposal.md");
    await runbook.set({ OPERATION: result.id });
    const shown = await runbook.next();
    expect(shown.stdout).to.include("LISTING_ROLE").and.include(result.id);
    await runbook.next();
    expect((await runbook.next()).stdout).to.match(/state\s+cancelled/);
    runbook.finish();
    await suite.pass(7n * DAY);
    const [operation] = await suite.clientOf().readOperations({ timelock });
    expect(operation?.state).to.equal("cancelled");
  });
});
