import { expect } from "chai";
import fc from "fast-check";
import jsqr from "jsqr";
import { PNG } from "pngjs";
import { isPassportError } from "../errors/passport-error.js";
import { wrapText } from "./label-content.js";
import { labelPng } from "./label-png.js";
import { labelSvg } from "./label-svg.js";
import { readLabel } from "./read-label.js";

const MOTOR = "https://id.weg.example/01/09521234543213/21/W22-000001";
const LONGEST = `https://id.weg.example/${"x".repeat(233)}`;

const productIds = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/).map((serial) => `https://id.weg.example/01/09521234543213/21/${serial}`),
  fc.stringMatching(/^[a-z0-9]([a-z0-9;=&!$+,-]{0,200}[a-z0-9])?$/).map((path) => `https://id.other.example/m/${path}`),
);

/** Readers that have nothing in common with what draws. */
function readPngElsewhere(png: Uint8Array): string | undefined {
  const { data, width, height } = PNG.sync.read(Buffer.from(png));
  return jsqr.default(new Uint8ClampedArray(data), width, height)?.data;
}

function readSvgElsewhere(svg: string): string | undefined {
  const size = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]);
  const scale = 4;
  const pixels = new Uint8ClampedArray(4 * (size * scale) ** 2).fill(255);
  for (const [, x, y, run] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row += 1) {
      const start = row * size * scale;
      for (let column = Number(x) * scale; column < (Number(x) + Number(run)) * scale; column += 1)
        pixels.fill(0, 4 * (start + column), 4 * (start + column) + 3);
    }
  }
  return jsqr.default(pixels, size * scale, size * scale)?.data;
}

describe("label", () => {
  it("as PNG, is read by an independent reader as the identical URL", () => {
    fc.assert(
      fc.property(productIds, (productId) => readPngElsewhere(labelPng(productId)) === productId),
      {
        numRuns: 40,
      },
    );
  });

  it("as SVG, is read by an independent reader as the identical URL", () => {
    fc.assert(
      fc.property(productIds, (productId) => readSvgElsewhere(labelSvg(productId)) === productId),
      {
        numRuns: 20,
      },
    );
  });

  it("of the longest identifier, is read by both readers", () => {
    expect(readPngElsewhere(labelPng(LONGEST))).to.equal(LONGEST);
    expect(readLabel(labelPng(LONGEST))).to.equal(LONGEST);
  });

  it("as SVG, says in words what the code says", () => {
    const svg = labelSvg(MOTOR);
    expect(svg).to.include(`<title>${MOTOR}</title>`);
    expect(svg).to.include(">(01)09521234543213<").and.to.include(">(21)W22-000001<");
  });

  it("as SVG, has the size in millimetres that was asked for", () => {
    const modules = Number(/viewBox="0 0 (\d+)/.exec(labelSvg(MOTOR))?.[1]);
    expect(labelSvg(MOTOR, { moduleMillimetres: 1 })).to.include(`width="${modules}mm"`);
  });

  it("as SVG, holds no character that would be taken for markup", () => {
    const svg = labelSvg("https://id.other.example/a&b");
    expect(svg).to.include("https://id.other.example/a&#38;b").and.not.to.include("a&b");
  });

  it("as PNG, has text below the code", () => {
    const { data, width, height } = PNG.sync.read(Buffer.from(labelPng(MOTOR)));
    const below = data.subarray(4 * width * (width - 4 * 4));
    expect(height).to.be.greaterThan(width);
    expect([...below.filter((_, index) => index % 4 === 0)].filter((grey) => grey === 0)).to.have.length.greaterThan(
      200,
    );
  });

  for (const productId of ["nonsense", "https://ID.weg.example/x", "https://id.weg.example/01/09521234543214"])
    it(`of ${productId}, is refused`, () => {
      for (const draw of [labelPng, labelSvg])
        expect(() => draw(productId))
          .to.throw()
          .satisfies((error: unknown) => isPassportError(error));
    });
});

describe("readLabel", () => {
  it("of a label, is the product's URL", () => {
    expect(readLabel(labelPng(MOTOR))).to.equal(MOTOR);
  });

  it("of a picture in colours and with a border, is the product's URL", () => {
    const label = PNG.sync.read(Buffer.from(labelPng(MOTOR)));
    const photo = new PNG({ width: label.width + 101, height: label.height + 57, fill: true });
    photo.data.fill(0xdd);
    PNG.bitblt(label, photo, 0, 0, label.width, label.height, 50, 20);
    expect(readLabel(PNG.sync.write(photo))).to.equal(MOTOR);
  });

  const blank = new PNG({ width: 100, height: 100 });
  const huge = Uint8Array.from(labelPng(MOTOR));
  new DataView(huge.buffer).setUint32(16, 1_000_000);
  for (const [circumstance, png] of [
    ["a picture without a code", PNG.sync.write(blank)],
    ["no picture", new TextEncoder().encode("a text that is long enough for a header")],
    ["nothing", new Uint8Array()],
    ["a file that says it is huge", huge],
  ] as const)
    it(`of ${circumstance}, says that it is unreadable`, () => {
      expect(() => readLabel(png))
        .to.throw()
        .satisfies((error: unknown) => isPassportError(error, "label.unreadable"));
    });

  it("of any damaged label, reads the same URL or says what is wrong", () => {
    const png = labelPng(MOTOR);
    fc.assert(
      fc.property(fc.nat({ max: png.length - 1 }), fc.integer({ min: 1, max: 255 }), (index, change) => {
        const damaged = Uint8Array.from(png);
        damaged[index] = (damaged[index] ?? 0) ^ change;
        try {
          return readLabel(damaged) === MOTOR;
        } catch (error) {
          return isPassportError(error);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("wrapText", () => {
  it("breaks between words, and inside of words that are longer than a line", () => {
    expect(wrapText("(01) 09521234543213 (21) W22", { width: 10 })).to.deep.equal([
      "(01)",
      "0952123454",
      "3213 (21)",
      "W22",
    ]);
  });
});
