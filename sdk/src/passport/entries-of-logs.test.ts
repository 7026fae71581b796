import { expect } from "chai";
import { hexlify, id, Log, type Provider } from "ethers";
import fc from "fast-check";
import { DigitalPassport__factory } from "../contracts/index.js";
import { eventTypeOf } from "../primitives/event-type.js";
import { parseAddress } from "../primitives/hex.js";
import { ATTESTED_TOPIC, decodeAttested } from "./decode-attested.js";
import { entriesOfLogs } from "./entries-of-logs.js";

const passport = parseAddress(`0x${"aa".repeat(20)}`);
const attester = parseAddress(`0x${"bb".repeat(20)}`);
const range = { passport, fromBlock: 10n, toBlock: 20n };
const passportInterface = DigitalPassport__factory.createInterface();

/** A log of an entry; the values are those of its sequence unless said otherwise. */
const logOf = (
  sequence: number,
  change: Partial<Log> = {},
  previousRecordedAt = sequence === 1 ? 0 : sequence - 1,
): Log => {
  const { topics, data } = passportInterface.encodeEventLog("Attested", [
    sequence,
    eventTypeOf("MAINTAINED"),
    attester,
    64,
    id("document"),
    sequence,
    previousRecordedAt,
    attester,
    1,
  ]);
  const log = {
    address: passport,
    topics,
    data,
    blockNumber: 10 + sequence,
    blockHash: id("block"),
    index: 0,
    transactionHash: id("transaction"),
    transactionIndex: 0,
    removed: false,
    ...change,
  };
  // Safety: a log asks its provider only for more than it holds; nobody does that here.
  return new Log(log, undefined as unknown as Provider);
};

const sequencesOf = (logs: readonly Log[]) => {
  const read = entriesOfLogs(logs, range);
  return "entries" in read ? read.entries.map(({ sequence }) => sequence) : read.problem;
};

describe("decodeAttested", () => {
  it("of an Attested event, returns every field and where the chain has it", () => {
    expect(decodeAttested(logOf(3))).to.deep.equal({
      sequence: 3n,
      eventType: eventTypeOf("MAINTAINED"),
      attester,
      roles: 64n,
      document: id("document"),
      recordedAt: 3n,
      previousRecordedAt: 2n,
      owner: attester,
      condition: 1n,
      blockNumber: 13n,
      logIndex: 0,
      transactionHash: id("transaction"),
    });
  });

  it("of any other log, returns nothing", () => {
    const honest = logOf(3);
    const [, sequence = "", eventType = "", attesterTopic = ""] = honest.topics;
    const offered = passportInterface.encodeEventLog("OfferCancelled", [1]);
    for (const change of [
      offered,
      { topics: [] },
      { topics: [id("Attested()"), sequence, eventType, attesterTopic] },
      { topics: [ATTESTED_TOPIC, sequence, eventType] },
      { topics: [ATTESTED_TOPIC, sequence, eventType, `0x${"ff".repeat(32)}`] },
      { data: "0x" },
      { data: honest.data.slice(0, -2) },
      { data: `${honest.data.slice(0, 2 + 4 * 64)}${"ff".repeat(32)}${honest.data.slice(2 + 5 * 64)}` },
      { transactionHash: "0x12" },
    ]) {
      expect(decodeAttested(logOf(3, change)), JSON.stringify(change)).to.equal(undefined);
    }
  });
});

