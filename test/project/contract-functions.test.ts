import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { Interface } from "ethers";
import { artifacts } from "hardhat";
import * as sdk from "../../sdk/src/index.js";
import * as readings from "../../sdk/src/readings.js";
import { contractFunctions } from "../support/contract-functions.js";
import { findFiles } from "../support/project-files.js";

describe("functions and events of the contracts", () => {
  for (const [contract, offered] of Object.entries(contractFunctions)) {
    it(`${contract}: each is offered by the SDK, or it is said why not`, async () => {
      const { abi } = await artifacts.readArtifact(contract);
      const names = new Interface(abi).fragments.flatMap((fragment) =>
        fragment.type === "function" || fragment.type === "event" ? [Reflect.get(fragment, "name")] : [],
      );
      expect([...new Set(names)].sort()).to.deep.equal(Object.keys(offered).sort());
    });

    it(`${contract}: each export that is named exists`, () => {
      const missing = exportsOf(offered).filter(
        ([, name]) => typeof Reflect.get({ ...sdk, ...readings }, name) !== "function",
      );
      expect(missing).to.deep.equal([]);
    });

    it(`${contract}: each function and event that is offered is used by the SDK`, async () => {
      const files = (await findFiles("sdk/src/**/*.ts")).filter((file) => !file.endsWith(".test.ts"));
      const sources = (await Promise.all(files.map((file) => readFile(file, "utf8")))).join("\n");
      const unused = exportsOf(offered).filter(([name]) => !new RegExp(`\\.${name}\\(|"${name}"`).test(sources));
      expect(unused).to.deep.equal([]);
    });
  }
});

function exportsOf(offered: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(offered).filter(([, name]) => !name.startsWith("("));
}
