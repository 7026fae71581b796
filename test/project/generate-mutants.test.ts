import { createRequire } from "node:module";
import { expect } from "chai";
import { z } from "zod";
import { changeOf, readAcceptedSurvivors } from "../../scripts/mutation/accepted-survivors.js";
import { createCompiler } from "../../scripts/mutation/create-compiler.js";
import { generateMutants, type Mutant } from "../../scripts/mutation/generate-mutants.js";
import { orderMutants } from "../../scripts/mutation/order-mutants.js";
import { asNode } from "../../scripts/mutation/syntax-tree.js";
import { tally } from "../../scripts/mutation/tally.js";
import { planTests } from "../../scripts/mutation/test-plan.js";

const compilerSchema = z.object({ compile: z.function({ input: [z.string()], output: z.string() }) });
const outputSchema = z.object({ sources: z.object({ "C.sol": z.object({ ast: z.unknown() }) }) });

/** Mutants of a contract that has these members. */
const mutantsOf = (members: string): readonly Mutant[] => {
  const source = `// SPDX-License-Identifier: MIT\npragma solidity 0.8.37;\n// é\ncontract C { ${members} }\n`;
  const { compile } = compilerSchema.parse(createRequire(import.meta.url)("solc"));
  const settings = { outputSelection: { "*": { "": ["ast"] } } };
  const input = { language: "Solidity", sources: { "C.sol": { content: source } }, settings };
  const tree = asNode(outputSchema.parse(JSON.parse(compile(JSON.stringify(input)))).sources["C.sol"].ast);
  if (tree === undefined) throw new Error("The compiler gave no syntax tree");
  return generateMutants("contracts/C.sol", { source, tree });
};

/** Their changes, by operator. */
const changesOf = (members: string): readonly string[] =>
  mutantsOf(members).map((mutant) => `${mutant.operator}: ${changeOf(mutant)}`);

const inFunction = (statements: string): string =>
  `uint256 s; error E(uint256 a, uint256 b); event V(uint256 a);
   modifier m() { _; }
   function f(uint256 a, uint256 b, bool c, bool d) public returns (uint256 r) { ${statements} }`;

const CASES: readonly (readonly [circumstance: string, statements: string, expected: readonly string[]])[] = [
  ["a comparison", "c = a < b;", ["comparison: a < b -> (a <= b)", "comparison: a < b -> (a >= b)"]],
  ["an equality", "c = a == b;", ["comparison: a == b -> (a != b)"]],
  ["a sum", "r = a + b;", ["arithmetic: a + b -> (a - b)"]],
  ["a set of bits", "r = a & ~b;", ["bit: a & ~b -> (a | ~b)", "bit: ~b -> b"]],
  ["a compound assignment", "r |= a;", ["bit: r |= a -> r &= a"]],
  ["a counter", "++r;", ["arithmetic: ++r -> --r"]],
  [
    "two conditions",
    "c = c && d;",
    ["logical: c && d -> (c || d)", "operand: c && d -> (c)", "operand: c && d -> (d)"],
  ],
  [
    "a check",
    "if (c) revert E(a, b);",
    ["negation: c -> !(c)", "dropped-check: revert E(a, b); -> {}", "swapped-arguments: a, b -> b, a"],
  ],
  [
    "a check in braces",
    "if (a != b) { revert E(a, a); }",
    ["comparison: a != b -> (a == b)", "dropped-check: revert E(a, a); -> {}"],
  ],
  ["a branch", "if (c) r = a;", ["condition: c -> true", "condition: c -> false", "negation: c -> !(c)"]],
  ["a choice", "r = d ? a : b;", ["condition: d -> true", "condition: d -> false", "negation: d -> !(d)"]],
  ["a loop", "while (c) c = d;", ["condition: c -> false"]],
  ["a number", "r = 0x10;", ["constant: 0x10 -> (0x10 + 1)", "constant: 0x10 -> (0x10 - 1)", "constant: 0x10 -> 0"]],
  ["one", "r = 1;", ["constant: 1 -> (1 + 1)", "constant: 1 -> (1 - 1)"]],
  ["zero", "r = 0;", ["constant: 0 -> (0 + 1)"]],
  ["a truth value", "c = true;", ["constant: true -> false"]],
  ["an event", "emit V(a);", ["dropped-event: emit V(a); -> {}"]],
  ["a deletion", "delete s;", []],
  ["assembly", "assembly { r := add(a, 2) }", ["arithmetic: add -> sub", "constant: 2 -> 3", "constant: 2 -> 1"]],
];