describe("entriesOfLogs", () => {
  it("of logs in any order, returns the entries in order", () => {
    expect(sequencesOf([3, 1, 2].map((sequence) => logOf(sequence)))).to.deep.equal([1n, 2n, 3n]);
  });

  it("of a range that begins later, returns the later entries", () => {
    expect(sequencesOf([logOf(5), logOf(4)])).to.deep.equal([4n, 5n]);
  });

  it("of entries in one block, orders them by their position in it", () => {
    const logs = [2, 1].map((sequence) => logOf(sequence, { blockNumber: 15, index: sequence }));
    expect(sequencesOf(logs)).to.deep.equal([1n, 2n]);
  });

  it("of no logs, returns no entries", () => {
    expect(sequencesOf([])).to.deep.equal([]);
  });

  for (const [flaw, logs, problem] of [
    ["a log that is no entry", [logOf(1, { data: "0x" })], "a log records no entry"],
    ["a log that was taken back", [logOf(1, { removed: true })], "entry 1 is of a block that was taken back"],
    ["a log of another contract", [logOf(1, { address: attester })], `an entry is of another passport, ${attester}`],
    ["a log before the range", [logOf(1, { blockNumber: 9 })], "entry 1 is of block 9, which nobody asked for"],
    ["a log after the range", [logOf(1, { blockNumber: 21 })], "entry 1 is of block 21, which nobody asked for"],
    ["an entry twice", [logOf(1), logOf(1)], "entry 1 stands where entry 2 belongs"],
    ["a gap", [logOf(1), logOf(3)], "entry 3 stands where entry 2 belongs"],
    [
      "entries against the order of the chain",
      [logOf(1, { blockNumber: 15 }), logOf(2, { blockNumber: 14 })],
      "entry 1 stands where entry 3 belongs",
    ],
    [
      "an entry with another time before it",
      [logOf(1), logOf(2, {}, 7)],
      "entry 2 names another time of the entry before it than that entry itself",
    ],
    [
      "a first entry with one before it",
      [logOf(1, {}, 7)],
      "entry 1 names another time of the entry before it than that entry itself",
    ],
  ] as const) {
    it(`of ${flaw}, says what is wrong`, () => {
      expect(sequencesOf(logs)).to.equal(problem);
    });
  }

  /** A history of one to twelve entries, several of them in some blocks, and an order in which a node may answer. */
  const answer = fc
    .array(fc.record({ blocks: fc.nat({ max: 1 }), gap: fc.nat({ max: 3 }) }), { minLength: 1, maxLength: 10 })
    .chain((steps) => {
      let blockNumber = 10;
      const logs = steps.map(({ blocks, gap }, index) => {
        blockNumber += blocks;
        return logOf(index + 1, { blockNumber, index: 2 * index + (gap % 2) });
      });
      return fc.record({
        logs: fc.constant(logs),
        shuffled: fc.shuffledSubarray(logs, { minLength: logs.length }),
        chosen: fc.nat({ max: logs.length - 1 }),
      });
    });

  it("of any history in any order, returns what was recorded, and nothing else", () => {
    fc.assert(
      fc.property(answer, ({ logs, shuffled }) => {
        expect(entriesOfLogs(shuffled, range)).to.deep.equal({ entries: logs.map((log) => decodeAttested(log)) });
      }),
    );
  });

  it("of any history with an entry twice, or one inside left out, says that it is none", () => {
    fc.assert(
      fc.property(answer, ({ logs, shuffled, chosen }) => {
        const twice = logs[chosen];
        expect(sequencesOf(twice === undefined ? [] : [...shuffled, twice])).to.be.a("string");
        fc.pre(chosen > 0 && chosen < logs.length - 1);
        expect(sequencesOf(shuffled.filter((log) => log !== twice))).to.be.a("string");
      }),
    );
  });

  it("of any bytes at all, returns entries in order or says what is wrong, and throws nothing", () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(hexlify);
    const word = fc.oneof(bytes(32), bytes(31), fc.constantFrom(...logOf(1).topics));
    const anyLog = fc
      .record({
        topics: fc.array(word, { maxLength: 5 }).map((topics) => [ATTESTED_TOPIC, ...topics]),
        data: fc.oneof(fc.uint8Array({ maxLength: 300 }).map(hexlify), fc.constant(logOf(1).data)),
        blockNumber: fc.integer(),
        index: fc.integer(),
        transactionHash: word,
      })
      .map((change) => logOf(1, change));
    fc.assert(
      fc.property(fc.array(anyLog, { maxLength: 4 }), (logs) => {
        const read = entriesOfLogs(logs, range);
        if ("problem" in read) expect(read.problem).to.be.a("string");
        else expect(read.entries).to.have.length(logs.length);
      }),
    );
  });
});
