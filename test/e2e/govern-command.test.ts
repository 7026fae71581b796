import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { WEGManager__factory } from "../../types/ethers-contracts/index.js";
import { type GovernedSuite, startGovernedSuite } from "../support/governed-suite.js";

const DAY = 86_400n;
const NETWORK = ["--network", "arbitrumSepolia"];

describe("passport govern", () => {
  let suite: GovernedSuite;
  let manager: string;

  before(async () => {
    suite = await startGovernedSuite();
    manager = await deployManager();
  });
  after(() => suite.close());

  /** Another manager of the same kind, not admitted. */
  const deployManager = async (): Promise<string> => {
    const { addressBook, administrator, participants } = suite;
    const { factory, registry } = addressBook.contracts;
    const contract = await new WEGManager__factory(participants.stranger).deploy({
      registry: registry.address,
      factory: factory.address,
      admin: administrator.address,
      guardian: participants.guardian.address,
      adminDelay: 0,
    });
    await contract.waitForDeployment();
    return await contract.getAddress();
  };
  const govern = (commandArguments: readonly string[], signer?: { readonly privateKey: string }) =>
    suite.passport(["govern", ...commandArguments, ...NETWORK], signer);
  const shown = async () => JSON.parse((await govern(["show", "--json"])).stdout);
  /** Makes a proposal that two owners have signed. */
  const signedProposal = async (file: string, ...call: readonly string[]) => {
    const [first, second] = suite.owners;
    const proposed = await govern(["propose", ...call, "--out", file, "--yes"], first);
    expect(proposed.exitCode, proposed.stderr).to.equal(0);
    const signed = await govern(["sign", file, "--yes"], second);
    expect(signed.exitCode, signed.stderr).to.equal(0);
    return { proposed, signed };
  };
  const altered = async (file: string, change: (proposal: Record<string, unknown>) => unknown) => {
    const proposal = JSON.parse(await readFile(join(suite.folder, file), "utf8"));
    await writeFile(join(suite.folder, "altered.json"), JSON.stringify(change(proposal)));
    return "altered.json";
  };

  it("propose, sign, queue and execute admit a manager, after two days and not before", async () => {
    const { admissionTimelock, registry } = suite.addressBook.contracts;
    const { proposed, signed } = await signedProposal("admit.json", "admitManager", "1", manager);
    expect(proposed.stdout.replace(/\s+/g, " "))
      .to.include(`The registry ${registry.address} admits ${manager} as a further manager of the manufacturer 1`)
      .and.include("today the contract would accept it")
      .and.include(`admission-timelock ${admissionTimelock?.address}`)
      .and.include("waits for 2 days")
      .and.include("1 more owner(s) of the Safe have to sign it");
    expect(signed.stdout).to.include("Enough owners have signed it");

    const queued = await govern(["queue", "admit.json", "--yes"], suite.participants.stranger);
    expect(queued.stdout).to.include("Scheduled; after 2 days anybody may");
    const [operation] = await shown();
    expect(operation).to.include({ state: "waiting" });
    expect(operation.changes[0]).to.include(`admits ${manager} as a further manager`);

    const early = await govern(["execute", operation.id, "--yes"], suite.participants.stranger);
    expect(early.exitCode).to.equal(1);
    expect(early.stderr).to.include("is not in a state that allows this");
    await suite.pass(2n * DAY);
    const executed = await govern(["execute", operation.id, "--yes"], suite.participants.stranger);
    expect(executed.stdout).to.include(`Operation ${operation.id} is executed.`);
    expect((await suite.clientOf().readAdmission({ manager }))?.manufacturerId).to.equal(1n);
    expect(await shown()).to.deep.equal([]);
    expect((await govern(["show", "--all"])).stdout).to.match(/state\s+done/);
  });

  it("execute of the hand-over, after seven days, leaves the registry to the timelock alone", async () => {
    const { listingTimelock } = suite.addressBook.contracts;
    const { proposed } = await signedProposal("accept.json", "acceptDefaultAdminTransfer");
    expect(proposed.stdout).to.match(/waits for\s+7 days/);
    await govern(["queue", "accept.json", "--yes"], suite.participants.stranger);
    const [operation] = await shown();
    await suite.pass(7n * DAY);
    const executed = await govern(["execute", operation.id, "--yes"], suite.participants.stranger);
    expect(executed.exitCode, executed.stderr).to.equal(0);
    const { administrator, pending } = await suite.clientOf().readAdministration({ contract: "registry" });
    expect(administrator).to.equal(listingTimelock?.address);
    expect(pending).to.equal(undefined);
  });

  it("cancel by the guardian ends what waits; by a stranger it is refused", async () => {
    const { factory } = suite.addressBook.contracts;
    const { proposed } = await signedProposal("list.json", "listFactory", factory.address);
    expect(proposed.stdout).to.match(/today\s+refused: The factory .* is listed already/);
    await govern(["queue", "list.json", "--yes"], suite.participants.stranger);
    const [operation] = await shown();
    const refused = await govern(["cancel", operation.id, "--yes"], suite.participants.stranger);
    expect(refused.exitCode).to.equal(1);
    expect(refused.stderr).to.include("does not hold CANCELLER_ROLE");
    const cancelled = await govern(["cancel", operation.id, "--yes"], suite.participants.guardian);
    expect(cancelled.stdout).to.include("it will never be executed");
    expect(await shown()).to.deep.equal([]);
  });

  it("queue with one signature only, refuses and says how many are missing", async () => {
    await govern(["propose", "resumeIssuing", manager, "--out", "one.json", "--yes"], suite.owners[0]);
    const { exitCode, stderr } = await govern(["queue", "one.json", "--yes"], suite.owners[0]);
    expect(exitCode).to.equal(1);
    expect(stderr).to.include("1 of 2 owners who have to sign it have done so");
  });

  it("sign of a file that was changed, says what the changed bytes do, and refuses the signature before", async () => {
    const evil = suite.participants.stranger.address;
    const { call } = await suite.clientOf().grantAdministrativeRole({
      contract: "registry",
      role: "LISTING_ROLE",
      account: evil,
    });
    const calls = [{ ...call, valueWei: "0" }];
    const file = await altered("one.json", (proposal) => ({
      ...proposal,
      operation: { ...Object(proposal["operation"]), calls },
    }));
    const signed = await govern(["sign", file, "--yes"], suite.owners[1]);
    expect(signed.exitCode).to.equal(1);
    expect(signed.stderr).to.include("is no owner of the Safe");
    const unsigned = await altered("altered.json", (proposal) => ({ ...proposal, signatures: [] }));
    const { stdout } = await govern(["sign", unsigned, "--yes"], suite.owners[1]);
    expect(stdout.replace(/\s+/g, " ")).to.include(`gives ${evil} the administrative role LISTING_ROLE`);
  });

  for (const [circumstance, change, problem] of [
    ["with words of its own", { changes: ["resumes issuing"] }, /unrecognized key/i],
    ["for another chain", { chainId: "1" }, /it is for the chain 1, not 421614/],
    ["for another registry", { registry: `0x${"11".repeat(20)}` }, /it is for the registry/],
    ["whose delay is too short", { delaySeconds: "0" }, /it waits 0 seconds, the timelock wants 172800/],
    ["for a position that is taken", { nonce: "0" }, /it is for position 0 of the Safe, whose next one is/],
    ["with the same signature twice", "twice", /an owner has signed it twice/],
  ] as const) {
    it(`sign of a file ${circumstance}, refuses it and changes nothing`, async () => {
      const file = await altered("one.json", (proposal) => {
        if (change !== "twice") return { ...proposal, ...change };
        const [signature] = Object(proposal["signatures"]);
        return { ...proposal, signatures: [signature, signature] };
      });
      const before = await readFile(join(suite.folder, file), "utf8");
      const { exitCode, stderr } = await govern(["sign", file, "--yes"], suite.owners[1]);
      expect(stderr).to.match(problem);
      expect(exitCode).to.be.oneOf([1, 2]);
      expect(await readFile(join(suite.folder, file), "utf8")).to.equal(before);
    });
  }

  it("propose by somebody who owns no part of the Safe, writes no file", async () => {
    const proposal = ["propose", "resumeIssuing", manager, "--out", "nobody.json", "--yes"];
    const { exitCode, stderr } = await govern(proposal, suite.participants.stranger);
    expect(exitCode).to.equal(1);
    expect(stderr).to.include("is no owner of the Safe");
    expect(await readFile(join(suite.folder, "nobody.json")).catch(() => undefined)).to.equal(undefined);
  });

  it("propose without a yes, where nobody can be asked, says what it changes and signs nothing", async () => {
    const proposal = ["propose", "resumeIssuing", manager, "--out", "silent.json"];
    const { exitCode, stderr, stdout } = await govern(proposal, suite.owners[0]);
    expect(stdout).to.include("issue again");
    expect(stderr).to.include("--yes");
    expect(exitCode).to.equal(2);
  });

  it("propose of a function or an argument that there is not, names those there are", async () => {
    const unknown = await govern(["propose", "unlistFactory", manager, "--out", "x.json", "--yes"], suite.owners[0]);
    expect(unknown.stderr).to.include("admitManufacturer, admitManager, listFactory");
    const few = await govern(["propose", "admitManager", "1", "--out", "x.json", "--yes"], suite.owners[0]);
    expect(few.stderr).to.include("expected <manufacturerId> <manager>");
    expect([unknown.exitCode, few.exitCode]).to.deep.equal([2, 2]);
  });

  it("show without a node, exits with 3", async () => {
    const { exitCode } = await govern(["show", "--rpc", "http://127.0.0.1:9"]);
    expect(exitCode).to.equal(3);
  });
});

