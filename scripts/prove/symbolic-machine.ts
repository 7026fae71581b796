import type { Condition, Solver } from "./solver.js";
import type { Byte, Word, Words } from "./words.js";

/** Code as it is deployed. */
export interface Code {
  readonly bytes: Uint8Array;
  /** Immutables that the constructor would have filled in, by their position: any value is assumed. */
  readonly immutables: ReadonlyMap<number, string>;
}

/** What all contracts of a run see alike. */
export interface Surroundings {
  readonly words: Words;
  readonly solver: Solver;
  /** Code at known addresses; the code of any other may answer anything. */
  readonly codeAt: ReadonlyMap<bigint, Code>;
}

/** A call as a contract sees it. */
export interface Call {
  readonly code: Code;
  readonly calldata: readonly Byte[];
  readonly caller: Word;
  readonly address: Word;
  /** Ether that came with it, in wei. */
  readonly value: Word;
  /** Whether it must not change anything. */
  readonly isStatic: boolean;
}

/** What changes while a contract runs. */
export interface World {
  readonly storage: Word;
  /** Conditions under which the run came this way. */
  readonly path: readonly Condition[];
}

/** One of the ways in which a call can end. */
export interface Outcome {
  readonly isSuccess: boolean;
  /** What is returned; undefined where it can be anything. */
  readonly data: readonly Byte[] | undefined;
  readonly world: World;
}

interface Frame {
  readonly call: Call;
  readonly stack: Word[];
  memory: Byte[];
  /** From here on memory can hold anything. */
  memoryKnownTo: number;
  position: number;
  returned: readonly Byte[] | undefined;
  returnedLength: Word;
  world: World;
}

/** The machine met something that it does not follow; nothing is said about the property. */
export class NotFollowedError extends Error {}

/** No code reads or writes from here on: for memory no gas would do, and everything else is shorter. */
const FARTHEST = 1n << 24n;

/** Those that only compute. */
const COMPUTATIONS: Readonly<Record<number, string>> = {
  1: "ADD",
  2: "MUL",
  3: "SUB",
  4: "DIV",
  6: "MOD",
  16: "LT",
  17: "GT",
  18: "SLT",
  19: "SGT",
  20: "EQ",
  21: "ISZERO",
  22: "AND",
  23: "OR",
  24: "XOR",
  25: "NOT",
  26: "BYTE",
  27: "SHL",
  28: "SHR",
  29: "SAR",
};
/** SSTORE and LOG: what a static call must not do. */
const CHANGES = new Set([0x55, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4]);
const UNARY = new Set(["ISZERO", "NOT"]);

/** Those that read or change more than the stack; what is not listed here is not followed. */
const OPERATIONS: Readonly<Record<number, string>> = {
  0: "STOP",
  10: "EXP",
  32: "KECCAK256",
  48: "ADDRESS",
  51: "CALLER",
  52: "CALLVALUE",
  53: "CALLDATALOAD",
  54: "CALLDATASIZE",
  55: "CALLDATACOPY",
  56: "CODESIZE",
  57: "CODECOPY",
  59: "EXTCODESIZE",
  60: "EXTCODECOPY",
  61: "RETURNDATASIZE",
  62: "RETURNDATACOPY",
  66: "TIMESTAMP",
  70: "CHAINID",
  80: "POP",
  81: "MLOAD",
  82: "MSTORE",
  83: "MSTORE8",
  84: "SLOAD",
  85: "SSTORE",
  86: "JUMP",
  87: "JUMPI",
  90: "GAS",
  91: "JUMPDEST",
  94: "MCOPY",
  243: "RETURN",
  244: "DELEGATECALL",
  250: "STATICCALL",
  253: "REVERT",
  254: "INVALID",
};

/**
 * Runs a call over all inputs at once.
 *
 * @param call - code, data and caller; any of them may be unknown
 * @param options - the world before, and what all contracts see
 * @returns every way in which the call can end
 * @throws NotFollowedError where the code does what this machine does not model
 */
export async function runSymbolically(
  call: Call,
  options: { readonly world: World; readonly surroundings: Surroundings },
): Promise<readonly Outcome[]> {
  const { world, surroundings } = options;
  const outcomes: Outcome[] = [];
  const frames: Frame[] = [
    {
      call,
      stack: [],
      memory: [],
      memoryKnownTo: Number.POSITIVE_INFINITY,
      position: 0,
      returned: [],
      returnedLength: surroundings.words.constant(0n),
      world,
    },
  ];
  for (let frame = frames.pop(); frame !== undefined; frame = frames.pop()) {
    const step = await stepUntilFork(frame, surroundings);
    if ("isSuccess" in step) outcomes.push(step);
    else frames.push(...step);
  }
  return outcomes;
}

