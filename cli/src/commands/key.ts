import { stdout } from "node:process";
import { attesterOfSigner, p256Signer } from "@digital-product-passport/sdk";
import type { Command } from "commander";
import { type AddressBookOptions, requireAddressBook, withAddressBook } from "../options/connection.js";
import { type DeviceOptions, findVerifier, readDevicePublicKey, withDevice } from "../options/device.js";
import { openSigner, type SignerOptions, withSigner } from "../options/signer.js";
import { formatFacts } from "../terminal/plain-table.js";
import { printJson } from "../terminal/print-json.js";

interface Options extends AddressBookOptions, SignerOptions, DeviceOptions {
  readonly json?: true;
}

/** How a key attests, and how it is granted roles. */
interface ShownKey {
  /** Under which it attests and owns. */
  readonly attester: string;
  /** What `passport grant` is given. */
  readonly grantee: string;
  readonly publicKey?: string;
}

/**
 * Adds `passport key`.
 *
 * @param program - the `passport` command
 */
export function addKeyCommand(program: Command): void {
  const key = program
    .command("key")
    .description("Says under which address a key attests, and how it is granted roles.")
    .addHelpText(
      "after",
      `
Example:
  $ passport key show --p256 gateway.pem`,
    );
  addShowCommand(key);
}

function addShowCommand(key: Command): void {
  withAddressBook(withDevice(withSigner(key.command("show"))))
    .description("Shows the address of a key, and what an administrator grants roles to. The key itself stays hidden.")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
Of a device, its public key is enough: --p256 takes "PUBLIC KEY" as well. No node is asked.

Examples:
  $ passport key show --p256 gateway.pem
  $ passport key show --keystore technician.json`,
    )
    .action(async (options: Options) => {
      const shown = await showKey(options);
      if (options.json) printJson(shown);
      else stdout.write(`${inWords(shown)}\n`);
    });
}

async function showKey(options: Options): Promise<ShownKey> {
  if (options.p256 === undefined) {
    const { address } = await openSigner(options);
    return { attester: address, grantee: address };
  }
  const addressBook = options.verifier === undefined ? await requireAddressBook(options) : undefined;
  const publicKey = await readDevicePublicKey(options.p256);
  const signer = p256Signer(publicKey, { verifier: findVerifier(options, { addressBook }) });
  return { attester: attesterOfSigner(signer), grantee: signer, publicKey };
}

function inWords({ attester, grantee, publicKey }: ShownKey): string {
  const facts = { "attests as": attester, signer: publicKey && grantee, "public key": publicKey };
  return `${formatFacts(facts)}\n\nTo let it record: passport grant ${grantee} ROLE...`;
}
