import { expect } from "chai";
import { hexlify, Log, type Provider } from "ethers";
import fc from "fast-check";
import { parseBundle } from "./bundle/parse-bundle.js";
import { parseAddressBook } from "./chain/address-book.js";
import { decodeRevert, suiteErrors } from "./chain/decode-revert.js";
import { canonicalise } from "./document/canonicalise.js";
import { cidOf, digestOfCid, parseCid } from "./document/cid.js";
import { digestOf } from "./document/digest-of.js";
import { parseJson } from "./document/parse-json.js";
import { readDocument } from "./document/read-document.js";
import { parseStoreUrl } from "./document/stores/parse-store-url.js";
import { isPassportError } from "./errors/passport-error.js";
import { parseProposal } from "./governance/proposal.js";
import { parseNamespace } from "./identifier/parse-namespace.js";
import { normaliseProductId, parseProductId } from "./identifier/parse-product-id.js";
import { ATTESTED_TOPIC, decodeAttested } from "./passport/decode-attested.js";
import { eventTypeName, eventTypeOf, eventTypeSchema } from "./primitives/event-type.js";
import { parseAddress, parseBytes27, parseBytes32, parseDigest, parseHex } from "./primitives/hex.js";
import { parseTimestamp, timestampOf } from "./primitives/timestamp.js";
import { ANCHORED_TOPIC, decodeAnchored } from "./readings/decode-anchored.js";
import { parseReading } from "./readings/reading.js";
import { parseReadingProof } from "./readings/reading-proof.js";
import { parseSignedBatch } from "./readings/signed-batch.js";
import { parseP256PublicKey } from "./signing/p256-public-key.js";
import { cloneCode, parseCloneCode } from "./signing/passport-clone.js";
import {
  parseSignedAcceptance,
  parseSignedAttestation,
  parseSignedCancellation,
  parseSignedLock,
  parseSignedOffer,
  typedDataOfSigned,
} from "./signing/signed-message.js";

/** What holds of every parser alike. What a parser alone promises is tested beside it. */

const RUNS = { numRuns: 500 };

/** Longest that any value may keep a parser busy; the slowest takes a hundredth of it. */
const MOST_MILLISECONDS = 1_000;

/** Text of any 16-bit units, halves of surrogate pairs among them. */
const anyText = fc.oneof(
  fc.string({ unit: fc.nat({ max: 0xffff }).map((unit) => String.fromCharCode(unit)), maxLength: 300 }),
  fc.string({ unit: "grapheme", maxLength: 300 }),
  // Long runs of what a pattern could go back and forth over.
  fc.constantFrom("a", "0", "/", ".", "%41", "-", "[", '{"a":', "A", "\ud800").map((unit) => unit.repeat(20_000)),
);

const hexDigits = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => hexlify(bytes));

const SAMPLES = [
  "https://id.weg.example/01/09521234543213/21/W22-000001",
  "https://id.weg.example/motors/",
  "0x5FbDB2315678afecb367f032d93F642f64180aa3",
  `0x${"12".repeat(32)}`,
  "2026-11-22T13:08:00Z",
  "MAINTAINED",
  cidOf(parseDigest(`0x${"12".repeat(32)}`)),
  '{"a":[1,2.5,"é\\u0000"],"b":null}',
] as const;

/** What a parser takes, with one unit replaced, put in, or taken away. */
const nearlyGood = fc
  .tuple(fc.constantFrom(...SAMPLES), fc.nat({ max: 60 }), fc.nat({ max: 2 }), fc.nat({ max: 0xffff }))
  .map(([sample, index, removed, unit]) => {
    const put = removed === 2 ? "" : String.fromCharCode(unit % 2 === 0 ? unit % 128 : unit);
    return sample.slice(0, index) + put + sample.slice(index + Math.min(removed, 1));
  });

const anyString = fc.oneof(anyText, nearlyGood, fc.constantFrom(...SAMPLES));

const anyValue = fc.oneof(
  anyString,
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true }),
  fc.constantFrom(Symbol("a symbol"), () => "a function", new Proxy({}, {})),
);

/** Parses to a value or a PassportError, and soon. */
const expectTotal = (parse: () => unknown): void => {
  const started = performance.now();
  try {
    parse();
  } catch (error) {
    if (!isPassportError(error)) throw error;
  }
  expect(performance.now() - started, "milliseconds").to.be.below(MOST_MILLISECONDS);
};

