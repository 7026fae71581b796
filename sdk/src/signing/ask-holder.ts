import { PassportError } from "../errors/passport-error.js";

/**
 * Asks the holder of a key for something, whatever the key lives in: a wallet, a device, a browser.
 *
 * @param holder - how an error names him
 * @param ask - asks; fails if he or his device does not answer rightly
 * @returns his answer
 * @throws PassportError `signer.refused`, with the reason
 */
export async function askHolder<Answer>(holder: string, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new PassportError("signer.refused", { account: holder, problem }, { cause });
  }
}
