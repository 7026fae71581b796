import { expect } from "chai";
import { keccak256, stringToBytes } from "viem";
import { parseProductId } from "./parse-product-id.js";
import { productKey } from "./product-key.js";

describe("productKey", () => {
  it("equals the keccak256 of another library", () => {
    const { productId } = parseProductId("https://id.weg.example/01/09521234543213/21/W22%2F1");
    expect(productKey(productId)).to.equal(keccak256(stringToBytes(productId)));
  });
});
