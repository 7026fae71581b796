import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Address,
  createProvider,
  isPassportError,
  parseAddress,
  readAdministration,
  readTimelock,
} from "@digital-product-passport/sdk";
import { expect } from "chai";
import { computeAddress, id, keccak256, Wallet, ZeroAddress, ZeroHash } from "ethers";
import hre from "hardhat";
import type { JsonRpcServer } from "hardhat/types/network";
import { findAddressBook } from "../../scripts/lib/address-book-file.js";
import { deployTo } from "../../scripts/lib/deploy-to.js";
import { type DeploymentParameters, readDeploymentParameters } from "../../scripts/lib/deployment-parameters.js";
import { developmentAccounts, isDevelopmentAccount } from "../../scripts/lib/development-accounts.js";
import { type OpenNetwork, openNetwork } from "../../scripts/lib/open-network.js";
import { type LocalChain, startLocalChain } from "../../scripts/lib/start-local-chain.js";
import { PassportRegistry__factory, TimelockController__factory } from "../../types/ethers-contracts/index.js";
import { deployGoverningSafe } from "../support/deploy-safe.js";
import { startDyingProxy } from "../support/dying-proxy.js";
import { runScript } from "../support/run-script.js";

const SEPOLIA_CHAIN_ID = 421_614n;
const OWN_KEY = `0x${"7".repeat(63)}1`;

const PARAMETERS: DeploymentParameters = {
  $global: { guardian: addressOf(1), adminDelay: 3_600 },
  WEG: {
    namespace: "https://id.weg.example/",
    issuer: addressOf(2),
    issuerPerHour: 10,
    managerPerHour: 20,
    issuingUntil: 2_000_000_000,
  },
};

/** The parameters of a public network: a Safe that is there proposes. */
const governedBy = (safe: Address): DeploymentParameters => ({
  ...PARAMETERS,
  Governance: { safe, administrator: addressOf(8) },
});

const CONTRACTS = [
  "registry",
  "factory",
  "implementation",
  "manager",
  "attestationRelay",
  "readingsAnchor",
  "p256Verifier",
  "webAuthnVerifier",
];

describe("deployTo, the local chain", () => {
  let chain: LocalChain;
  let folder: string;
  let parameters: DeploymentParameters;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "deploy-test-"));
    chain = await startLocalChain();
    parameters = await readDeploymentParameters(chain.network);
  });
  afterEach(async () => {
    await chain.close();
    await rm(folder, { recursive: true });
  });

  it("writes an address book whose every line the chain confirms", async () => {
    const { addressBook } = await deployTo(chain.network, { folder, parameters });
    const { provider, rpcUrl } = chain.network;
    expect(await findAddressBook("local", { folder })).to.deep.equal(addressBook);
    expect(addressBook).to.deep.include({ chainId: 31_337n, network: "local", rpcUrl });
    expect(addressBook.compiler.version).to.match(/^0\.8\.37\+commit\./);
    expect(addressBook.compiler.settings).to.deep.include({ viaIR: true, optimizer: { enabled: true, runs: 10_000 } });
    for (const { address, block, codeHash, transactionHash } of Object.values(addressBook.contracts)) {
      expect(keccak256(await provider.getCode(address)), address).to.equal(codeHash);
      expect((await provider.getTransactionReceipt(transactionHash))?.blockNumber).to.equal(Number(block));
      expect(await provider.getCode(address, Number(block) - 1)).to.equal("0x");
    }
    expect(addressBook.contracts.manager.constructorArguments).to.deep.equal([
      {
        registry: addressBook.contracts.registry.address,
        factory: addressBook.contracts.factory.address,
        admin: chain.network.accounts[0]?.address.toLowerCase(),
        guardian: parameters.$global.guardian,
        adminDelay: "259200",
      },
    ]);
  });

  it("a second time, sends nothing and leaves the address book as it is", async () => {
    const first = await deployTo(chain.network, { folder, parameters });
    const written = await readFile(join(folder, "local.json"), "utf8");
    const block = await chain.network.provider.getBlockNumber();
    const second = await deployTo(chain.network, { folder, parameters });
    expect(first.transactionCount).to.be.greaterThan(10);
    expect(second.transactionCount).to.equal(0);
    expect(await readFile(join(folder, "local.json"), "utf8")).to.equal(written);
    expect(await chain.network.provider.getBlockNumber()).to.equal(block);
  });

  it("after the chain was restarted, deploys to the new one though the journal says it did", async () => {
    const first = await deployTo(chain.network, { folder, parameters });
    await chain.close();
    chain = await startLocalChain();
    const second = await deployTo(chain.network, { folder, parameters });
    expect(second.transactionCount).to.equal(first.transactionCount);
    expect(await chain.network.provider.getCode(second.addressBook.contracts.manager.address)).not.to.equal("0x");
  });

  it("with other parameters than the time before, deploys anew", async () => {
    const first = await deployTo(chain.network, { folder, parameters });
    const second = await deployTo(chain.network, { folder, parameters: PARAMETERS });
    expect(second.addressBook.contracts.registry.address).not.to.equal(first.addressBook.contracts.registry.address);
  });
});

