import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createMemoryStore,
  createPassportClient,
  createProvider,
  type DocumentStore,
  isPassportError,
  type PassportClient,
  parseDigest,
} from "@digital-product-passport/sdk";
import { createDiskStore } from "@digital-product-passport/sdk/node";
import { expect } from "chai";
import { Wallet } from "ethers";
import { type Deployed, deployTo } from "../../scripts/lib/deploy-to.js";
import { readDeploymentParameters } from "../../scripts/lib/deployment-parameters.js";
import { type IssuingClient, issueRows, type RowsOutcome } from "../../scripts/lib/issue-rows.js";
import { openIssuingClient } from "../../scripts/lib/open-issuing-client.js";
import { parseProductRow } from "../../scripts/lib/parse-product-row.js";
import { participantsOf } from "../../scripts/lib/participants.js";
import { type ProductRow, readProductRows, setField } from "../../scripts/lib/read-product-rows.js";
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
  let client: PassportClient;
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
    ({ client } = await openIssuingClient(chain.network, { addressBook: deployed.addressBook, store }));
  });
  afterEach(async () => {
    await chain.network.provider.send("evm_revert", [snapshot]);
  });

  /** A client whose requests go another way. */
  const clientThrough = (url: string): { readonly client: PassportClient; readonly close: () => void } => {
    const { chainId, accounts } = chain.network;
    const { manager, registry } = deployed.addressBook.contracts;
    const provider = createProvider(url, { chainId });
    const signer = new Wallet(participantsOf(accounts).issuer.privateKey, provider);
    const through = { rpc: provider, chainId, registry: registry.address, manager: manager.address, store, signer };
    return { client: createPassportClient(through), close: () => provider.destroy() };
  };
  const countTransactions = async (): Promise<number> => await chain.network.provider.getBlockNumber();
  const passportsOf = async (rows: readonly ProductRow[]): Promise<number> => {
    const { outcomes } = await issueRows(client, rows, { owner, isDryRun: true });
    return count({ outcomes }, "registered");
  };

  describe("issueRows", () => {
    it("of the sample motors, issues each to its owner, with a document that the store has", async () => {
      const { outcomes, interruption } = await issueRows(client, motors, { owner });
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
      const outcome = await issueRows(client, await readProductRows(path), { owner });
      expect(count(outcome, "issued")).to.equal(motors.length);
    });

    it("a second time, sends and stores nothing and says who has a passport", async () => {
      const first = await issueRows(client, motors, { owner });
      const transactions = await countTransactions();
      const stored = await countDocuments(store);
      const second = await issueRows(client, motors, { owner });
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
      const { outcomes } = await issueRows(client, motors, { owner, isDryRun: true });
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
        const { outcomes } = await issueRows(client, [good, bad, ...more].filter(isRow), { owner });
        expect(outcomes.map(({ status }) => status)).to.deep.equal(["issued", "refused", "issued", "issued"]);
        const [, refused] = outcomes;
        expect(refused?.line).to.equal(3);
        expect(refused).to.have.nested.property("problems[0].field", field);
        expect(refused).to.have.nested.property("problems[0].reason").that.includes(reason);
      });
    }

    it("of a product that comes twice, issues the first and names its line at the second", async () => {
      const { outcomes } = await issueRows(client, [...motors.slice(0, 2), ...structuredClone(motors.slice(0, 1))], {
        owner,
      });
      expect(outcomes.map(({ status }) => status)).to.deep.equal(["issued", "issued", "refused"]);
      expect(outcomes[2]).to.have.nested.property("problems[0].reason", "line 2 has the same product");
    });

    it("of more rows than the issuer may issue in this hour, issues what he may", async () => {
      const { admin, issuer } = participantsOf(chain.network.accounts);
      const manager = WEGManager__factory.connect(deployed.addressBook.contracts.manager.address, admin);
      await (await manager.setIssuingLimit(issuer.address, 7, 2n ** 40n - 1n)).wait();
      const outcome = await issueRows(client, motors.slice(0, 10), { owner });
      expect(count(outcome, "issued")).to.equal(7);
      expect(count(outcome, "refused")).to.equal(3);
      expect(outcome.outcomes.at(-1)).to.have.nested.property("problems[0].reason").that.includes("hourly limit");
    });

    it("when another issues one of the batch in between, issues the rest", async () => {
      const rival = { ...client };
      const racing: IssuingClient = {
        checkIssuances: client.checkIssuances,
        issuePassports: async (options) => {
          await issueRows(rival, motors.slice(2, 3), { owner });
          return await client.issuePassports(options);
        },
      };
      const outcome = await issueRows(racing, motors.slice(0, 6), { owner });
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
      ["before the second batch reaches it", false],
      ["after it got the second batch", true],
    ] as const) {
      it(`when the node is lost ${circumstance}, says so, and a second run issues what is missing`, async () => {
        const dying = await startDyingProxy(chain.network.rpcUrl, { transactions: 1, isNextDelivered });
        const through = clientThrough(dying.url);
        const first = await issueRows(through.client, motors, { owner });
        through.close();
        dying.close();
        expect(isOutage(first), String(first.interruption)).to.equal(true);
        expect(count(first, "issued")).to.equal(25);
        expect(count(first, "waiting")).to.equal(5);

        const second = await issueRows(client, motors, { owner });
        expect(count(second, "registered")).to.equal(isNextDelivered ? 30 : 25);
        expect(count(second, "issued")).to.equal(isNextDelivered ? 0 : 5);
        expect(await passportsOf(motors)).to.equal(30);
      });
    }

    it("with a store that cannot be written to, says so and sends nothing", async () => {
      const file = join(folder, "a-file");
      await writeFile(file, "");
      const transactions = await countTransactions();
      const opened = await openIssuingClient(chain.network, {
        addressBook: deployed.addressBook,
        store: createDiskStore(join(file, "documents")),
      });
      const outcome = await issueRows(opened.client, motors.slice(0, 3), { owner });
      expect(isPassportError(outcome.interruption, "store.unreachable")).to.equal(true);
      expect(count(outcome, "waiting")).to.equal(3);
      expect(await countTransactions()).to.equal(transactions);
    });
  });

  describe("openIssuingClient", () => {
    it("without an account that may issue, says who has to allow it", async () => {
      const { stranger } = participantsOf(chain.network.accounts);
      const network = { ...chain.network, accounts: [stranger] };
      const error = await caught(openIssuingClient(network, { addressBook: deployed.addressBook, store }));
      expect(isPassportError(error, "input.invalid")).to.equal(true);
      expect(error).to.have.property("message").that.includes("setIssuingLimit");
    });
  });

  describe("command line", () => {
    const issue = (...options: readonly string[]) =>
      runScript("scripts/issue.ts", {
        arguments: ["--network", "local", "--deployments", folder, "--store", join(folder, "documents"), ...options],
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

describe("readProductRows", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "rows-test-"));
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  const read = async (name: string, content: string | Uint8Array): Promise<readonly ProductRow[]> => {
    await writeFile(join(folder, name), content);
    return await readProductRows(join(folder, name));
  };

  it("of a table, nests the fields of a column's name and leaves empty cells out", async () => {
    const rows = await read(
      "a.csv",
      "productId,product.name,materials.0.name,owner\nhttps://x.example/1,Motor,Copper,\n",
    );
    expect(rows).to.deep.equal([
      {
        line: 2,
        isText: true,
        fields: {
          productId: "https://x.example/1",
          data: { product: { name: "Motor" }, materials: [{ name: "Copper" }] },
        },
      },
    ]);
  });

  it("of a table as spreadsheets write it, reads byte order mark, semicolons and quoted line breaks", async () => {
    const rows = await read("b.csv", '\ufeffproductId;product.name\r\n1;"two\r\nlines; and more"\r\n\r\n2;x\r\n');
    expect(rows.map(({ line, fields }) => [line, fields])).to.deep.equal([
      [2, { productId: "1", data: { product: { name: "two\nlines; and more" } } }],
      [5, { productId: "2", data: { product: { name: "x" } } }],
    ]);
  });

  it("of a row with a cell too few or too many, says so at its line", async () => {
    const rows = await read("c.csv", "productId,product.name\n1,x\n2\n3,x,y\n");
    expect(rows.map(({ line, problem }) => [line, problem !== undefined])).to.deep.equal([
      [2, false],
      [3, true],
      [4, true],
    ]);
  });

  it("of JSON, tells the line that each product begins in", async () => {
    const rows = await read(
      "d.json",
      '[\n  { "productId": "1", "data": {} },\n\n  { "productId": "2" },\n  7, { "x": 1 }]',
    );
    expect(rows.map(({ line, fields, problem }) => [line, fields["productId"], problem])).to.deep.equal([
      [2, "1", undefined],
      [4, "2", undefined],
      [5, undefined, "it is no object"],
      [5, undefined, "it has the unknown field x"],
    ]);
  });

  for (const [circumstance, name, content, problem] of [
    ["an unknown column", "e.csv", "productId,colour\n1,red\n", 'the column "colour" is no field'],
    ["a column that would reach into every object", "f.csv", "productId,product.__proto__.x\n1,2\n", "is no field"],
    ["a column twice", "g.csv", "productId,productId\n1,2\n", "comes twice"],
    ["no column productId", "h.csv", "product.name\nx\n", "no column productId"],
    ["nothing but a head", "i.csv", "productId\n", "it has no rows"],
    ["nothing", "j.csv", "", "it has no rows"],
    ["an open quote", "k.csv", 'productId\n"1\n', "line"],
    ["another encoding than UTF-8", "l.csv", Uint8Array.of(0x70, 0xe1, 0x0a), "it is not UTF-8"],
    ["another ending", "m.xlsx", "", "it ends neither"],
    ["JSON that is no list", "n.json", "{}", "not a list"],
    ["JSON with a key twice", "o.json", '[{"productId":"1","productId":"2"}]', "productId"],
  ] as const) {
    it(`refuses a file with ${circumstance}`, async () => {
      const error = await caught(read(name, content));
      expect(isPassportError(error), String(error)).to.equal(true);
      expect(error).to.have.property("message").that.includes(problem);
    });
  }

  it("refuses a file that is not there", async () => {
    const error = await caught(readProductRows(join(folder, "nothing.csv")));
    expect(error).to.have.property("message").that.includes("there is no such file");
  });
});

function count({ outcomes }: Pick<RowsOutcome, "outcomes">, status: string): number {
  return outcomes.filter((outcome) => outcome.status === status).length;
}

async function countDocuments(store: DocumentStore): Promise<number> {
  return (await Array.fromAsync(store.list?.() ?? [])).length;
}

function isOutage({ interruption }: RowsOutcome): boolean {
  return isPassportError(interruption, "chain.unreachable") || isPassportError(interruption, "chain.outcome-unknown");
}

function isRow(row: Partial<ProductRow> | undefined): row is ProductRow {
  return row?.line !== undefined;
}

async function caught(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    return error;
  }
}
