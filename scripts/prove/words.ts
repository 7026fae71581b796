import { keccak256, toBeHex } from "ethers";

/** A 256-bit word, or the whole of a contract's storage, as an expression over the unknown inputs. */
export interface Word {
  /** How SMT-LIB refers to it. */
  readonly name: string;
  /** Its value, if it depends on no input. */
  readonly constant?: bigint;
  /** It is below two to the power of this. */
  readonly bits: number;
  /** What SMT-LIB must be told before the name is used. */
  readonly definition?: string;
  /** Words that the definition names. */
  readonly operands: readonly Word[];
}

/** One byte of a word; the byte 0 is the most significant one. */
export interface Byte {
  readonly word: Word;
  readonly index: number;
}

/** Makes words; the same expression is always the same word. */
export interface Words {
  readonly constant: (value: bigint) => Word;
  readonly symbol: (name: string, bits?: number) => Word;
  readonly storage: (name: string) => Word;
  /** An unknown that nothing else depends on. */
  readonly fresh: (bits?: number) => Word;
  readonly apply: (operation: string, operands: readonly Word[]) => Word;
  readonly load: (storage: Word, slot: Word) => Word;
  readonly store: (storage: Word, slot: Word, value: Word) => Word;
  /** Up to 32 bytes, right-aligned in a word. */
  readonly join: (bytes: readonly Byte[]) => Word;
  /** A hash of which no more is assumed than that equal bytes have equal hashes. */
  readonly hash: (bytes: readonly Byte[]) => Word;
}

interface Operation {
  readonly fold: (...values: readonly bigint[]) => bigint;
  readonly smt: (...names: readonly string[]) => string;
  /** Bound of the result, from the bounds of the operands and the constants among them. */
  readonly bits?: (bits: readonly number[], operands: readonly Word[]) => number;
}

const WIDTH = 256;
const MASK = (1n << 256n) - 1n;

const signed = (value: bigint): bigint => BigInt.asIntN(WIDTH, value);
const flag = (condition: boolean): bigint => (condition ? 1n : 0n);
const oneBit = (): number => 1;
const widest = (bits: readonly number[]): number => Math.max(...bits);
const literal = (value: bigint): string => `(_ bv${value} ${WIDTH})`;
const bitLength = (value: bigint): number => (value === 0n ? 0 : value.toString(2).length);
const shiftOf = (operands: readonly Word[]): number => Number(operands[0]?.constant ?? 0n);

