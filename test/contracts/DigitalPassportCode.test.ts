import { expect } from "chai";
import { dataLength } from "ethers";
import { findInstructions, INSTRUCTIONS, instructionsOf } from "../support/instructions.js";
import { connection, loadPassport, loadSuite } from "./behaviours/deployed-suite.js";

const { ethers } = connection;

/** EIP-1167's code, 45 bytes: what explorers look for. */
const MINIMAL_PROXY = /363d3d373d3d3d363d73([0-9a-f]{40})5af43d82803e903d91602b57fd5bf3/;

const MINIMAL_PROXY_LENGTH = 45;
/** Where it pushes the place that it jumps to. */
const MINIMAL_PROXY_JUMP = 0x27;

const implementationCode = async (): Promise<string> => {
  const { implementation } = await loadSuite();
  return ethers.provider.getCode(implementation);
};

describe("DigitalPassport: code", () => {
  it("implementation, every instruction, makes no contract and runs no foreign code on its storage", async () => {
    const code = await implementationCode();
    expect(instructionsOf(code).length, "instructions").to.be.greaterThan(5_000);
    expect(findInstructions(code, ["CREATE", "CREATE2", "CALLCODE", "DELEGATECALL", "SELFDESTRUCT"])).to.deep.equal([]);
  });

  it("implementation, deployed, is below the limit of 24,576 bytes", async () => {
    expect(dataLength(await implementationCode())).to.be.lessThanOrEqual(24_576);
  });

  it("events, every argument, has a name that ethers' Result leaves to it", async () => {
    const { implementation } = await loadSuite();
    const names: string[] = [];
    implementation.interface.forEachEvent(({ inputs }) => {
      names.push(...inputs.map(({ name }) => name));
    });
    expect(names).to.include("previousRecordedAt");
    expect(names.filter((name) => name in Array.prototype)).to.deep.equal([]);
  });
});

describe("DigitalPassport: code of a clone, as an explorer sees it", () => {
  const cloneCode = async () => {
    const scene = await loadPassport();
    const code = await ethers.provider.getCode(scene.passport);
    return { ...scene, code, proxy: ethers.dataSlice(code, 0, MINIMAL_PROXY_LENGTH) };
  };

  it("first 45 bytes, of every passport, are EIP-1167 with the implementation in it", async () => {
    const { code, implementation, proxy } = await cloneCode();
    const address = (await implementation.getAddress()).toLowerCase();
    const [found, named] = MINIMAL_PROXY.exec(code) ?? [];
    expect(`0x${found}`, "at the very beginning").to.equal(proxy);
    expect(`0x${named}`).to.equal(address);
  });

  it("behind them, manager and productId, are never run", async () => {
    const { code, manager, passport, proxy } = await cloneCode();
    const behind = ethers.dataSlice(code, MINIMAL_PROXY_LENGTH);
    expect(behind).to.equal(
      ethers.concat([await manager.getAddress(), ethers.toUtf8Bytes(await passport.productId())]),
    );
    // It jumps to one place, its own, and ends there: no jump leads to the data behind it, nor does it run on into it.
    const instructions = instructionsOf(proxy);
    const jumps = instructions.filter((code) => code === INSTRUCTIONS.JUMP || code === INSTRUCTIONS.JUMPI);
    expect(jumps).to.deep.equal([INSTRUCTIONS.JUMPI]);
    expect(ethers.dataSlice(proxy, MINIMAL_PROXY_JUMP, MINIMAL_PROXY_JUMP + 3), "PUSH1 0x2b, JUMPI").to.equal(
      "0x602b57",
    );
    expect(ethers.dataSlice(proxy, 0x2b), "JUMPDEST, RETURN").to.equal("0x5bf3");
  });

  it("an explorer that compares the whole code, of any passport, finds no proxy", async () => {
    // Documented in docs/architecture.md: what such an explorer shows and how to read a passport there all the same.
    const { code } = await cloneCode();
    expect(new RegExp(`^0x${MINIMAL_PROXY.source}$`).test(code)).to.equal(false);
  });

  it("DELEGATECALL, of a clone, stands there once and nothing else that a contract must not have", async () => {
    const { proxy } = await cloneCode();
    const instructions = instructionsOf(proxy);
    expect(instructions.filter((instruction) => instruction === INSTRUCTIONS.DELEGATECALL).length).to.equal(1);
    expect(findInstructions(proxy, ["CREATE", "CREATE2", "CALLCODE", "SELFDESTRUCT"])).to.deep.equal([]);
  });
});
