import { getEventListeners } from "node:events";
import { expect } from "chai";
import { sleep } from "./sleep.js";

const HOUR = 3_600_000;

describe("sleep", () => {
  it("many times on one signal, leaves no listener behind", async () => {
    const { signal } = new AbortController();
    for (let round = 0; round < 20; round += 1) await sleep(1, signal);
    expect(getEventListeners(signal, "abort")).to.have.length(0);
  });

  it("whose signal is given meanwhile, ends at once and leaves no listener behind", async () => {
    const abort = new AbortController();
    const sleeping = sleep(HOUR, abort.signal);
    abort.abort();
    await sleeping;
    expect(getEventListeners(abort.signal, "abort")).to.have.length(0);
  });

  it("whose signal was given before, does not begin", async () => {
    await sleep(HOUR, AbortSignal.abort());
  });
});
