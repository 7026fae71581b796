import { askNode } from "../chain/ask-node.js";
import { DigitalPassport__factory } from "../contracts/index.js";
import { PassportError } from "../errors/passport-error.js";
import { type Address, type Bytes32, type Digest, parseBytes32, parseDigest } from "../primitives/hex.js";
import type { ReadingContext } from "./context.js";

/** What a new owner accepts. */
export interface AcceptableOffer {
  readonly document: Digest;
  readonly offerNonce: bigint;
  /** The history that he accepts. */
  readonly head: Bytes32;
}

/**
 * Reads the pending offer, as its acceptance names it.
 *
 * @param context - `provider`
 * @param options - `passport`: its address; `expectedHead`: the history that was seen, `document`: the digest of the
 *   terms that were read; the present ones if left out
 * @returns document, number and history
 * @throws PassportError `input.invalid`, `offer.missing`, `contract.digital-passport-document-mismatch`, `chain.*`
 */
export async function readOffer(
  { provider }: Pick<ReadingContext, "provider">,
  options: {
    readonly passport: Address;
    readonly expectedHead?: string | undefined;
    readonly document?: string | undefined;
  },
): Promise<AcceptableOffer> {
  const { passport, expectedHead } = options;
  const contract = DigitalPassport__factory.connect(passport, provider);
  const [pending, head] = await askNode(provider, () => Promise.all([contract.pendingOffer(), contract.head()]));
  if (BigInt(pending.newOwner) === 0n) throw new PassportError("offer.missing", { passport });
  const offered = parseDigest(pending.document);
  const document = options.document === undefined ? offered : parseDigest(options.document, { field: "document" });
  if (document !== offered)
    throw new PassportError("contract.digital-passport-document-mismatch", { document, offered });
  return {
    document,
    offerNonce: pending.nonce,
    head: parseBytes32(expectedHead ?? head, { field: "expectedHead" }),
  };
}
