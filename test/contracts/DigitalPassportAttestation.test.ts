import { shouldRecordEntries, WAYS } from "./behaviours/recording-entries.js";

describe("DigitalPassport: entries", () => {
  for (const way of WAYS) {
    describe(`written by ${way.name}`, () => shouldRecordEntries(way));
  }
});
