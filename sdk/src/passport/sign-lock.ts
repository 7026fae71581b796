import { askNode } from "../chain/ask-node.js";
import { DigitalPassport__factory } from "../contracts/index.js";
import { parseAddress } from "../primitives/hex.js";
import { signMessage } from "../signing/sign-message.js";
import type { SignedLock } from "../signing/signed-message.js";
import { lockTypedData } from "../signing/typed-data.js";
import { parseUnixSeconds, requireAttester, type WritingContext } from "./context.js";
import { contentOf, readyDocument } from "./document-source.js";
import type { LockOptions } from "./lock-passport.js";
import { resolveProduct } from "./resolve-passport.js";

/** For whom a passport is locked, and until when it may be. */
export interface SignLockOptions extends LockOptions {
  /** Last second, Unix time, at which the signature may be used. */
  readonly deadline: bigint;
}

/**
 * Signs a lock for a sale, in the name of the owner, for somebody else to submit. The document is not stored: it travels
 * with the signature.
 *
 * @param context - what writing actions work on
 * @param options - the passport, the holder, the end, the document, the deadline
 * @returns plain JSON for `submitLock`; void as soon as another entry is recorded
 * @throws PassportError `input.invalid`, `signer.*`, `identifier.*`, `passport.*`, `document.*`, `chain.*`
 */
export async function signLock(context: WritingContext, options: SignLockOptions): Promise<SignedLock> {
  const holder = parseAddress(options.holder, { field: "holder" });
  const until = parseUnixSeconds(options.until, { field: "until" });
  const deadline = parseUnixSeconds(options.deadline, { field: "deadline" });
  const { chainId, provider } = context;
  const attester = await requireAttester(context);
  const { passport, productId } = await resolveProduct(context, options);
  const subject = { eventType: "LOCKED", productId, attester: attester.address };
  const ready = readyDocument(context, { ...subject, document: options.document });
  const contract = DigitalPassport__factory.connect(passport, provider);
  const sequence = (await askNode(provider, () => contract.entryCount())) + 1n;
  const lock = { chainId, passport, holder, until, document: ready.digest, sequence, deadline };
  return await signMessage(attester, { typedData: lockTypedData(lock), content: contentOf(ready) });
}
