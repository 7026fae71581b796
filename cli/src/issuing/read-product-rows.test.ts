import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isPassportError } from "@digital-product-passport/sdk";
import { expect } from "chai";
import { type ProductRow, readProductRows } from "./read-product-rows.js";

describe("readProductRows", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "rows-test-"));
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  const read = async (name: string, content: string | Uint8Array): Promise<readonly ProductRow[]> => {
    await writeFile(join(folder, name), content);
    return await readProductRows(join(folder, name));
  };

  it("of a table, nests the fields of a column's name and leaves empty cells out", async () => {
    const rows = await read(
      "a.csv",
      "productId,product.name,materials.0.name,owner\nhttps://x.example/1,Motor,Copper,\n",
    );
    expect(rows).to.deep.equal([
      {
        line: 2,
        isText: true,
        fields: {
          productId: "https://x.example/1",
          data: { product: { name: "Motor" }, materials: [{ name: "Copper" }] },
        },
      },
    ]);
  });

  it("of a table as spreadsheets write it, reads byte order mark, semicolons and quoted line breaks", async () => {
    const rows = await read("b.csv", '\ufeffproductId;product.name\r\n1;"two\r\nlines; and more"\r\n\r\n2;x\r\n');
    expect(rows.map(({ line, fields }) => [line, fields])).to.deep.equal([
      [2, { productId: "1", data: { product: { name: "two\nlines; and more" } } }],
      [5, { productId: "2", data: { product: { name: "x" } } }],
    ]);
  });

  it("of a row with a cell too few or too many, says so at its line", async () => {
    const rows = await read("c.csv", "productId,product.name\n1,x\n2\n3,x,y\n");
    expect(rows.map(({ line, problem }) => [line, problem !== undefined])).to.deep.equal([
      [2, false],
      [3, true],
      [4, true],
    ]);
  });

  it("of JSON, tells the line that each product begins in", async () => {
    const rows = await read(
      "d.json",
      '[\n  { "productId": "1", "data": {} },\n\n  { "productId": "2" },\n  7, { "x": 1 }]',
    );
    expect(rows.map(({ line, fields, problem }) => [line, fields["productId"], problem])).to.deep.equal([
      [2, "1", undefined],
      [4, "2", undefined],
      [5, undefined, "it is no object"],
      [5, undefined, "it has the unknown field x"],
    ]);
  });

  for (const [circumstance, name, content, problem] of [
    ["an unknown column", "e.csv", "productId,colour\n1,red\n", 'the column "colour" is no field'],
    ["a column that would reach into every object", "f.csv", "productId,product.__proto__.x\n1,2\n", "is no field"],
    ["a column twice", "g.csv", "productId,productId\n1,2\n", "comes twice"],
    ["no column productId", "h.csv", "product.name\nx\n", "no column productId"],
    ["nothing but a head", "i.csv", "productId\n", "it has no rows"],
    ["nothing", "j.csv", "", "it has no rows"],
    ["an open quote", "k.csv", 'productId\n"1\n', "line"],
    ["another encoding than UTF-8", "l.csv", Uint8Array.of(0x70, 0xe1, 0x0a), "it is not UTF-8"],
    ["another ending", "m.xlsx", "", "it ends neither"],
    ["JSON that is no list", "n.json", "{}", "not a list"],
    ["JSON with a key twice", "o.json", '[{"productId":"1","productId":"2"}]', "productId"],
  ] as const) {
    it(`refuses a file with ${circumstance}`, async () => {
      const error = await caught(read(name, content));
      expect(isPassportError(error), String(error)).to.equal(true);
      expect(error).to.have.property("message").that.includes(problem);
    });
  }

  it("refuses a file that is not there", async () => {
    const error = await caught(readProductRows(join(folder, "nothing.csv")));
    expect(error).to.have.property("message").that.includes("there is no such file");
  });
});

async function caught(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    return error;
  }
}
