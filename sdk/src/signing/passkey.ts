import * as z from "zod";
import { bytesSchema } from "../primitives/bytes.js";
import type { Hex } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import type { WebAuthnKey } from "./webauthn-attester.js";

/** What of a browser's `navigator.credentials` is needed. */
export interface PasskeyStore {
  /** As the Credential Management API defines it. */
  get(request: PasskeyRequest): Promise<unknown>;
}

/** What a browser is asked, under the names of WebAuthn. */
export interface PasskeyRequest {
  readonly publicKey: {
    readonly challenge: Uint8Array<ArrayBuffer>;
    // A browser's own type wants a list that could be changed.
    readonly allowCredentials: { readonly type: "public-key"; readonly id: Uint8Array<ArrayBuffer> }[];
    readonly userVerification: "required";
    readonly rpId?: string;
  };
}

/** A passkey that the user has made before. */
export interface Passkey {
  /** `rawId` of the credential. */
  readonly id: ArrayBuffer | Uint8Array;
  /** Public key `x | y`: `parseP256PublicKey` of what `getPublicKey()` answered when it was made. */
  readonly publicKey: Hex;
  /** Id of the relying party that it was made for; the page's own domain if left out. */
  readonly rpId?: string | undefined;
}

const credentialSchema = z.object(
  {
    response: z.object({ authenticatorData: bytesSchema, clientDataJSON: bytesSchema, signature: bytesSchema }),
  },
  "expected an assertion of a passkey",
);

/**
 * A passkey in a browser. The user is asked at each signature, and verified by his device.
 *
 * @param credentials - `navigator.credentials`
 * @param passkey - which one
 * @returns the key, for `webAuthnAttester`
 * @throws PassportError `input.invalid`
 */
export function passkey(credentials: PasskeyStore, { id, publicKey, rpId }: Passkey): WebAuthnKey {
  const credentialId = parseInput(bytesSchema, id, { field: "passkey" });
  return {
    publicKey,
    assert: async (challenge) => {
      const credential = await credentials.get({
        publicKey: {
          challenge,
          allowCredentials: [{ type: "public-key", id: credentialId }],
          userVerification: "required",
          ...(rpId === undefined ? {} : { rpId }),
        },
      });
      return parseInput(credentialSchema, credential, { field: "assertion" }).response;
    },
  };
}
