import * as z from "zod";

/** Longest identifier in bytes; the chain refuses longer ones. */
export const MAXIMUM_IDENTIFIER_BYTES = 256;

const HOST_NAME = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const UNRESERVED = /^[A-Za-z0-9._~-]$/;
const NOT_A_PATH_CHARACTER = /[^A-Za-z0-9._~!$&'()*+,;=:@%-]/g;

/** The normal form of a URL, or why it cannot be an identifier. */
export type NormalisedUrl = { readonly url: string } | { readonly problem: string };

/**
 * Brings an https URL that identifies something into the one form it may be written in (RFC 3986, section 6.2.2):
 * scheme and host in lower case, no default port, no dot segments, only characters that need it percent-encoded, in
 * upper-case hex. What means something else without it (user, query, fragment, empty segment) is a problem.
 *
 * @param text - a URL
 * @returns its normal form, or what is wrong with it
 */
export function normaliseHttpsUrl(text: string): NormalisedUrl {
  if (!/^[\x21-\x7e]+$/.test(text)) return { problem: "it has other characters than visible ASCII, or none at all" };
  if (!/^https:\/\/[^/]/i.test(text)) return { problem: "it does not begin with https:// and a host" };
  if (/[?#\\]/.test(text)) return { problem: "it has a query, a fragment or a backslash" };
  if (/%(?![0-9a-f]{2})/i.test(text)) return { problem: "a percent sign lacks its two hex digits" };
  if (/%(?:[01][0-9a-f]|7f)/i.test(text)) return { problem: "it encodes a control character" };
  if (!URL.canParse(text)) return { problem: "its host is not a host name" };

  const { host, hostname, pathname, username, password } = new URL(text);
  if (username !== "" || password !== "") return { problem: "it names a user" };
  if (!HOST_NAME.test(hostname)) return { problem: "its host is not a host name" };
  const segments = pathname.slice(1).split("/");
  if (segments.includes("")) return { problem: "it has an empty path segment, or ends in a slash" };

  const url = `https://${host}/${segments.map(normaliseSegment).join("/")}`;
  if (url.length > MAXIMUM_IDENTIFIER_BYTES) return { problem: `it is longer than ${MAXIMUM_IDENTIFIER_BYTES} bytes` };
  return { url };
}

/** An https URL that identifies something, in its normal form. */
export const httpsUrlSchema = z
  .string()
  .max(MAXIMUM_IDENTIFIER_BYTES)
  .superRefine((text, context) => {
    const normalised = normaliseHttpsUrl(text);
    if ("problem" in normalised) context.addIssue(`not an identifying https URL: ${normalised.problem}`);
    else if (normalised.url !== text) context.addIssue(`not in its normal form ${normalised.url}`);
  });

function normaliseSegment(segment: string): string {
  return segment
    .replace(/%[0-9a-f]{2}/gi, (encoded) => {
      const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
      return UNRESERVED.test(character) ? character : encoded.toUpperCase();
    })
    .replace(NOT_A_PATH_CHARACTER, percentEncode);
}

/**
 * Encodes one ASCII character as a percent sign and two upper-case hex digits.
 *
 * @param character - one character of at most 7 bits
 * @returns its encoded form
 */
export function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
