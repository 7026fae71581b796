import { expect } from "chai";
import { AbiCoder, id, Log, makeError, type Provider, ZeroAddress } from "ethers";
import { DigitalPassport__factory, PassportRegistry__factory } from "../contracts/index.js";
import { isPassportError, type PassportError } from "../errors/passport-error.js";
import { eventTypeOf } from "../primitives/event-type.js";
import { parseAddress, parseDigest } from "../primitives/hex.js";
import { initialHead, nextHead } from "../signing/passport-hashing.js";
import type { RecordedEntry } from "./decode-attested.js";
import type { HistoryCursor } from "./history-cursor.js";
import type { HistoryPage } from "./history-pages.js";
import { type IterateHistoryOptions, iterateHistory } from "./iterate-history.js";
import { type PassportChange, watchPassport } from "./watch-passport.js";

const CHAIN_ID = 31_337n;
const passport = parseAddress(`0x${"aa".repeat(20)}`);
const registry = parseAddress(`0x${"cc".repeat(20)}`);
const passportInterface = DigitalPassport__factory.createInterface();
const registryInterface = PassportRegistry__factory.createInterface();

type Filter = { readonly fromBlock: bigint; readonly toBlock: bigint };

/** A node with one passport, block by block; what it does wrong is said by the test. */
const createNode = () => {
  const blocks: { readonly hash: string; readonly timestamp: number; readonly marks: readonly string[] }[] = [];
  const calls = { logs: 0, all: 0 };
  const node = {
    blocks,
    calls,
    finalized: 0,
    isDown: false,
    refuses: (_: Filter, _found: number): boolean => false,
    change: (logs: readonly Log[]): readonly Log[] => logs,
    /** Adds a block with entries that differ by their marks. */
    mine: (...marks: readonly string[]) => {
      const before = blocks.at(-1);
      const timestamp = (before?.timestamp ?? 0) + 1 + (blocks.length % 2);
      blocks.push({ hash: id(`${before?.hash} ${marks.join()} ${timestamp}`), timestamp, marks });
    },
    history: (): readonly { readonly log: Log; readonly head: string }[] => {
      const found: { readonly log: Log; readonly head: string }[] = [];
      let [head, previousRecordedAt] = [initialHead({ chainId: CHAIN_ID, passport }), 0];
      for (const [blockNumber, { hash, timestamp, marks }] of blocks.entries()) {
        for (const [index, mark] of marks.entries()) {
          const sequence = found.length + 1;
          const eventType = eventTypeOf("MAINTAINED");
          const document = parseDigest(id(mark));
          const recordedAt = BigInt(timestamp);
          const values = { eventType, attester: passport, roles: 64n, document, recordedAt, owner: passport };
          head = nextHead(head, { ...values, sequence: BigInt(sequence), condition: 1n });
          const { topics, data } = passportInterface.encodeEventLog("Attested", [
            ...[sequence, eventType, passport, 64n, document],
            ...[timestamp, previousRecordedAt, passport, 1n],
          ]);
          const place = { blockNumber, blockHash: hash, index, transactionIndex: index, removed: false };
          const log = { ...place, address: passport, topics, data, transactionHash: id(`${hash}${mark}`) };
          // Safety: a log asks its provider only for more than it holds; nobody does that here.
          found.push({ log: new Log(log, undefined as unknown as Provider), head });
          previousRecordedAt = timestamp;
        }
      }
      return found;
    },
  };
  const ask = <Answer>(answer: () => Answer) => {
    calls.all++;
    if (node.isDown) throw Object.assign(new Error("connection refused"), { code: "ECONNREFUSED" });
    return answer();
  };
  const numberOf = (tag: bigint | string): number =>
    tag === "finalized" ? node.finalized : tag === "latest" ? blocks.length - 1 : Number(tag);
  const provider = {
    getBlockNumber: async () => ask(() => blocks.length - 1),
    getBlock: async (tag: bigint | string) =>
      ask(() => {
        const block = blocks[numberOf(tag)];
        return block === undefined ? null : { ...block, number: numberOf(tag) };
      }),
    getLogs: async ({ fromBlock, toBlock }: Filter) =>
      ask(() => {
        calls.logs++;
        const logs = node
          .history()
          .map(({ log }) => log)
          .filter(({ blockNumber }) => blockNumber >= fromBlock && blockNumber <= toBlock);
        if (node.refuses({ fromBlock, toBlock }, logs.length))
          throw makeError("refused", "UNKNOWN_ERROR", { error: { code: -32_000, message: "too much" } });
        return node.change(logs);
      }),
    call: async ({ to, data, blockTag }: { to: string; data: string; blockTag?: bigint | string }) =>
      ask(() => {
        if (to.toLowerCase() === registry.toLowerCase()) {
          return registryInterface.encodeFunctionResult("isPassport", [true]);
        }
        const last = node.history().findLast(({ log }) => log.blockNumber <= numberOf(blockTag ?? "latest"));
        if (data === passportInterface.encodeFunctionData("head")) return last?.head;
        if (data === passportInterface.encodeFunctionData("entryCount")) return last?.log.topics[1];
        return AbiCoder.defaultAbiCoder().encode(["uint256"], [blocks[last?.log.blockNumber ?? 0]?.timestamp]);
      }),
  };
  // Safety: the reading asks nothing else of its provider.
  const context = { provider: provider as unknown as Provider, chainId: CHAIN_ID, registry };
  return { ...{ node, context }, read: (options: Partial<IterateHistoryOptions> = {}) => pagesOf(context, options) };
};

