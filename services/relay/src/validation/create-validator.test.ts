import { p256Key } from "@digital-product-passport/sdk";
import { parseReading, signReading } from "@digital-product-passport/sdk/readings";
import { expect } from "chai";
import fc from "fast-check";
import type { Sender } from "../delivery.js";
import { createValidator } from "./create-validator.js";
import type { PairedProduct } from "./paired-product.js";

const PRODUCT = "https://id.weg.example/01/09521122000019/21/W22-2600037";
const OTHER = "https://id.weg.example/01/09521122000200/21/W22-2600851";
const NOW = Date.parse("2026-11-27T12:00:00Z");
const SENDER: Sender = { name: "press-4", products: [PRODUCT, OTHER], sensors: ["winding-1", "signed-1", "unknown-1"] };
const key = p256Key(`0x${"11".repeat(32)}`);

const paired: PairedProduct = {
  productId: PRODUCT,
  passport: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
  sensors: [
    { id: "winding-1", quantity: "winding-temperature", unit: "Cel" },
    { id: "signed-1", quantity: "winding-temperature", unit: "Cel", publicKey: key.publicKey },
  ],
};

/** A validator that knows what it is told of the product, and one of a single item. */
const validatorOf = (options: { readonly product?: PairedProduct; readonly clock?: () => number } = {}) => {
  const { product = paired, clock = () => NOW } = options;
  const pairings = {
    find: (productId: string) => (productId === PRODUCT ? product : undefined),
    inquire: async () => undefined,
  };
  const validate = createValidator({ pairings, clock, pastSeconds: 3_600, futureSeconds: 60 });
  return async (item: Uint8Array, sender: Sender | undefined) => {
    const [[validated] = []] = await validate([{ transport: "http", sender, source: "the test", items: [item] }]);
    if (validated === undefined) throw new Error("an item has no answer");
    return validated;
  };
};
const validate = validatorOf();

const READING = {
  sensor: "winding-1",
  sequence: 1,
  product: PRODUCT,
  quantity: "winding-temperature",
  unit: "Cel",
  value: "71.5",
  time: "2026-11-27T12:00:00Z",
};

const bytesOf = (value: unknown): Uint8Array => Buffer.from(typeof value === "string" ? value : JSON.stringify(value));

const REJECTED: readonly (readonly [circumstance: string, item: unknown, code: string])[] = [
  ["text that is no JSON", "{ not JSON", "malformed"],
  ["nothing", "", "malformed"],
  ["a key twice", JSON.stringify(READING).replace("{", '{"sequence":2,'), "malformed"],
  ["NaN", JSON.stringify(READING).replace('"71.5"', "NaN"), "malformed"],
  ["a value that is NaN in quotes", { ...READING, value: "NaN" }, "invalid"],
  ["a value that is a number", { ...READING, value: 71.5 }, "invalid"],
  ["a wrong unit", { ...READING, unit: "K" }, "invalid"],
  ["an unknown field", { ...READING, extra: 1 }, "invalid"],
  ["a sequence of 0", { ...READING, sequence: 0 }, "invalid"],
  ["a sequence that JSON cannot carry", { ...READING, sequence: 2 ** 53 }, "invalid"],
  ["a value that no sensor measures", { ...READING, value: "9000" }, "invalid"],
  ["a list", [READING], "invalid"],
  ["a huge payload", { ...READING, value: "1".repeat(10_000) }, "too-large"],
  ["a time in 1970", { ...READING, time: "1970-01-01T00:00:00Z" }, "too-old"],
  ["a time in 2100", { ...READING, time: "2100-01-01T00:00:00Z" }, "in-future"],
  ["a sensor that is not the sender's", { ...READING, sensor: "winding-9" }, "sender-not-allowed"],
  ["a product that is not the sender's", { ...READING, product: `${PRODUCT}0` }, "sender-not-allowed"],
  ["a product that is not paired", { ...READING, product: OTHER }, "not-paired"],
  ["a sensor that is not listed", { ...READING, sensor: "unknown-1" }, "sensor-not-listed"],
  [
    "another quantity than is listed",
    { ...READING, quantity: "vibration-velocity", unit: "mm/s" },
    "quantity-not-listed",
  ],
  ["no signature of a sensor with a key", { ...READING, sensor: "signed-1" }, "signature-missing"],
];

