import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { type AddressBook, createProvider, isPassportError } from "@digital-product-passport/sdk";
import { expect } from "chai";
import { Wallet } from "ethers";
import hre from "hardhat";
import { configVariable } from "hardhat/config";
import type { JsonRpcServer } from "hardhat/types/network";
import config from "../../hardhat.config.js";
import { findAddressBook } from "../../scripts/lib/address-book-file.js";
import { deployTo } from "../../scripts/lib/deploy-to.js";
import type { DeploymentParameters } from "../../scripts/lib/deployment-parameters.js";
import type { OpenNetwork } from "../../scripts/lib/open-network.js";
import { deploymentsFolder } from "../../scripts/lib/project-paths.js";
import { EXPLORERS, type VerifySourcesOptions, verifySources } from "../../scripts/lib/verify-sources.js";
import { compileAndCompare } from "../support/compile-and-compare.js";
import { deployGoverningSafe } from "../support/deploy-safe.js";
import {
  type ExplorerDouble,
  type ExplorerDoubleOptions,
  type ExplorerRequest,
  type HttpAnswer,
  startExplorerDouble,
  withExplorersAt,
} from "../support/explorer-double.js";
import { projectRoot } from "../support/project-files.js";
import { runScript } from "../support/run-script.js";

const API_KEY = "A-KEY-THAT-NOBODY-MUST-SEE";
const CHAIN_ID = 421_614n;
const OWN_KEY = `0x${"7".repeat(63)}2`;

