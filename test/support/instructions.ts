import { getBytes } from "ethers";

/** Instructions that tests look for in code, by their names. */
export const INSTRUCTIONS = {
  ORIGIN: 0x32,
  BLOCKHASH: 0x40,
  COINBASE: 0x41,
  TIMESTAMP: 0x42,
  NUMBER: 0x43,
  PREVRANDAO: 0x44,
  GASLIMIT: 0x45,
  CHAINID: 0x46,
  BASEFEE: 0x48,
  BLOBHASH: 0x49,
  BLOBBASEFEE: 0x4a,
  JUMP: 0x56,
  JUMPI: 0x57,
  JUMPDEST: 0x5b,
  CREATE: 0xf0,
  CALLCODE: 0xf2,
  RETURN: 0xf3,
  DELEGATECALL: 0xf4,
  CREATE2: 0xf5,
  SELFDESTRUCT: 0xff,
} as const;

/** Name of an instruction. */
export type InstructionName = keyof typeof INSTRUCTIONS;

/** The code of a contract, as the compiler gives it. */
export interface CompiledCode {
  /** Creation code. */
  readonly bytecode: string;
  /** Runtime code. */
  readonly deployedBytecode: string;
}

const PUSH1 = 0x60;
const PUSH32 = 0x7f;

/** What solc writes behind a contract: a CBOR map of the hash of its metadata and the compiler's version. */
const METADATA = /a2646970667358221220[0-9a-f]{64}64736f6c6343[0-9a-f]{6}0033$/;

/**
 * Takes code apart into instructions. What a PUSH pushes is no instruction, nor is solc's metadata behind the code.
 * Whatever else stands there is taken for instructions, also where nothing jumps to: a forbidden instruction is rather
 * seen where none is than overlooked.
 *
 * @param code - runtime code, or what {@link constructorCodeOf} gives
 * @returns opcodes, in their order
 */
export function instructionsOf(code: string): readonly number[] {
  const bytes = getBytes(code.replace(METADATA, ""));
  const instructions: number[] = [];
  for (let position = 0; position < bytes.length; ++position) {
    const instruction = bytes[position] ?? 0;
    instructions.push(instruction);
    if (instruction >= PUSH1 && instruction <= PUSH32) position += instruction - PUSH1 + 1;
  }
  return instructions;
}

/**
 * Which of some instructions code has.
 *
 * @param code - runtime code, or what {@link constructorCodeOf} gives
 * @param names - instructions to look for
 * @returns names of those that are there
 */
export function findInstructions(code: string, names: readonly InstructionName[]): readonly InstructionName[] {
  const found = new Set(instructionsOf(code));
  return names.filter((name) => found.has(INSTRUCTIONS[name]));
}

/**
 * The part of creation code that runs: in solc's, the runtime code that it deploys stands behind it, and behind that its
 * constants and the creation code of contracts that it makes.
 *
 * @param compiled - a contract that can be deployed
 */
export function constructorCodeOf({ bytecode, deployedBytecode }: CompiledCode): string {
  const end = bytecode.indexOf(deployedBytecode.slice(2));
  if (end < 0) throw new Error("The creation code does not contain the runtime code.");
  return bytecode.slice(0, end);
}