describe("deployTo, a public network", () => {
  let server: JsonRpcServer;
  let folder: string;
  let network: OpenNetwork;
  let parameters: DeploymentParameters;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "deploy-test-"));
    server = await hre.network.createServer({ network: "node", override: { chainId: Number(SEPOLIA_CHAIN_ID) } });
    network = openSepolia(`http://127.0.0.1:${(await server.listen()).port}`);
    parameters = governedBy(await deployGoverningSafe(network));
  });
  afterEach(async () => {
    network.provider.destroy();
    await server.close();
    await rm(folder, { recursive: true });
  });

  for (const [circumstance, isDelivered] of [
    ["before it got a transaction", false],
    ["after it got a transaction, before it answered", true],
  ] as const) {
    it(`when the node is lost ${circumstance}, says so, and a second run sends only what is missing`, async () => {
      const dying = await startDyingProxy(network.rpcUrl, { transactions: 5, isNextDelivered: isDelivered });
      const throughProxy = openSepolia(dying.url);
      const error = await caught(deployTo(throughProxy, { folder, parameters }));
      throughProxy.provider.destroy();
      dying.close();
      expect(isPassportError(error, "chain.unreachable"), String(error)).to.equal(true);
      expect(await findAddressBook(network.name, { folder })).to.equal(undefined);

      const { transactionCount } = await deployTo(network, { folder, parameters });
      expect(transactionCount).to.be.greaterThan(0);
      const deployer = network.accounts[0]?.address ?? "";
      expect(await network.provider.getTransactionCount(deployer), "nothing was sent twice").to.equal(28);
    });
  }

  it("with other parameters than those deployed, refuses and sends nothing", async () => {
    await deployTo(network, { folder, parameters });
    const block = await network.provider.getBlockNumber();
    const other = { ...parameters, $global: { ...PARAMETERS.$global, guardian: addressOf(3) } };
    const error = await caught(deployTo(network, { folder, parameters: other }));
    expect(isPassportError(error, "input.invalid")).to.equal(true);
    expect(error).to.have.property("message").that.includes("it is deployed with another");
    expect(await network.provider.getBlockNumber()).to.equal(block);
  });

  it("leaves the deployer nothing: timelocks admit and list, and only new administrators can accept", async () => {
    const { addressBook } = await deployTo(network, { folder, parameters });
    const { provider } = network;
    const deployer = addressOf(0);
    const { admissionTimelock, listingTimelock, manager, registry } = addressBook.contracts;
    const [admission = "", listing = ""] = [admissionTimelock?.address, listingTimelock?.address];
    const contract = PassportRegistry__factory.connect(registry.address, provider);
    for (const [role, holder] of [
      ["ADMISSION_ROLE", admission],
      ["LISTING_ROLE", listing],
    ] as const) {
      expect(await contract.hasRole(id(role), deployer), role).to.equal(false);
      expect(await contract.hasRole(id(role), holder), role).to.equal(true);
    }
    for (const address of [admission, listing]) {
      const timelock = TimelockController__factory.connect(address, provider);
      const holds = (role: string, account: string) => timelock.hasRole(role, account);
      for (const role of ["PROPOSER_ROLE", "EXECUTOR_ROLE", "CANCELLER_ROLE"].map(id).concat(ZeroHash))
        expect(await holds(role, deployer)).to.equal(false);
      expect(await holds(id("PROPOSER_ROLE"), addressBook.safe ?? "")).to.equal(true);
      expect(await holds(id("PROPOSER_ROLE"), PARAMETERS.$global.guardian)).to.equal(false);
      expect(await holds(id("CANCELLER_ROLE"), PARAMETERS.$global.guardian)).to.equal(true);
      expect(await holds(id("EXECUTOR_ROLE"), ZeroAddress)).to.equal(true);
    }
    const context = { provider, registry: registry.address, manager: manager.address };
    const twoDays = await readTimelock(context, { timelock: admission });
    expect(twoDays).to.deep.equal({ minimumDelaySeconds: 172_800n, administrativeRoles: ["ADMISSION_ROLE"] });
    expect((await readTimelock(context, { timelock: listing })).minimumDelaySeconds).to.equal(604_800n);
    const registryAdministration = await readAdministration(context, { contract: "registry" });
    expect(registryAdministration.pending?.newAdministrator).to.equal(listing);
    const managerAdministration = await readAdministration(context, { contract: "manager" });
    expect(managerAdministration.pending?.newAdministrator).to.equal(parameters.Governance?.administrator);
  });

  it("a second time, sends nothing and leaves the address book as it is", async () => {
    await deployTo(network, { folder, parameters });
    const written = await readFile(join(folder, "arbitrumSepolia.json"), "utf8");
    expect((await deployTo(network, { folder, parameters })).transactionCount).to.equal(0);
    expect(await readFile(join(folder, "arbitrumSepolia.json"), "utf8")).to.equal(written);
  });

  for (const [circumstance, safe, problem] of [
    ["that one owner can move alone", { threshold: 1 }, "1 signature is enough"],
    ["that needs all of its owners", { threshold: 3 }, "one lost key would end the governance"],
  ] as const) {
    it(`with a Safe ${circumstance}, refuses and sends nothing`, async () => {
      const error = await caught(
        deployTo(network, { folder, parameters: governedBy(await deployGoverningSafe(network, safe)) }),
      );
      expect(isPassportError(error, "input.invalid"), String(error)).to.equal(true);
      expect(error).to.have.property("message").that.includes(problem);
      expect(await network.provider.getTransactionCount(addressOf(0))).to.equal(0);
    });
  }

  it("with an account in the place of the Safe, refuses and sends nothing", async () => {
    const error = await caught(deployTo(network, { folder, parameters: governedBy(parseAddress(addressOf(5))) }));
    expect(isPassportError(error, "chain.no-contract"), String(error)).to.equal(true);
    expect(await network.provider.getTransactionCount(addressOf(0))).to.equal(0);
  });

  it("never offers a tip", async () => {
    const { addressBook } = await deployTo(network, { folder, parameters });
    const transaction = await network.provider.getTransaction(addressBook.contracts.manager.transactionHash);
    expect(transaction?.maxPriorityFeePerGas).to.equal(0n);
  });

  it("without the money for it, says how much there is", async () => {
    const poor = openSepolia(network.rpcUrl, Wallet.createRandom().privateKey);
    const error = await caught(deployTo(poor, { folder, parameters }));
    poor.provider.destroy();
    expect(isPassportError(error, "chain.insufficient-funds"), String(error)).to.equal(true);
    expect(error).to.have.nested.property("details.account", poor.accounts[0]?.address);
  });
});

