import {
  createMemoryStore,
  createPassportClient,
  createProvider,
  eventTypeName,
  type HistoryPage,
  iterateHistory,
  type PassportChange,
  type PassportClient,
  type PassportError,
  type RecordedEntry,
} from "@digital-product-passport/sdk";
import { expect } from "chai";
import { type JsonRpcProvider, Wallet } from "ethers";
import { type AnvilSuite, startAnvilSuite } from "../support/anvil-suite.js";
import { productIdOf } from "../support/deploy-suite.js";
import { recordLongHistory } from "../support/long-history.js";
import { SAMPLE_MAINTENANCE, SAMPLE_MOTOR } from "../support/sdk-clients.js";
import { type Sequencer, startSequencer } from "../support/sequencer.js";

describe("a history on a chain that is reorganised", () => {
  let suite: AnvilSuite;
  let sequencer: Sequencer;
  let provider: JsonRpcProvider;
  let serial = 400_000;

  before(async () => {
    suite = await startAnvilSuite({ epochBlocks: 4 });
    sequencer = await startSequencer(suite.url, { seed: 11 });
    provider = createProvider(sequencer.url, { chainId: suite.network.chainId });
  });
  after(async () => {
    provider.destroy();
    await sequencer.close();
    await suite.close();
  });

  const clientOf = (name: "issuer" | "technician" | "logistics"): PassportClient => {
    const { registry, manager } = suite.addressBook.contracts;
    return createPassportClient({
      rpc: provider,
      chainId: suite.network.chainId,
      registry: registry.address,
      manager: manager.address,
      store: createMemoryStore(),
      signer: new Wallet(suite.participants[name].privateKey, provider),
    });
  };
  const issue = async (): Promise<string> => {
    const item = { productId: productIdOf(++serial), owner: suite.participants.owner.address, document: SAMPLE_MOTOR };
    return (await (await clientOf("issuer").issuePassport(item)).send()).result.passport;
  };
  const maintain = async (passport: string, times: number): Promise<void> => {
    const technician = clientOf("technician");
    for (let time = 0; time < times; time++) {
      await (await technician.attest({ passport, eventType: "MAINTAINED", document: SAMPLE_MAINTENANCE })).send();
    }
  };
  const ship = async (passport: string): Promise<void> => {
    const data = { origin: { name: "Jaraguá do Sul" }, destination: { name: "Port of Hamburg" } };
    await (await clientOf("logistics").attest({ passport, eventType: "SHIPPED", document: { data } })).send();
  };
  const settle = (): Promise<void> => sequencer.mine(16);
  const rollBack = (blocks: number): Promise<void> => sequencer.rollBack(blocks, { isReplaced: true });
  const read = async (options: Parameters<typeof iterateHistory>[1]): Promise<readonly HistoryPage[]> =>
    await Array.fromAsync(clientOf("issuer").iterateHistory(options));
  const cursorOf = (pages: readonly HistoryPage[]) => {
    const last = pages.at(-1);
    return last?.kind === "entries" ? last.cursor : expect.fail("the last page has a cursor");
  };
  const inWords = (entries: readonly RecordedEntry[]): readonly string[] =>
    entries.map(({ sequence, eventType }) => `${sequence} ${eventTypeName(eventType)}`);
  const told = (page: HistoryPage | PassportChange): readonly string[] =>
    page.kind === "withdrawn" ? [`withdrawn after ${page.afterSequence}`] : inWords(page.entries);

  it("iterateHistory, of entries whose blocks were replaced, withdraws them and gives those in their place", async () => {
    const passport = await issue();
    await settle();
    await maintain(passport, 3);
    const before = await read({ passport });
    expect(before.flatMap(told)).to.deep.equal(["1 MANUFACTURED", "2 MAINTAINED", "3 MAINTAINED", "4 MAINTAINED"]);
    await rollBack(3);
    await ship(passport);
    const since = await read({ passport, after: cursorOf(before) });
    expect(since.flatMap(told)).to.deep.equal(["withdrawn after 1", "2 SHIPPED"]);
    const anew = await read({ passport });
    expect(cursorOf(since).head).to.equal(cursorOf(anew).head);
  });

  it("iterateHistory, of entries that are taken back while it asks for them, withdraws and gives those that are left", async () => {
    const passport = await issue();
    await settle();
    await maintain(passport, 2);
    let isRolledBack = false;
    const shaken = new Proxy(provider, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        // Private members are those of the provider itself.
        if (name !== "getLogs") return typeof value === "function" ? value.bind(target) : value;
        return async (filter: Parameters<typeof target.getLogs>[0]) => {
          if (!isRolledBack) await rollBack(2);
          isRolledBack = true;
          return await target.getLogs(filter);
        };
      },
    });
    const context = { ...clientOf("issuer").context, provider: shaken };
    const pages = await Array.fromAsync(iterateHistory(context, { passport }));
    expect(isRolledBack).to.equal(true);
    expect(pages.flatMap(told)).to.deep.equal(["1 MANUFACTURED", "withdrawn after 0", "1 MANUFACTURED"]);
  });

  it("iterateHistory, with what the cache calls final, asks for nothing older after a reorganisation", async () => {
    const kept = new Map<string, string>();
    const cache = {
      get: async (key: string) => kept.get(key),
      set: async (key: string, value: string) => void kept.set(key, value),
    };
    const passport = await issue();
    await settle();
    await maintain(passport, 1);
    await read({ passport, cache });
    await rollBack(1);
    await ship(passport);
    expect(kept.size).to.equal(1);
    expect((await read({ passport, cache })).flatMap(told)).to.deep.equal(["1 MANUFACTURED", "2 SHIPPED"]);
  });

  for (const isReplaced of [true, false]) {
    const outcome = isReplaced ? "replaced by empty ones" : "taken back before others come";
    it(`watchPassport, of entries whose blocks are ${outcome}, tells of both`, async () => {
      const passport = await issue();
      await settle();
      await maintain(passport, 2);
      const watching = new AbortController();
      const problems: PassportError[] = [];
      const changes = clientOf("issuer").watchPassport({
        passport,
        signal: watching.signal,
        intervalMilliseconds: 20,
        onProblem: (problem) => problems.push(problem),
      });
      const next = async () => (await changes.next()).value ?? expect.fail("the watching has ended");
      const seen = async (count: number): Promise<readonly string[]> => {
        const found: string[] = [];
        while (found.length < count) found.push(...told(await next()));
        return found;
      };
      expect(await seen(3)).to.deep.equal(["1 MANUFACTURED", "2 MAINTAINED", "3 MAINTAINED"]);
      await sequencer.rollBack(2, { isReplaced });
      await ship(passport);
      if (!isReplaced) await sequencer.mine(2);
      const withdrawn = await next();
      expect(withdrawn.kind === "withdrawn" && inWords(withdrawn.entries)).to.deep.equal([
        "2 MAINTAINED",
        "3 MAINTAINED",
      ]);
      expect(await seen(1)).to.deep.equal(["2 SHIPPED"]);
      watching.abort();
      expect((await changes.next()).done).to.equal(true);
      expect(problems.map(({ code }) => code)).to.deep.equal([]);
    });
  }

  it("iterateHistory, of many entries, gives each once, page by page", async () => {
    const { passport } = await recordLongHistory(suite, { productId: productIdOf(++serial), entryCount: 750 });
    const pages = await read({ passport });
    const sequences = pages
      .flatMap((page) => (page.kind === "entries" ? page.entries : []))
      .map((each) => each.sequence);
    expect(sequences).to.deep.equal(Array.from({ length: 750 }, (_, index) => BigInt(index + 1)));
  });
});
