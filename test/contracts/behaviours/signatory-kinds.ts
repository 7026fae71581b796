import type { Suite } from "../../support/deploy-suite.js";
import {
  accountOf,
  contractWalletOf,
  delegatedAccountOf,
  p256SignatoryOf,
  type Signatory,
  webAuthnSignatoryOf,
} from "../../support/signing.js";

/** A kind of attester, owner or buyer who signs. */
export interface SignatoryKind {
  readonly name: string;
  /** Whether he is the holder of a key in ERC-7913 form, and not an account of the chain. */
  readonly isKey: boolean;
  readonly create: (suite: Suite, name: string) => Promise<Signatory>;
}

/** An account that signs plainly. */
export const account: SignatoryKind = {
  name: "an account",
  isKey: false,
  create: async (_suite, name) => accountOf(name),
};

/** An account that has delegated its code. */
const delegatedAccount: SignatoryKind = {
  name: "an account with delegated code (EIP-7702)",
  isKey: false,
  create: ({ connection }, name) => delegatedAccountOf(connection, name),
};

/** A contract wallet. */
export const contractWallet: SignatoryKind = {
  name: "a contract wallet (ERC-1271)",
  isKey: false,
  create: ({ connection }, name) => contractWalletOf(connection, name),
};

/** A P-256 key. */
export const p256Key: SignatoryKind = { name: "a P-256 key (ERC-7913)", isKey: true, create: p256SignatoryOf };

/** A passkey. */
export const passkey: SignatoryKind = { name: "a passkey (WebAuthn)", isKey: true, create: webAuthnSignatoryOf };

/** Every kind. */
export const SIGNATORY_KINDS = [account, delegatedAccount, contractWallet, p256Key, passkey] as const;
