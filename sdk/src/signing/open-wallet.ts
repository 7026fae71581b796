import { Wallet } from "ethers";
import { PassportError } from "../errors/passport-error.js";

/**
 * The account of a private key.
 *
 * @param key - 32 bytes in hex
 * @param options - `field`: where the key comes from, for the error
 * @returns the account, not connected
 * @throws PassportError `input.invalid`, without the key
 */
export function walletOfKey(key: string, { field }: { readonly field: string }): Wallet {
  try {
    return new Wallet(key);
  } catch {
    // What ethers says could carry the key.
    const problem = "expected a private key, 32 bytes in hex";
    throw new PassportError("input.invalid", { field, problem, value: "(not shown)" });
  }
}

/**
 * The account of a keystore file.
 *
 * @param json - contents of the file
 * @param options - `password`; `field` and `file`: where it comes from, for the error
 * @returns the account, not connected
 * @throws PassportError `input.invalid`, without the password
 */
export async function walletOfKeystore(
  json: string,
  { password, field, file }: { readonly password: string; readonly field: string; readonly file: string },
): Promise<Wallet> {
  try {
    const decrypted = await Wallet.fromEncryptedJson(json, password);
    return new Wallet(decrypted.privateKey);
  } catch (cause) {
    const isPassword = cause instanceof Error && cause.message.includes("incorrect password");
    const problem = isPassword ? "the password is wrong" : "it is no keystore file of an Ethereum account";
    throw new PassportError("input.invalid", { field, problem, value: file });
  }
}