describe("openNetwork", () => {
  it("of a network that is not configured, names those that are", async () => {
    const error = await caught(openNetwork("nowhere"));
    expect(isPassportError(error, "input.invalid")).to.equal(true);
    expect(error).to.have.property("message").that.includes("local, arbitrumSepolia, arbitrumOne");
  });

  it("of a network without a chain id, refuses it", async () => {
    expect(isPassportError(await caught(openNetwork("localhost")), "input.invalid")).to.equal(true);
  });

  it("of a public network, takes no other endpoint than the configured one", async () => {
    const error = await caught(openNetwork("arbitrumOne", { rpcUrl: "http://127.0.0.1:1" }));
    expect(isPassportError(error, "input.invalid")).to.equal(true);
  });
});

describe("isDevelopmentAccount", () => {
  for (const [owner, key] of [
    ["Hardhat and anvil", "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"],
    ["Ganache", "0x4f3edf983ac636a65a842ce7c78d9aa706d3b113bce9c46f30d7d21715b23b1d"],
    ["Truffle", "0xc87509a1c067bbde78beb793e6fa76530b6382a4c0241e5e4a9ec0a0f44dc0d3"],
    ["Arbitrum's development node", "0xb6b15c8cb491557369f3c7d2c287b053eb229daa9c22138887752191c9520659"],
    ["everybody who counts to one", `0x${"0".repeat(63)}1`],
  ] as const) {
    it(`of the key that ${owner} use, is true`, () => {
      expect(isDevelopmentAccount(computeAddress(key))).to.equal(true);
    });
  }

  it("of a key of one's own, is false", () => {
    expect(isDevelopmentAccount(computeAddress(OWN_KEY))).to.equal(false);
  });
});