describe("every parser of a value from outside", () => {
  for (const parse of [
    parseAddress,
    parseHex,
    parseBytes32,
    parseDigest,
    parseTimestamp,
    parseNamespace,
    parseProductId,
    parseCid,
    digestOfCid,
    parseAddressBook,
    parseSignedAttestation,
    parseSignedOffer,
    parseSignedCancellation,
    parseSignedAcceptance,
    parseSignedLock,
    parseSignedBatch,
    parseReading,
    parseReadingProof,
    parseProposal,
    parseBytes27,
    canonicalise,
    decodeRevert,
  ] as const) {
    it(`${parse.name}, of anything, gives a value or a PassportError, and soon`, () => {
      fc.assert(
        fc.property(anyValue, (value) => expectTotal(() => parse(value))),
        RUNS,
      );
    });
  }

  for (const parse of [parseJson, normaliseProductId, eventTypeOf, parseStoreUrl] as const) {
    it(`${parse.name}, of any text, gives a value or a PassportError, and soon`, () => {
      fc.assert(
        fc.property(anyString, (text) => expectTotal(() => parse(text))),
        RUNS,
      );
    });
  }

  it("timestampOf, of any number, gives a time or a PassportError", () => {
    fc.assert(
      fc.property(fc.bigInt(), (seconds) => expectTotal(() => timestampOf(seconds))),
      RUNS,
    );
  });

  it("decodeRevert, of any bytes behind any selector of the suite or none, gives an error and throws none", () => {
    // Those of the suite, and Solidity's own: Error(string) and Panic(uint256).
    const selectors = ["0x08c379a0", "0x4e487b71"];
    suiteErrors.forEachError(({ selector }) => selectors.push(selector));
    const data = fc.tuple(
      fc.constantFrom("0x", ...selectors),
      fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ minLength: 128, maxLength: 128 })),
    );
    fc.assert(
      fc.property(data, ([selector, bytes]) => {
        expect(isPassportError(decodeRevert({ data: selector + hexlify(bytes).slice(2) }))).to.equal(true);
      }),
      RUNS,
    );
  });

  it("decodeRevert, of a known error whose address has more than 20 bytes, knows the error no more", () => {
    const data = `0x4f3db7cf${"01".padStart(24, "0").padEnd(256, "0")}`;
    expect(decodeRevert({ data })?.code).to.equal("contract.reverted");
  });

  it("parseP256PublicKey, of any value, gives a key or a PassportError", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyValue, fc.uint8Array({ maxLength: 200 })), async (value) => {
        const problem = await parseP256PublicKey(value).then(() => undefined, String);
        expect(problem ?? "PassportError").to.match(/^PassportError/);
      }),
      RUNS,
    );
  });

  it("parseBundle, of any bytes and any canonical JSON, gives a PassportError, and soon", () => {
    const encoder = new TextEncoder();
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      anyString.map((text) => encoder.encode(text)),
      fc.jsonValue().map((value) => canonicalise(JSON.parse(JSON.stringify(value)))),
    );
    fc.assert(
      fc.property(bytes, (file) => {
        expectTotal(() => expect.fail(`it is no bundle: ${parseBundle(file)}`));
      }),
      RUNS,
    );
  });

  for (const [decode, topic] of [
    [decodeAttested, ATTESTED_TOPIC],
    [decodeAnchored, ANCHORED_TOPIC],
  ] as const) {
    it(`${decode.name}, of a log with any topics and bytes, gives nothing or what the log says, and throws nothing`, () => {
      const topics = fc.array(hexDigits(32), { maxLength: 4 });
      const data = fc.oneof(
        hexDigits(32 * 5),
        hexDigits(32 * 6),
        hexDigits(32 * 12),
        fc.nat({ max: 99 }).chain(hexDigits),
      );
      fc.assert(
        fc.property(topics, data, hexDigits(20), hexDigits(32), (others, bytes, address, hash) => {
          const place = { blockNumber: 1, blockHash: hash, index: 0, transactionIndex: 0, removed: false };
          const content = { address, topics: [topic, ...others].slice(0, 4), data: bytes, transactionHash: hash };
          // Safety: a log asks its provider only for more than it holds; nobody does that here.
          decode(new Log({ ...place, ...content }, undefined as unknown as Provider));
        }),
        RUNS,
      );
    });
  }

  it("readDocument, of any bytes under their own digest, gives a verdict and throws nothing", () => {
    const encoder = new TextEncoder();
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      anyString.map((text) => encoder.encode(text)),
      fc.json().map((text) => encoder.encode(text)),
      fc.jsonValue().map((value) => canonicalise(JSON.parse(JSON.stringify(value)))),
    );
    const options = {
      productId: SAMPLES[0],
      eventType: eventTypeOf("MAINTAINED"),
      attester: parseAddress(SAMPLES[2]),
    };
    fc.assert(
      fc.property(bytes, (content) => {
        expect(readDocument(content, { ...options, digest: digestOf(content) }).status).to.be.oneOf([
          "invalid",
          "unknown",
        ]);
      }),
      RUNS,
    );
  });
});