describe("verifySources", () => {
  let server: JsonRpcServer;
  let folder: string;
  let network: OpenNetwork;
  let addressBook: AddressBook;
  let double: ExplorerDouble | undefined;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "verify-sources-test-"));
    server = await hre.network.createServer({ network: "node", override: { chainId: Number(CHAIN_ID) } });
    network = openSepolia(`http://127.0.0.1:${(await server.listen()).port}`);
    const [deployer] = network.accounts;
    await network.provider.send("hardhat_setBalance", [deployer?.address, "0x8ac7230489e80000"]);
    const parameters = {
      $global: { guardian: Wallet.createRandom().address, adminDelay: 3_600 },
      WEG: {
        namespace: "https://id.weg.example/",
        issuer: Wallet.createRandom().address,
        issuerPerHour: 10,
        managerPerHour: 20,
        issuingUntil: 2_000_000_000,
      },
      Governance: {
        safe: await deployGoverningSafe(network),
        administrator: Wallet.createRandom().address,
      },
      // Safety: addresses of ethers begin with 0x.
    } as DeploymentParameters;
    await writeFile(join(folder, "parameters.json"), JSON.stringify(parameters));
    ({ addressBook } = await deployTo(network, { folder, parameters }));
  });
  after(async () => {
    network.provider.destroy();
    await server.close();
    await rm(folder, { recursive: true });
  });
  afterEach(async () => {
    await double?.close();
    double = undefined;
  });

  const start = async (options: Partial<ExplorerDoubleOptions> = {}) => {
    double = await startExplorerDouble({ rpcUrl: network.rpcUrl, apiKey: API_KEY, ...options });
    return double;
  };
  const ask = ({ url }: ExplorerDouble, options: Partial<VerifySourcesOptions> = {}) =>
    verifySources(network, {
      addressBook,
      explorers: EXPLORERS,
      pauseMilliseconds: 10,
      config: withExplorersAt(config, { url, apiKey: API_KEY }),
      ...options,
    });
  /** The smallest contract alone. */
  const relayOnly = (): AddressBook => {
    const { attestationRelay } = addressBook.contracts;
    // Safety: verifySources takes the contracts one by one.
    return { ...addressBook, contracts: { attestationRelay } as AddressBook["contracts"] };
  };

  it("every contract at every explorer: what is handed in compiles to what the chain runs", async function () {
    // Seven contracts are compiled.
    this.timeout(900_000);
    const explorers = await start();
    const verdicts = await ask(explorers, { timeoutMilliseconds: 900_000 });
    expect(verdicts.filter(({ status }) => status !== "verified")).to.deep.equal([]);
    expect(verdicts).to.have.length(Object.keys(addressBook.contracts).length * EXPLORERS.length);
    // At the first attempt: with hardhat-verify's own profile, every contract would be refused once.
    expect(explorers.submissions).to.have.length(verdicts.length);
    const { implementation, manager } = addressBook.contracts;
    const submitted = explorers.submissions.filter(({ explorer }) => explorer === "sourcify");
    const hashes = new Map(submitted.map((submission) => [submission.address, submission.creationTransactionHash]));
    expect(hashes.get(manager.address)).to.equal(manager.transactionHash);
    expect(hashes.get(implementation.address), "the factory made it").to.equal(undefined);
  });

  it("a second time: nothing is handed in again, and every verdict has its link", async () => {
    const explorers = await start();
    const first = await ask(explorers, { addressBook: relayOnly() });
    const second = await ask(explorers, { addressBook: relayOnly() });
    expect(second).to.deep.equal(first);
    expect(explorers.submissions).to.have.length(EXPLORERS.length);
    const { address } = addressBook.contracts.attestationRelay;
    expect(second.map(({ url }) => url)).to.deep.equal([
      `https://sepolia.arbiscan.example/address/${address}#code`,
      `https://blockscout.example/address/${address}#code`,
      `${explorers.url}/sourcify/server/repo-ui/${CHAIN_ID}/${address}`,
    ]);
  });

  it("somebody else was faster between question and submission: verified", async () => {
    const explorers = await start();
    await ask(explorers, { addressBook: relayOnly() });
    await explorers.close();
    const blind = await start({
      disturb: ({ action, explorer }) => (action === "submit" ? alreadyVerified(explorer) : undefined),
    });
    const verdicts = await ask(blind, { addressBook: relayOnly() });
    expect(verdicts.map(({ status }) => status)).to.deep.equal(["verified", "verified", "verified"]);
  });

  it("an explorer that is still working: waited for", async () => {
    const explorers = await start({ pendingAnswers: 1 });
    const verdicts = await ask(explorers, { addressBook: relayOnly() });
    expect(verdicts.map(({ status }) => status)).to.deep.equal(["verified", "verified", "verified"]);
    expect(explorers.requests.filter(({ action }) => action === "poll")).to.have.length(6);
  });

  it("an explorer that never decides: undecided, in bounded time", async () => {
    let isOver = false;
    const explorers = await start({
      // Polls of hardhat-verify never end by themselves.
      disturb: ({ action }) => (isOver && action === "poll" ? { status: 500, body: "{}" } : undefined),
      pendingAnswers: 1_000,
    });
    const verdicts = await ask(explorers, { addressBook: relayOnly(), timeoutMilliseconds: 2_000 });
    isOver = true;
    for (const { reason, status } of verdicts) {
      expect(status).to.equal("undecided");
      expect(reason).to.include("has not decided after 2 seconds");
    }
  });

  it("constructor arguments that are not those of the deployment: refused, with what the explorer says", async () => {
    const explorers = await start();
    const { manager } = addressBook.contracts;
    const [arguments_] = manager.constructorArguments;
    const wrong = { ...manager, constructorArguments: [{ ...Object(arguments_), adminDelay: "1" }] };
    // Safety: verifySources takes the contracts one by one.
    const book = { ...addressBook, contracts: { manager: wrong } as unknown as AddressBook["contracts"] };
    const [verdict] = await ask(explorers, { addressBook: book, explorers: ["etherscan"] });
    expect(verdict?.status).to.equal("refused");
    expect(verdict?.reason).to.include("correct constructor argument");
  });

  it("an address with other code: refused, with the commit as advice, and nothing is handed in", async () => {
    const explorers = await start();
    const { attestationRelay, registry } = addressBook.contracts;
    const foreign = { ...attestationRelay, address: registry.address };
    // Safety: verifySources takes the contracts one by one.
    const book = { ...addressBook, contracts: { attestationRelay: foreign } as AddressBook["contracts"] };
    const verdicts = await ask(explorers, { addressBook: book });
    for (const { reason, status } of verdicts) {
      expect(status).to.equal("refused");
      expect(reason).to.include("check out the commit");
    }
    expect(explorers.submissions).to.deep.equal([]);
  });

  for (const [circumstance, answer] of [
    ["too many requests (429)", { status: 429, body: { message: "Too Many Requests" } }],
    ["an outage (503)", { status: 503, body: "<html>Service Unavailable</html>" }],
    ["a gateway's page instead of JSON", { status: 200, body: "<html>Just a moment...</html>" }],
    ["JSON of another shape", { status: 200, body: [1, 2, 3] }],
    ["nothing that has a meaning", { status: 200, body: null }],
  ] as const) {
    it(`${circumstance}, once: asked again and verified; for ever: undecided after three times`, async () => {
      const shaky = await start({
        disturb: ({ count, action }) => (action === "look up" && count === 1 ? answer : undefined),
      });
      const verdicts = await ask(shaky, { addressBook: relayOnly() });
      expect(verdicts.map(({ status }) => status)).to.deep.equal(["verified", "verified", "verified"]);
      await shaky.close();

      const down = await start({ disturb: () => answer });
      const undecided = await ask(down, { addressBook: relayOnly() });
      expect(undecided.map(({ status }) => status)).to.deep.equal(["undecided", "undecided", "undecided"]);
    });
  }

  it("a rate limit that comes with HTTP 200, as Etherscan's does: asked again", async () => {
    const body = { status: "0", message: "NOTOK", result: "Max calls per sec rate limit reached (5/sec)" };
    const explorers = await start({
      disturb: ({ action, count }) => (action === "submit" && count === 1 ? { status: 200, body } : undefined),
    });
    const [verdict] = await ask(explorers, { addressBook: relayOnly(), explorers: ["etherscan"] });
    expect(verdict?.status).to.equal("verified");
  });

  it("an explorer that has not seen the contract yet: asked again", async () => {
    const body = { status: "0", message: "NOTOK", result: "Unable to locate ContractCode at 0x" };
    const explorers = await start({
      disturb: ({ action, count }) => (action === "submit" && count === 1 ? { status: 200, body } : undefined),
    });
    const [verdict] = await ask(explorers, { addressBook: relayOnly(), explorers: ["etherscan"] });
    expect(verdict?.status).to.equal("verified");
  });

  it("one explorer down: the others verify", async () => {
    const explorers = await start({
      disturb: ({ explorer }) => (explorer === "blockscout" ? { status: 502, body: "Bad Gateway" } : undefined),
    });
    const verdicts = await ask(explorers, { addressBook: relayOnly() });
    expect(verdicts.map(({ status }) => status)).to.deep.equal(["verified", "undecided", "verified"]);
  });

  it("nobody at the explorer's address: undecided", async () => {
    const explorers = await start();
    await explorers.close();
    double = undefined;
    const verdicts = await ask(explorers, { addressBook: relayOnly() });
    expect(verdicts.map(({ status }) => status)).to.deep.equal(["undecided", "undecided", "undecided"]);
  });

  it("a wrong key: refused, and the key is shown nowhere", async () => {
    const explorers = await start({
      apiKey: "another key",
      disturb: ({ action }) =>
        action === "submit"
          ? { status: 200, body: { status: "0", message: "NOTOK", result: `Invalid API Key ${API_KEY}` } }
          : undefined,
    });
    const [verdict] = await ask(explorers, { addressBook: relayOnly(), explorers: ["etherscan"] });
    expect(verdict?.status).to.equal("refused");
    expect(verdict?.reason).to.include("Invalid API Key (not shown)").and.not.include(API_KEY);
  });

  it("no key for Etherscan: skipped, saying how to set one; the others need none", async () => {
    const explorers = await start();
    const { verify, ...at } = withExplorersAt(config, { url: explorers.url, apiKey: API_KEY });
    const keyless = {
      ...at,
      verify: { ...verify, etherscan: { apiKey: configVariable("A_KEY_THAT_NOBODY_HAS_SET") } },
    };
    const verdicts = await ask(explorers, { addressBook: relayOnly(), config: keyless });
    expect(verdicts.map(({ status }) => status)).to.deep.equal(["skipped", "verified", "verified"]);
    expect(verdicts[0]?.reason).to.include("ETHERSCAN_API_KEY");
  });

  it("the standard JSON input beside the address book: compiles to every byte that the chain runs", async () => {
    const input: unknown = JSON.parse(await readFile(join(folder, "arbitrumSepolia.standard-input.json"), "utf8"));
    const compilerVersion = `v${addressBook.compiler.version}`;
    const { attestationRelay, implementation, p256Verifier } = addressBook.contracts;
    for (const { address, contract } of [attestationRelay, implementation, p256Verifier]) {
      const code = await network.provider.getCode(address);
      const { inputSourceName } = await hre.artifacts.readArtifact(contract);
      const contractName = `${inputSourceName}:${contract}`;
      expect(compileAndCompare(input, { code, compilerVersion, contractName }), contract).to.equal("exact_match");
    }
  });

  describe("npm run deploy", () => {
    const deploy = ({ url }: ExplorerDouble, ...options: readonly string[]) =>
      runScript("scripts/deploy.ts", {
        arguments: ["--network", "arbitrumSepolia", "--deployments", folder, ...options],
        env: {
          ARBITRUM_SEPOLIA_RPC_URL: network.rpcUrl,
          ...(options.includes("--verify") && { ARBITRUM_SEPOLIA_DEPLOYER_KEY: OWN_KEY }),
          HARDHAT_CONFIG: join(projectRoot, "test", "support", "explorer-double.config.ts"),
          EXPLORER_DOUBLE_URL: url,
          EXPLORER_DOUBLE_KEY: API_KEY,
        },
      });
    /** Every explorer has every contract already. */
    const publishedAnswer = ({ action, explorer }: ExplorerRequest): HttpAnswer | undefined => {
      if (action !== "look up") return undefined;
      const source = { status: "1", message: "OK", result: [{ SourceCode: "contract ..." }] };
      const match = { match: "match", creationMatch: "match", runtimeMatch: "match", chainId: "421614", address: "0x" };
      return { status: 200, body: explorer === "sourcify" ? match : source };
    };

    it("--verify-only without any key: a row with a link per contract and explorer, and 0", async () => {
      const explorers = await start({ disturb: publishedAnswer });
      const { exitCode, stderr, stdout } = await deploy(explorers, "--verify-only");
      expect(exitCode, stderr).to.equal(0);
      for (const { address, contract } of Object.values(addressBook.contracts)) {
        expect(stdout).to.include(contract).and.include(`https://blockscout.example/address/${address}#code`);
      }
      expect(stdout).to.include("30 of 30 verified.").and.not.include("Submitted source code");
      expect(stdout + stderr).not.to.include(API_KEY);
    });

    it("--verify after a deployment: sends nothing again, and prints one JSON", async () => {
      const explorers = await start({ disturb: publishedAnswer });
      const parameters = ["--parameters", join(folder, "parameters.json")];
      const { exitCode, stderr, stdout } = await deploy(explorers, ...parameters, "--json", "--verify", "sourcify");
      expect(exitCode, stderr).to.equal(0);
      const { transactionCount, verifications } = JSON.parse(stdout);
      expect(transactionCount).to.equal(0);
      expect(verifications).to.have.length(10);
    });

    it("an explorer that is down: 3, and how to ask again; the deployment is not touched", async () => {
      const explorers = await start({
        disturb: (request) =>
          request.explorer === "blockscout" ? { status: 503, body: "down" } : publishedAnswer(request),
      });
      const { exitCode, stdout } = await deploy(explorers, "--verify-only", "sourcify", "blockscout");
      expect(exitCode).to.equal(3);
      expect(stdout).to.include("10 of 20 verified.").and.include("The deployment is complete all the same");
      expect(stdout).to.include("npm run deploy -- --network arbitrumSepolia --verify-only");
    });

    it("an explorer that refuses: 1", async () => {
      const body = { status: "0", message: "NOTOK", result: "Invalid API Key (#err2)" };
      const explorers = await start({ disturb: () => ({ status: 200, body }) });
      const { exitCode, stdout } = await deploy(explorers, "--verify-only", "etherscan");
      expect(exitCode).to.equal(1);
      expect(stdout).to.include("Invalid API Key");
    });

    it("an explorer that does not exist, or a network without a deployment: 2", async () => {
      const explorers = await start();
      expect((await deploy(explorers, "--verify-only", "etherscam")).exitCode).to.equal(2);
      const elsewhere = await deploy(explorers, "--verify-only", "sourcify", "--deployments", join(folder, "none"));
      expect(elsewhere.exitCode).to.equal(2);
      expect(elsewhere.stderr).to.include("there is no address book of it yet");
    });
  });

  it("the local chain: input.invalid", async () => {
    const explorers = await start();
    const { url } = explorers;
    const task = verifySources(
      { ...network, name: "local" },
      { addressBook, explorers: EXPLORERS, config: withExplorersAt(config, { url, apiKey: API_KEY }) },
    );
    expect(isPassportError(await task.catch((error: unknown) => error), "input.invalid")).to.equal(true);
  });
});

