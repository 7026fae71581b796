import { createMerkleProof, createMPT, type MerklePatriciaTrie } from "@ethereumjs/mpt";
import { expect } from "chai";
import { concat, encodeRlp, getBytes, hexlify, keccak256 } from "ethers";
import fc from "fast-check";
import { isPassportError } from "../errors/passport-error.js";
import { type Bytes32, type Hex, parseBytes32, parseHex } from "../primitives/hex.js";
import { trieNodesOf } from "./trie-nodes.js";
import { EMPTY_TRIE_ROOT, walkTrie } from "./walk-trie.js";

type Content = ReadonlyMap<string, Uint8Array>;

/** Short keys share their beginnings, small values are embedded in the nodes above them. */
const contents: fc.Arbitrary<Content> = fc
  .integer({ min: 1, max: 3 })
  .chain((length) =>
    fc.array(
      fc.tuple(fc.uint8Array({ minLength: length, maxLength: length }), fc.uint8Array({ minLength: 1, maxLength: 40 })),
      { minLength: 1, maxLength: 24 },
    ),
  )
  .map((pairs) => new Map(pairs.map(([key, value]) => [hexlify(key), value])));

const trieOf = async (content: Content): Promise<MerklePatriciaTrie> => {
  const trie = await createMPT();
  for (const [key, value] of content) await trie.put(getBytes(key), value);
  return trie;
};

const proofOf = async (trie: MerklePatriciaTrie, key: string): Promise<readonly string[]> =>
  (await createMerkleProof(trie, getBytes(key))).map((node) => hexlify(node));

const walk = (root: Uint8Array, key: string, proof: readonly string[]): Hex | undefined => {
  const nodes = trieNodesOf(proof);
  return walkTrie(parseBytes32(hexlify(root)), { key: parseHex(key), findNode: (hash) => nodes.get(hash) });
};

/** Walks into a trie whose only known node is this one. */
const walkNode = (node: Parameters<typeof encodeRlp>[0], key = "0x1234"): Hex | undefined =>
  walkBytes(encodeRlp(node), key);
const walkBytes = (bytes: string, key = "0x1234"): Hex | undefined =>
  walkTrie(parseBytes32(keccak256(bytes)), { key: parseHex(key), findNode: () => parseHex(bytes) });

const hash = (digit: string): string => `0x${digit.repeat(64)}`;

