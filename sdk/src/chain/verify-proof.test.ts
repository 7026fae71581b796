import { createMerkleProof, createMPT } from "@ethereumjs/mpt";
import { expect } from "chai";
import { encodeRlp, getBytes, hexlify, keccak256, toBeArray, toBeHex, ZeroAddress } from "ethers";
import fc from "fast-check";
import { isPassportError } from "../errors/passport-error.js";
import { verifyAccountProof } from "./verify-account-proof.js";
import { verifyStorageProof } from "./verify-storage-proof.js";
import { EMPTY_TRIE_ROOT } from "./walk-trie.js";

const ADDRESSES = Array.from({ length: 40 }, (_, index) => toBeHex(1_000 + index, 20));
const CODE_HASH = keccak256("0x6001");

/** A state of forty accounts, and one storage of as many slots, as a chain has them. */
const makeState = async () => {
  const storage = await createMPT({ useKeyHashing: true });
  for (let slot = 0; slot < 40; slot++) {
    await storage.put(getBytes(toBeHex(slot, 32)), getBytes(encodeRlp(toBeArray(10n ** BigInt(slot) + 7n))));
  }
  const state = await createMPT({ useKeyHashing: true });
  for (const [index, address] of ADDRESSES.entries()) {
    const fields = [toBeArray(index), toBeArray(10n ** 18n), storage.root(), CODE_HASH];
    await state.put(getBytes(address), getBytes(encodeRlp(fields.map((field) => hexlify(field)))));
  }
  const proofIn = async (trie: typeof state, key: string) =>
    (await createMerkleProof(trie, getBytes(key))).map((node) => hexlify(node));
  return {
    stateRoot: hexlify(state.root()),
    storageRoot: hexlify(storage.root()),
    accountProof: (address: string) => proofIn(state, address),
    storageProof: (slot: bigint) => proofIn(storage, toBeHex(slot, 32)),
  };
};

/** A trie of one value under one key, and its proof. */
const trieOfOne = (key: string, value: string): { readonly root: string; readonly proof: readonly string[] } => {
  const leaf = encodeRlp([`0x20${keccak256(key).slice(2)}`, value]);
  return { root: keccak256(leaf), proof: [leaf] };
};

describe("verifyAccountProof", () => {
  it("of an account among others, returns what the trie of @ethereumjs/mpt holds of it", async () => {
    const { stateRoot, storageRoot, accountProof } = await makeState();
    for (const [index, address] of ADDRESSES.entries()) {
      const account = verifyAccountProof(stateRoot, { address, proof: await accountProof(address) });
      expect(account).to.deep.equal({ nonce: BigInt(index), balance: 10n ** 18n, storageRoot, codeHash: CODE_HASH });
    }
  });

  it("of an address without an account, proves that there is none", async () => {
    const { stateRoot, accountProof } = await makeState();
    expect(verifyAccountProof(stateRoot, { address: ZeroAddress, proof: await accountProof(ZeroAddress) })).to.equal(
      undefined,
    );
  });

  it("of another account's proof, another state's or none, is incomplete", async () => {
    const { stateRoot, accountProof } = await makeState();
    const [address = "", other = ""] = ADDRESSES;
    const proof = await accountProof(address);
    for (const [root, shown] of [
      [stateRoot, await accountProof(other)],
      [keccak256("0x"), proof],
      [stateRoot, []],
      [stateRoot, proof.slice(0, -1)],
    ] as const) {
      expect(() => verifyAccountProof(root, { address, proof: shown }))
        .to.throw()
        .with.property("code", "proof.incomplete");
    }
  });

  for (const [what, value] of Object.entries({
    "three fields": encodeRlp(["0x", "0x", keccak256("0x")]),
    "a short code hash": encodeRlp(["0x", "0x", keccak256("0x"), "0x12"]),
    "a number with leading zeros": encodeRlp(["0x0001", "0x", keccak256("0x"), keccak256("0x")]),
    "a balance of 33 bytes": encodeRlp(["0x", `0x01${"00".repeat(32)}`, keccak256("0x"), keccak256("0x")]),
    "no list": encodeRlp("0x12345678"),
    "no RLP": "0xf8",
  })) {
    it(`of a state that holds ${what} instead of an account, refuses the proof`, () => {
      const [address = ""] = ADDRESSES;
      const { root, proof } = trieOfOne(address, value);
      expect(() => verifyAccountProof(root, { address, proof }))
        .to.throw()
        .with.property("code", "proof.invalid");
    });
  }

  it("of what is no proof, root or address, names the field", async () => {
    const { stateRoot, accountProof } = await makeState();
    const [address = ""] = ADDRESSES;
    const proof = await accountProof(address);
    for (const [root, options, field] of [
      ["0x12", { address, proof }, "stateRoot"],
      [stateRoot, { address: "0x12", proof }, "address"],
      [stateRoot, { address, proof: ["0xzz"] }, "proof"],
      [stateRoot, { address, proof: [7] as unknown as string[] }, "proof"],
      [stateRoot, { address, proof: Array(2_000).fill("0x") }, "proof"],
    ] as const) {
      expect(() => verifyAccountProof(root, options))
        .to.throw()
        .with.nested.property("details.field", field);
    }
  });
});

