import { expect } from "chai";
import { laneOf } from "./lane-of.js";

describe("laneOf", () => {
  it("the same key, the same lane", () => {
    for (const key of ["a", "b", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", ""]) {
      expect(laneOf(key, { count: 3 })).to.equal(laneOf(key, { count: 3 }));
    }
  });

  it("many keys, every lane gets its share", () => {
    const lanes = Array.from({ length: 4_000 }, (_, index) => laneOf(`key ${index}`, { count: 4 }));
    for (const lane of [0, 1, 2, 3]) expect(lanes.filter((chosen) => chosen === lane).length).to.be.within(900, 1_100);
  });
});