/** Yellow paper, appendix H; a comparison is a word of one bit. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  ADD: {
    fold: (a = 0n, b = 0n) => a + b,
    smt: (a, b) => `(bvadd ${a} ${b})`,
    bits: (bits) => widest(bits) + 1,
  },
  MUL: { fold: (a = 0n, b = 0n) => a * b, smt: (a, b) => `(bvmul ${a} ${b})`, bits: ([a = 0, b = 0]) => a + b },
  SUB: { fold: (a = 0n, b = 0n) => a - b, smt: (a, b) => `(bvsub ${a} ${b})` },
  DIV: {
    fold: (a = 0n, b = 0n) => (b === 0n ? 0n : a / b),
    smt: (a, b) => `(ite (= ${b} ${literal(0n)}) ${literal(0n)} (bvudiv ${a} ${b}))`,
    bits: ([a = WIDTH]) => a,
  },
  MOD: {
    fold: (a = 0n, b = 0n) => (b === 0n ? 0n : a % b),
    smt: (a, b) => `(ite (= ${b} ${literal(0n)}) ${literal(0n)} (bvurem ${a} ${b}))`,
    bits: ([a = WIDTH, b = WIDTH]) => Math.min(a, b),
  },
  LT: { fold: (a = 0n, b = 0n) => flag(a < b), smt: (a, b) => `(flag (bvult ${a} ${b}))`, bits: oneBit },
  GT: { fold: (a = 0n, b = 0n) => flag(a > b), smt: (a, b) => `(flag (bvugt ${a} ${b}))`, bits: oneBit },
  SLT: {
    fold: (a = 0n, b = 0n) => flag(signed(a) < signed(b)),
    smt: (a, b) => `(flag (bvslt ${a} ${b}))`,
    bits: oneBit,
  },
  SGT: {
    fold: (a = 0n, b = 0n) => flag(signed(a) > signed(b)),
    smt: (a, b) => `(flag (bvsgt ${a} ${b}))`,
    bits: oneBit,
  },
  EQ: { fold: (a, b) => flag(a === b), smt: (a, b) => `(flag (= ${a} ${b}))`, bits: oneBit },
  ISZERO: { fold: (a) => flag(a === 0n), smt: (a) => `(flag (= ${a} ${literal(0n)}))`, bits: oneBit },
  AND: {
    fold: (a = 0n, b = 0n) => a & b,
    smt: (a, b) => `(bvand ${a} ${b})`,
    bits: (bits) => Math.min(...bits),
  },
  OR: { fold: (a = 0n, b = 0n) => a | b, smt: (a, b) => `(bvor ${a} ${b})`, bits: widest },
  XOR: { fold: (a = 0n, b = 0n) => a ^ b, smt: (a, b) => `(bvxor ${a} ${b})`, bits: widest },
  NOT: { fold: (a = 0n) => ~a, smt: (a) => `(bvnot ${a})` },
  BYTE: {
    fold: (index = 0n, a = 0n) => (index > 31n ? 0n : (a >> (8n * (31n - index))) & 0xffn),
    smt: (index, a) =>
      `(ite (bvugt ${index} ${literal(31n)}) ${literal(0n)} (bvand ${literal(255n)} ` +
      `(bvlshr ${a} (bvmul ${literal(8n)} (bvsub ${literal(31n)} ${index})))))`,
    bits: () => 8,
  },
  SHL: {
    fold: (shift = 0n, a = 0n) => (shift > 255n ? 0n : a << shift),
    smt: (shift, a) => `(bvshl ${a} ${shift})`,
    bits: ([, a = WIDTH], operands) => (operands[0]?.constant === undefined ? WIDTH : a + shiftOf(operands)),
  },
  SHR: {
    fold: (shift = 0n, a = 0n) => (shift > 255n ? 0n : a >> shift),
    smt: (shift, a) => `(bvlshr ${a} ${shift})`,
    bits: ([, a = WIDTH], operands) => Math.max(0, a - shiftOf(operands)),
  },
  SAR: {
    fold: (shift = 0n, a = 0n) => signed(a) >> (shift > 255n ? 255n : shift),
    smt: (shift, a) => `(bvashr ${a} ${shift})`,
  },
};

/** Operations that take a solver long on wide words: they are done on as many bits as there can be. */
const COSTLY = new Set(["MUL", "DIV", "MOD"]);

/**
 * Makes a place for words.
 *
 * @returns functions that make words, all sharing one set of names
 */