describe("generateMutants", () => {
  for (const [circumstance, statements, expected] of CASES) {
    it(`${circumstance}, is changed in each way that a test should notice`, () => {
      const changes = changesOf(inFunction(statements)).filter((change) => !change.startsWith("dropped-statement"));
      expect(changes).to.deep.equal(expected);
    });
  }

  it("statements, each, are dropped with their semicolon", () => {
    const dropped = changesOf(inFunction("delete s; s = a; f(a, a, c, c);")).filter((change) =>
      change.startsWith("dropped"),
    );
    expect(dropped).to.deep.equal([
      "dropped-statement: delete s; -> {}",
      "dropped-statement: s = a; -> {}",
      "dropped-statement: f(a, a, c, c); -> {}",
    ]);
  });

  it("modifier of a function, is dropped", () => {
    expect(changesOf("modifier m() { _; } function g() public m {}")).to.deep.equal(["dropped-modifier: m -> nothing"]);
  });

  it("arguments, of the same type only, are swapped", () => {
    const swapped = changesOf(inFunction("f(a, b, c, d);")).filter((change) => change.startsWith("swapped"));
    expect(swapped).to.deep.equal(["swapped-arguments: a, b -> b, a", "swapped-arguments: c, d -> d, c"]);
  });

  it("unchecked block, is checked", () => {
    expect(changesOf(inFunction("unchecked { delete s; }"))[0]).to.equal(
      "checked: unchecked { delete s; } -> { delete s; }",
    );
  });

  it("mutant, behind a character of two bytes, differs from the source in its change alone", () => {
    const [mutant] = mutantsOf("function g(uint256 a) public pure returns (bool) { return a > 1; }");
    expect(mutant?.source).to.equal(
      "// SPDX-License-Identifier: MIT\npragma solidity 0.8.37;\n// é\n" +
        "contract C { function g(uint256 a) public pure returns (bool) { return (a >= 1); } }\n",
    );
    expect(mutant).to.include({ id: "C.g:comparison:1", line: 4 });
  });

  it("ids, of all mutants, are different, and stay when another function changes", () => {
    const ids = (members: string): readonly string[] => mutantsOf(members).map(({ id }) => id);
    const second = "function h(uint256 a) public pure returns (uint256) { return a * 2; }";
    const before = ids(`function g(uint256 a) public pure returns (uint256) { return a; } ${second}`);
    const after = ids(`function g(uint256 a) public pure returns (uint256) { return a + 1 - 1 + 1; } ${second}`);
    expect(new Set(after).size).to.equal(after.length);
    expect(after.filter((id) => id.startsWith("C.h:"))).to.deep.equal(before);
  });
});

describe("orderMutants", () => {
  const mutants = ["A", "B"].flatMap((name) =>
    mutantsOf("function g(uint256 a) public pure returns (uint256) { return a + 7; }").map((mutant) => ({
      ...mutant,
      id: mutant.id.replace("C", name),
      file: `contracts/${name}.sol`,
    })),
  );

  it("same seed, gives the same order of all; another seed another one", () => {
    const order = (seed: string): readonly string[] => orderMutants(mutants, { seed }).map(({ id }) => id);
    expect(order("a")).to.deep.equal(order("a"));
    expect(order("a")).not.to.deep.equal(order("b"));
    expect(order("a").toSorted()).to.deep.equal(mutants.map(({ id }) => id).toSorted());
  });

  it("first mutants, are one of each contract", () => {
    const first = orderMutants(mutants, { seed: "a" }).slice(0, 2);
    expect(first.map(({ file }) => file).toSorted()).to.deep.equal(["contracts/A.sol", "contracts/B.sol"]);
  });
});

