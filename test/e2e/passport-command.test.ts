import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { expect } from "chai";
import { encryptKeystoreJson, Wallet } from "ethers";
import { developmentAccounts } from "../../scripts/lib/development-accounts.js";
import { participantsOf } from "../../scripts/lib/participants.js";
import { projectRoot } from "../support/project-files.js";
import { type RunningDev, startDev } from "../support/start-dev.js";

const PRODUCT = "https://id.weg.example/01/09521122000019/21/W22-2600037";
const OTHER_PRODUCT = "https://id.weg.example/01/09521122000026/21/W22-2600074";
const MAINTENANCE = { data: { kind: "lubrication", description: "Regreased both bearings" } };

/** Nothing listens there. */
const DEAD_ENDPOINT = "http://127.0.0.1:9";

const { admin, buyer, logistics, owner, stranger, technician } = participantsOf(developmentAccounts());

interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe("passport", () => {
  let folder: string;
  let dev: RunningDev;
  let document: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "passport-command-"));
    dev = await startDev(folder);
    document = join(folder, "maintenance.json");
    await writeFile(document, JSON.stringify(MAINTENANCE));
  });
  after(async () => {
    dev.process.kill("SIGKILL");
    await rm(folder, { recursive: true });
  });

  /** Runs the command in the folder of a user, as the built package does. */
  const passport = (commandArguments: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
    new Promise<Ran>((resolve) => {
      const child = execFile(
        execPath,
        [join(projectRoot, "cli", "bin", "passport.js"), ...commandArguments],
        { cwd: folder, env: { PATH: process.env["PATH"], NO_COLOR: "1", ...environment } },
        (_, stdout, stderr) => resolve({ exitCode: child.exitCode ?? -1, stdout, stderr }),
      );
    });
  const as = (wallet: { readonly privateKey: string }) => ({ PASSPORT_KEY: wallet.privateKey });
  const json = async (...commandArguments: readonly string[]) => {
    const { stdout, stderr } = await passport([...commandArguments, "--json"]);
    expect(stderr).to.equal("");
    return JSON.parse(stdout);
  };

  describe("verify", () => {
    it("of a genuine passport, says so in words and exits with 0", async () => {
      const { exitCode, stdout } = await passport(["verify", OTHER_PRODUCT, "--attachments"]);
      expect(stdout).to.match(/^VALID/);
      expect(stdout).to.match(/registration\s+valid/);
      expect(exitCode).to.equal(0);
    });

    it("of a product without a passport, names what is wrong first and exits with 1", async () => {
      const { exitCode, stdout } = await passport(["verify", `${PRODUCT}9`]);
      expect(stdout).to.match(/^INVALID/);
      expect(stdout).to.match(/What is wrong first: registration\. The registry/);
      expect(exitCode).to.equal(1);
    });

    it("of an altered document, names the documents and exits with 1", async () => {
      const [first] = (await json("history", OTHER_PRODUCT)).entries;
      const copy = join(folder, "altered");
      const original = await readFile(join(dev.documentsFolder, first.document), "utf8");
      await mkdir(copy);
      await writeFile(join(copy, first.document), original.replace("Sample", "Forged"));
      const { exitCode, stdout } = await passport(["verify", OTHER_PRODUCT, "--store", copy]);
      expect(stdout).to.match(/What is wrong first: documents/);
      expect(exitCode).to.equal(1);
    });

    it("without an answer of the node, calls nothing a forgery and exits with 3", async () => {
      const { exitCode, stdout } = await passport(["verify", PRODUCT, "--rpc", DEAD_ENDPOINT]);
      expect(stdout)
        .to.match(/^UNKNOWN/)
        .and.to.include("did not answer")
        .and.not.to.include("INVALID");
      expect(exitCode).to.equal(3);
    });

    it("with --witness, believes what most nodes say, and names who contradicts", async () => {
      const { rpcUrl } = JSON.parse(await readFile(join(dev.deploymentsFolder, "local.json"), "utf8"));
      const { basis, status } = await json("verify", OTHER_PRODUCT, "--witness", rpcUrl, "--witness", rpcUrl);
      expect(status).to.equal("valid");
      expect(basis).to.deep.include({ kind: "quorum", required: 2 });
    });

    it("with --block-hash, proves everything under it", async () => {
      const { block } = await json("verify", OTHER_PRODUCT);
      const { basis, status } = await json("verify", OTHER_PRODUCT, "--block-hash", block.hash);
      expect(status).to.equal("valid");
      expect(basis).to.deep.include({ kind: "proof", isTrusted: true });
    });

    it("with --json, gives programs each verdict and its code", async () => {
      const { status, verdicts } = await json("verify", OTHER_PRODUCT);
      expect(status).to.equal("valid");
      expect(verdicts.registration).to.include({ status: "valid", code: "registration.proven" });
    });

    it("by --rpc and --registry, needs no address book", async () => {
      const { contracts, rpcUrl } = JSON.parse(await readFile(join(dev.deploymentsFolder, "local.json"), "utf8"));
      const where = ["--rpc", rpcUrl, "--registry", contracts.registry.address, "--deployments", "nowhere"];
      expect((await passport(["verify", OTHER_PRODUCT, ...where])).exitCode).to.equal(0);
      const { exitCode, stderr } = await passport(["show", OTHER_PRODUCT, ...where, "--chain-id", "42161"]);
      expect(stderr).to.include("serves chain 31337, not 42161");
      expect(exitCode).to.equal(2);
    });
  });

  describe("attest", () => {
    it("with --dry-run says what it costs, and without it records", async () => {
      const { entryCount } = await json("show", PRODUCT);
      const dry = await passport(["attest", PRODUCT, "MAINTAINED", document, "--dry-run"], as(technician));
      expect(dry.stdout).to.include("Nothing was sent");
      expect((await json("show", PRODUCT)).entryCount).to.equal(entryCount);

      const { exitCode, stdout } = await passport(["attest", PRODUCT, "MAINTAINED", document], as(technician));
      expect(stdout).to.include(
        `Entry ${Number(entryCount) + 1}, MAINTAINED, is recorded in the name of ${technician.address}.`,
      );
      expect(exitCode).to.equal(0);
      const { entries } = await json("history", PRODUCT);
      expect(entries.at(-1)).to.include({ event: "MAINTAINED", attester: technician.address });
    });

    it("by somebody without the role, names the roles that may and exits with 1", async () => {
      const { exitCode, stderr } = await passport(["attest", PRODUCT, "MAINTAINED", document], as(logistics));
      expect(stderr).to.include("it takes one of the roles MANUFACTURER, TECHNICIAN");
      expect(exitCode).to.equal(1);
    });

    it("without a key, names the variable and exits with 2", async () => {
      const { exitCode, stderr } = await passport(["attest", PRODUCT, "MAINTAINED", document]);
      expect(stderr).to.include("PASSPORT_KEY");
      expect(exitCode).to.equal(2);
    });

    it("with a key that is none, never shows it", async () => {
      const key = "0xdeadbeef";
      const { exitCode, stderr } = await passport(["attest", PRODUCT, "MAINTAINED", document], { PASSPORT_KEY: key });
      expect(stderr).to.include("PASSPORT_KEY is not valid").and.not.to.include("deadbeef");
      expect(exitCode).to.equal(2);
    });

    it("with a keystore, takes the password from the environment, and refuses a wrong one", async () => {
      const keystore = join(folder, "technician.json");
      await writeFile(
        keystore,
        await encryptKeystoreJson(new Wallet(technician.privateKey), "correct", { scrypt: { N: 2 } }),
      );
      const attest = ["attest", PRODUCT, "MAINTAINED", document, "--dry-run", "--keystore", keystore];
      expect((await passport(attest, { PASSPORT_KEYSTORE_PASSWORD: "correct" })).exitCode).to.equal(0);
      const { exitCode, stderr } = await passport(attest, { PASSPORT_KEYSTORE_PASSWORD: "wrong" });
      expect(stderr).to.include("the password is wrong");
      expect(exitCode).to.equal(2);
    });
  });

  it("sign without a network and submit by a stranger, record in the name of whoever signed, once", async () => {
    const { address } = await json("show", PRODUCT);
    const signing = ["sign", address, "MAINTAINED", document, "--product-id", PRODUCT, "--rpc", DEAD_ENDPOINT];
    const signed = await passport(signing, as(technician));
    expect(signed.exitCode, signed.stderr).to.equal(0);
    const file = join(folder, "signed.json");
    await writeFile(file, signed.stdout);

    const submitted = await passport(["submit", file], as(stranger));
    expect(submitted.stdout).to.include(`its attester is ${technician.address}`);
    const again = await passport(["submit", file], as(stranger));
    expect(again.stderr).to.include("was recorded before");
    expect(again.exitCode).to.equal(1);
  });

  it("submit of several files, records all of them in one transaction", async () => {
    const files = await Promise.all(
      ["one", "two"].map(async (name) => {
        const file = join(folder, `${name}.json`);
        const signed = await passport(["sign", OTHER_PRODUCT, "MAINTAINED", document], as(technician));
        await writeFile(file, signed.stdout);
        return file;
      }),
    );
    const { stdout } = await passport(["submit", ...files], as(stranger));
    expect(stdout.match(new RegExp(`its attester is ${technician.address}`, "g"))).to.have.length(2);
    const again = await passport(["submit", ...files], as(stranger));
    expect(again.stderr).to.include("was recorded before");
    expect(again.exitCode).to.equal(1);
  });

  it("transfer offer, accept and cancel, sell to a buyer who has no ETH", async () => {
    const terms = join(folder, "terms.json");
    await writeFile(terms, JSON.stringify({ data: {} }));
    const poorBuyer = Wallet.createRandom();
    const offer = ["transfer", "offer", PRODUCT, terms, "--to"];

    const first = await passport([...offer, buyer.address], as(owner));
    expect(first.stdout).to.include(`Offer 1 is made; ${buyer.address} may accept it.`);
    const cancelled = await passport(["transfer", "cancel", PRODUCT], as(owner));
    expect(cancelled.stdout).to.include("Offer 1 is withdrawn.");

    expect((await passport([...offer, poorBuyer.address], as(owner))).exitCode).to.equal(0);
    const accepted = await passport(["transfer", "accept", PRODUCT, "--sign"], as(poorBuyer));
    const file = join(folder, "acceptance.json");
    await writeFile(file, accepted.stdout);
    expect((await passport(["submit", file], as(stranger))).exitCode).to.equal(0);
    expect((await json("show", PRODUCT)).owner).to.equal(poorBuyer.address);
  });

  it("grant lets somebody record, and revoke ends it", async () => {
    const attest = ["attest", OTHER_PRODUCT, "MAINTAINED", document, "--dry-run"];
    expect((await passport(attest, as(stranger))).exitCode).to.equal(1);
    const granted = await passport(["grant", stranger.address, "TECHNICIAN", "--until", "90d"], as(admin));
    expect(granted.stdout).to.include(`${stranger.address} has the roles TECHNICIAN until`);
    expect((await passport(attest, as(stranger))).exitCode).to.equal(0);
    expect((await passport(["revoke", stranger.address], as(admin))).exitCode).to.equal(0);
    expect((await passport(attest, as(stranger))).exitCode).to.equal(1);
  });

  it("bundle writes a file that verify reads without a network, and in which every change is found", async () => {
    const { blockHash } = await json("bundle", OTHER_PRODUCT, "--out", "motor.json");
    const offline = ["verify", "motor.json", "--rpc", DEAD_ENDPOINT];
    const trusted = await passport([...offline, "--block-hash", blockHash]);
    expect(trusted.stdout).to.match(/^VALID/);
    expect(trusted.exitCode).to.equal(0);

    const untrusted = await passport(offline);
    expect(untrusted.stdout).to.match(/^UNKNOWN/);
    expect(untrusted.exitCode).to.equal(3);

    const file = join(folder, "motor.json");
    const bundle = await readFile(file, "utf8");
    await writeFile(file, bundle.replace("Sample", "Forged"));
    const forged = await passport([...offline, "--block-hash", blockHash]);
    expect(forged.stdout).not.to.match(/^VALID/);
    expect(forged.exitCode).not.to.equal(0);
  });

  it("qr draws a label that verify reads", async () => {
    const drawn = await passport(["qr", OTHER_PRODUCT, "--out", "label.png"]);
    expect(drawn.stdout).to.include("label.png");
    expect((await json("verify", "label.png")).productId).to.equal(OTHER_PRODUCT);
    const { exitCode, stderr } = await passport(["verify", "nowhere.png"]);
    expect(stderr).to.include("nowhere.png");
    expect(exitCode).to.equal(2);
  });

  it("recommend says what is due, and on which entries that rests", async () => {
    const worked = join(folder, "worked.json");
    await writeFile(worked, JSON.stringify({ data: { ...MAINTENANCE.data, runningHours: "39500" } }));
    expect((await passport(["attest", OTHER_PRODUCT, "MAINTAINED", worked], as(technician))).exitCode).to.equal(0);
    const { stdout } = await passport(["recommend", OTHER_PRODUCT]);
    expect(stdout)
      .to.match(/running hours\s+39500/)
      .and.to.match(/now\s+inspect/)
      .and.to.match(/soon\s+replace bearings/);
    const { recommendations } = await json("recommend", OTHER_PRODUCT);
    expect(recommendations[0]).to.deep.include({ task: "inspect", urgency: "now", dueAtHours: 4_000 });
  });

  it("rules lists what the manager has, as docs/rules.md does", async () => {
    const { stdout } = await passport(["rules"]);
    expect(stdout).to.match(/READINGS\s+GATEWAY\s+ISSUED\s+RETIRED/);
  });

  describe("doctor", () => {
    it("on a healthy deployment, finds all well and exits with 0", async () => {
      const { exitCode, stdout } = await passport(["doctor"], as(technician));
      for (const subject of ["endpoint", "deployment", "registry", "key", "store"])
        expect(stdout).to.match(new RegExp(`${subject}\\s+well`));
      expect(exitCode).to.equal(0);
    });

    it("without an answer of the node, still looks at the store, and exits with 3", async () => {
      const { exitCode, stdout } = await passport(["doctor", "--rpc", DEAD_ENDPOINT]);
      expect(stdout)
        .to.match(/endpoint\s+unknown/)
        .and.to.match(/store\s+well/);
      expect(exitCode).to.equal(3);
    });

    it("with an address book of another deployment, names the contracts and exits with 1", async () => {
      const book = JSON.parse(await readFile(join(dev.deploymentsFolder, "local.json"), "utf8"));
      book.contracts.manager.codeHash = `0x${"11".repeat(32)}`;
      await mkdir(join(folder, "other"));
      await writeFile(join(folder, "other", "local.json"), JSON.stringify(book));
      const { exitCode, stdout } = await passport(["doctor", "--deployments", "other"]);
      expect(stdout).to.match(/deployment\s+wrong\s+Other code than the address book says: manager/);
      expect(exitCode).to.equal(1);
    });
  });

  for (const wrong of [
    [],
    ["verify"],
    ["verify", "nonsense"],
    ["show", PRODUCT, "--bogus"],
    ["show", PRODUCT, "--chain-id", "one"],
    ["unknown"],
  ])
    it(`${wrong.join(" ") || "(nothing)"}, as wrong usage, exits with 2 and says how it is used`, async () => {
      const { exitCode, stderr } = await passport(wrong);
      expect(exitCode).to.equal(2);
      expect(stderr).not.to.equal("");
    });

  it("--help of every command, has an example", async () => {
    const { stdout } = await passport(["--help"]);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) (?!\[command\])/gm)].map(([, name = ""]) => name);
    expect(commands).to.include.members(["verify", "doctor"]);
    for (const command of commands) {
      const below = command === "transfer" ? ["transfer", "offer"] : [command];
      expect((await passport([...below, "--help"])).stdout, command).to.match(/Examples?:\n {2}\$ /);
    }
  });
});