describe("walkTrie", () => {
  it("of random tries, finds what @ethereumjs/mpt put there and proves everything else absent", async () => {
    await fc.assert(
      fc.asyncProperty(contents, fc.array(fc.nat(), { maxLength: 8 }), async (content, others) => {
        const trie = await trieOf(content);
        const width = [...content.keys()][0]?.length ?? 4;
        const absent = others.map(
          (other) =>
            `0x${other
              .toString(16)
              .padStart(8, "0")
              .slice(0, width - 2)}`,
        );
        for (const key of [...content.keys(), ...absent]) {
          const value = content.get(key);
          expect(walk(trie.root(), key, await proofOf(trie, key))).to.equal(value && hexlify(value));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("of a proof with any byte changed, never finds anything else than the truth", async () => {
    const change = fc.record({
      content: contents,
      pick: fc.nat(),
      node: fc.nat(),
      at: fc.nat(),
      mask: fc.integer({ min: 1, max: 255 }),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ content, pick, node, at, mask }) => {
        const trie = await trieOf(content);
        const key = [...content.keys()][pick % content.size] ?? expect.fail();
        const proof = (await proofOf(trie, key)).map((bytes) => getBytes(bytes));
        const changed = proof[node % proof.length] ?? expect.fail();
        const index = at % changed.length;
        changed[index] = (changed[index] ?? 0) ^ mask;
        try {
          // That library also lists nodes which stand in their parents; those do not matter.
          expect(
            walk(
              trie.root(),
              key,
              proof.map((bytes) => hexlify(bytes)),
            ),
          ).to.equal(hexlify(content.get(key) ?? expect.fail()));
        } catch (error) {
          if (!isPassportError(error, "proof.incomplete")) throw error;
        }
      }),
      { numRuns: 100 },
    );
  });

  it("of a proof in another order, or with nodes that do not belong to it, finds the same", async () => {
    const content: Content = new Map(
      Array.from({ length: 200 }, (_, index) => [
        keccak256(`0x${index.toString(16).padStart(4, "0")}`),
        Uint8Array.of(1 + (index % 200)),
      ]),
    );
    const trie = await trieOf(content);
    const [key = "", other = ""] = [...content.keys()];
    const proof = [
      ...(await proofOf(trie, key)).toReversed(),
      ...(await proofOf(trie, other)),
      "0x",
      "0x80",
      hash("a"),
    ];
    expect(walk(trie.root(), key, proof)).to.equal("0x01");
  });

  it("of a proof with any node missing, says that it is incomplete", async () => {
    const content: Content = new Map(
      Array.from({ length: 200 }, (_, index) => [
        keccak256(`0x${index.toString(16).padStart(4, "0")}`),
        new Uint8Array(40).fill(7),
      ]),
    );
    const trie = await trieOf(content);
    const [key = ""] = [...content.keys()];
    const proof = await proofOf(trie, key);
    expect(proof.length).to.be.greaterThan(2);
    for (const left of proof) {
      expect(() =>
        walk(
          trie.root(),
          key,
          proof.filter((node) => node !== left),
        ),
      )
        .to.throw()
        .with.property("code", "proof.incomplete");
    }
  });

  it("of an empty trie, finds nothing and needs no node", () => {
    const findNode = (): Hex => expect.fail("nobody needs a node");
    expect(walkTrie(EMPTY_TRIE_ROOT, { key: parseHex("0x1234"), findNode })).to.equal(undefined);
  });

  it("of nodes that are written as they must be, takes leaf, extension and branch, odd and even", () => {
    const branch = (children: Readonly<Record<number, string | string[]>>) =>
      Array.from({ length: 17 }, (_, index) => children[index] ?? "0x");
    expect(walkNode(["0x201234", "0x07"]), "even leaf").to.equal("0x07");
    expect(walkNode(["0x3123", "0x07"], "0x1234"), "another leaf").to.equal(undefined);
    expect(walkNode(branch({ 1: ["0x3234", "0x07"] })), "embedded odd leaf").to.equal("0x07");
    expect(walkNode(branch({ 2: ["0x3234", "0x07"] })), "no child").to.equal(undefined);
    expect(
      walkNode(["0x1123", branch({ 4: ["0x20", "0x07"] })] as never),
      "odd extension, leaf without a path",
    ).to.equal("0x07");
    expect(walkNode(["0x001234", branch({ 16: "0x07" })] as never), "even extension, value of a branch").to.equal(
      "0x07",
    );
    expect(walkNode(["0x001234", branch({ 1: "0x07" })] as never), "branch without a value").to.equal(undefined);
    expect(walkNode(["0x001235", hash("1")]), "another extension").to.equal(undefined);
  });

  const malformed: Readonly<Record<string, () => unknown>> = {
    "that is a string": () => walkNode("0x1234"),
    "without items": () => walkNode([]),
    "of three items": () => walkNode(["0x201234", "0x07", "0x07"]),
    "of sixteen items": () => walkNode(Array(16).fill("0x")),
    "with an unknown flag": () => walkNode(["0x401234", "0x07"]),
    "with an even path that is padded with 1": () => walkNode(["0x211234", "0x07"]),
    "without a path": () => walkNode(["0x", "0x07"]),
    "with a list as its path": () => walkNode([["0x20"], "0x07"]),
    "that is an extension of no length": () => walkNode(["0x00", hash("1")]),
    "that is a leaf without a value": () => walkNode(["0x201234", "0x"]),
    "that is a leaf with a list as its value": () => walkNode(["0x201234", ["0x07"]]),
    "that refers to 31 bytes": () => walkNode(["0x12", `0x${"1".repeat(62)}`], "0x2345"),
    "that refers to nothing": () => walkNode(["0x0012", "0x"]),
    "that is no RLP": () => walkBytes("0xf8"),
    "that is RLP of too many bytes": () => walkBytes("0xb8011234"),
    "with something behind it": () => walkBytes(concat([encodeRlp(["0x201234", "0x07"]), "0x00"])),
    "that is larger than any trie's": () => walkNode(["0x201234", `0x${"11".repeat(5_000)}`]),
    "that has another hash": () =>
      walkTrie(parseBytes32(hash("1")), {
        key: parseHex("0x1234"),
        findNode: () => parseHex(encodeRlp(["0x201234", "0x07"])),
      }),
  };
  for (const [what, attempt] of Object.entries(malformed)) {
    it(`of a node ${what}, refuses the proof`, () => {
      expect(attempt).to.throw().with.property("code", "proof.invalid");
    });
  }

  it("of any bytes as a node, ends with a value, with nothing or with a code", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 600 }),
      fc
        .array(fc.uint8Array({ maxLength: 34 }), { maxLength: 18 })
        .map((items) => getBytes(encodeRlp(items.map((item) => hexlify(item))))),
    );
    fc.assert(
      fc.property(bytes, fc.uint8Array({ minLength: 32, maxLength: 32 }), (node, key) => {
        try {
          walkBytes(hexlify(node), hexlify(key));
        } catch (error) {
          expect(isPassportError(error), String(error)).to.equal(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("of a chain of extensions, takes no more steps than the key has digits", () => {
    const nodes = new Map<Bytes32, Hex>();
    let reference: string = hash("1");
    for (let index = 0; index < 100; index++) {
      const node = parseHex(encodeRlp(["0x11", reference]));
      reference = keccak256(node);
      nodes.set(parseBytes32(reference), node);
    }
    let steps = 0;
    const findNode = (wanted: Bytes32): Hex | undefined => {
      steps += 1;
      return nodes.get(wanted);
    };
    expect(() => walkTrie(parseBytes32(reference), { key: parseHex(hash("1")), findNode })).not.to.throw();
    expect(steps).to.be.lessThan(66);
  });
});