/** With the real explorers: set ARBITRUM_SEPOLIA_RPC_URL and VERIFY_ON_ARBITRUM_SEPOLIA=1, for a deployment that is recorded. */
describe("verifySources, Arbitrum Sepolia", () => {
  it("the recorded deployment: every contract at Blockscout and Sourcify, and at Arbiscan if there is a key", async function () {
    const rpcUrl = env["ARBITRUM_SEPOLIA_RPC_URL"];
    const addressBook = await findAddressBook("arbitrumSepolia", { folder: deploymentsFolder });
    if (env["VERIFY_ON_ARBITRUM_SEPOLIA"] !== "1" || rpcUrl === undefined || addressBook === undefined) this.skip();
    this.timeout(1_800_000);
    const network = { name: "arbitrumSepolia", chainId: CHAIN_ID, rpcUrl };
    const verdicts = await verifySources(network, { addressBook, explorers: EXPLORERS });
    expect(verdicts.filter(({ status }) => status !== "verified" && status !== "skipped")).to.deep.equal([]);
  });
});

function alreadyVerified(explorer: (typeof EXPLORERS)[number]) {
  switch (explorer) {
    case "etherscan":
      return { status: 200, body: { status: "0", message: "NOTOK", result: "Contract source code already verified" } };
    case "blockscout":
      return { status: 200, body: { status: "0", message: "NOTOK", result: "Smart-contract already verified." } };
    case "sourcify":
      return { status: 409, body: { customCode: "already_verified", message: "Verified already", errorId: "1" } };
  }
}

function openSepolia(rpcUrl: string): OpenNetwork {
  const provider = createProvider(rpcUrl, { chainId: CHAIN_ID, pollingIntervalMilliseconds: 50 });
  const accounts = [new Wallet(OWN_KEY, provider)];
  return { name: "arbitrumSepolia", chainId: CHAIN_ID, rpcUrl, provider, accounts };
}
