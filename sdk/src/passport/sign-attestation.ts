import * as z from "zod";
import { eventTypeOf } from "../primitives/event-type.js";
import { parseAddress } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import { signMessage } from "../signing/sign-message.js";
import type { SignedAttestation } from "../signing/signed-message.js";
import { attestationTypedData } from "../signing/typed-data.js";
import type { EventOption } from "./attest.js";
import { parseUnixSeconds, requireAttester, type WritingContext } from "./context.js";
import { contentOf, readyDocument } from "./document-source.js";
import { type PassportOption, resolveProduct } from "./resolve-passport.js";

/** What is attested, to which passport, where and until when. */
export type SignAttestationOptions = PassportOption &
  EventOption & {
    /** URL of the product, for whoever signs without a connection; read from the passport if left out. */
    readonly productId?: string | undefined;
    /**
     * Position that the entry must have: any other entry that comes first makes the signature void. 0 if left out: any
     * position, once, which costs whoever submits it some 20,000 gas more.
     */
    readonly sequence?: bigint | undefined;
    /** Last second, Unix time, at which it may be recorded. */
    readonly deadline: bigint;
  };

const sequenceSchema = z
  .bigint()
  .min(0n)
  .max(2n ** 40n - 1n);

/**
 * Signs an entry for somebody else to submit. The document is not stored: it travels with the signature. With an address
 * for `passport` and with `productId`, no connection is needed.
 *
 * @param context - `attester` or `signer`, `chainId`, `clock`, `randomBytes`
 * @param options - the passport, the event type, the document and the deadline
 * @returns plain JSON; `submitAttestation` takes it, today or later, from anybody
 * @throws PassportError `input.invalid`, `signer.missing`, `signer.refused`, `identifier.*`, `passport.not-found`,
 *   `document.*`, `chain.*`
 */
export async function signAttestation(
  context: WritingContext,
  options: SignAttestationOptions,
): Promise<SignedAttestation> {
  const { eventType, document, productId: knownProductId } = options;
  const eventTypeBytes = eventTypeOf(eventType);
  const deadline = parseUnixSeconds(options.deadline, { field: "deadline" });
  const sequence = parseInput(sequenceSchema, options.sequence ?? 0n, { field: "sequence" });
  const attester = await requireAttester(context);
  const { passport, productId } =
    knownProductId === undefined
      ? await resolveProduct(context, options)
      : { passport: parseAddress(options.passport, { field: "passport" }), productId: knownProductId };
  const ready = readyDocument(context, { document, eventType, productId, attester: attester.address });
  const typedData = attestationTypedData({
    chainId: context.chainId,
    passport,
    eventType: eventTypeBytes,
    document: ready.digest,
    attester: attester.address,
    sequence,
    deadline,
  });
  return await signMessage(attester, { typedData, content: contentOf(ready) });
}
