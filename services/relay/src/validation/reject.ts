import type { Rejection, RejectionCode } from "../delivery.js";

/** What each rejection says, with the names of its details in braces. */
const SENTENCES = {
  "too-large": "A reading has at most {maximum} bytes, this has {actual}.",
  malformed: "{problem}",
  invalid: "{problem}",
  "too-old": "Its time {time} is more than {limit} seconds before the relay's, {now}.",
  "in-future": "Its time {time} is more than {limit} seconds after the relay's, {now}.",
  "sender-not-allowed": "{sender} may not report {what}.",
  "not-paired": "{product} is not paired with this gateway.",
  "gateway-revoked": "This gateway was revoked at {since}: its readings do not count for {product} any more.",
  "gateway-compromised": "The key of this gateway is reported as stolen since {since}: nobody relies on its readings.",
  "sensor-not-listed": "The pairing of {product} lists no sensor {sensor}.",
  "quantity-not-listed": "The pairing lists the sensor {sensor} with {listed}, not with {actual}.",
  "signature-missing": "The sensor {sensor} must sign its readings: {reason}.",
  "signature-invalid": "The signature is not that of the sensor {sensor}.",
  "sequence-conflict": "The sensor {sensor} has used the number {sequence} for another reading.",
  "sequence-too-old": "The number {sequence} of the sensor {sensor} is too far behind its others.",
} as const satisfies Readonly<Record<RejectionCode, string>>;

/**
 * Rejects a reading for good.
 *
 * @param code - the kind of reason
 * @param details - the values that its sentence names
 * @returns the rejection, with the reason in words
 */
export function reject(code: RejectionCode, details: Readonly<Record<string, string | number>>): Rejection {
  const reason = SENTENCES[code].replace(/\{(\w+)\}/g, (_, name: string) => String(details[name]));
  return { status: "rejected", code, reason };
}
