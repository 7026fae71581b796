import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  checkRows,
  issueRows as issueRowsWith,
  type ProductRow,
  parseProductRow,
  type RowsOutcome,
  readProductRows,
  setField,
} from "@digital-product-passport/cli/issuing";
import {
  createMemoryJournal,
  createMemoryStore,
  createPassportClient,
  createProvider,
  type DocumentStore,
  isPassportError,
  type Journal,
  parseDigest,
  type WritingContext,
} from "@digital-product-passport/sdk";
import { createDiskStore } from "@digital-product-passport/sdk/node";
import { expect } from "chai";
import type { JsonRpcProvider } from "ethers";
import { type Deployed, deployTo } from "../../scripts/lib/deploy-to.js";
import { readDeploymentParameters } from "../../scripts/lib/deployment-parameters.js";
import { participantsOf } from "../../scripts/lib/participants.js";
import { type LocalChain, startLocalChain } from "../../scripts/lib/start-local-chain.js";
import { DigitalPassport__factory, WEGManager__factory } from "../../types/ethers-contracts/index.js";
import { startDyingProxy } from "../support/dying-proxy.js";
import { projectRoot } from "../support/project-files.js";
import { runScript } from "../support/run-script.js";

const MOTORS = join(projectRoot, "examples", "motors.csv");
const PRODUCT = "https://id.weg.example/01/09521122000019/21/";

