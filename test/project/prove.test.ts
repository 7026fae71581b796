import { expect } from "chai";
import { AbiCoder, concat, hexlify, toBeHex } from "ethers";
import fc from "fast-check";
import { network } from "hardhat";
import { z } from "zod";
import { compileProofs } from "../../scripts/prove/compile-proofs.js";
import { type Solver, startSolver } from "../../scripts/prove/solver.js";
import { bytesOf, runSymbolically } from "../../scripts/prove/symbolic-machine.js";
import { createWords } from "../../scripts/prove/words.js";
import { projectRoot } from "../support/project-files.js";
import { runScript } from "../support/run-script.js";

const verdicts = z.array(
  z.object({ name: z.string(), status: z.string(), counterexample: z.record(z.string(), z.string()).optional() }),
);

const prove = async (file: string): Promise<{ exitCode: number; proofs: z.infer<typeof verdicts> }> => {
  const { exitCode, stdout } = await runScript("scripts/prove.ts", { arguments: [file, "--json"] });
  return { exitCode, proofs: verdicts.parse(JSON.parse(stdout)) };
};

describe("prove", () => {
  it("false properties, refutes each with arguments that break it, and exits with 1", async () => {
    const { exitCode, proofs } = await prove("test/support/FalseProperties.sol");
    expect(exitCode).to.equal(1);
    const [impossible, isAllowedChange, revert, staticWrite, staticValue, successor] = [...proofs].sort((a, b) =>
      a.name < b.name ? -1 : 1,
    );

    expect(impossible?.status).to.equal("vacuous");
    expect(isAllowedChange?.status).to.equal("refuted");
    const { before = "", afterwards = "", isOwner = "" } = isAllowedChange?.counterexample ?? {};
    expect((BigInt(before) ^ BigInt(afterwards)) & 0x04n).to.equal(0x04n);
    expect(BigInt(isOwner)).to.equal(1n);
    expect(revert).to.deep.include({ status: "refuted", counterexample: { selector: `0x4e487b71${"0".repeat(56)}` } });
    expect(staticWrite?.status).to.equal("refuted");
    expect(staticValue?.status).to.equal("refuted");
    expect(successor).to.deep.include({ status: "refuted", counterexample: { number: toBeHex((1n << 256n) - 1n) } });
  });

  it("code that it does not follow, leaves it undecided and exits with 3", async () => {
    const { exitCode, proofs } = await prove("test/support/UndecidableProperty.sol");
    expect(exitCode).to.equal(3);
    expect(proofs.map(({ status }) => status)).to.deep.equal(Array(4).fill("undecided"));
  });
});

/** The numbers at which operations of 256 bits differ from each other. */
const number = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }),
  fc.bigInt({ min: 0n, max: 300n }),
  fc.constantFrom(1n << 255n, (1n << 255n) - 1n, (1n << 256n) - 1n),
);

describe("symbolic machine", () => {
  const { properties } = compileProofs(["test/support/Computations.sol"], {
    root: projectRoot,
    settings: { optimizer: { enabled: true, runs: 10_000 }, evmVersion: "prague", viaIR: true },
  });
  let solver: Solver;

  before(async () => {
    solver = await startSolver({ timeout: 60_000 });
  });
  after(async () => solver.close());

  for (const { name, selector, code } of properties) {
    it(`${name}, any arguments, gives what the real machine gives`, async () => {
      const { ethers, networkHelpers } = await network.create();
      const address = toBeHex(0xc0de, 20);
      await networkHelpers.setCode(address, hexlify(code.bytes));

      const words = createWords();
      const [a, b] = [words.symbol("a"), words.symbol("b")];
      const outcomes = await runSymbolically(
        {
          code,
          calldata: [...bytesOf(words.constant(BigInt(`0x${selector}`))).slice(28), ...bytesOf(a), ...bytesOf(b)],
          caller: words.symbol("caller", 160),
          address: words.symbol("address", 160),
          value: words.constant(0n),
          isStatic: false,
        },
        { world: { storage: words.storage("storage"), path: [] }, surroundings: { words, solver, codeAt: new Map() } },
      );
      const [end, ...others] = outcomes.filter(({ isSuccess }) => isSuccess);
      expect(others).to.have.lengthOf(0);
      const data = end?.data ?? [];

      const agree = async (first: bigint, second: bigint): Promise<void> => {
        const calldata = concat([
          `0x${selector}`,
          AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [first, second]),
        ]);
        const returned = await ethers.provider.call({ to: address, data: calldata });
        const given = [
          { word: words.apply("EQ", [a, words.constant(first)]), isZero: false },
          { word: words.apply("EQ", [b, words.constant(second)]), isZero: false },
        ];
        expect(data).to.have.lengthOf((returned.length - 2) / 2);
        const same = Array.from({ length: data.length / 32 }, (_, index) => {
          const expected = words.constant(BigInt(`0x${returned.slice(2 + 64 * index, 66 + 64 * index)}`));
          return words.apply("EQ", [words.join(data.slice(32 * index, 32 * index + 32)), expected]);
        }).reduce((left, right) => words.apply("AND", [left, right]));
        expect((await solver.solve([...given, { word: same, isZero: true }], [])).status).to.equal("unsat");
        expect((await solver.solve([...given, { word: same, isZero: false }], [])).status).to.equal("sat");
      };
      await fc.assert(fc.asyncProperty(number, number, agree), { numRuns: 25 });
    });
  }
});
