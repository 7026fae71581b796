import { expect } from "chai";
import { base64url, FlattenedEncrypt, GeneralEncrypt, generalDecrypt } from "jose";
import { describeFile } from "../document/describe-file.js";
import { attachmentSchema } from "../document/schemas/envelope.js";
import { isPassportError, type PassportError } from "../errors/passport-error.js";
import { decryptAttachment } from "./decrypt-attachment.js";
import { ENCRYPTED_MEDIA_TYPE, encryptAttachment, MAXIMUM_ENCRYPTED_BYTES } from "./encrypt-attachment.js";
import { createEncryptionKey, type EncryptionPrivateKey, type EncryptionPublicKey, keyIdOf } from "./encryption-key.js";

const file = new TextEncoder().encode("name and address of the owner");
const [alice, bob, eve] = await Promise.all([createEncryptionKey(), createEncryptionKey(), createEncryptionKey()]);

const decode = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));
const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const encodeHeader = (header: unknown): string => base64url.encode(encode(header));

interface Jwe {
  readonly protected: string;
  readonly iv: string;
  readonly ciphertext: string;
  readonly tag: string;
  readonly recipients: readonly [{ readonly header: object; readonly encrypted_key: string }];
}

/** A file that is encrypted to Alice, to be changed. */
// Safety: what encryptAttachment writes has this form; another fails the tests that use it.
const jwe = decode(await encryptAttachment(file, { recipients: [alice.publicKey] })) as Jwe;

async function errorOf(promise: Promise<unknown>): Promise<PassportError> {
  const error = await promise.then(
    () => new Error("it was accepted"),
    (caught: unknown) => caught,
  );
  if (isPassportError(error)) return error;
  throw error;
}

const refusalOf = async (changed: unknown): Promise<string> => {
  const { code, message } = await errorOf(decryptAttachment(encode(changed), alice));
  expect(code, message).to.equal("document.not-decryptable");
  return message;
};

