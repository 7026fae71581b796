import { askNode } from "../chain/ask-node.js";
import { attestationRelayInterface } from "../chain/contract-interfaces.js";
import { DigitalPassport__factory } from "../contracts/index.js";
import { isPassportError } from "../errors/passport-error.js";
import { type SignedAttestation, signedAttestationSchema, typedDataOfSigned } from "../signing/signed-message.js";
import type { ItemKind, Recorded } from "../submit/item-kind.js";
import { requireAttestationRelay, type WritingContext } from "./context.js";
import { documentOfContent } from "./document-source.js";
import { readHistory } from "./read-history.js";
import { storeReliably } from "./store-reliably.js";
import {
  findSubmitted,
  MAXIMUM_ATTESTATIONS,
  readNamesOfRefused,
  type SubmittedAttestation,
} from "./submit-attestations.js";

/**
 * How signed attestations become transactions, for `createSubmitter`. The id of an item is the digest that was signed, and
 * items are ordered by their passport.
 *
 * @param context - what writing actions work on, with an attestation relay and a store
 * @returns the kind
 * @throws PassportError `input.invalid` without a relay
 */
export function attestationKind(context: WritingContext): ItemKind<SignedAttestation, SubmittedAttestation> {
  const relay = requireAttestationRelay(context);
  return {
    name: `attestations through ${relay}`,
    payloadSchema: signedAttestationSchema,
    maximumItems: MAXIMUM_ATTESTATIONS,
    prepare: ({ content, message }) => storeReliably(context, documentOfContent(content, { digest: message.document })),
    encode: (attestations) => ({
      to: relay,
      data: attestationRelayInterface.encodeFunctionData("submitMany", [
        attestations.map((signed) => ({
          passport: signed.passport,
          attestation: typedDataOfSigned(signed).message,
          signer: signed.signer,
          signature: signed.signature,
        })),
      ]),
    }),
    decode: (attestations, { logs, transactionHash }) =>
      findSubmitted(logs, {
        opened: attestations.map((signed) => ({ signed, message: signed.message })),
        transactionHash,
      }),
    blame: (refusal) =>
      isPassportError(refusal, "contract.attestation-relay-item-refused") ? Number(refusal.details.index) : undefined,
    findRecorded: (signed) => findRecorded(context, signed),
    names: (refusal) => readNamesOfRefused(context, refusal),
  };
}

/** An exact position is taken or not; any other position leaves the digest behind. */
async function findRecorded(
  context: WritingContext,
  signed: SignedAttestation,
): Promise<Recorded<SubmittedAttestation> | undefined> {
  const { provider } = context;
  const { passport } = signed;
  const { message, digest } = typedDataOfSigned(signed);
  const contract = DigitalPassport__factory.connect(passport, provider);
  const isPossible = await askNode(provider, async () =>
    message.sequence === 0n ? contract.isDigestUsed(digest) : (await contract.entryCount()) >= message.sequence,
  );
  if (!isPossible) return undefined;
  const { entries } = await readHistory(context, { passport });
  const entry = entries.find(
    ({ sequence, attester, document, eventType }) =>
      (message.sequence === 0n || message.sequence === sequence) &&
      attester === message.attester &&
      document === message.document &&
      eventType === message.eventType,
  );
  if (entry === undefined) return undefined;
  const { transactionHash, blockNumber } = entry;
  return { result: { passport, entry }, transactionHash, blockNumber };
}
