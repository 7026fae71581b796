import { globSync } from "node:fs";
import { glob } from "node:fs/promises";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { configVariable, defineConfig, overrideTask } from "hardhat/config";
import type { HardhatPlugin } from "hardhat/types/plugins";

// npm's compiler, whose integrity stands in the lock file: compiling downloads nothing.
const compilerPath = createRequire(import.meta.url).resolve("solc/soljson.js");

const settings = { optimizer: { enabled: true, runs: 10_000 }, evmVersion: "prague" };
const deployedCompiler = {
  version: "0.8.37",
  path: compilerPath,
  // The layout is for `npm run snapshot`; asking for it changes no byte of the code.
  settings: { ...settings, viaIR: true, outputSelection: { "*": { "*": ["storageLayout"] } } },
};

// Mocks and Solidity tests are compiled without the intermediate representation, which takes half the time. The tests
// in TypeScript run on the code that is deployed.
const testCompiler = { version: "0.8.37", path: compilerPath, settings: { ...settings, viaIR: false } };
const testContracts = globSync(["contracts/mocks/**/*.sol", "test/**/*.sol"], { cwd: import.meta.dirname }).map(
  (file) => file.replaceAll("\\", "/"),
);

// Hardhat compiles files together when their compiler is the same object, and makes one of each override: apart, the
// tests took four times as long, for each compiles the contracts anew.
const compileTestsTogether: HardhatPlugin = {
  id: "compile-tests-together",
  hookHandlers: {
    config: async () => ({
      default: async () => ({
        resolveUserConfig: async (userConfig, resolveConfigurationVariable, next) => {
          const resolved = await next(userConfig, resolveConfigurationVariable);
          for (const { overrides } of Object.values(resolved.solidity.profiles)) {
            const [shared] = Object.values(overrides);
            if (shared !== undefined) for (const file of Object.keys(overrides)) overrides[file] = shared;
          }
          return resolved;
        },
      }),
    }),
  },
};

// `.test.ts` files are tests, everything else under test/ supports them; without this, Mocha would load both.
// Patterns are expanded here, because Windows has no shell that would do it.
const runMochaTestFilesOnly = overrideTask(["test", "mocha"])
  .setInlineAction(async (taskArguments, hre, runSuper) => {
    const named: readonly string[] = taskArguments["testFiles"] ?? [];
    const patterns = named.length > 0 ? named : [join(hre.config.paths.tests.mocha, "**", "*.test.ts")];
    const found = await Array.fromAsync(glob(patterns.map((pattern) => pattern.replaceAll("\\", "/"))));
    if (found.length === 0) throw new Error(`No test file matches ${patterns.join(" ")}`);
    // Backwards: what takes longest, from `integration` to `e2e`, begins before the many short files of `contracts`.
    return runSuper({ ...taskArguments, testFiles: found.sort().reverse() });
  })
  .build();

// Arbitrum orders by arrival: a tip buys nothing, and may be collected all the same.
const NO_TIP = { maxPriorityFeePerGas: 0n };

// test/invariants/README.md says when to set these.
const invariantRuns = Number(process.env["INVARIANT_RUNS"] ?? 8);
const invariantDepth = Number(process.env["INVARIANT_DEPTH"] ?? 400);
const seed = process.env["FUZZ_SEED"];
const fuzzSeed = seed === undefined ? {} : { seed };

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers, compileTestsTogether],
  tasks: [runMochaTestFilesOnly],

  solidity: {
    compilers: [deployedCompiler],
    overrides: Object.fromEntries(testContracts.map((file) => [file, testCompiler])),
    splitTestsCompilation: true,
    // The timelocks, and the verifiers of P-256 and WebAuthn keys, are deployed as they come.
    npmFilesToBuild: [
      "@openzeppelin/contracts/governance/TimelockController.sol",
      "@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913P256Verifier.sol",
      "@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913WebAuthnVerifier.sol",
    ],
  },

  paths: {
    tests: { mocha: "test", solidity: "test" },
    ignition: "deployments/ignition",
  },

  // Generated code that does not keep our compiler flags.
  typechain: { tsNocheck: true },

  // Of two accounts the first deploys, and needs no key of the second, which issues.
  networks: {
    local: { type: "http", chainType: "generic", url: "http://127.0.0.1:8545" },
    arbitrumSepolia: {
      type: "http",
      chainType: "generic",
      chainId: 421_614,
      url: configVariable("ARBITRUM_SEPOLIA_RPC_URL"),
      accounts: [configVariable("ARBITRUM_SEPOLIA_DEPLOYER_KEY"), configVariable("ARBITRUM_SEPOLIA_ISSUER_KEY")],
      ignition: NO_TIP,
    },
    arbitrumOne: {
      type: "http",
      chainType: "generic",
      chainId: 42_161,
      url: configVariable("ARBITRUM_ONE_RPC_URL"),
      accounts: [configVariable("ARBITRUM_ONE_DEPLOYER_KEY"), configVariable("ARBITRUM_ONE_ISSUER_KEY")],
      ignition: NO_TIP,
    },
  },

  // A transaction on Arbitrum is sequenced when it is answered; there is nothing to wait for or to outbid.
  ignition: { requiredConfirmations: 1, disableFeeBumping: true },

  verify: { etherscan: { apiKey: configVariable("ETHERSCAN_API_KEY") } },

  test: {
    mocha: { timeout: 120_000, parallel: true, jobs: Math.max(2, availableParallelism()) },
    solidity: {
      fuzz: { runs: 256, ...fuzzSeed },
      // An action of the invariants' world never reverts, unless one of them is broken.
      invariant: {
        runs: invariantRuns,
        depth: invariantDepth,
        failOnRevert: true,
        shrinkRunLimit: 200,
        failurePersistDir: "cache/invariants",
      },
      fsPermissions: { readFile: ["test/vectors/hashing.json"] },
    },
  },
});