/** Words in a calldata or return data, one behind the other. */
export function bytesOf(word: Word): readonly Byte[] {
  return Array.from({ length: 32 }, (_, index) => ({ word, index }));
}

async function stepUntilFork(frame: Frame, surroundings: Surroundings): Promise<Outcome | readonly Frame[]> {
  for (;;) {
    const next = await step(frame, surroundings);
    if (next !== undefined) return next;
  }
}

async function step(frame: Frame, surroundings: Surroundings): Promise<Outcome | readonly Frame[] | undefined> {
  const { words } = surroundings;
  const at = frame.position++;
  const operation = frame.call.code.bytes[at] ?? 0;
  if (frame.call.isStatic && CHANGES.has(operation)) return halt(frame);

  const computation = COMPUTATIONS[operation];
  if (computation !== undefined) {
    const operands = UNARY.has(computation) ? [pop(frame)] : [pop(frame), pop(frame)];
    frame.stack.push(words.apply(computation, operands));
    return undefined;
  }
  const other = OPERATIONS[operation];
  if (other !== undefined) return stepOther(frame, { operation: other, surroundings });
  rearrange(frame, { operation, at, words });
  return undefined;
}

/** PUSH, DUP and SWAP. LOG leaves no trace that a contract could read: nothing is said about events. */
function rearrange(
  frame: Frame,
  { operation, at, words }: { readonly operation: number; readonly at: number; readonly words: Words },
): void {
  const { stack } = frame;
  if (operation >= 0x5f && operation <= 0x7f) stack.push(pushed(frame, { at, length: operation - 0x5f, words }));
  else if (operation >= 0x80 && operation <= 0x8f) stack.push(stack.at(0x7f - operation) ?? underflow());
  else if (operation >= 0x90 && operation <= 0x9f) {
    const last = stack.length - 1;
    const other = last - (operation - 0x8f);
    [stack[last], stack[other]] = [stack[other] ?? underflow(), stack[last] ?? underflow()];
  } else if (operation >= 0xa0 && operation <= 0xa4) stack.splice(stack.length - (operation - 0x9e));
  else throw new NotFollowedError(`the operation 0x${operation.toString(16)}`);
}