export function createWords(): Words {
  const known = new Map<string, Word>();
  /** Products that fit into 256 bits: the overflow check of a multiplication divides them by one factor. */
  const exactProducts = new Set<Word>();
  let count = 0;

  const define = (expression: string, operands: readonly Word[], bits: number, sort = `(_ BitVec ${WIDTH})`): Word => {
    const found = known.get(expression);
    if (found !== undefined) return found;
    const name = `w${++count}`;
    const word = { name, bits, operands, definition: `(define-fun ${name} () ${sort} ${expression})` };
    known.set(expression, word);
    return word;
  };

  const declare = (name: string, sort: string, bits: number): Word => ({
    name,
    bits,
    operands: [],
    definition: `(declare-const ${name} ${sort})`,
  });

  const constant = (value: bigint): Word => {
    const wrapped = value & MASK;
    return { name: literal(wrapped), constant: wrapped, bits: bitLength(wrapped), operands: [] };
  };

  const symbol = (name: string, bits = WIDTH): Word => {
    const key = `symbol ${name}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const declared = declare(name, `(_ BitVec ${bits})`, bits);
    const word = bits === WIDTH ? declared : define(`((_ zero_extend ${WIDTH - bits}) ${name})`, [declared], bits);
    known.set(key, word);
    return word;
  };

  const apply = (name: string, operands: readonly Word[]): Word => {
    const operation = OPERATIONS[name];
    if (operation === undefined) throw new Error(`No operation ${name}`);
    const values = operands.flatMap((operand) => operand.constant ?? []);
    if (values.length === operands.length) return constant(operation.fold(...values));
    const bounds = operands.map((operand) => operand.bits);
    const bits = Math.min(WIDTH, operation.bits?.(bounds, operands) ?? WIDTH);
    const width = Math.max(bits, ...bounds);
    if (COSTLY.has(name) && width < WIDTH)
      return cofactorOf(name, operands) ?? applyNarrowly(name, { operands, bits, width });
    return define(operation.smt(...operands.map((operand) => operand.name)), operands, bits);
  };

  const applyNarrowly = (
    name: string,
    { operands, bits, width }: { readonly operands: readonly Word[]; readonly bits: number; readonly width: number },
  ): Word => {
    const [a = "", b = ""] = operands.map((word) => `((_ extract ${width - 1} 0) ${word.name})`);
    const zero = `(_ bv0 ${width})`;
    const guarded = (operator: string): string => `(ite (= ${b} ${zero}) ${zero} (${operator} ${a} ${b}))`;
    const result = name === "MUL" ? `(bvmul ${a} ${b})` : guarded(name === "DIV" ? "bvudiv" : "bvurem");
    const word = define(`((_ zero_extend ${WIDTH - width}) ${result})`, operands, bits);
    if (name === "MUL") exactProducts.add(word);
    return word;
  };

  /** (x * y) / x is y, or 0 where x is: what a solver would take minutes to find out. */
  const cofactorOf = (name: string, [product, divisor]: readonly Word[]): Word | undefined => {
    if (name !== "DIV" || product === undefined || divisor === undefined || !exactProducts.has(product))
      return undefined;
    const [x, y] = product.operands;
    const factor = x?.name === divisor.name ? y : y?.name === divisor.name ? x : undefined;
    if (factor === undefined) return undefined;
    const zero = literal(0n);
    return define(`(ite (= ${divisor.name} ${zero}) ${zero} ${factor.name})`, [divisor, factor], factor.bits);
  };

  const concatenate = (bytes: readonly Byte[]): { readonly expression: string; readonly operands: readonly Word[] } => {
    const runs: { readonly word: Word; readonly first: number; last: number }[] = [];
    for (const { word, index } of bytes) {
      const run = runs.at(-1);
      if (run !== undefined && run.word === word && run.last + 1 === index) run.last = index;
      else runs.push({ word, first: index, last: index });
    }
    const parts = runs.map(
      ({ word, first, last }) => `((_ extract ${255 - 8 * first} ${248 - 8 * last}) ${word.name})`,
    );
    return {
      expression: parts.length === 1 ? parts.join("") : `(concat ${parts.join(" ")})`,
      operands: runs.map(({ word }) => word),
    };
  };

  const constantOf = (bytes: readonly Byte[]): bigint | undefined => {
    let value = 0n;
    for (const { word, index } of bytes) {
      if (word.constant === undefined) return undefined;
      value = (value << 8n) | ((word.constant >> BigInt(248 - 8 * index)) & 0xffn);
    }
    return value;
  };

  const join = (bytes: readonly Byte[]): Word => {
    const value = constantOf(bytes);
    if (value !== undefined) return constant(value);
    const [first] = bytes;
    const isWhole = bytes.length === 32 && bytes.every(({ word, index }, at) => word === first?.word && index === at);
    if (isWhole && first !== undefined) return first.word;
    const { expression, operands } = concatenate(bytes);
    const padding = WIDTH - 8 * bytes.length;
    const zeros = bytes.findIndex(({ word, index }) => constantOf([{ word, index }]) !== 0n);
    return define(
      padding === 0 ? expression : `((_ zero_extend ${padding}) ${expression})`,
      operands,
      8 * (bytes.length - Math.max(0, zeros)),
    );
  };

  const hash = (bytes: readonly Byte[]): Word => {
    const value = constantOf(bytes);
    if (value !== undefined) {
      return constant(BigInt(keccak256(bytes.length === 0 ? "0x" : toBeHex(value, bytes.length))));
    }
    const { expression, operands } = concatenate(bytes);
    const key = `hash ${bytes.length}`;
    const bits = 8 * bytes.length;
    const hashFunction = known.get(key) ?? {
      name: `keccak256_of_${bytes.length}_bytes`,
      bits: 0,
      operands: [],
      definition: `(declare-fun keccak256_of_${bytes.length}_bytes ((_ BitVec ${bits})) (_ BitVec ${WIDTH}))`,
    };
    known.set(key, hashFunction);
    return define(`(${hashFunction.name} ${expression})`, [hashFunction, ...operands], WIDTH);
  };

  const storageSort = `(Array (_ BitVec ${WIDTH}) (_ BitVec ${WIDTH}))`;
  return {
    constant,
    symbol,
    apply,
    join,
    hash,
    storage: (name) => {
      const word = known.get(`storage ${name}`) ?? declare(name, storageSort, 0);
      known.set(`storage ${name}`, word);
      return word;
    },
    fresh: (bits) => symbol(`unknown_${++count}`, bits),
    load: (storage, slot) => define(`(select ${storage.name} ${slot.name})`, [storage, slot], WIDTH),
    store: (storage, slot, value) =>
      define(`(store ${storage.name} ${slot.name} ${value.name})`, [storage, slot, value], 0, storageSort),
  };
}
