import { createHash } from "node:crypto";
import { expect } from "chai";
import { getBytes, keccak256 } from "ethers";
import fc from "fast-check";
import { digestOf } from "../document/digest-of.js";
import { type Bytes32, parseAddress, parseBytes27, parseBytes32 } from "../primitives/hex.js";
import { p256Key } from "../signing/p256-attester.js";
import { MAXIMUM_READINGS, MAXIMUM_SERIES } from "./batch-document.js";
import { createBatch } from "./create-batch.js";
import type { Reading } from "./reading.js";
import { leafOfReading, readingBytes } from "./reading-bytes.js";
import { isLeafOf, readingTree } from "./reading-tree.js";
import { anyReading, sampleReading } from "./sample-readings.test.js";
import { isReadingSigned, signReading } from "./sign-reading.js";

const POSITION = {
  chainId: 421_614n,
  readingsAnchor: parseAddress("0x000000000000000000000000000000000000a11c"),
  gateway: parseAddress("0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359"),
  sequence: 3n,
  previousHead: parseBytes27(`0x${"7e".repeat(27)}`),
  randomBytes: (length: number) => new Uint8Array(length).fill(5),
};

const count = (length: number, change: (index: number) => object = (index) => ({ sequence: index + 1 })) =>
  Array.from({ length }, (_, index) => sampleReading(change(index)));

/** Readings of which no sensor has a number twice. */
const anyReadings = fc.uniqueArray(anyReading, {
  minLength: 1,
  maxLength: 33,
  selector: ({ sensor, sequence }) => `${sensor} ${sequence}`,
});