/** Everything that reads or changes more than the stack. */
async function stepOther(
  frame: Frame,
  { operation, surroundings }: { readonly operation: string; readonly surroundings: Surroundings },
): Promise<Outcome | readonly Frame[] | undefined> {
  const { words } = surroundings;
  const { call, stack } = frame;
  switch (operation) {
    case "STOP":
      return { isSuccess: true, data: [], world: frame.world };
    case "EXP":
      stack.push(power(pop(frame), { exponent: pop(frame), words }));
      return undefined;
    case "KECCAK256": {
      const offset = known(pop(frame), "a hash's place in memory");
      stack.push(words.hash(read(frame, { offset, length: known(pop(frame), "a hash's length"), words })));
      return undefined;
    }
    case "ADDRESS":
      stack.push(call.address);
      return undefined;
    case "CALLER":
      stack.push(call.caller);
      return undefined;
    case "CALLVALUE":
      stack.push(call.value);
      return undefined;
    case "CALLDATALOAD": {
      const offset = known(pop(frame), "a place in calldata");
      stack.push(words.join(slice(call.calldata, { offset, length: 32, words })));
      return undefined;
    }
    case "CALLDATASIZE":
      stack.push(words.constant(BigInt(call.calldata.length)));
      return undefined;
    case "CALLDATACOPY": {
      const target = known(pop(frame), "a place in memory");
      const offset = known(pop(frame), "a place in calldata");
      write(frame, {
        offset: target,
        bytes: slice(call.calldata, { offset, length: known(pop(frame), "a length"), words }),
      });
      return undefined;
    }
    case "CODESIZE":
      stack.push(words.constant(BigInt(call.code.bytes.length)));
      return undefined;
    case "CODECOPY": {
      const target = known(pop(frame), "a place in memory");
      const offset = known(pop(frame), "a place in code");
      const length = known(pop(frame), "a length");
      if (call.code.immutables.keys().some((at) => at < offset + length && at + 32 > offset))
        throw new NotFollowedError("a copy of immutables");
      const bytes = Array.from(call.code.bytes.slice(offset, offset + length), (value) => byteOf(BigInt(value), words));
      write(frame, { offset: target, bytes: slice(bytes, { offset: 0, length, words }) });
      return undefined;
    }
    case "EXTCODESIZE":
      pop(frame);
      stack.push(words.fresh());
      return undefined;
    case "EXTCODECOPY": {
      // Code of an address that the input decides; what stands in it can be anything.
      pop(frame);
      const target = known(pop(frame), "a place in memory");
      pop(frame);
      write(frame, { offset: target, bytes: unknownBytes(known(pop(frame), "a length"), words) });
      return undefined;
    }
    case "RETURNDATASIZE":
      stack.push(frame.returnedLength);
      return undefined;
    case "RETURNDATACOPY": {
      const target = known(pop(frame), "a place in memory");
      const offset = known(pop(frame), "a place in return data");
      const length = pop(frame);
      if (frame.returned !== undefined) {
        const end = offset + known(length, "a length");
        if (end > frame.returned.length) return halt(frame);
        write(frame, { offset: target, bytes: frame.returned.slice(offset, end) });
      } else if (offset === 0 && length === frame.returnedLength) {
        frame.memoryKnownTo = Math.min(frame.memoryKnownTo, target);
      } else throw new NotFollowedError("a copy of a part of an answer of unknown length");
      return undefined;
    }
    case "TIMESTAMP":
      stack.push(words.symbol("timestamp", 64));
      return undefined;
    case "CHAINID":
      stack.push(words.symbol("chainid"));
      return undefined;
    case "POP":
      pop(frame);
      return undefined;
    case "MLOAD":
      stack.push(words.join(read(frame, { offset: known(pop(frame), "a place in memory"), length: 32, words })));
      return undefined;
    case "MSTORE": {
      const offset = known(pop(frame), "a place in memory");
      write(frame, { offset, bytes: bytesOf(pop(frame)) });
      return undefined;
    }
    case "MSTORE8": {
      const offset = known(pop(frame), "a place in memory");
      write(frame, { offset, bytes: [{ word: pop(frame), index: 31 }] });
      return undefined;
    }
    case "SLOAD":
      stack.push(words.load(frame.world.storage, pop(frame)));
      return undefined;
    case "SSTORE": {
      const slot = pop(frame);
      frame.world = { ...frame.world, storage: words.store(frame.world.storage, slot, pop(frame)) };
      return undefined;
    }
    case "JUMP":
      frame.position = jumpTarget(frame, pop(frame));
      return undefined;
    case "JUMPI":
      return jumpIf(frame, surroundings);
    case "GAS":
      stack.push(words.fresh());
      return undefined;
    case "JUMPDEST":
      return undefined;
    case "MCOPY": {
      const target = known(pop(frame), "a place in memory");
      const offset = known(pop(frame), "a place in memory");
      write(frame, { offset: target, bytes: read(frame, { offset, length: known(pop(frame), "a length"), words }) });
      return undefined;
    }
    case "RETURN":
    case "REVERT": {
      const offset = known(pop(frame), "a place in memory");
      const length = pop(frame).constant;
      const isKnown = length !== undefined && offset + Number(length) <= frame.memoryKnownTo;
      const data = isKnown ? read(frame, { offset, length: Number(length), words }) : undefined;
      return { isSuccess: operation === "RETURN", data, world: frame.world };
    }
    case "DELEGATECALL":
      return callKnownCode(frame, { surroundings, isDelegated: true });
    case "STATICCALL":
      return callStatically(frame, surroundings);
    case "INVALID":
      return { isSuccess: false, data: undefined, world: frame.world };
    default:
      throw new NotFollowedError(`the operation ${operation}`);
  }
}

async function jumpIf(frame: Frame, { solver }: Surroundings): Promise<readonly Frame[] | undefined> {
  const target = pop(frame);
  const condition = pop(frame);
  if (condition.constant !== undefined) {
    if (condition.constant !== 0n) frame.position = jumpTarget(frame, target);
    return undefined;
  }
  const taken = forkUnder(frame, { word: condition, isZero: false });
  taken.position = jumpTarget(frame, target);
  const passed = forkUnder(frame, { word: condition, isZero: true });
  // This way is possible: if one branch is not, the other is. What the solver cannot rule out is followed.
  if ((await solver.solve(taken.world.path, [])).status === "unsat") return [passed];
  if ((await solver.solve(passed.world.path, [])).status === "unsat") return [taken];
  return [taken, passed];
}

/** A static call changes nothing; another contract may refuse, or answer anything of any length. */
async function callStatically(frame: Frame, surroundings: Surroundings): Promise<readonly Frame[] | undefined> {
  const { words } = surroundings;
  const target = frame.stack.at(-2)?.constant;
  if (target !== undefined && surroundings.codeAt.has(target)) {
    return callKnownCode(frame, { surroundings, isDelegated: false });
  }
  const [, , , , offset, length] = Array.from({ length: 6 }, () => pop(frame));
  write(frame, {
    offset: known(offset, "a place in memory"),
    bytes: unknownBytes(known(length, "a length"), words),
  });
  frame.returned = undefined;
  frame.returnedLength = words.fresh(32);
  frame.stack.push(words.fresh(1));
  return undefined;
}