describe("passport administer", () => {
  let suite: GovernedSuite;
  before(async () => {
    suite = await startGovernedSuite();
  });
  after(() => suite.close());

  const administer = (commandArguments: readonly string[], signer: { readonly privateKey: string }) =>
    suite.passport(["administer", ...commandArguments, ...NETWORK, "--yes"], signer);

  it("suspendIssuing by the guardian, says what it changes, and does it at once", async () => {
    const { manager } = suite.addressBook.contracts;
    const { exitCode, stdout } = await administer(["suspendIssuing", manager.address], suite.participants.guardian);
    expect(stdout.replace(/\s+/g, " ")).to.include(`stops the issuing of the manager ${manager.address}`);
    expect(exitCode).to.equal(0);
    const admission = await suite.clientOf().readAdmission({ manager: manager.address });
    expect(admission?.isSuspended).to.equal(true);
  });

  it("by somebody without the role, is refused", async () => {
    const { manager } = suite.addressBook.contracts;
    const { exitCode, stderr } = await administer(["resumeIssuing", manager.address], suite.participants.guardian);
    expect(stderr).to.include("does not hold ADMISSION_ROLE");
    expect(exitCode).to.equal(1);
  });

  it("of a function that several contracts have, asks which one is meant", async () => {
    const { exitCode, stderr } = await administer(["cancelDefaultAdminTransfer"], suite.participants.admin);
    expect(stderr).to.include("--on");
    expect(exitCode).to.equal(2);
  });
});
