/**
 * The format of readings, computed anew with nothing but hash functions, signatures and JSON: whoever follows
 * docs/readings.md gets the same bytes.
 */
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Batch,
  createBatch,
  leafOfReading,
  parseReading,
  readingBytes,
  readingJsonSchema,
} from "@digital-product-passport/sdk/readings";
import { expect } from "chai";
import { AbiCoder, concat, getBytes, id, keccak256, recoverAddress, toBeHex, toUtf8Bytes } from "ethers";
import * as z from "zod";
import { projectRoot } from "../support/project-files.js";

const hex = z.templateLiteral(["0x", z.string().regex(/^[0-9a-fA-F]+$/)]);
const batchSchema = z.record(z.string(), z.string());
const vectorsSchema = z.strictObject({
  chainId: z.string(),
  readingsAnchor: hex,
  gateway: hex,
  sensorPublicKey: hex,
  readings: z.array(
    z.strictObject({ reading: z.record(z.string(), z.unknown()), bytes: z.string(), leaf: hex, proof: z.array(hex) }),
  ),
  root: hex,
  file: z.strictObject({ sha256: hex, cid: z.string(), size: z.number() }),
  document: z.strictObject({ text: z.string(), digest: hex }),
  batch: batchSchema,
  initialHead: hex,
  head: hex,
  digest: hex,
  signature: hex,
});

const vectors = vectorsSchema.parse(
  JSON.parse(await readFile(join(projectRoot, "test/vectors/readings.json"), "utf8")),
);
const { readings, root, batch } = vectors;

