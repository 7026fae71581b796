import { expect } from "chai";
import { MAXIMUM_ITEMS } from "../delivery.js";
import { splitBody } from "./split-body.js";

const textsOf = (body: string, options?: { readonly isNdjson: boolean }) =>
  splitBody(Buffer.from(body), options)?.map((item) => Buffer.from(item).toString());

describe("splitBody", () => {
  it("an array, is taken apart; anything else is one item", () => {
    expect(textsOf(' [{"a":1}, 2]')).to.deep.equal(['{"a":1}', "2"]);
    expect(textsOf('{"a":\n1}')).to.deep.equal(['{"a":\n1}']);
    expect(textsOf("[1,")).to.deep.equal(["[1,"]);
    expect(textsOf("")).to.deep.equal([""]);
  });

  it("NDJSON, is taken apart at its lines, empty ones left out", () => {
    expect(textsOf("1\n\n2\r\n \n3", { isNdjson: true })).to.deep.equal(["1", "2\r", "3"]);
    expect(textsOf("", { isNdjson: true })).to.deep.equal([]);
  });

  it("more readings than one message may have, are refused as a whole", () => {
    const many = Array.from({ length: MAXIMUM_ITEMS + 1 }, () => "1");
    expect(textsOf(`[${many.join()}]`)).to.equal(undefined);
    expect(textsOf(many.join("\n"), { isNdjson: true })).to.equal(undefined);
  });

  it("a huge payload, is not looked into: it is one item, and too large", () => {
    const huge = Buffer.alloc(8 << 20, "[");
    expect(splitBody(huge)).to.deep.equal([huge]);
    const large = Buffer.from(`[${Array.from({ length: 2_100_000 }, () => "1").join()}]`);
    expect(splitBody(large)).to.deep.equal([large]);
  });
});
