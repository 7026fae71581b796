import { expect } from "chai";
import { getBytes } from "ethers";
import { connection, loadSuite } from "./behaviours/deployed-suite.js";

/** What must not stand in the code of a passport, and why. */
const FORBIDDEN = new Map([
  [0x40, "BLOCKHASH: Arbitrum's is not Ethereum's"],
  [0x43, "NUMBER: on Arbitrum, that of another chain"],
  [0x44, "PREVRANDAO: a constant on Arbitrum"],
  [0x4a, "BLOBBASEFEE: not on Arbitrum"],
  [0xf0, "CREATE: nothing of a passport is made later"],
  [0xf2, "CALLCODE: would run foreign code on its storage"],
  [0xf4, "DELEGATECALL: would run foreign code on its storage"],
  [0xf5, "CREATE2: nothing of a passport is made later"],
  [0xff, "SELFDESTRUCT: a passport outlives everybody"],
]);

const INVALID = 0xfe;
const PUSH1 = 0x60;
const PUSH32 = 0x7f;

/** Instructions of a contract: what stands between pushed constants, up to the data and metadata behind them. */
function* instructionsOf(code: Uint8Array): Generator<number> {
  for (let position = 0; position < code.length; ++position) {
    const instruction = code[position] ?? INVALID;
    if (instruction === INVALID) return;
    yield instruction;
    if (instruction >= PUSH1 && instruction <= PUSH32) position += instruction - PUSH1 + 1;
  }
}

const implementationCode = async () => {
  const { implementation } = await loadSuite();
  return getBytes(await connection.ethers.provider.getCode(implementation));
};

describe("DigitalPassport: code", () => {
  it("implementation, every instruction, is none that a passport must not have", async () => {
    const instructions = [...instructionsOf(await implementationCode())];
    expect(instructions.length, "instructions").to.be.greaterThan(5_000);
    const found = instructions.flatMap((instruction) => FORBIDDEN.get(instruction) ?? []);
    expect(found).to.deep.equal([]);
  });

  it("implementation, deployed, is below the limit of 24,576 bytes", async () => {
    expect((await implementationCode()).length).to.be.lessThanOrEqual(24_576);
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
