import * as z from "zod";
import { addressSchema, bytes32Schema } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import { timestampSchema } from "../primitives/timestamp.js";

/** A whole number that JSON holds as a number, and that is a bigint everywhere else. */
const wholeNumberSchema = z.codec(z.int().nonnegative(), z.bigint().nonnegative(), {
  decode: (number) => BigInt(number),
  encode: (bigint) => Number(bigint),
});

const deployedContractSchema = z
  .object({
    /** Name of the contract in the sources. */
    contract: z.string(),
    address: addressSchema,
    /** Block of the deployment. */
    block: wholeNumberSchema,
    transactionHash: bytes32Schema,
    /** As JSON; integers are decimal strings. */
    constructorArguments: z.array(z.json()).readonly(),
    /** keccak256 of the code that the chain runs, immutables included. */
    codeHash: bytes32Schema,
  })
  .readonly();

const addressBookSchema = z
  .object({
    /** Version of this format. */
    version: z.literal(1),
    chainId: wholeNumberSchema,
    /** Name of the network in the configuration of the deployment. */
    network: z.string(),
    /** Endpoint of a chain on the developer's machine; that of a public network is everybody's own choice. */
    rpcUrl: z.url({ protocol: /^https?$/ }).optional(),
    /** Chain time of the first deployment. */
    deployedAt: timestampSchema,
    /** Git commit of the sources, with "-dirty" behind it if files were changed; absent outside of a clone. */
    commit: z
      .string()
      .regex(/^[0-9a-f]{40}(-dirty)?$/, "expected a git commit of 40 hex digits")
      .optional(),
    compiler: z
      .object({
        /** Long version of solc, such as "0.8.37+commit.6f1b5ddc". */
        version: z.string(),
        /** What shapes the code: optimizer, viaIR, evmVersion. */
        settings: z.record(z.string(), z.json()),
      })
      .readonly(),
    /** Namespace of the manufacturer that the manager belongs to. */
    namespace: z.string(),
    /** The multi-signature wallet that proposes to the timelocks, on public networks. */
    safe: addressSchema.exactOptional(),
    contracts: z
      .object({
        registry: deployedContractSchema,
        factory: deployedContractSchema,
        /** Code that every passport of the factory runs. */
        implementation: deployedContractSchema,
        manager: deployedContractSchema,
        /** Submits many signed attestations in one transaction. */
        attestationRelay: deployedContractSchema,
        /** Anchors the batches of readings that gateways have signed. */
        readingsAnchor: deployedContractSchema,
        p256Verifier: deployedContractSchema,
        webAuthnVerifier: deployedContractSchema,
        /** Admits manufacturers and managers after two days, on public networks. */
        admissionTimelock: deployedContractSchema.exactOptional(),
        /** Lists factories and administers the registry after seven days, on public networks. */
        listingTimelock: deployedContractSchema.exactOptional(),
      })
      .readonly(),
  })
  .readonly();

/** Where the suite is deployed on one network, and from what: the file `deployments/<network>.json`. */
export type AddressBook = z.infer<typeof addressBookSchema>;

/** One deployed contract of an address book. */
export type DeployedContract = z.infer<typeof deployedContractSchema>;

/**
 * Reads an address book.
 *
 * @param value - the parsed JSON of `deployments/<network>.json`
 * @returns the address book; its numbers are bigint
 * @throws PassportError `input.invalid`, naming the field
 *
 * @example
 * ```ts
 * const { contracts } = parseAddressBook(JSON.parse(await readFile("deployments/local.json", "utf8")));
 * console.log(contracts.registry.address);
 * ```
 */
export function parseAddressBook(value: unknown): AddressBook {
  return parseInput(addressBookSchema, value, { field: "address book" });
}

/**
 * Writes an address book.
 *
 * @param addressBook - what was deployed
 * @returns the JSON text of its file, with a line break at the end
 */
export function formatAddressBook(addressBook: AddressBook): string {
  return `${JSON.stringify(z.encode(addressBookSchema, addressBook), undefined, 2)}\n`;
}