describe("what parsers accept", () => {
  it("hex, in any case, comes back in one form that is its own", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.boolean(), (bytes, isUpper) => {
        const text = hexlify(bytes);
        const parsed = parseHex(isUpper ? `0x${text.slice(2).toUpperCase()}` : text);
        expect(parsed).to.equal(text);
        expect(parseHex(parsed)).to.equal(parsed);
      }),
      RUNS,
    );
  });

  it("addresses come back in one form that is its own, and with one letter in the wrong case are refused", () => {
    fc.assert(
      fc.property(hexDigits(20), (text) => {
        const parsed = parseAddress(text);
        expect(parsed.toLowerCase()).to.equal(text);
        expect(parseAddress(parsed)).to.equal(parsed);
        const index = [...parsed].findIndex((character) => /[A-F]/.test(character));
        if (index === -1) return;
        const [before, letter = "", behind] = [parsed.slice(0, index), parsed[index], parsed.slice(index + 1)];
        const other = before + letter.toLowerCase() + behind;
        // All in lower case is the other form that is taken.
        if (other === text) return;
        expect(() => parseAddress(other)).to.throw("EIP-55");
      }),
      RUNS,
    );
  });

  it("digests and their CIDs are each other's inverse, so no two digests share one", () => {
    fc.assert(
      fc.property(hexDigits(32), (text) => {
        const digest = parseDigest(text);
        const cid = cidOf(digest);
        expect(parseCid(cid)).to.equal(cid);
        expect(digestOfCid(cid)).to.equal(digest);
      }),
      RUNS,
    );
  });

  it("event types and their names are each other's inverse, and words without a name stay themselves", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z][A-Z0-9_]{0,31}$/), hexDigits(32), (name, word) => {
        expect(eventTypeName(eventTypeOf(name))).to.equal(name);
        const shown = eventTypeName(eventTypeSchema.parse(word));
        expect(shown === word ? word : eventTypeOf(shown)).to.equal(word);
      }),
      RUNS,
    );
  });

  it("namespaces and productIds that are accepted are their own normal form", () => {
    fc.assert(
      fc.property(nearlyGood, (text) => {
        for (const parse of [parseNamespace, (it: string) => parseProductId(it).productId] as const) {
          expectTotal(() => expect(parse(text)).to.equal(text));
        }
        expectTotal(() => {
          const normalForm = normaliseProductId(text);
          expect(parseProductId(normalForm).productId).to.equal(normalForm);
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it("JSON that parses canonicalises, and its canonical form is its own", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expectTotal(() => {
          const canonical = canonicalise(parseJson(text));
          expect(canonicalise(parseJson(new TextDecoder().decode(canonical)))).to.deep.equal(canonical);
        });
      }),
      RUNS,
    );
  });

  it("clone code that parses is the code of what was parsed", () => {
    const code = fc
      .tuple(hexDigits(20), hexDigits(20), fc.stringMatching(/^[ -~]{0,40}$/))
      .map(([implementation, manager, productId]) =>
        cloneCode({ implementation: parseAddress(implementation), manager: parseAddress(manager), productId }),
      );
    const nearlyCode = fc
      .tuple(code, fc.nat({ max: 150 }), fc.constantFrom("0", "7", "f"))
      .map(([text, index, digit]) =>
        parseHex(`0x${text.slice(2, 2 + index)}${digit}${text.slice(3 + index)}`.replace(/^(0x(?:..)*).$/, "$1")),
      );
    fc.assert(
      fc.property(fc.oneof(code, nearlyCode), (text) => {
        const parsed = parseCloneCode(text);
        if (parsed !== undefined) expect(cloneCode(parsed).toLowerCase()).to.equal(text);
      }),
      RUNS,
    );
  });

  it("signed messages keep every number up to 77 digits through JSON", () => {
    const number = fc.bigInt({ min: 0n, max: 10n ** 77n - 1n });
    fc.assert(
      fc.property(number, number, number, hexDigits(20), (chainId, until, sequence, holder) => {
        const message = {
          holder: parseAddress(holder),
          until,
          document: parseDigest(SAMPLES[3]),
          sequence,
          deadline: until,
        };
        const asJson = (value: unknown) =>
          JSON.parse(JSON.stringify(value, (_, it) => (typeof it === "bigint" ? `${it}` : it)));
        const signed = parseSignedLock(
          asJson({
            type: "Lock",
            chainId,
            passport: message.holder,
            attester: message.holder,
            message,
            signer: "0x",
            signature: "0x",
          }),
        );
        expect(typedDataOfSigned(signed).message).to.deep.equal(message);
        expect(typedDataOfSigned(signed).domain.chainId).to.equal(chainId);
      }),
      RUNS,
    );
  });
});