type Context = Parameters<typeof iterateHistory>[0];

const pagesOf = async (context: Context, options: Partial<IterateHistoryOptions>): Promise<readonly HistoryPage[]> =>
  await allOf(iterateHistory(context, { passport, ...options }));

const allOf = async <Value>(values: AsyncIterable<Value>): Promise<readonly Value[]> => {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
};

const entriesOf = (pages: readonly (HistoryPage | PassportChange)[]): readonly RecordedEntry[] =>
  pages.flatMap((page, index) => {
    if (page.kind !== "entries") return [];
    const later = pages.slice(index + 1).filter((other) => other.kind === "withdrawn");
    return page.entries.filter(({ sequence }) => later.every(({ afterSequence }) => sequence <= afterSequence));
  });

const marksOf = (pages: readonly (HistoryPage | PassportChange)[]): readonly string[] =>
  entriesOf(pages).map(({ document }) => document);

const cursorOf = (pages: readonly HistoryPage[]): HistoryCursor => {
  const page = pages.at(-1);
  return page?.kind === "entries" ? page.cursor : expect.fail("the last page has a cursor");
};

const errorOf = async (task: Promise<unknown>): Promise<unknown> => await task.catch((error: unknown) => error);

const idsOf = (...marks: readonly string[]): readonly string[] => marks.map((mark) => id(mark));

/** Forty blocks with nine entries, two of them in one block. */
const createLife = () => {
  const chain = createNode();
  const marks = new Map([
    [3, ["a"]],
    [4, ["b"]],
    [11, ["c", "d"]],
    [20, ["e"]],
    [21, ["f"]],
    [33, ["g"]],
    [39, ["h", "i"]],
  ]);
  for (let number = 0; number < 40; number++) chain.node.mine(...(marks.get(number) ?? []));
  return chain;
};

const ALL = idsOf(..."abcdefghi");

