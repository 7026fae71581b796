import { expect } from "chai";
import { conditionInWords, OWNER_ROLE, rolesInWords } from "./manager-names.js";

const names = { roles: new Map([[2n, "CERTIFIER"]]), conditions: new Map([[0x100n, "IN_SERVICE"]]) };

describe("rolesInWords", () => {
  it("several bits: their names, the lowest first, hex for one without a name", () => {
    expect(rolesInWords(OWNER_ROLE | 6n, names)).to.deep.equal(["CERTIFIER", "0x4", "OWNER"]);
  });

  it("no bit: no word", () => {
    expect(rolesInWords(0n, names)).to.deep.equal([]);
  });
});

describe("conditionInWords", () => {
  it("the passport's own bits and the brand's: their names, hex for one without a name", () => {
    expect(conditionInWords(0x311n, names)).to.deep.equal(["ISSUED", "SUPERSEDED", "IN_SERVICE", "0x200"]);
  });

  it("a brand that calls its bit like the passport's: the passport's own bit keeps its name", () => {
    expect(conditionInWords(1n, { ...names, conditions: new Map([[1n, "FINE"]]) })).to.deep.equal(["ISSUED"]);
  });
});
