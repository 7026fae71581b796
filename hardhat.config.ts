import { glob } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { configVariable, defineConfig, overrideTask } from "hardhat/config";

// npm's compiler, whose integrity stands in the lock file: compiling downloads nothing.
const compilerPath = createRequire(import.meta.url).resolve("solc/soljson.js");

// `.test.ts` files are tests, everything else under test/ supports them; without this, Mocha would load both.
const runMochaTestFilesOnly = overrideTask(["test", "mocha"])
  .setInlineAction(async (taskArguments, hre, runSuper) => {
    const named: readonly string[] = taskArguments.testFiles ?? [];
    const testFiles =
      named.length > 0
        ? [...named]
        : (await Array.fromAsync(glob("**/*.test.ts", { cwd: hre.config.paths.tests.mocha })))
            .sort()
            .map((file) => join(hre.config.paths.tests.mocha, file));
    return runSuper({ ...taskArguments, testFiles });
  })
  .build();

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers],
  tasks: [runMochaTestFilesOnly],

  solidity: {
    version: "0.8.37",
    path: compilerPath,
    splitTestsCompilation: true,
    settings: {
      optimizer: { enabled: true, runs: 10_000 },
      viaIR: true,
      evmVersion: "prague",
    },
  },

  paths: {
    tests: { mocha: "test", solidity: "test" },
    ignition: "deployments/ignition",
  },

  networks: {
    local: { type: "http", chainType: "generic", url: "http://127.0.0.1:8545" },
    arbitrumSepolia: {
      type: "http",
      chainType: "generic",
      chainId: 421_614,
      url: configVariable("ARBITRUM_SEPOLIA_RPC_URL"),
      accounts: [configVariable("ARBITRUM_SEPOLIA_DEPLOYER_KEY")],
    },
    arbitrumOne: {
      type: "http",
      chainType: "generic",
      chainId: 42_161,
      url: configVariable("ARBITRUM_ONE_RPC_URL"),
      accounts: [configVariable("ARBITRUM_ONE_DEPLOYER_KEY")],
    },
  },

  // A transaction on Arbitrum is sequenced when it is answered; there is nothing to wait for or to outbid.
  ignition: { requiredConfirmations: 1, disableFeeBumping: true },

  verify: { etherscan: { apiKey: configVariable("ETHERSCAN_API_KEY") } },

  test: {
    mocha: { timeout: 120_000 },
    solidity: { fuzz: { runs: 256 } },
  },
});