describe("iterateHistory", () => {
  for (const limit of [1, 2, 10, 100]) {
    it(`of a node that gives ${limit} blocks at a time, gives every entry once`, async () => {
      const { node, read } = createLife();
      node.refuses = ({ fromBlock, toBlock }) => toBlock - fromBlock >= limit;
      const pages = await read();
      expect(marksOf(pages)).to.deep.equal(ALL);
      expect(entriesOf(pages).map(({ sequence }) => sequence)).to.deep.equal(ALL.map((_, index) => BigInt(index + 1)));
    });
  }

  it("of a node that gives few results at a time, gives every entry once, and longer ranges again later", async () => {
    const { node, read } = createLife();
    node.refuses = (_, found) => found > 2;
    expect(marksOf(await read())).to.deep.equal(ALL);
  });

  it("of a chain on which ranges are hopeless, finds each entry by its time", async () => {
    const { node, read } = createLife();
    for (let count = 0; count < 2_000; count++) node.mine();
    node.mine("j");
    node.refuses = ({ fromBlock, toBlock }) => toBlock - fromBlock >= 2;
    expect(marksOf(await read())).to.deep.equal([...ALL, id("j")]);
    expect(node.calls.all).to.be.below(700);
  });

  it("from a cursor, reads only what is new; without news nothing", async () => {
    const { node, read } = createLife();
    const after = cursorOf(await read());
    expect(await read({ after })).to.deep.equal([]);
    node.mine();
    const idle = await read({ after });
    expect(marksOf(idle)).to.deep.equal([]);
    node.mine("j");
    node.calls.logs = 0;
    expect(marksOf(await read({ after: cursorOf(idle) }))).to.deep.equal(idsOf("j"));
    expect(node.calls.logs).to.equal(1);
  });

  it("from a cursor in the midst of a second, where ranges are hopeless, reads what is new", async () => {
    const { node, read } = createNode();
    node.mine("a");
    const after = cursorOf(await read());
    const [block] = node.blocks;
    node.blocks.push({ hash: id("same second"), timestamp: block?.timestamp ?? 0, marks: ["b"] });
    for (let count = 0; count < 500; count++) node.mine();
    node.refuses = ({ fromBlock, toBlock }) => toBlock > fromBlock;
    expect(marksOf(await read({ after }))).to.deep.equal(idsOf("b"));
  });

  it("from a cursor whose block was taken back, says so and goes on from the last that is left", async () => {
    const { node, read } = createLife();
    node.finalized = 30;
    const after = cursorOf(await read());
    node.blocks.splice(35);
    for (let count = 0; count < 6; count++) node.mine(...(count === 2 ? ["z"] : []));
    const pages = await read({ after });
    expect(pages[0]).to.deep.equal({ kind: "withdrawn", afterSequence: 6n });
    expect(marksOf(pages)).to.deep.equal(idsOf("g", "z"));
  });

  it("from a cursor that is forged, says so and begins from the first entry", async () => {
    const { node, read } = createLife();
    const after = cursorOf(await read());
    node.mine("j");
    const pages = await read({ after: { ...after, head: after.blockHash } });
    expect(pages[0]).to.deep.equal({ kind: "withdrawn", afterSequence: 0n });
    expect(marksOf(pages)).to.deep.equal([...ALL, id("j")]);
  });

  it("of a node that has not come to the cursor yet, is chain.unreachable", async () => {
    const { node, read } = createLife();
    const after = cursorOf(await read());
    node.blocks.splice(38);
    expect(isPassportError(await errorOf(read({ after })), "chain.unreachable")).to.equal(true);
  });

  for (const [lie, change] of [
    ["hides the last entry", (logs: readonly Log[]) => logs.slice(0, -1)],
    ["hides an entry in the middle", (logs: readonly Log[]) => logs.toSpliced(3, 1)],
    ["hides the first entry", (logs: readonly Log[]) => logs.slice(1)],
    ["gives an entry twice", (logs: readonly Log[]) => [...logs, ...logs.slice(-1)]],
    // Safety: a log asks its provider only for more than it holds; nobody does that here.
    [
      "gives a foreign entry",
      (logs: readonly Log[]) =>
        logs.map((log) => new Log({ ...log, address: ZeroAddress }, undefined as unknown as Provider)),
    ],
  ] as const) {
    it(`of a node that ${lie}, gives no entry and is chain.answer-invalid`, async () => {
      const { node, context } = createLife();
      node.change = change;
      const given: HistoryPage[] = [];
      const error = await errorOf(
        (async () => {
          for await (const page of iterateHistory(context, { passport })) given.push(page);
        })(),
      );
      expect(isPassportError(error, "chain.answer-invalid")).to.equal(true);
      expect(given).to.deep.equal([]);
    });
  }

  it("of a node that gives the logs in any order, gives the entries in order", async () => {
    const { node, read } = createLife();
    node.change = (logs) => logs.toReversed();
    expect(marksOf(await read())).to.deep.equal(ALL);
  });

  for (const [field, value] of [
    ["after", { sequence: 1n }],
    ["level", "soon"],
    ["fromBlock", -1n],
  ] as const) {
    it(`with ${field} from nowhere, is input.invalid`, async () => {
      const error = await errorOf(createLife().read({ [field]: value }));
      expect(isPassportError(error, "input.invalid")).to.equal(true);
    });
  }

  it("with a cache, fetches finalized entries once", async () => {
    const { node, read } = createLife();
    const kept = new Map<string, string>();
    const cache = {
      get: async (key: string) => kept.get(key),
      set: async (k: string, v: string) => void kept.set(k, v),
    };
    node.finalized = 30;
    const first = await read({ cache });
    expect([...kept.keys()]).to.deep.equal([`digital-passport-history.v1:31337:${passport}:1`]);
    node.refuses = ({ fromBlock }) => fromBlock <= 30n;
    expect(entriesOf(await read({ cache }))).to.deep.equal(entriesOf(first));
  });

  for (const [poison, spoil] of [
    ["another document", (text: string) => text.replace(id("b"), id("forged"))],
    ["no JSON", () => "{"],
    ["a missing entry", (text: string) => JSON.stringify({ ...JSON.parse(text), entries: [] })],
    ["a block far ahead", (text: string) => text.replace(/"blockNumber":"30"/, '"blockNumber":"38"')],
  ] as const) {
    it(`with a cache that has ${poison}, believes nothing of it and mends it`, async () => {
      const { node, read } = createLife();
      const kept = new Map<string, string>();
      const cache = {
        get: async (key: string) => kept.get(key),
        set: async (key: string, value: string) => void kept.set(key, value),
      };
      node.finalized = 30;
      const honest = await read({ cache });
      const [[key, text] = expect.fail("it keeps something")] = [...kept];
      kept.set(key, spoil(text));
      const pages = await read({ cache });
      expect(pages).to.deep.equal(honest);
    });
  }
});

