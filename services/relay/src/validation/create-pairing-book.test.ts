import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createPairingBook, type PairingBook, type PairingBookOptions } from "./create-pairing-book.js";
import type { PairedProduct } from "./paired-product.js";

const PRODUCT = "https://id.weg.example/01/09521122000019/21/W22-2600037";
const OTHER = "https://id.weg.example/01/09521122000019/21/W22-2600038";

const pairedWith = (productId: string, ...sensors: readonly string[]): PairedProduct => ({
  productId,
  passport: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
  sensors: sensors.map((id) => ({ id, quantity: "winding-temperature", unit: "Cel" })),
});

describe("createPairingBook", () => {
  let folder: string;
  let file: string;
  let onChain: Map<string, PairedProduct>;
  let asked: string[];
  let problems: string[];
  let now: number;
  let away: Error | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "pairing-book-"));
    file = join(folder, "pairings.json");
    onChain = new Map([[PRODUCT, pairedWith(PRODUCT, "winding-1")]]);
    asked = [];
    problems = [];
    now = 0;
    away = undefined;
  });
  afterEach(async () => {
    // What was found out for a reading is written down behind its back.
    await rm(folder, { recursive: true, maxRetries: 10, retryDelay: 5 });
  });

  const inquire = async (book: PairingBook, sensor: string, product = PRODUCT) => {
    await book.inquire([{ product, sensor }]);
    return book.find(product);
  };
  const open = async (options: Partial<PairingBookOptions> = {}) =>
    await createPairingBook({
      products: [PRODUCT, OTHER],
      read: async (productId) => {
        asked.push(productId);
        if (away !== undefined) throw away;
        return onChain.get(productId);
      },
      file,
      onProblem: (error) => problems.push(String(error)),
      now: () => now,
      ...options,
    });

  it("before the chain was asked, knows nothing; after it, which products are paired and which are not", async () => {
    const book = await open();
    expect(book.isComplete()).to.equal(false);
    await book.refresh();
    expect(book.isComplete()).to.equal(true);
    expect(book.products()).to.deep.equal([pairedWith(PRODUCT, "winding-1")]);
    expect(book.find(PRODUCT)).to.deep.equal(pairedWith(PRODUCT, "winding-1"));
    expect(book.find(OTHER)).to.equal(undefined);
  });

  it("opened again while the chain is away, knows what it knew, also of a gateway that was revoked", async () => {
    const lostTrust = { code: "gateway-revoked", since: "2026-11-27T12:00:00Z" } as const;
    const product = { ...pairedWith(PRODUCT, "winding-1"), lostTrust };
    onChain.set(PRODUCT, product);
    await (await open()).refresh();
    away = new Error("nobody answers");
    const again = await open();
    expect(again.isComplete()).to.equal(true);
    await again.refresh();
    expect(problems).to.deep.equal(["Error: nobody answers", "Error: nobody answers"]);
    expect(again.find(PRODUCT)).to.deep.equal(product);
  });

  it("a file that is damaged, is as none: the chain is asked", async () => {
    await writeFile(file, "[{");
    const book = await open();
    expect(book.isComplete()).to.equal(false);
    await book.refresh();
    expect(book.isComplete()).to.equal(true);
  });

  it("a sensor that is not listed, has the chain asked about its product, once in a while", async () => {
    const book = await open({ shortestMilliseconds: 5_000 });
    await book.refresh();
    asked = [];
    onChain.set(PRODUCT, pairedWith(PRODUCT, "winding-1", "winding-2"));
    expect((await inquire(book, "winding-2"))?.sensors, "it was just asked").to.have.length(1);
    expect(asked).to.deep.equal([]);
    now = 5_000;
    expect((await inquire(book, "winding-2"))?.sensors).to.have.length(2);
    await inquire(book, "winding-3");
    expect(asked).to.deep.equal([PRODUCT]);
  });

  it("sensors that are listed, ask nobody; of two products, each is asked about once", async () => {
    const book = await open();
    await book.refresh();
    asked = [];
    now = 5_000;
    await inquire(book, "winding-1");
    expect(asked).to.deep.equal([]);
    await book.inquire([PRODUCT, OTHER, PRODUCT, OTHER].map((product) => ({ product, sensor: "winding-2" })));
    expect(asked.sort()).to.deep.equal([PRODUCT, OTHER].sort());
  });

  it("a flood of sensors that are not listed, asks one question", async () => {
    const book = await open();
    const readings = Array.from({ length: 1_000 }, (_, index) => ({ product: OTHER, sensor: `sensor-${index}` }));
    await Promise.all([book.inquire(readings), ...readings.map((reading) => book.inquire([reading]))]);
    expect(asked).to.deep.equal([OTHER]);
  });

  it("many products, are asked about a few at a time, for a refresh and for readings", async () => {
    const products = Array.from({ length: 100 }, (_, index) => `${PRODUCT}-${index}`);
    let [reading, most] = [0, 0];
    const read = async () => {
      reading += 1;
      most = Math.max(most, reading);
      await new Promise((resolve) => setImmediate(resolve));
      reading -= 1;
      return undefined;
    };
    for (const ask of [
      (book: PairingBook) => book.refresh(),
      (book: PairingBook) => book.inquire(products.map((product) => ({ product, sensor: "winding-1" }))),
    ]) {
      most = 0;
      await ask(await open({ products, read }));
      expect(most).to.equal(8);
    }
  });

  it("answers to readings, are all known when it is opened again soon after", async () => {
    const products = Array.from({ length: 30 }, (_, index) => `${PRODUCT}-${index}`);
    const book = await open({ products, read: async (productId) => pairedWith(productId, "winding-1") });
    await book.inquire(products.map((product) => ({ product, sensor: "winding-1" })));
    for (let isKnown = false; !isKnown; ) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      const again = await open({ products });
      isKnown = products.every((product) => again.find(product) !== undefined);
    }
    expect(asked, "the file says so, not the chain").to.deep.equal([]);
  });

  it("a product that the relay does not serve, is not paired, and nobody is asked", async () => {
    const book = await open();
    expect(await inquire(book, "winding-1", `${PRODUCT}0`)).to.equal(undefined);
    expect(asked).to.deep.equal([]);
  });

  it("a chain that does not answer, is not waited for: what is known counts", async () => {
    const never = new Promise<undefined>(() => undefined);
    const book = await open({ read: () => never, now: () => performance.now(), patienceMilliseconds: 20 });
    expect(await inquire(book, "winding-1")).to.equal(undefined);
    const began = performance.now();
    for (let index = 0; index < 100; index++) await inquire(book, `sensor-${index}`);
    expect(performance.now() - began, "the others wait no more").to.be.lessThan(20 * 50);
  });
});
