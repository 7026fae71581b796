import { type P256Key, PassportError, parseHex } from "@digital-product-passport/sdk";
import { getBytes, hexlify } from "ethers";
import pkcs11js from "pkcs11js";

/** Which key, in which device. */
export interface Pkcs11KeyOptions {
  /** The vendor's library, such as `/usr/lib/softhsm/libsofthsm2.so`. */
  readonly library: string;
  /** Label of the token: the card, or the partition of an HSM. */
  readonly token: string;
  /** Label of the key pair; both halves have it. */
  readonly label: string;
  readonly pin: string;
}

/** A key in a device, until it is disposed of. */
export interface Pkcs11Key extends P256Key, Disposable {}

/** DER of the object identifier of P-256, which is what CKA_EC_PARAMS holds of a key on that curve. */
const P256_PARAMETERS = "0x06082a8648ce3d030107";

/** DER of an octet string of 65 bytes, which begins with 0x04: the point is not compressed. */
const UNCOMPRESSED_POINT = "0x044104";

/** r and s, 32 bytes each. */
const SIGNATURE_BYTES = 64;

/**
 * Opens a P-256 key in a device that speaks PKCS#11: a smart card, an HSM, SoftHSM. The device signs the digest as it is
 * (CKM_ECDSA) and answers r | s; either of the two signatures that a digest has is right here, `p256Attester` chooses the
 * one that the chain accepts.
 *
 * @param options - the device's library, token, key and PIN
 * @returns the key; its private half stays where it is
 * @throws PassportError `input.invalid`, without the PIN
 */
export function openPkcs11Key({ label, library, pin, token }: Pkcs11KeyOptions): Pkcs11Key {
  using opening = new DisposableStack();
  const device = new pkcs11js.PKCS11();
  device.load(library);
  opening.defer(() => device.close());
  device.C_Initialize();
  opening.defer(() => device.C_Finalize());
  const session = device.C_OpenSession(findSlot(device, token), pkcs11js.CKF_SERIAL_SESSION);
  opening.defer(() => device.C_CloseSession(session));
  device.C_Login(session, pkcs11js.CKU_USER, pin);

  const find = (objectClass: number): Buffer => {
    device.C_FindObjectsInit(session, [
      { type: pkcs11js.CKA_CLASS, value: objectClass },
      { type: pkcs11js.CKA_KEY_TYPE, value: pkcs11js.CKK_EC },
      { type: pkcs11js.CKA_LABEL, value: label },
    ]);
    const found = device.C_FindObjects(session, 2);
    device.C_FindObjectsFinal(session);
    const [key, other] = found;
    if (key !== undefined && other === undefined) return key;
    throw invalid("label", key === undefined ? "the token has no such key" : "the token has several such keys", label);
  };
  const privateKey = find(pkcs11js.CKO_PRIVATE_KEY);
  const publicKey = readPublicKey(device, session, find(pkcs11js.CKO_PUBLIC_KEY));
  const opened = opening.move();
  return {
    publicKey,
    signDigest: async (digest) => {
      device.C_SignInit(session, { mechanism: pkcs11js.CKM_ECDSA }, privateKey);
      const signature = device.C_Sign(session, Buffer.from(getBytes(digest)), Buffer.alloc(SIGNATURE_BYTES));
      return parseHex(hexlify(signature));
    },
    [Symbol.dispose]: () => opened.dispose(),
  };
}

function findSlot(device: pkcs11js.PKCS11, token: string): Buffer {
  const slot = device.C_GetSlotList(true).find((each) => device.C_GetTokenInfo(each).label.trim() === token);
  if (slot !== undefined) return slot;
  throw invalid("token", "the library sees no token with this label", token);
}

function readPublicKey(device: pkcs11js.PKCS11, session: Buffer, key: Buffer): P256Key["publicKey"] {
  const [parameters, point] = device
    .C_GetAttributeValue(session, key, [{ type: pkcs11js.CKA_EC_PARAMS }, { type: pkcs11js.CKA_EC_POINT }])
    .map(({ value }) => (Buffer.isBuffer(value) ? hexlify(value) : "0x"));
  if (parameters !== P256_PARAMETERS || !point?.startsWith(UNCOMPRESSED_POINT)) {
    throw invalid("key", "expected a key on P-256", parameters);
  }
  return parseHex(`0x${point.slice(UNCOMPRESSED_POINT.length)}`);
}

function invalid(field: string, problem: string, value: unknown): PassportError {
  return new PassportError("input.invalid", { field, problem, value });
}