describe("createBatch", () => {
  it("with another Keccak-256, asks it for every hash of the tree, and is the same batch", async () => {
    const readings = count(5);
    let asked = 0;
    const made = await createBatch(readings, {
      ...POSITION,
      keccak256: (bytes) => {
        asked += 1;
        return getBytes(keccak256(bytes));
      },
    });
    expect(made.batch).to.deep.equal((await createBatch(readings, POSITION)).batch);
    expect(asked, "two for a leaf, one for each inner node").to.equal(5 * 2 + 4);
  });

  it("says the same in the batch, the document and the file", async () => {
    const readings = [
      sampleReading({ time: "2026-11-27T15:55:46.999Z" }),
      sampleReading({ sequence: 2, value: "64", time: "2026-11-27T15:55:44Z" }),
    ];
    const { batch, document, bytes, digest, file } = await createBatch(readings, POSITION);
    const lines = readings.map((reading) => `${new TextDecoder().decode(readingBytes(reading))}\n`).join("");
    expect(new TextDecoder().decode(file)).to.equal(lines);
    expect(JSON.parse(new TextDecoder().decode(bytes))).to.deep.equal(document);
    expect(digest).to.equal(`0x${createHash("sha256").update(bytes).digest("hex")}`);
    expect(batch).to.deep.equal({
      gateway: POSITION.gateway,
      sequence: 3n,
      previousHead: POSITION.previousHead,
      root: readingTree(readings.map(leafOfReading)).root,
      count: 2n,
      from: 1_795_794_944n,
      to: 1_795_794_946n,
      document: digest,
    });
    expect(document).to.deep.include({ chainId: "421614", sequence: 3, count: 2, salt: "05".repeat(16) });
    expect(document).to.deep.include({ root: batch.root, from: 1_795_794_944, to: 1_795_794_946 });
    expect(document.readings).to.deep.include({ size: file.length, sha256: digestOf(file) });
  });

  it("of the same readings, gives another document each time, and the same root", async () => {
    const { randomBytes: _, ...position } = POSITION;
    const [first, second] = await Promise.all([1, 2].map(() => createBatch(count(1), position)));
    expect(first?.digest).not.to.equal(second?.digest);
    expect(first?.batch.root).to.equal(second?.batch.root);
  });

  it("of the most readings and series that a batch takes, keeps within the size of a document", async () => {
    const longest = "a".repeat(26);
    const readings = count(MAXIMUM_READINGS, (index) => ({
      sequence: Number.MAX_SAFE_INTEGER - index,
      product: `https://id.weg.example/${longest}/01/09521234543213/10/${longest.slice(7)}/21/W22-0000000000000001`,
      sensor: `${index % MAXIMUM_SERIES}`.padStart(64, "s"),
      quantity: "relative-humidity",
      unit: "%",
      value: "100.000000000",
      time: "2026-11-27T15:55:46.999Z",
    }));
    const { document, proofOf, batch } = await createBatch(readings, POSITION);
    expect(document.series).to.have.length(MAXIMUM_SERIES);
    const [leaf] = readings.slice(-1).map(leafOfReading);
    expect(leaf && isLeafOf(batch.root, { leaf, proof: proofOf(MAXIMUM_READINGS - 1) })).to.equal(true);
  });

  for (const [what, readings] of [
    ["no readings", []],
    ["one reading too many", count(MAXIMUM_READINGS + 1)],
    ["one series too many", count(MAXIMUM_SERIES + 1, (index) => ({ sensor: `s${index}` }))],
    ["the same reading twice", [sampleReading(), sampleReading()]],
    ["two readings of one number", [sampleReading(), sampleReading({ value: "1" })]],
  ] as const) {
    it(`of ${what}, refuses`, async () => {
      const error = await createBatch(readings, POSITION).then(
        () => undefined,
        (caught: unknown) => caught,
      );
      expect(error).to.include({ code: "input.invalid" });
    });
  }

  it("of any readings, proves each and nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(anyReadings, anyReading, fc.nat({ max: 31 }), async (readings, other, byte) => {
        const { batch, proofOf } = await createBatch(readings, POSITION);
        for (const [index, reading] of readings.entries()) {
          const proof = proofOf(index);
          expect(isLeafOf(batch.root, { leaf: leafOfReading(reading), proof })).to.equal(true);
          const isIncluded = readings.some((each) => leafOfReading(each) === leafOfReading(other));
          if (!isIncluded) expect(isLeafOf(batch.root, { leaf: leafOfReading(other), proof })).to.equal(false);
          for (const place of proof.keys()) {
            const forged = proof.with(place, flip(proof[place], byte));
            expect(isLeafOf(batch.root, { leaf: leafOfReading(reading), proof: forged })).to.equal(false);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it("of any readings, has the root that plain hashing gives", async () => {
    await fc.assert(
      fc.asyncProperty(anyReadings, async (readings) => {
        const { batch } = await createBatch(readings, POSITION);
        expect(batch.root).to.equal(plainRoot(readings));
      }),
      { numRuns: 50 },
    );
  });
});

describe("readingTree", () => {
  it("an inner node, is no leaf that a line could have", () => {
    const [first, second, third] = count(3).map(leafOfReading);
    if (first === undefined || second === undefined || third === undefined) throw new Error("there are three");
    const { root, proofOf } = readingTree([first, second, third]);
    const line = Uint8Array.from([first, second].sort().flatMap((leaf) => [...Buffer.from(leaf.slice(2), "hex")]));
    // The hash of two leaves stands in the tree; whoever offers those 64 bytes as a line is refused, for a line is hashed twice.
    expect(proofOf(2)).to.have.length.at.least(1);
    expect(isLeafOf(root, { leaf: parseBytes32(keccak256(keccak256(line))), proof: [third] })).to.equal(false);
  });
});

describe("signReading and isReadingSigned", () => {
  const key = p256Key(`0x${"11".repeat(32)}`);
  const other = p256Key(`0x${"22".repeat(32)}`);

  it("know the sensor's signature, whatever field is changed afterwards", async () => {
    const signed = await signReading(sampleReading(), { key });
    expect(isReadingSigned(signed, key)).to.equal(true);
    expect(isReadingSigned(signed, other)).to.equal(false);
    for (const changes of [
      { sensor: "bearing-nde" },
      { sequence: 2 },
      { quantity: "winding-temperature" },
      { value: "63.50" },
      { time: "2026-11-27T15:55:46.000Z" },
      { product: "https://id.weg.example/m" },
    ]) {
      expect(isReadingSigned(sampleReading({ ...signed, ...changes }), key)).to.equal(false);
    }
  });

  it("sign what was signed before anew, and find none where there is none", async () => {
    const twice = await signReading(await signReading(sampleReading(), { key: other }), { key });
    expect(isReadingSigned(twice, key)).to.equal(true);
    expect(isReadingSigned(sampleReading(), key)).to.equal(false);
  });

  it("refuse the other of the two signatures that a digest has", async () => {
    const { signature = "0x", ...reading } = await signReading(sampleReading(), { key });
    const order = BigInt("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    const highS = (order - BigInt(`0x${signature.slice(66)}`)).toString(16).padStart(64, "0");
    expect(isReadingSigned(sampleReading({ ...reading, signature: signature.slice(0, 66) + highS }), key)).to.equal(
      false,
    );
  });

  it("refuse numbers that are no signature at all", () => {
    for (const digits of ["00", "ff"]) {
      expect(isReadingSigned(sampleReading({ signature: `0x${digits.repeat(64)}` }), key)).to.equal(false);
    }
  });
});

/** The tree of the specification, written down once more. */
function plainRoot(readings: readonly Reading[]): string {
  let nodes: readonly string[] = readings.map((reading) => keccak256(keccak256(readingBytes(reading)))).toReversed();
  const tree = [...Array.from({ length: nodes.length - 1 }, () => ""), ...nodes];
  for (let index = nodes.length - 2; index >= 0; index--) {
    const pair = [tree[2 * index + 1] ?? "", tree[2 * index + 2] ?? ""].sort();
    tree[index] = keccak256(`0x${pair.map((node) => node.slice(2)).join("")}`);
  }
  nodes = tree;
  return nodes[0] ?? "";
}

function flip(hash: Bytes32 | undefined, byte: number): Bytes32 {
  const bytes = Buffer.from((hash ?? "").slice(2), "hex");
  bytes[byte] = (bytes[byte] ?? 0) ^ 1;
  return parseBytes32(`0x${bytes.toString("hex")}`);
}
