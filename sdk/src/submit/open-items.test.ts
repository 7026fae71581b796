import { expect } from "chai";
import { type OpenItem, selectReady } from "./open-items.js";

const item = (id: string, orderedBy: string, reverts = 0): OpenItem<string> => ({
  id,
  orderedBy,
  position: 0,
  payload: id,
  transaction: undefined,
  isRecorded: false,
  reverts,
});
const select = (queue: readonly OpenItem<string>[], busy: readonly string[] = [], maximumItems = 64): string =>
  selectReady(queue, { isBusy: (key) => busy.includes(key), maximumItems })
    .map(({ id }) => id)
    .join("");

describe("selectReady", () => {
  it("nothing busy: takes the first ones, in their order", () => {
    expect(select([item("a", "x"), item("b", "y"), item("c", "x")], [], 2)).to.equal("ab");
  });

  it("a busy key: leaves out all of its items, and none of the others", () => {
    expect(select([item("a", "x"), item("b", "y"), item("c", "x"), item("d", "y")], ["x"])).to.equal("bd");
  });

  it("an item that has reverted: takes ever fewer, until it stands alone", () => {
    const queue = (reverts: number) => [
      item("a", "x", reverts),
      ...Array.from("bcdefghijklmnopqrst", (id) => item(id, id)),
    ];
    expect([0, 1, 2, 3].map((reverts) => select(queue(reverts)).length)).to.deep.equal([20, 16, 4, 1]);
  });
});