describe("verifyStorageProof", () => {
  it("of any slot, returns the word that was written there, and 0 where none was", async () => {
    const { storageRoot, storageProof } = await makeState();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.bigInt({ min: 0n, max: 50n }), fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })),
        async (slot) => {
          const expected = slot < 40n ? 10n ** slot + 7n : 0n;
          expect(verifyStorageProof(storageRoot, { slot, proof: await storageProof(slot) })).to.equal(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("of a storage that holds nothing, is 0 without a node", () => {
    expect(verifyStorageProof(EMPTY_TRIE_ROOT, { slot: 2n, proof: [] })).to.equal(0n);
  });

  it("of the proof of another slot, is incomplete: it says nothing about this one", async () => {
    const { storageRoot, storageProof } = await makeState();
    const proof = await storageProof(3n);
    expect(() => verifyStorageProof(storageRoot, { slot: 2n, proof }))
      .to.throw()
      .with.property("code", "proof.incomplete");
  });

  it("of any changed byte of a proof, never returns another word", async () => {
    const { storageRoot, storageProof } = await makeState();
    const proof = await storageProof(7n);
    await fc.assert(
      fc.property(fc.nat(proof.length - 1), fc.nat(), fc.integer({ min: 1, max: 255 }), (node, at, mask) => {
        const bytes = proof.map((bytes) => getBytes(bytes));
        const changed = bytes[node] ?? expect.fail();
        changed[at % changed.length] = (changed[at % changed.length] ?? 0) ^ mask;
        const attempt = () => verifyStorageProof(storageRoot, { slot: 7n, proof: bytes.map((node) => hexlify(node)) });
        expect(attempt).to.throw().with.property("code", "proof.incomplete");
      }),
      { numRuns: 300 },
    );
  });

  for (const [what, value] of Object.entries({
    "a zero": encodeRlp("0x"),
    "a zero byte": encodeRlp("0x00"),
    "a number with leading zeros": encodeRlp("0x0012"),
    "33 bytes": encodeRlp(`0x${"12".repeat(33)}`),
    "a list": encodeRlp(["0x12"]),
    "no RLP": "0xb8",
  })) {
    it(`of a storage that holds ${what} in a slot, refuses the proof`, () => {
      const { root, proof } = trieOfOne(toBeHex(2n, 32), value);
      expect(() => verifyStorageProof(root, { slot: 2n, proof }))
        .to.throw()
        .with.property("code", "proof.invalid");
    });
  }

  it("of a slot that is none, names the field", () => {
    for (const slot of [-1n, 2n ** 256n]) {
      let caught: unknown;
      try {
        verifyStorageProof(EMPTY_TRIE_ROOT, { slot, proof: [] });
      } catch (error) {
        caught = error;
      }
      expect(isPassportError(caught, "input.invalid")).to.equal(true);
    }
  });
});