describe("createValidator", () => {
  for (const [circumstance, item, code] of REJECTED) {
    it(`${circumstance}, is rejected as ${code}, in words`, async () => {
      const result = await validate(bytesOf(item), SENDER);
      expect(result).to.include({ status: "rejected", code });
      expect(Reflect.get(result, "reason")).to.match(/^\S.{10,}$/);
    });
  }

  it("bytes that are not UTF-8, are rejected as malformed", async () => {
    expect(await validate(Uint8Array.of(0xff, 0xfe), SENDER)).to.include({ code: "malformed" });
  });

  it("a good reading, is valid, at both ends of the clock's limits, too", async () => {
    for (const time of ["2026-11-27T12:00:00Z", "2026-11-27T11:00:00Z", "2026-11-27T12:01:00Z"]) {
      const reading = { ...READING, time };
      expect(await validate(bytesOf(reading), SENDER)).to.deep.equal({ status: "valid", reading });
    }
  });

  it("a signed reading, is valid from anybody; changed, from nobody", async () => {
    const signed = await signReading(parseReading({ ...READING, sensor: "signed-1" }), { key });
    expect(await validate(bytesOf(signed), undefined)).to.include({ status: "valid" });
    expect(await validate(bytesOf({ ...signed, value: "71.6" }), undefined)).to.include({ code: "signature-invalid" });
  });

  it("a gateway that was revoked, or whose key was stolen, has its readings rejected, with the time", async () => {
    for (const code of ["gateway-revoked", "gateway-compromised"] as const) {
      const lostTrust = { code, since: "2026-11-27T11:59:00Z" };
      const validateThen = validatorOf({ product: { ...paired, lostTrust } });
      const result = await validateThen(bytesOf(READING), SENDER);
      expect(result).to.include({ status: "rejected", code });
      expect(Reflect.get(result, "reason")).to.include(lostTrust.since);
    }
  });

  it("a clock of the relay that jumps, rejects with both times while it is wrong, and nothing after it", async () => {
    let now = 0;
    const jumping = validatorOf({ clock: () => now });
    expect(await jumping(bytesOf(READING), SENDER)).to.include({ code: "in-future" });
    now = Date.parse("2100-01-01T00:00:00Z");
    const late = await jumping(bytesOf(READING), SENDER);
    expect(late).to.include({ code: "too-old" });
    expect(Reflect.get(late, "reason")).to.include(READING.time).and.to.include("2100-01-01");
    now = NOW;
    expect(await jumping(bytesOf(READING), SENDER)).to.include({ status: "valid" });
  });

  it("anything, gets an answer and no exception: one would end the relay, again and again", async () => {
    const spoilt = fc
      .record({ field: fc.constantFrom(...Object.keys(READING), "signature"), value: fc.jsonValue() })
      .map(({ field, value }) => ({ ...READING, [field]: value }));
    const item = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.oneof(fc.jsonValue(), spoilt).map(bytesOf));
    await fc.assert(
      fc.asyncProperty(item, fc.boolean(), async (bytes, isKnown) => {
        const { status } = await validate(bytes, isKnown ? SENDER : undefined);
        expect(status).to.be.oneOf(["valid", "rejected"]);
      }),
      { numRuns: 500 },
    );
  });

  it("a sensor without a key, where the transport proves nobody, is rejected", async () => {
    expect(await validate(bytesOf(READING), undefined)).to.include({ code: "signature-missing" });
  });

  it("several deliveries, has the chain asked once about all that is well-formed and allowed, and each answered", async () => {
    const asked: string[] = [];
    const pairings = {
      find: (productId: string) => (asked.length > 0 && productId === PRODUCT ? paired : undefined),
      inquire: async (readings: readonly { readonly sensor: string }[]) => {
        asked.push(readings.map(({ sensor }) => sensor).join(" "));
      },
    };
    const validateAll = createValidator({ pairings, clock: () => NOW, pastSeconds: 3_600, futureSeconds: 60 });
    const deliveryOf = (sender: Sender | undefined, ...items: readonly unknown[]) =>
      ({ transport: "mqtt", sender, source: "the test", items: items.map(bytesOf) }) as const;
    const validated = await validateAll([
      deliveryOf(SENDER, READING, "{", { ...READING, sensor: "winding-9" }),
      deliveryOf(SENDER),
      deliveryOf(undefined, { ...READING, sequence: 2 }),
      deliveryOf(SENDER, { ...READING, sensor: "unknown-1" }),
    ]);
    expect(asked, "not for whoever proves nothing").to.deep.equal(["winding-1 unknown-1"]);
    const answers = validated.map((items) => items.map((each) => (each.status === "valid" ? each.status : each.code)));
    expect(answers).to.deep.equal([
      ["valid", "malformed", "sender-not-allowed"],
      [],
      ["signature-missing"],
      ["sensor-not-listed"],
    ]);
  });

  it("a pairing that becomes known while a reading is checked, lets no forged signature through", async () => {
    const signed = await signReading(parseReading({ ...READING, sensor: "signed-1" }), { key });
    let lookups = 0;
    const find = () => {
      lookups += 1;
      return lookups > 1 ? paired : undefined;
    };
    const pairings = { find, inquire: async () => undefined };
    const validateThen = createValidator({ pairings, clock: () => NOW, pastSeconds: 3_600, futureSeconds: 60 });
    const items = [bytesOf({ ...signed, value: "71.6" })];
    const [validated] = await validateThen([{ transport: "coap", sender: undefined, source: "the test", items }]);
    expect(validated?.[0]).to.include({ code: "not-paired" });
  });

  it("a message full of signatures, lets others in between them", async () => {
    const signed = await signReading(parseReading({ ...READING, sensor: "signed-1" }), { key });
    const items = Array.from({ length: 100 }, () => bytesOf(signed));
    const pairings = { find: () => paired, inquire: async () => undefined };
    const validateAll = createValidator({ pairings, clock: () => NOW, pastSeconds: 3_600, futureSeconds: 60 });
    let turns = 0;
    let isDone = false;
    const others = (async () => {
      for (; !isDone; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    })();
    const [validated] = await validateAll([{ transport: "coap", sender: undefined, source: "the test", items }]);
    isDone = true;
    await others;
    expect(validated?.every(({ status }) => status === "valid")).to.equal(true);
    expect(turns).to.be.at.least(5);
  });
});
