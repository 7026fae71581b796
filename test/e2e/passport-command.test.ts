import { execFile, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, stat, watch, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { createPassportClient, createProvider, parseAddressBook } from "@digital-product-passport/sdk";
import { expect } from "chai";
import { encryptKeystoreJson, Wallet } from "ethers";
import { developmentAccounts } from "../../scripts/lib/development-accounts.js";
import { participantsOf } from "../../scripts/lib/participants.js";
import { projectRoot } from "../support/project-files.js";
import { type RunningDev, startDev } from "../support/start-dev.js";

const PRODUCT = "https://id.weg.example/01/09521122000019/21/W22-2600037";
const OTHER_PRODUCT = "https://id.weg.example/01/09521122000026/21/W22-2600074";
const THIRD_PRODUCT = "https://id.weg.example/01/09521122000040/21/W22-2600148";
const MAINTENANCE = { data: { kind: "lubrication", description: "Regreased both bearings" } };

/** Nothing listens there. */
const DEAD_ENDPOINT = "http://127.0.0.1:9";

const { admin, buyer, issuer, logistics, manufacturer, owner, stranger, technician } = participantsOf(
  developmentAccounts(),
);

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

  describe("issue", () => {
    const SERIALS = "https://id.weg.example/01/09521122000019/21/";
    const allow = async (issuers: readonly { readonly address: string }[]): Promise<void> => {
      const book = parseAddressBook(JSON.parse(await readFile(join(dev.deploymentsFolder, "local.json"), "utf8")));
      const { chainId, contracts, rpcUrl = "" } = book;
      const provider = createProvider(rpcUrl, { chainId });
      const { manager, registry } = contracts;
      const signer = new Wallet(admin.privateKey, provider);
      const client = createPassportClient({
        rpc: provider,
        chainId,
        registry: registry.address,
        manager: manager.address,
        signer,
      });
      for (const { address } of issuers) {
        await (await client.setIssuingLimit({ issuer: address, perHour: 100, validUntil: 2n ** 40n - 1n })).send();
      }
      provider.destroy();
    };
    const copiesOf = async (count: number, prefix: string): Promise<string> => {
      const [head = "", motor = ""] = (await readFile(join(projectRoot, "examples", "motors.csv"), "utf8")).split("\n");
      const file = join(folder, `${prefix}.csv`);
      const rows = Array.from({ length: count }, (_, index) => motor.replaceAll("W22-2600037", `${prefix}-${index}`));
      await writeFile(file, [head, ...rows].join("\n"));
      return file;
    };

    it("of a file, by two issuers at the same time, issues each product, and again nothing", async () => {
      await allow([manufacturer]);
      const file = await copiesOf(80, "LANES");
      // Until what it has sent is final, this journal needs both issuers.
      const issue = ["issue", file, "--journal", "of-both"];
      const both = { PASSPORT_KEY: `${issuer.privateKey},${manufacturer.privateKey}` };
      const { exitCode, stderr, stdout } = await passport([...issue, "--json"], both);
      expect(exitCode, stderr).to.equal(0);
      const { outcomes }: { outcomes: readonly { passport: string; status: string; transactionHash: string }[] } =
        JSON.parse(stdout);
      expect(outcomes.map(({ status }) => status)).to.deep.equal(Array.from({ length: 80 }, () => "issued"));
      const { entries } = await json("history", outcomes[79]?.passport ?? "");
      expect(entries).to.have.length(1);

      const again = await passport(issue, both);
      expect(again.stdout).to.equal("0 issued, 80 had a passport already, 0 refused.\n");
      expect(again.exitCode).to.equal(0);
    });

    it("of one product, issues it to its owner, with the files that belong to it", async () => {
      const productId = `${SERIALS}ONE-1`;
      const nameplate = join(folder, "one.json");
      const data = {
        product: {
          name: "One motor",
          model: "W22",
          manufacturer: { name: "WEG" },
          country: "BR",
          manufacturedAt: "2026-11-22",
        },
        materials: [],
        plant: { name: "Jaraguá do Sul", country: "BR" },
      };
      await writeFile(nameplate, JSON.stringify({ data }));
      await writeFile(join(folder, "drawing.pdf"), "a drawing");
      const issue = [
        "issue",
        productId,
        nameplate,
        "--owner",
        owner.address,
        "--attach",
        "drawing.pdf:application/pdf",
      ];
      const dry = await passport([...issue, "--dry-run"], as(issuer));
      expect(dry.stdout).to.include("1 can be issued");
      expect((await passport(["show", productId])).exitCode).to.equal(1);

      const { exitCode, stdout } = await passport(issue, as(issuer));
      expect(stdout).to.match(/ONE-1 has the passport 0x\w{40}\.\n1 issued/);
      expect(exitCode).to.equal(0);
      expect((await json("show", productId)).owner).to.equal(owner.address);
      expect((await passport(["verify", productId, "--attachments"])).stdout).to.match(
        /The file that they list is unchanged/s,
      );
    });

    it("of rows that cannot be issued, reports line, field and reason, issues the others and exits with 1", async () => {
      const file = await copiesOf(3, "MIXED");
      await writeFile(file, (await readFile(file, "utf8")).replace("MIXED-1", "MIXED~1"));
      const { exitCode, stdout } = await passport(["issue", file], as(issuer));
      expect(stdout)
        .to.match(/3 +│ productId +│/)
        .and.to.include("2 issued, 0 had a passport already, 1 refused.");
      expect(exitCode).to.equal(1);
    });

    it("by somebody who may not, says who has to allow it, and by a key that is none, never shows it", async () => {
      const file = await copiesOf(1, "FOREIGN");
      const foreign = await passport(["issue", file], as(stranger));
      expect(foreign.stderr).to.include("setIssuingLimit");
      expect(foreign.exitCode).to.equal(2);
      const wrong = await passport(["issue", file], { PASSPORT_KEY: `${issuer.privateKey},0xdeadbeef` });
      expect(wrong.stderr).to.include("PASSPORT_KEY is not valid").and.not.to.include("deadbeef");
      expect(wrong.exitCode).to.equal(2);
    });

    it("killed in the middle, and run again, issues each product once", async () => {
      const file = await copiesOf(60, "KILLED");
      const journals = join(folder, "killed");
      await mkdir(journals);
      const issue = ["issue", file, "--journal", journals, "--json"];
      const killed = spawn(execPath, [join(projectRoot, "cli", "bin", "passport.js"), ...issue], {
        cwd: folder,
        env: { PATH: process.env["PATH"], ...as(issuer) },
        stdio: "ignore",
      });
      const ended = once(killed, "exit");
      // Not before something is promised.
      for await (const { filename } of watch(journals)) {
        if (filename?.endsWith(".journal") && (await stat(join(journals, filename))).size > 0) break;
      }
      killed.kill("SIGKILL");
      await ended;

      const { exitCode, stderr, stdout } = await passport(issue, as(issuer));
      expect(exitCode, stderr).to.equal(0);
      const { outcomes }: { outcomes: readonly { passport: string; status: string }[] } = JSON.parse(stdout);
      expect(new Set(outcomes.map(({ passport: address }) => address)).size).to.equal(60);
      expect(outcomes.every(({ status }) => status === "issued" || status === "registered")).to.equal(true);
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

  describe("with the key of a device", () => {
    const device = () => join(folder, "device.pem");
    const readings = { data: { ...MAINTENANCE.data, description: "By a device" } };
    let said: string;

    before(async () => {
      const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      await writeFile(device(), privateKey.export({ format: "pem", type: "pkcs8" }));
      await writeFile(join(folder, "device.pub"), publicKey.export({ format: "pem", type: "spki" }));
      const locked = privateKey.export({ format: "pem", type: "pkcs8", cipher: "aes-256-cbc", passphrase: "correct" });
      await writeFile(join(folder, "locked.pem"), locked);
      said = join(folder, "said.json");
      await writeFile(said, JSON.stringify(readings));
    });

    it("key show names what an administrator grants roles to, also of the public key alone", async () => {
      const shown = await json("key", "show", "--p256", device());
      expect(await json("key", "show", "--p256", join(folder, "device.pub"))).to.deep.equal(shown);
      const granted = await passport(["grant", shown.grantee, "TECHNICIAN"], as(admin));
      expect(granted.stdout).to.include(`${shown.attester} has the roles TECHNICIAN until`);
      expect((await passport(["key", "show"], as(technician))).stdout).to.include(
        `grant ${technician.address} ROLE...`,
      );
    });

    it("key show of a locked key, takes its password from the environment and refuses a wrong one", async () => {
      const show = ["key", "show", "--p256", join(folder, "locked.pem")];
      const { stdout } = await passport(show, { PASSPORT_P256_PASSWORD: "correct" });
      expect(stdout).to.include((await json("key", "show", "--p256", device())).attester);
      const wrong = await passport(show, { PASSPORT_P256_PASSWORD: "wrong" });
      expect(wrong.stderr).to.include("its password if it is encrypted");
      expect(wrong.exitCode).to.equal(2);
    });

    it("sign, without an account, is submitted by a stranger and recorded in the device's name", async () => {
      const { attester } = await json("key", "show", "--p256", device());
      const signed = await passport(["sign", OTHER_PRODUCT, "MAINTAINED", said, "--p256", device()]);
      expect(signed.exitCode, signed.stderr).to.equal(0);
      await writeFile(join(folder, "by-device.json"), signed.stdout);
      const submitted = await passport(["submit", "by-device.json"], as(stranger));
      expect(submitted.stdout).to.include(`its attester is ${attester}`);
      expect((await passport(["verify", OTHER_PRODUCT])).exitCode).to.equal(0);
    });

    it("attest, is signed by the device and paid by the account; without one, names the variable", async () => {
      const { attester } = await json("key", "show", "--p256", device());
      const attest = ["attest", OTHER_PRODUCT, "MAINTAINED", said, "--p256", device()];
      const { exitCode, stderr, stdout } = await passport(attest, as(stranger));
      expect(exitCode, stderr).to.equal(0);
      expect(stdout).to.include(`is recorded in the name of ${attester}`);
      const poor = await passport(attest);
      expect(poor.stderr).to.include("a signer is needed");
      expect(poor.exitCode).to.equal(2);
    });

    it("transfer, makes the device an owner that sells again", async () => {
      const { attester } = await json("key", "show", "--p256", device());
      const product = THIRD_PRODUCT;
      const terms = join(folder, "device-terms.json");
      await writeFile(terms, JSON.stringify({ data: {} }));
      const run = async (action: readonly string[], environment: Readonly<Record<string, string>>) => {
        const { exitCode, stderr } = await passport(["transfer", ...action], environment);
        expect(exitCode, stderr).to.equal(0);
      };
      const payer = { ...as(stranger), PASSPORT_P256: device() };
      await run(["offer", product, terms, "--to", attester], as(owner));
      await run(["accept", product], payer);
      expect((await json("show", product)).owner).to.equal(attester);
      await run(["offer", product, terms, "--to", buyer.address], payer);
      await run(["cancel", product], payer);
      expect((await json("show", product)).pendingOffer).to.equal(undefined);
    });
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

  for (const [circumstance, wrong] of [
    ["an event type that there is not", ["attest", PRODUCT, "NONSENSE", "maintenance.json"]],
    ["a document that lacks its fields", ["attest", PRODUCT, "MAINTAINED", "empty.json"]],
    ["a document that is no JSON", ["attest", PRODUCT, "MAINTAINED", "broken.json"]],
    ["a role that there is not", ["grant", stranger.address, "NONSENSE"]],
  ] as const)
    it(`${wrong[0]} of ${circumstance}, as wrong input, exits with 2`, async () => {
      await writeFile(join(folder, "empty.json"), JSON.stringify({ data: {} }));
      await writeFile(join(folder, "broken.json"), "{");
      const { exitCode, stderr } = await passport(wrong, as(admin));
      expect(stderr).not.to.equal("");
      expect(exitCode).to.equal(2);
    });
});