describe("encryptAttachment and decryptAttachment", () => {
  it("let each recipient read, and nobody else", async () => {
    const attachment = await encryptAttachment(file, { recipients: [alice.publicKey, bob.publicKey] });
    for (const recipient of [alice, bob]) expect(await decryptAttachment(attachment, recipient)).to.deep.equal(file);
    const { code, message } = await errorOf(decryptAttachment(attachment, eve));
    expect(code).to.equal("document.not-decryptable");
    expect(message).to.include(await keyIdOf(eve.publicKey));
  });

  it("reveal nothing of the file, and of the recipients only the thumbprints of their keys", async () => {
    const attachment = await encryptAttachment(file, { recipients: [alice.publicKey, bob.publicKey] });
    const text = new TextDecoder().decode(attachment);
    for (const key of [alice, bob]) {
      expect(text).to.include(await keyIdOf(key.publicKey));
      expect(text).not.to.include(key.publicKey.x).and.not.to.include(key.privateKey.d);
    }
    expect(text).not.to.include(base64url.encode(file));
  });

  it("make two different attachments of the same file", async () => {
    const recipients = [alice.publicKey];
    expect(await encryptAttachment(file, { recipients })).not.to.deep.equal(
      await encryptAttachment(file, { recipients }),
    );
  });

  it("make an attachment that a document can list", async () => {
    const attachment = await encryptAttachment(file, { recipients: [alice.publicKey] });
    const description = await describeFile(new Blob([attachment]));
    const listed = { name: "owner.jwe", mediaType: ENCRYPTED_MEDIA_TYPE, ...description };
    expect(attachmentSchema.safeParse(listed).success).to.equal(true);
  });

  it("read an empty file, and write what another reader of JWE reads", async () => {
    const empty = await encryptAttachment(new Uint8Array(), { recipients: [bob.publicKey] });
    expect(await decryptAttachment(empty, bob)).to.have.length(0);
    // Safety: jose checks the form itself.
    const general = decode(await encryptAttachment(file, { recipients: [eve.publicKey, bob.publicKey] })) as never;
    expect((await generalDecrypt(general, bob.privateKey)).plaintext).to.deep.equal(file);
  });

  it("refuse an attachment in which any byte was changed", async () => {
    const attachment = await encryptAttachment(Uint8Array.of(1, 2), { recipients: [alice.publicKey] });
    for (let position = 0; position < attachment.length; position++) {
      const changed = Uint8Array.from(attachment);
      changed[position] = (changed[position] ?? 0) ^ 1;
      expect((await errorOf(decryptAttachment(changed, alice))).code, `byte ${position}`)
        .to //
        .equal("document.not-decryptable");
    }
  });

  it("refuse an attachment that was cut, lengthened, or is something else", async () => {
    const attachment = encode(jwe);
    for (const bytes of [attachment.slice(0, -1), attachment.slice(1), new Uint8Array(), Uint8Array.of(0xff), file]) {
      expect((await errorOf(decryptAttachment(bytes, alice))).code).to.equal("document.not-decryptable");
    }
    for (const other of [null, [], 1, "x", {}, { ...jwe, recipients: [] }, { ...jwe, more: 1 }]) await refusalOf(other);
  });

  it("refuse the key of one who took another's key id", async () => {
    const kid = await keyIdOf(alice.publicKey);
    const general = await new GeneralEncrypt(file)
      .setProtectedHeader({ alg: "ECDH-ES+A256KW", enc: "A256GCM" })
      .addRecipient(eve.publicKey)
      .setUnprotectedHeader({ kid })
      .encrypt();
    expect(await refusalOf(general)).to.include("does not fit");
  });

  it("refuse a shortened tag", async () => {
    const tag = base64url.encode(base64url.decode(jwe.tag).slice(0, 4));
    expect(await refusalOf({ ...jwe, tag })).to.include("does not fit");
  });

  for (const [circumstance, header] of [
    ["no algorithm", { alg: "none", enc: "A256GCM" }],
    ["a direct key", { alg: "dir", enc: "A256GCM" }],
    ["direct agreement", { alg: "ECDH-ES", enc: "A256GCM" }],
    ["a password", { alg: "PBES2-HS256+A128KW", enc: "A256GCM", p2c: 2_000_000_000, p2s: "AAAA" }],
    ["other content encryption", { alg: "ECDH-ES+A256KW", enc: "A128CBC-HS256" }],
    ["compression", { alg: "ECDH-ES+A256KW", enc: "A256GCM", zip: "DEF" }],
    ["critical extensions", { alg: "ECDH-ES+A256KW", enc: "A256GCM", crit: ["exp"], exp: 1 }],
    ["nothing", {}],
  ] as const) {
    it(`refuse a header that demands ${circumstance}`, async () => {
      expect(await refusalOf({ ...jwe, protected: encodeHeader(header) })).to.include(
        "not encrypted as attachments are",
      );
    });
  }

  it("refuse algorithms in headers that nobody has authenticated", async () => {
    const [recipient] = jwe.recipients;
    const unprotected = { alg: "dir", enc: "A128GCM" };
    await refusalOf({ ...jwe, unprotected });
    await refusalOf({ ...jwe, aad: "AAAA" });
    for (const more of [unprotected, { crit: ["b64"] }, { jwk: eve.publicKey }, { zip: "DEF" }]) {
      await refusalOf({ ...jwe, recipients: [{ ...recipient, header: { ...recipient.header, ...more } }] });
    }
  });

  it("refuse what was encrypted properly, but in another way", async () => {
    const header = { alg: "ECDH-ES+A256KW", enc: "A128GCM" } as const;
    const flattened = await new FlattenedEncrypt(file).setProtectedHeader(header).encrypt(alice.publicKey);
    await refusalOf(flattened);
    const { encrypted_key, ...shared } = flattened;
    await refusalOf({ ...shared, recipients: [{ header: { kid: await keyIdOf(alice.publicKey) }, encrypted_key }] });
  });

  it("take 64 MiB, and refuse more, also when decrypting", async function () {
    this.timeout(180_000);
    const largest = new Uint8Array(MAXIMUM_ENCRYPTED_BYTES).fill(7);
    const attachment = await encryptAttachment(largest, { recipients: [alice.publicKey] });
    expect(Buffer.compare(await decryptAttachment(attachment, alice), largest)).to.equal(0);
    const tooLarge = new Uint8Array(MAXIMUM_ENCRYPTED_BYTES + 1);
    expect((await errorOf(encryptAttachment(tooLarge, { recipients: [alice.publicKey] }))).message).to.include(
      "67108865",
    );
    const immense = new Uint8Array(MAXIMUM_ENCRYPTED_BYTES * 1.5);
    expect((await errorOf(decryptAttachment(immense, alice))).message).to.include("more than");
  });

  it("refuse recipients that are none, too many, or whose key makes every secret the same", async () => {
    const zero: EncryptionPublicKey = { kty: "OKP", crv: "X25519", x: base64url.encode(new Uint8Array(32)) };
    // Safety: wrong on purpose; callers in JavaScript have no types.
    const other = { ...alice.publicKey, crv: "Ed25519" } as unknown as EncryptionPublicKey;
    const many = Array<EncryptionPublicKey>(101).fill(alice.publicKey);
    for (const recipients of [[], [zero], [alice.publicKey, zero], [other], [alice.privateKey], many]) {
      expect((await errorOf(encryptAttachment(file, { recipients }))).code).to.equal("input.invalid");
    }
  });

  it("refuse a private key that is none, and do not show it", async () => {
    const d = "secret".padEnd(43, "A");
    // Safety: wrong on purpose; callers in JavaScript have no types.
    const privateKey = { ...alice.privateKey, crv: "X448", d } as unknown as EncryptionPrivateKey;
    const error = await errorOf(decryptAttachment(encode(jwe), { privateKey }));
    expect(error.code).to.equal("input.invalid");
    expect(JSON.stringify(error)).not.to.include("secret");
  });
});

describe("keyIdOf", () => {
  it("is the thumbprint of RFC 7638, as RFC 8037 computes it, whatever the order of the members", async () => {
    const { kty, crv, x } = alice.publicKey;
    const canonical = new TextEncoder().encode(`{"crv":"${crv}","kty":"${kty}","x":"${x}"}`);
    const expected = base64url.encode(new Uint8Array(await crypto.subtle.digest("SHA-256", canonical)));
    expect(await keyIdOf({ x, crv, kty })).to.equal(expected);
  });
});