const sha256 = (text: string): string => `0x${createHash("sha256").update(text).digest("hex")}`;
/** Canonical JSON of what readings are made of: ASCII strings and whole numbers. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, item]) => [name, sorted(item)]),
  );
};
const canonical = (value: unknown): string => JSON.stringify(sorted(value));
const hashPair = (left: string, right: string): string =>
  keccak256(concat(left < right ? [left, right] : [right, left]));
const hashAbi = (types: readonly string[], values: readonly unknown[]): string =>
  keccak256(AbiCoder.defaultAbiCoder().encode([...types], [...values]));

describe("the format of readings, by the vectors", () => {
  it("a reading's bytes are its canonical JSON, and its leaf their double hash", () => {
    for (const { reading, bytes, leaf } of readings) {
      expect(canonical(reading)).to.equal(bytes);
      expect(keccak256(keccak256(toUtf8Bytes(bytes)))).to.equal(leaf);
    }
  });

  it("1.0 and 1 are different readings", () => {
    expect(readings[0]?.bytes).to.include('"value":"1.0"');
    expect(readings[1]?.bytes).to.include('"value":"1"');
  });

  it("the root is that of the complete tree over the leaves in reverse, and each proof leads to it", () => {
    const leaves = readings.map(({ leaf }): string => leaf);
    const tree = [...Array<string>(leaves.length - 1).fill(""), ...leaves.toReversed()];
    for (let node = leaves.length - 2; node >= 0; node--) {
      tree[node] = hashPair(tree[2 * node + 1] ?? "", tree[2 * node + 2] ?? "");
    }
    expect(tree[0]).to.equal(root);
    for (const { leaf, proof } of readings) expect(proof.reduce<string>(hashPair, leaf)).to.equal(root);
  });

  it("the file has a line for each reading, and the document names it", () => {
    const file = readings.map(({ bytes }) => `${bytes}\n`).join("");
    expect([sha256(file), file.length]).to.deep.equal([vectors.file.sha256, vectors.file.size]);
    const document = JSON.parse(vectors.document.text);
    expect(canonical(document)).to.equal(vectors.document.text);
    expect(sha256(vectors.document.text)).to.equal(vectors.document.digest);
    expect(document.readings).to.deep.include(vectors.file);
    expect([document.root, document.count, batch["document"]]).to.deep.equal([root, 5, vectors.document.digest]);
    const [series] = document.series;
    expect([series.count, series.minimum, series.mean, series.maximum]).to.deep.equal([3, "-12.5", "-3.5", "1"]);
  });

  it("head and digest are those of EIP-712, and the gateway's signature is right", () => {
    const { chainId, readingsAnchor, gateway } = vectors;
    const start = hashAbi(
      ["bytes32", "uint256", "address", "address"],
      [id("ReadingsAnchor.head.v1"), chainId, readingsAnchor, gateway],
    );
    expect(start.slice(0, 56)).to.equal(vectors.initialHead);
    const type =
      "Batch(address gateway,uint256 sequence,bytes27 previousHead,bytes32 root,uint256 count,uint256 from,uint256 to,bytes32 document)";
    const names = ["gateway", "sequence", "previousHead", "root", "count", "from", "to", "document"];
    const struct = hashAbi(
      ["bytes32", "address", "uint256", "bytes27", "bytes32", "uint256", "uint256", "uint256", "bytes32"],
      [id(type), ...names.map((name) => batch[name])],
    );
    expect(struct.slice(0, 56)).to.equal(vectors.head);
    const domain = hashAbi(
      ["bytes32", "bytes32", "bytes32", "uint256", "address"],
      [
        id("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
        id("ReadingsAnchor"),
        id("1"),
        chainId,
        readingsAnchor,
      ],
    );
    expect(keccak256(concat(["0x1901", domain, struct]))).to.equal(vectors.digest);
    expect(recoverAddress(vectors.digest, vectors.signature)).to.equal(gateway);
  });

  it("the sensor's signature is over the reading without it, the lower s", () => {
    const signed = readings.find(({ reading }) => "signature" in reading);
    const { signature, ...reading } = signed?.reading ?? {};
    const bytes = getBytes(z.string().parse(signature));
    const point = Buffer.from(getBytes(vectors.sensorPublicKey));
    const [x, y] = [point.subarray(0, 32).toString("base64url"), point.subarray(32).toString("base64url")];
    const key = createPublicKey({ format: "jwk", key: { kty: "EC", crv: "P-256", x, y } });
    const message = Buffer.from(canonical(reading));
    expect(verify("sha256", message, { key, dsaEncoding: "ieee-p1363" }, bytes)).to.equal(true);
    const half = toBeHex(0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n, 32);
    expect(Buffer.from(bytes.subarray(32)).toString("hex") <= half.slice(2)).to.equal(true);
  });

  it("the SDK computes the same", async () => {
    const parsed = readings.map(({ reading }) => parseReading(reading));
    expect(parsed.map((reading) => new TextDecoder().decode(readingBytes(reading)))).to.deep.equal(
      readings.map(({ bytes }) => bytes),
    );
    expect(parsed.map(leafOfReading)).to.deep.equal(readings.map(({ leaf }) => leaf));
    // Safety: the vectors were parsed as hex; a false one would fail what is compared.
    const place = {
      chainId: BigInt(vectors.chainId),
      readingsAnchor: vectors.readingsAnchor,
      gateway: vectors.gateway,
      previousHead: vectors.initialHead,
    } as unknown as Pick<Batch, "gateway" | "previousHead"> & { chainId: bigint; readingsAnchor: Batch["gateway"] };
    const created = await createBatch(parsed, {
      ...place,
      sequence: 1n,
      randomBytes: (length) => new Uint8Array(length).fill(7),
    });
    expect(new TextDecoder().decode(created.bytes)).to.equal(vectors.document.text);
    expect(readings.map((_, index) => created.proofOf(index))).to.deep.equal(readings.map(({ proof }) => proof));
  });

  it("docs/reading.schema.json is what the SDK says", async () => {
    const text = await readFile(join(projectRoot, "docs/reading.schema.json"), "utf8");
    expect(JSON.parse(text)).to.deep.equal(JSON.parse(JSON.stringify(readingJsonSchema())));
  });
});