describe("planTests", () => {
  const mutant = { id: "Conditions.nameOf:condition:1", file: "contracts/libraries/Conditions.sol" };
  const compiler = { dependsOn: (file: string) => file.includes("Conditions") || file.includes("EventRules") };
  const neighbours = { id: "Conditions.nameOf:condition:2", file: mutant.file };

  it("contract without kills, begins with the tests named after it, and has each other test once", () => {
    const { own, others } = planTests(mutant, { compiler, kills: [] });
    expect(own).to.deep.equal([{ runner: "solidity", files: ["test/contracts/libraries/Conditions.t.sol"] }]);
    expect(others.map(({ runner }) => runner)).to.deep.equal(["solidity", "mocha"]);
    expect(others[0]?.files).to.deep.equal(["test/contracts/libraries/EventRules.t.sol"]);
    expect(others[1]?.files).to.include("test/contracts/WEGManager.test.ts");
  });

  it("kills of the same function, by other tests, bring these to the front", () => {
    const testFile = "test/contracts/WEGManager.test.ts";
    const { own, others } = planTests(mutant, { compiler, kills: [{ mutant: neighbours, testFile }] });
    expect(own).to.deep.equal([
      { runner: "mocha", files: [testFile] },
      { runner: "solidity", files: ["test/contracts/libraries/Conditions.t.sol"] },
    ]);
    expect(others.flatMap(({ files }) => files)).not.to.include(testFile);
  });

  it("kills of another function, change the order among the others only", () => {
    const testFile = "test/contracts/WEGManager.test.ts";
    const kills = [{ mutant: { ...neighbours, id: "Conditions.isAllowedChange:bit:1" }, testFile }];
    const { own, others } = planTests(mutant, { compiler, kills });
    expect(own.map(({ runner }) => runner)).to.deep.equal(["solidity"]);
    expect(others[0]).to.deep.include({ runner: "mocha" });
    expect(others[0]?.files[0]).to.equal(testFile);
  });
});

describe("tally", () => {
  const [first, second, third] = mutantsOf("function g(uint256 a) public pure returns (bool) { return a > 7; }");
  if (first === undefined || second === undefined || third === undefined) throw new Error("There are too few mutants");
  const judged = [
    { mutant: first, verdict: { kind: "killed", by: "a test", testFile: "C.test.ts" } },
    { mutant: second, verdict: { kind: "survived" } },
    { mutant: third, verdict: undefined },
  ] as const;

  it("survivor without a reason, counts against the score; one that was not run does not", () => {
    expect(tally(judged, { accepted: [] })).to.include({ mutants: 3, killed: 1, survived: 1, notRun: 1, score: 50 });
  });

  it("survivor that is equivalent, does not count", () => {
    const entry = { id: second.id, change: changeOf(second), kind: "equivalent", reason: "the same" } as const;
    expect(tally(judged, { accepted: [entry] })).to.include({ survived: 0, equivalent: 1, score: 100 });
  });

  it("survivor that is accepted, or whose change has another reason, counts", () => {
    const entry = { id: second.id, change: changeOf(second), kind: "accepted", reason: "costs gas" } as const;
    expect(tally(judged, { accepted: [entry] }).survived).to.equal(1);
    expect(tally(judged, { accepted: [{ ...entry, kind: "equivalent", change: "x" }] }).survived).to.equal(1);
  });
});

describe("survivors.json", () => {
  it("entries, each, name a mutant that there is", async () => {
    const compiler = createCompiler();
    const known = [...compiler.sources]
      .filter(([file]) => /^contracts\/(libraries\/)?[^/]+\.sol$/.test(file))
      .flatMap(([file, source]) => generateMutants(file, { source, tree: compiler.treeOf(file) }))
      .map((mutant) => `${mutant.id} ${changeOf(mutant)}`);
    const stale = (await readAcceptedSurvivors()).filter(({ id, change }) => !known.includes(`${id} ${change}`));
    expect(stale).to.deep.equal([]);
  });
});