async function callKnownCode(
  frame: Frame,
  { surroundings, isDelegated }: { readonly surroundings: Surroundings; readonly isDelegated: boolean },
): Promise<readonly Frame[]> {
  const { words, codeAt } = surroundings;
  const [, address, offset, length, target, space] = Array.from({ length: 6 }, () => pop(frame));
  const code = codeAt.get(address?.constant ?? -1n);
  if (code === undefined || address === undefined) throw new NotFollowedError("a call of unknown code");
  const calldata = read(frame, { offset: known(offset, "a place"), length: known(length, "a length"), words });
  const isOwnStorage = isDelegated || address.constant === frame.call.address.constant;
  const storage = isOwnStorage ? frame.world.storage : words.storage(`storage_of_${address.constant}`);
  const world = { ...frame.world, storage };
  const inner = isDelegated
    ? { ...frame.call, code, calldata }
    : { code, calldata, caller: frame.call.address, address, value: words.constant(0n), isStatic: true };
  const outcomes = await runSymbolically(inner, { world, surroundings });
  return outcomes.map((outcome) => {
    const isKept = isDelegated && outcome.isSuccess;
    const after = fork(frame, { ...(isKept ? outcome.world : frame.world), path: outcome.world.path });
    after.returned = outcome.data;
    after.returnedLength = outcome.data === undefined ? words.fresh(32) : words.constant(BigInt(outcome.data.length));
    const room = known(space, "a length");
    const answer = outcome.data?.slice(0, room) ?? unknownBytes(room, words);
    write(after, { offset: known(target, "a place"), bytes: answer });
    after.stack.push(words.constant(outcome.isSuccess ? 1n : 0n));
    return after;
  });
}

/** Out of gas, a forbidden operation: nothing is returned, and it is no panic. */
function halt({ world }: Frame): Outcome {
  return { isSuccess: false, data: [], world };
}

function fork(frame: Frame, world: World): Frame {
  return { ...frame, stack: [...frame.stack], memory: [...frame.memory], world };
}

function forkUnder(frame: Frame, condition: Condition): Frame {
  return fork(frame, { ...frame.world, path: [...frame.world.path, condition] });
}

function pop(frame: Frame): Word {
  return frame.stack.pop() ?? underflow();
}

function underflow(): never {
  throw new Error("The stack is empty: this is no code of a contract");
}

function known(word: Word | undefined, what: string): number {
  if (word?.constant === undefined) throw new NotFollowedError(`${what} that depends on the input`);
  if (word.constant >= FARTHEST) throw new NotFollowedError(`${what} of ${word.constant}`);
  return Number(word.constant);
}

function jumpTarget(frame: Frame, target: Word): number {
  const position = known(target, "a jump");
  if (frame.call.code.bytes[position] !== 0x5b) throw new Error(`No jump may end at ${position}`);
  return position;
}

function pushed(
  frame: Frame,
  { at, length, words }: { readonly at: number; readonly length: number; readonly words: Words },
): Word {
  frame.position += length;
  const immutable = frame.call.code.immutables.get(at + 1);
  if (immutable !== undefined) return words.symbol(immutable);
  const bytes = frame.call.code.bytes.slice(at + 1, at + 1 + length);
  return words.constant(bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n));
}

function power(base: Word, { exponent, words }: { readonly exponent: Word; readonly words: Words }): Word {
  if (base.constant === undefined || exponent.constant === undefined) throw new NotFollowedError("an unknown power");
  let result = 1n;
  for (let count = 0n; count < exponent.constant; ++count) result = BigInt.asUintN(256, result * base.constant);
  return words.constant(result);
}

function byteOf(value: bigint, words: Words): Byte {
  return { word: words.constant(value), index: 31 };
}

function unknownBytes(length: number, words: Words): readonly Byte[] {
  return Array.from({ length: Math.ceil(length / 32) }, () => bytesOf(words.fresh()))
    .flat()
    .slice(0, length);
}

/** Zeros stand behind the end. */
function slice(
  bytes: readonly Byte[],
  { offset, length, words }: { readonly offset: number; readonly length: number; readonly words: Words },
): readonly Byte[] {
  return Array.from({ length }, (_, index) => bytes[offset + index] ?? byteOf(0n, words));
}

function read(
  frame: Frame,
  range: { readonly offset: number; readonly length: number; readonly words: Words },
): readonly Byte[] {
  if (range.offset + range.length > frame.memoryKnownTo) throw new NotFollowedError("an answer of unknown length");
  return slice(frame.memory, range);
}

function write(frame: Frame, { offset, bytes }: { readonly offset: number; readonly bytes: readonly Byte[] }): void {
  for (const [index, byte] of bytes.entries()) frame.memory[offset + index] = byte;
}