describe("npm run issue", () => {
  let chain: LocalChain;
  let folder: string;
  let deployed: Deployed;
  let motors: readonly ProductRow[];
  let snapshot: string;
  let store: DocumentStore;
  let context: WritingContext;
  let owner: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "issue-test-"));
    chain = await startLocalChain();
    const parameters = await readDeploymentParameters(chain.network);
    deployed = await deployTo(chain.network, { folder, parameters });
    motors = await readProductRows(MOTORS);
    owner = participantsOf(chain.network.accounts).owner.address;
  });
  after(async () => {
    await chain.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    snapshot = await chain.network.provider.send("evm_snapshot", []);
    store = createMemoryStore();
    context = contextOf(chain.network.provider);
  });
  afterEach(async () => {
    await chain.network.provider.send("evm_revert", [snapshot]);
  });

  const contextOf = (provider: JsonRpcProvider, documents = store): WritingContext => {
    const { chainId, accounts } = chain.network;
    const { manager, registry } = deployed.addressBook.contracts;
    return createPassportClient({
      rpc: provider,
      chainId,
      registry: registry.address,
      manager: manager.address,
      store: documents,
      signer: participantsOf(accounts).issuer,
    }).context;
  };
  const issueRows = (
    rows: readonly ProductRow[],
    {
      by = context,
      journal = createMemoryJournal(),
    }: { readonly by?: WritingContext; readonly journal?: Journal } = {},
  ): Promise<RowsOutcome> => issueRowsWith(by, rows, { owner, journal, patienceMilliseconds: 300 });
  const countTransactions = async (): Promise<number> => await chain.network.provider.getBlockNumber();
  const passportsOf = async (rows: readonly ProductRow[]): Promise<number> => {
    return count(await checkRows(context, rows, { owner }), "registered");
  };

  describe("issueRows", () => {
    it("of the sample motors, issues each to its owner, with a document that the store has", async () => {
      const { outcomes, interruption } = await issueRows(motors);
      expect(interruption).to.equal(undefined);
      expect(outcomes.map(({ line, status }) => `${line} ${status}`)).to.deep.equal(
        motors.map(({ line }) => `${line} issued`),
      );
      for (const outcome of outcomes) {
        if (outcome.status !== "issued") continue;
        const passport = DigitalPassport__factory.connect(outcome.passport, chain.network.provider);
        const [attested] = await passport.queryFilter(passport.filters.Attested());
        const bytes = await store.get(parseDigest(attested?.args.document));
        const document = JSON.parse(new TextDecoder().decode(bytes));
        expect(await passport.productId()).to.equal(outcome.productId);
        expect(await passport.owner()).to.equal(owner);
        expect(document).to.deep.include({ productId: outcome.productId, eventType: "MANUFACTURED" });
        expect(document.attester).to.equal(deployed.addressBook.contracts.manager.address);
      }
    });

    it("of the same motors in JSON, issues each", async () => {
      const items = motors.flatMap((row) => {
        const parsed = parseProductRow(row, { owner });
        return parsed.isValid ? [{ productId: parsed.item.productId, owner, ...Object(parsed.item.document) }] : [];
      });
      const path = join(folder, "motors.json");
      await writeFile(path, JSON.stringify(items));
      const outcome = await issueRows(await readProductRows(path));
      expect(count(outcome, "issued")).to.equal(motors.length);
    });

    it("a second time, sends and stores nothing and says who has a passport", async () => {
      const first = await issueRows(motors);
      const transactions = await countTransactions();
      const stored = await countDocuments(store);
      const second = await issueRows(motors);
      expect(second.outcomes).to.deep.equal(
        first.outcomes.map(({ line, productId, ...result }) => ({
          line,
          productId,
          status: "registered",
          passport: result.status === "issued" ? result.passport : "",
        })),
      );
      expect(await countTransactions()).to.equal(transactions);
      expect(await countDocuments(store)).to.equal(stored);
    });

    it("dry, sends and stores nothing and says who waits", async () => {
      const transactions = await countTransactions();
      const { outcomes } = await checkRows(context, motors, { owner });
      expect(count({ outcomes }, "waiting")).to.equal(motors.length);
      expect(await countTransactions()).to.equal(transactions);
      expect(await countDocuments(store)).to.equal(0);
    });

    for (const [circumstance, path, value, field, reason] of [
      ["a wrong check digit", ["productId"], `${PRODUCT.replace("19/21", "18/21")}X`, "productId", "check digit"],
      ["a foreign namespace", ["productId"], "https://id.other.example/01/09521122000019/21/X", "productId", "outside"],
      ["an identifier not in its normal form", ["productId"], `${PRODUCT.toUpperCase()}X`, "productId", "normal form"],
      ["no identifier", ["productId"], undefined, "productId", "missing"],
      ["a missing field", ["data", "product", "model"], undefined, "product.model", "missing"],
      ["a field there is not", ["data", "product", "colour"], "red", "product.colour", "no such field"],
      ["a number in words", ["data", "nameplate", "poles"], "four", "nameplate.poles", "number"],
      ["a decimal comma", ["data", "nameplate", "massKilograms"], "7,5", "nameplate.massKilograms", "decimal number"],
      ["an unknown value", ["data", "nameplate", "duty"], "S11", "nameplate.duty", "S10"],
      ["a share beyond the whole", ["data", "materials", 0, "massSharePercent"], "99", "materials", "more than 100"],
      ["an owner that is none", ["owner"], "0x1234", "owner", "40 hex digits"],
      ["a lone surrogate", ["data", "product", "name"], "\ud800", "data", "surrogate"],
    ] as const) {
      it(`of a row with ${circumstance}, names its line and field, and issues the others`, async () => {
        const [good, other, ...more] = motors.slice(0, 4);
        const bad = { ...other, fields: structuredClone(other?.fields ?? {}), line: other?.line ?? 0, isText: true };
        setField(bad.fields, path, value);
        const { outcomes } = await issueRows([good, bad, ...more].filter(isRow));
        expect(outcomes.map(({ status }) => status)).to.deep.equal(["issued", "refused", "issued", "issued"]);
        const [, refused] = outcomes;
        expect(refused?.line).to.equal(3);
        expect(refused).to.have.nested.property("problems[0].field", field);
        expect(refused).to.have.nested.property("problems[0].reason").that.includes(reason);
      });
    }

    it("of a product that comes twice, issues the first and names its line at the second", async () => {
      const { outcomes } = await issueRows([...motors.slice(0, 2), ...structuredClone(motors.slice(0, 1))]);
      expect(outcomes.map(({ status }) => status)).to.deep.equal(["issued", "issued", "refused"]);
      expect(outcomes[2]).to.have.nested.property("problems[0].reason", "line 2 has the same product");
    });

    it("of more rows than the issuer may issue in this hour, issues what he may", async () => {
      const { admin, issuer } = participantsOf(chain.network.accounts);
      const manager = WEGManager__factory.connect(deployed.addressBook.contracts.manager.address, admin);
      await (await manager.setIssuingLimit(issuer.address, 7, 2n ** 40n - 1n)).wait();
      const outcome = await issueRows(motors.slice(0, 10));
      expect(count(outcome, "issued")).to.equal(7);
      expect(count(outcome, "refused")).to.equal(3);
      expect(outcome.outcomes.at(-1)).to.have.nested.property("problems[0].reason").that.includes("hourly limit");
    });

    it("when another issues one of the batch in between, issues the rest", async () => {
      const { admin, manufacturer } = participantsOf(chain.network.accounts);
      const manager = WEGManager__factory.connect(deployed.addressBook.contracts.manager.address, admin);
      await (await manager.setIssuingLimit(manufacturer.address, 7, 2n ** 40n - 1n)).wait();
      const rival = { ...context, store: createMemoryStore(), signer: manufacturer };
      const racing: WritingContext = {
        ...context,
        store: {
          ...store,
          put: async (document) => {
            await issueRows(motors.slice(2, 3), { by: rival });
            return await store.put(document);
          },
        },
      };
      const outcome = await issueRows(motors.slice(0, 6), { by: racing });
      expect(outcome.outcomes.map(({ status }) => status)).to.deep.equal([
        "issued",
        "issued",
        "registered",
        "issued",
        "issued",
        "issued",
      ]);
    });

    for (const [circumstance, isNextDelivered] of [
      ["before the transaction reaches it", false],
      ["after it got the transaction", true],
    ] as const) {
      it(`when the node is lost ${circumstance}, says so; a second run issues what is missing, once`, async () => {
        const journal = createMemoryJournal();
        const dying = await startDyingProxy(chain.network.rpcUrl, { transactions: 0, isNextDelivered });
        const provider = createProvider(dying.url, { chainId: chain.network.chainId });
        const first = await issueRows(motors, { by: contextOf(provider), journal });
        provider.destroy();
        dying.close();
        expect(isPassportError(first.interruption, "chain.unreachable"), String(first.interruption)).to.equal(true);
        expect(count(first, "waiting")).to.equal(motors.length);

        const second = await issueRows(motors, { journal });
        expect(second.interruption).to.equal(undefined);
        // What had been accepted is finished first; the rest is issued.
        expect(count(second, "registered")).to.be.greaterThan(0);
        expect(count(second, "registered") + count(second, "issued")).to.equal(motors.length);
        expect(await passportsOf(motors)).to.equal(motors.length);
      });
    }

    it("with a store that cannot be written to, says so and sends nothing", async () => {
      const file = join(folder, "a-file");
      await writeFile(file, "");
      const transactions = await countTransactions();
      const by = contextOf(chain.network.provider, createDiskStore(join(file, "documents")));
      const outcome = await issueRows(motors.slice(0, 3), { by });
      expect(isPassportError(outcome.interruption, "store.unreachable"), String(outcome.interruption)).to.equal(true);
      expect(count(outcome, "waiting")).to.equal(3);
      expect(await countTransactions()).to.equal(transactions);
    });
  });

  describe("command line", () => {
    const folders = ["--store", "documents", "--journal", "journals"];
    const issue = (...options: readonly string[]) =>
      runScript("scripts/issue.ts", {
        arguments: ["--network", "local", "--deployments", folder, ...folders, ...options],
        env: { INIT_CWD: folder },
      });
    const writeLines = async (change: (lines: readonly string[]) => readonly string[]): Promise<string> => {
      const lines = (await readFile(MOTORS, "utf8")).split("\n");
      const path = join(folder, "motors.csv");
      await writeFile(path, change(lines).join("\n"));
      return path;
    };

    it("of good and bad rows, tells both as JSON and exits with 1", async () => {
      const path = await writeLines(([head = "", good = "", bad = ""]) => [head, good, bad.replace("IP55", "IP5")]);
      const { exitCode, stdout, stderr } = await issue(path, "--json");
      expect(exitCode, stderr).to.equal(1);
      const { outcomes }: RowsOutcome = JSON.parse(stdout);
      expect(outcomes.map(({ line, status }) => [line, status])).to.deep.equal([
        [2, "issued"],
        [3, "refused"],
      ]);
      expect(outcomes[1]).to.have.nested.property("problems[0].field", "nameplate.ipCode");
    });

    it("of bad rows, prints a table of line, field and reason", async () => {
      const path = await writeLines(([head = "", good = "", bad = ""]) => [head, good, bad.replace("IP55", "IP5")]);
      const { exitCode, stdout } = await issue(path, "--dry-run");
      expect(exitCode).to.equal(1);
      expect(stdout).to.match(/3 +│ nameplate\.ipCode +│ expected an IP code, such as IP55/);
      expect(stdout).to.include("1 refused, 1 can be issued");
    });

    it("again, issues what is missing only, from a journal of the chain's own", async () => {
      await writeLines((lines) => lines.slice(0, 3));
      expect(JSON.parse((await issue("motors.csv", "--json")).stdout).outcomes).to.have.length(2);
      await writeLines((lines) => lines.slice(0, 4));
      const { exitCode, stdout, stderr } = await issue("motors.csv");
      expect(exitCode, stderr).to.equal(0);
      expect(stdout).to.equal("1 issued, 2 had a passport already, 0 refused.\n");
      const genesis = await chain.network.provider.getBlock(0);
      expect((await readdir(join(folder, "journals"))).join()).to.include(genesis?.hash?.slice(2, 10));
    });

    it("without an account that may issue, says who has to allow it and exits with 2", async () => {
      const { admin, issuer } = participantsOf(chain.network.accounts);
      const manager = WEGManager__factory.connect(deployed.addressBook.contracts.manager.address, admin);
      await (await manager.setIssuingLimit(issuer.address, 0, 0)).wait();
      const { exitCode, stderr } = await issue(MOTORS);
      expect(exitCode).to.equal(2);
      expect(stderr).to.include("setIssuingLimit");
    });

    it("without a node, exits with 3", async () => {
      const empty = await mkdtemp(join(folder, "down-"));
      const book = JSON.parse(await readFile(join(folder, "local.json"), "utf8"));
      await writeFile(join(empty, "local.json"), JSON.stringify({ ...book, rpcUrl: "http://127.0.0.1:1" }));
      const { exitCode, stderr } = await issue(MOTORS, "--deployments", empty);
      expect(exitCode).to.equal(3);
      expect(stderr).to.include("chain.unreachable");
    });

    it("without an address book, says which command makes one and exits with 2", async () => {
      const { exitCode, stderr } = await issue(MOTORS, "--deployments", join(folder, "nothing"));
      expect(exitCode).to.equal(2);
      expect(stderr).to.include("npm run dev");
    });
  });
});

function count({ outcomes }: Pick<RowsOutcome, "outcomes">, status: string): number {
  return outcomes.filter((outcome) => outcome.status === status).length;
}

async function countDocuments(store: DocumentStore): Promise<number> {
  return (await Array.fromAsync(store.list?.() ?? [])).length;
}

function isRow(row: Partial<ProductRow> | undefined): row is ProductRow {
  return row?.line !== undefined;
}
