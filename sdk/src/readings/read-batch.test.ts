import { expect } from "chai";
import { canonicalise } from "../document/canonicalise.js";
import { digestOf } from "../document/digest-of.js";
import { createMemoryStore } from "../document/stores/memory-store.js";
import { parseAddress, parseBytes27 } from "../primitives/hex.js";
import { createBatch } from "./create-batch.js";
import { readBatch } from "./read-batch.js";
import { sampleReading } from "./sample-readings.test.js";

describe("readBatch", () => {
  it("of a gateway that calls its file larger than any memory, finds the batch invalid and reserves nothing", async () => {
    const store = createMemoryStore();
    const context = {
      chainId: 421_614n,
      readingsAnchor: parseAddress("0x000000000000000000000000000000000000a11c"),
      store,
    };
    const { batch, document } = await createBatch([sampleReading()], {
      ...context,
      gateway: parseAddress("0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359"),
      sequence: 1n,
      previousHead: parseBytes27(`0x${"7e".repeat(27)}`),
    });
    const bytes = canonicalise({ ...document, readings: { ...document.readings, size: Number.MAX_SAFE_INTEGER } });
    await store.put(bytes);
    const content = await readBatch(context, { batch: { ...batch, document: digestOf(bytes) } });
    expect(content).to.deep.include({ status: "invalid", code: "input.invalid" });
  });
});