describe("npm run deploy", () => {
  let server: JsonRpcServer;
  let folder: string;
  let rpcUrl: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "deploy-test-"));
    await writeFile(join(folder, "parameters.json"), JSON.stringify(PARAMETERS));
    server = await hre.network.createServer("node");
    rpcUrl = `http://127.0.0.1:${(await server.listen()).port}`;
  });
  after(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  const deploy = (options: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    runScript("scripts/deploy.ts", { arguments: ["--deployments", folder, "--json", ...options], env });
  const toSepolia = (env: { readonly url?: string; readonly key?: string }) =>
    deploy(["--network", "arbitrumSepolia", "--parameters", join(folder, "parameters.json")], {
      ARBITRUM_SEPOLIA_RPC_URL: env.url ?? rpcUrl,
      ARBITRUM_SEPOLIA_DEPLOYER_KEY: env.key ?? OWN_KEY,
    });

  it("prints the address book as JSON and exits with 0", async () => {
    const { exitCode, stdout, stderr } = await deploy(["--network", "local", "--rpc-url", rpcUrl]);
    expect(exitCode, stderr).to.equal(0);
    expect(JSON.parse(stdout).addressBook.contracts).to.have.all.keys(CONTRACTS);
  });

  it("on a public network, refuses a published key and does not show it", async () => {
    const key = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
    const { exitCode, stdout, stderr } = await toSepolia({ key });
    expect(exitCode).to.equal(2);
    expect(stderr).to.include("its key is published").and.not.include(key);
    expect(stdout).to.equal("");
  });

  it("on a public network, refuses an endpoint of another chain", async () => {
    const { exitCode, stderr } = await toSepolia({});
    expect(exitCode).to.equal(2);
    expect(JSON.parse(stderr).error).to.deep.include({
      code: "chain.wrong-chain",
      details: { expected: "421614", actual: "31337" },
    });
  });

  it("without a node, exits with 3", async () => {
    const { exitCode, stderr } = await toSepolia({ url: "http://127.0.0.1:1" });
    expect(exitCode).to.equal(3);
    expect(JSON.parse(stderr).error.code).to.equal("chain.unreachable");
  });

  it("with a key that is none, names the variable's use and does not show it", async () => {
    const { exitCode, stderr } = await toSepolia({ key: "0x1234" });
    expect(exitCode).to.equal(2);
    expect(stderr).to.include("expected 32 bytes in hex").and.not.include("1234");
  });
});

