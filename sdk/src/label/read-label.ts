import { decode } from "fast-png";
import { decodeQR } from "qr/decode.js";
import { PassportError } from "../errors/passport-error.js";
import { type ProductId, parseProductId } from "../identifier/parse-product-id.js";

/** A photograph of a telephone has some 12 million pixels. */
const MAXIMUM_PIXELS = 50_000_000;
const MAXIMUM_BYTES = 64 * 1024 * 1024;

/** A PNG file begins with 8 bytes of signature and the length and name of its header, which begins with its size. */
const SIZE_OFFSET = 16;

/**
 * Reads the product's URL from the picture of a label.
 *
 * @param png - bytes of a PNG file, at most 64 MiB and 50 million pixels
 * @returns the URL, in its normal form
 * @throws PassportError `label.unreadable`; `identifier.*` if the code says something else
 */
export function readLabel(png: Uint8Array): ProductId {
  const { width, height, channels, data, depth } = decodePng(png);
  if (depth !== 8) throw unreadable(`it has ${depth} bits per channel, not 8`);
  const colours = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    for (let colour = 0; colour < 3; colour += 1) {
      colours[pixel * 3 + colour] = data[pixel * channels + (channels < 3 ? 0 : colour)] ?? 0;
    }
  }
  return parseProductId(decodeCode({ width, height, data: colours })).productId;
}

function decodePng(png: Uint8Array): ReturnType<typeof decode> {
  if (png.length > MAXIMUM_BYTES) throw unreadable(`it is larger than ${MAXIMUM_BYTES} bytes`);
  if (png.length < SIZE_OFFSET + 8) throw unreadable("it is no PNG file");
  // Before anything is unpacked: a small file can say that it is a huge picture.
  const header = new DataView(png.buffer, png.byteOffset + SIZE_OFFSET, 8);
  if (header.getUint32(0) * header.getUint32(4) > MAXIMUM_PIXELS) {
    throw unreadable(`it has more than ${MAXIMUM_PIXELS} pixels`);
  }
  try {
    return decode(png, { checkCrc: true });
  } catch (cause) {
    throw unreadable("it is no PNG file, or damaged", cause);
  }
}

function decodeCode(image: { readonly width: number; readonly height: number; readonly data: Uint8Array }): string {
  try {
    return decodeQR(image);
  } catch (cause) {
    throw unreadable("no QR code was found in it", cause);
  }
}

function unreadable(problem: string, cause?: unknown): PassportError {
  return new PassportError("label.unreadable", { problem }, { cause });
}
