import { join } from "node:path";
import { env } from "node:process";
import { defineConfig } from "hardhat/config";
import project from "../../hardhat.config.js";
import { projectFolder } from "../lib/project-paths.js";

/**
 * The project's own configuration, but for how it compiles: mutants are compiled without the optimizer, in a tenth of
 * the time, and their artifacts lie in a folder of their own. Unoptimized code exceeds the limit of 24,576 bytes.
 */
const folder = env["MUTATION_FOLDER"] ?? join(projectFolder, "cache", "mutation", "baseline");
const [compiler] =
  typeof project.solidity === "object" && "compilers" in project.solidity ? (project.solidity.compilers ?? []) : [];
if (compiler === undefined) throw new Error("hardhat.config.ts names no compiler that mutants could be compiled with");

/** More than the dearest test takes. */
const LOOP_GAS_LIMIT = 200_000_000n;

/** Only what keeps the assembly of P-256 within the reach of the stack. */
const optimizer = {
  enabled: false,
  details: { yul: true, yulDetails: { stackAllocation: true, optimizerSteps: ":" } },
};

export default defineConfig({
  ...project,
  solidity: {
    compilers: [{ ...compiler, settings: { evmVersion: "prague", viaIR: false, optimizer } }],
    splitTestsCompilation: false,
    npmFilesToBuild:
      typeof project.solidity === "object" && "npmFilesToBuild" in project.solidity
        ? (project.solidity.npmFilesToBuild ?? [])
        : [],
  },
  networks: { ...project.networks, default: { type: "edr-simulated", allowUnlimitedContractSize: true } },
  test: {
    ...project.test,
    // A mutant that loops for ever ends soon; with the limit of the project's tests it would fill the memory first.
    solidity: { ...project.test?.solidity, gasLimit: LOOP_GAS_LIMIT },
  },
  paths: { ...project.paths, artifacts: join(folder, "artifacts"), cache: join(folder, "cache") },
});