describe("watchPassport", () => {
  /** Watches until the test has seen enough; between two changes it does what the test says. */
  const watch = async (
    { context }: ReturnType<typeof createNode>,
    steps: readonly (() => void)[],
    options: { readonly onProblem?: (problem: PassportError) => void; readonly after?: HistoryCursor } = {},
  ): Promise<readonly PassportChange[]> => {
    const watching = new AbortController();
    const { signal } = watching;
    const changes: PassportChange[] = [];
    const intervals = { intervalMilliseconds: 10, maximumPauseMilliseconds: 20 };
    for await (const change of watchPassport(context, { passport, signal, ...intervals, ...options })) {
      changes.push(change);
      if (change.kind === "withdrawn") continue;
      const step = steps[changes.filter(({ kind }) => kind === "entries").length - 1];
      if (step === undefined) watching.abort();
      else step();
    }
    return changes;
  };

  it("reports what there is, then each new entry", async () => {
    const life = createLife();
    const changes = await watch(life, [() => life.node.mine("j"), () => life.node.mine("k", "l")]);
    expect(marksOf(changes)).to.deep.equal([...ALL, ...idsOf("j", "k", "l")]);
    expect(changes).to.have.length(3);
  });

  it("after an outage, tells of it and misses nothing", async () => {
    const life = createLife();
    const problems: string[] = [];
    const changes = await watch(
      life,
      [
        () => {
          life.node.isDown = true;
          life.node.mine("j");
          life.node.mine("k");
        },
      ],
      {
        onProblem: ({ code }) => {
          problems.push(code);
          if (problems.length === 3) life.node.isDown = false;
        },
      },
    );
    expect(marksOf(changes)).to.deep.equal([...ALL, ...idsOf("j", "k")]);
    expect(problems).to.have.length(3);
  });

  it("of an endpoint that is down at the beginning, waits for it", async () => {
    const life = createLife();
    life.node.isDown = true;
    const onProblem = () => {
      life.node.isDown = false;
    };
    expect(marksOf(await watch(life, [], { onProblem }))).to.deep.equal(ALL);
  });

  it("after a reorganisation, withdraws exactly the entries that are gone, then reports those in their place", async () => {
    const life = createLife();
    const changes = await watch(life, [
      () => {
        life.node.blocks.splice(36);
        for (let count = 0; count < 5; count++) life.node.mine(...(count === 1 ? ["z"] : []));
      },
    ]);
    expect(changes.map(({ kind }) => kind)).to.deep.equal(["entries", "withdrawn", "entries"]);
    const [, withdrawn] = changes;
    expect(withdrawn).to.deep.include({ kind: "withdrawn", afterSequence: 7n });
    expect(withdrawn?.entries.map(({ document }) => document)).to.deep.equal(idsOf("h", "i"));
    expect(marksOf(changes)).to.deep.equal([...ALL.slice(0, 7), id("z")]);
  });

  it("after a reorganisation that takes entries and brings none, withdraws them", async () => {
    const life = createLife();
    const watching = new AbortController();
    const changes: PassportChange[] = [];
    const options = { passport, signal: watching.signal, intervalMilliseconds: 10 };
    for await (const change of watchPassport(life.context, options)) {
      changes.push(change);
      if (change.kind === "withdrawn") watching.abort();
      life.node.blocks.splice(36);
      for (let count = 0; count < 5; count++) life.node.mine();
    }
    expect(changes.map(({ kind }) => kind)).to.deep.equal(["entries", "withdrawn"]);
    expect(changes[1]?.entries).to.have.length(2);
  });

  it("after a reorganisation that leaves all entries, reports nothing", async () => {
    const life = createLife();
    const changes = await watch(life, [
      () => {
        life.node.blocks.splice(39, 1, { ...(life.node.blocks[39] ?? expect.fail()), hash: id("other") });
        life.node.mine("j");
      },
    ]);
    expect(changes.map(({ kind }) => kind)).to.deep.equal(["entries", "entries"]);
    expect(marksOf(changes)).to.deep.equal([...ALL, id("j")]);
  });

  it("of a node that lies, reports nothing, and the truth once it is told", async () => {
    const life = createLife();
    life.node.change = (logs) => logs.slice(0, -1);
    const codes: string[] = [];
    const changes = await watch(life, [], {
      onProblem: ({ code }) => {
        codes.push(code);
        life.node.change = (logs) => logs;
      },
    });
    expect(codes).to.deep.equal(["chain.answer-invalid"]);
    expect(marksOf(changes)).to.deep.equal(ALL);
  });

  it("aborted while a question is unanswered, ends at once", async () => {
    const life = createLife();
    const never = { ...life.context.provider, getBlock: () => new Promise<never>(() => undefined) };
    // Safety: the reading asks nothing else of its provider.
    const context = { ...life.context, provider: never as unknown as Provider };
    const watching = new AbortController();
    setTimeout(() => watching.abort(), 20);
    const changes = await allOf(watchPassport(context, { passport, signal: watching.signal }));
    expect(changes).to.deep.equal([]);
  });

  it("slowly taken, never asks two things of one look at once", async () => {
    const life = createLife();
    const before = life.node.calls.all;
    const watching = new AbortController();
    const options = { passport, signal: watching.signal, intervalMilliseconds: 10 };
    for await (const _ of watchPassport(life.context, options)) {
      const asked = life.node.calls.all;
      await new Promise((resolve) => setTimeout(resolve, 60));
      expect(life.node.calls.all).to.equal(asked);
      watching.abort();
    }
    expect(life.node.calls.all).to.be.above(before);
  });
});
