import { expect } from "chai";
import { encodeBytes32String } from "ethers";
import { eventTypeName, eventTypeOf, isNative } from "./event-type.js";
import { bytes32Schema } from "./hex.js";

const decode = (hex: string): string => eventTypeName(bytes32Schema.brand<"EventType">().parse(hex));

describe("eventTypeOf", () => {
  it("left-aligns a name in 32 bytes, as Solidity does with a literal", () => {
    expect(eventTypeOf("MAINTAINED")).to.equal(encodeBytes32String("MAINTAINED"));
    expect(eventTypeOf("OWNERSHIP_TRANSFERRED")).to.equal(encodeBytes32String("OWNERSHIP_TRANSFERRED"));
  });

  it("fills all 32 bytes if the name does", () => {
    expect(eventTypeName(eventTypeOf("A".repeat(32)))).to.equal("A".repeat(32));
  });

  it("refuses names the contracts refuse", () => {
    for (const name of ["", "maintained", "MAIN TAINED", "1ST", "_X", "A".repeat(33), "É"]) {
      expect(() => eventTypeOf(name), name).to.throw("event type is not valid");
    }
  });
});

describe("eventTypeName", () => {
  it("reads back what eventTypeOf wrote", () => {
    expect(eventTypeName(eventTypeOf("RECALL_CLOSED"))).to.equal("RECALL_CLOSED");
  });

  it("returns the hex of bytes that are no name, so that two types never look alike", () => {
    for (const hex of [`0x${"00".repeat(32)}`, `0x41004100${"00".repeat(28)}`, `0x${"ff".repeat(32)}`]) {
      expect(decode(hex)).to.equal(hex);
    }
  });
});

describe("isNative", () => {
  it("of the four that the passport records by itself, is true, else false", () => {
    for (const name of ["MANUFACTURED", "OWNERSHIP_TRANSFERRED", "LOCKED", "RELEASED"]) {
      expect(isNative(eventTypeOf(name)), name).to.equal(true);
    }
    expect(isNative(eventTypeOf("MAINTAINED"))).to.equal(false);
  });
});