describe("readDeploymentParameters, a public network", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "deploy-test-"));
  });
  after(() => rm(folder, { recursive: true }));

  const own = {
    guardian: Wallet.createRandom().address,
    issuer: Wallet.createRandom().address,
    safe: Wallet.createRandom().address,
    administrator: Wallet.createRandom().address,
  };
  const read = async ({ guardian, issuer, ...Governance }: typeof own) => {
    const file = join(folder, "parameters.json");
    const { $global, WEG } = PARAMETERS;
    const parameters = { $global: { ...$global, guardian }, WEG: { ...WEG, issuer }, Governance };
    await writeFile(file, JSON.stringify(parameters));
    return await readDeploymentParameters({ name: "arbitrumSepolia", accounts: [] }, { file });
  };

  it("accounts of one's own: taken", async () => {
    expect((await read(own)).WEG.issuer).to.equal(own.issuer);
  });

  it("without a governance: refused", async () => {
    const file = join(folder, "parameters.json");
    await writeFile(file, JSON.stringify(PARAMETERS));
    const error = await caught(readDeploymentParameters({ name: "arbitrumSepolia", accounts: [] }, { file }));
    expect(error).to.have.property("message").that.includes("Governance is missing");
  });

  for (const [circumstance, address, problem] of [
    ["whose key is published", addressOf(1), "is published"],
    ["whose key is published, without EIP-55", addressOf(1).toLowerCase(), "is published"],
    ["of the example", "0x1111111111111111111111111111111111111111", "but the example's"],
    ["that is zero", "0x0000000000000000000000000000000000000000", "but the example's"],
  ] as const) {
    it(`a guardian, an issuer, a Safe or an administrator ${circumstance}: refused, naming which`, async () => {
      for (const name of ["guardian", "issuer", "safe", "administrator"] as const) {
        const error = await caught(read({ ...own, [name]: address }));
        expect(isPassportError(error, "input.invalid")).to.equal(true);
        expect(error).to.have.property("message").that.includes(problem).and.includes(name);
      }
    });
  }
});

describe("npm run issue, a public network", () => {
  const issuer = new Wallet(`0x${"7".repeat(63)}3`);
  let server: JsonRpcServer;
  let folder: string;
  let rpcUrl: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "deploy-test-"));
    server = await hre.network.createServer({ network: "node", override: { chainId: Number(SEPOLIA_CHAIN_ID) } });
    rpcUrl = `http://127.0.0.1:${(await server.listen()).port}`;
    const network = openSepolia(rpcUrl);
    // Safety: addresses of ethers begin with 0x.
    const WEG = { ...PARAMETERS.WEG, issuer: issuer.address as `0x${string}` };
    await deployTo(network, { folder, parameters: { ...governedBy(await deployGoverningSafe(network)), WEG } });
    network.provider.destroy();
  });
  after(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  const issue = (keys: Readonly<Record<string, string>>) =>
    runScript("scripts/issue.ts", {
      arguments: ["examples/motors.csv", "--network", "arbitrumSepolia", "--deployments", folder, "--dry-run"],
      // Under Hardhat's tests, its keystore is another one, which fails in another way.
      env: { ARBITRUM_SEPOLIA_RPC_URL: rpcUrl, HH_TEST: "false", ...keys },
    });

  it("with the issuer's own key, and no deployer's: issues", async () => {
    const { exitCode, stderr } = await issue({ ARBITRUM_SEPOLIA_ISSUER_KEY: issuer.privateKey });
    expect(exitCode, stderr).to.equal(0);
  });

  it("with the deployer's key alone, which may not issue: refused, naming the account", async () => {
    const { exitCode, stderr } = await issue({ ARBITRUM_SEPOLIA_DEPLOYER_KEY: OWN_KEY });
    expect(exitCode).to.equal(2);
    expect(stderr).to.include("none of them may issue").and.include(computeAddress(OWN_KEY));
  });

  it("with a published key for the issuer: refused", async () => {
    const { exitCode, stderr } = await issue({
      ARBITRUM_SEPOLIA_ISSUER_KEY: developmentAccounts()[0]?.privateKey ?? "",
    });
    expect(exitCode).to.equal(2);
    expect(stderr).to.include("its key is published");
  });

  it("without any key: names a variable to set", async () => {
    const { exitCode, stderr } = await issue({});
    expect(exitCode).to.equal(2);
    expect(stderr).to.include("ARBITRUM_SEPOLIA_ISSUER_KEY");
  });
});

function addressOf(index: number): DeploymentParameters["WEG"]["issuer"] {
  return developmentAccounts()[index]?.address as DeploymentParameters["WEG"]["issuer"];
}

/** The network arbitrumSepolia at an endpoint of this machine. */
function openSepolia(rpcUrl: string, key = developmentAccounts()[0]?.privateKey ?? ""): OpenNetwork {
  const provider = createProvider(rpcUrl, { chainId: SEPOLIA_CHAIN_ID, pollingIntervalMilliseconds: 50 });
  const accounts = [new Wallet(key, provider)];
  return { name: "arbitrumSepolia", chainId: SEPOLIA_CHAIN_ID, rpcUrl, provider, accounts };
}

async function caught(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    return error;
  }
}
