import {
  type Address,
  concat,
  encodeAbiParameters,
  encodePacked,
  getAddress,
  getCreate2Address,
  type Hex,
  hashStruct,
  hashTypedData,
  keccak256,
  sha256,
  slice,
  stringToHex,
  toHex,
} from "viem";
import { TYPES } from "./signing.js";

/**
 * Makes test/vectors/hashing.json: every hash of the suite by viem, which shares no code with the contracts or the SDK.
 * Numbers are decimal strings, so that JavaScript keeps all their digits and Solidity's JSON reader takes them too.
 */

const MAXIMUM = 2n ** 256n - 1n;

const address = (name: string): Address => getAddress(`0x${keccak256(stringToHex(name)).slice(-40)}`);
const digest = (name: string): Hex => sha256(stringToHex(name));
const eventType = (name: string): Hex => stringToHex(name, { size: 32 });

/** Only addresses have upper case letters: as their checksum. */
function lowerCase(bytes: Hex): Hex {
  // Safety: the lower case of 0x and hex digits is 0x and hex digits.
  return bytes.toLowerCase() as Hex;
}

const passport = address("passport");
const otherPassport = address("other passport");
const readingsAnchor = address("readings anchor");

const ENTRY_FIELDS = [
  { name: "sequence", type: "uint256" },
  { name: "eventType", type: "bytes32" },
  { name: "attester", type: "address" },
  { name: "roles", type: "uint256" },
  { name: "document", type: "bytes32" },
  { name: "recordedAt", type: "uint256" },
  { name: "owner", type: "address" },
  { name: "condition", type: "uint256" },
] as const;

interface Entry {
  readonly sequence: bigint;
  readonly eventType: Hex;
  readonly attester: Address;
  readonly roles: bigint;
  readonly document: Hex;
  readonly recordedAt: bigint;
  readonly owner: Address;
  readonly condition: bigint;
}

const initialHead = (chainId: bigint, ofPassport: Address): Hex =>
  keccak256(
    encodeAbiParameters(
      [{ type: "bytes32" }, { type: "uint256" }, { type: "address" }],
      [keccak256(stringToHex("DigitalPassport.head.v1")), chainId, ofPassport],
    ),
  );

const nextHead = (head: Hex, entry: Entry): Hex =>
  keccak256(encodeAbiParameters([{ type: "bytes32" }, { type: "tuple", components: ENTRY_FIELDS }], [head, entry]));

/** What a gateway's chain keeps of a hash. */
const headOf = (hash: Hex): Hex => slice(hash, 0, 27);

const initialGatewayHead = (chainId: bigint, gateway: Address): Hex =>
  headOf(
    keccak256(
      encodeAbiParameters(
        [{ type: "bytes32" }, { type: "uint256" }, { type: "address" }, { type: "address" }],
        [keccak256(stringToHex("ReadingsAnchor.head.v1")), chainId, readingsAnchor, gateway],
      ),
    ),
  );

const attesterOfSigner = (signer: Hex): Address => {
  const typeHash = keccak256(stringToHex("DigitalPassport.signer.v1(bytes signer)"));
  const hash = keccak256(
    encodeAbiParameters([{ type: "bytes32" }, { type: "bytes32" }], [typeHash, keccak256(signer)]),
  );
  return getAddress(`0x${hash.slice(-40)}`);
};

const lifeOfAMotor: readonly Entry[] = [
  {
    sequence: 1n,
    eventType: eventType("MANUFACTURED"),
    attester: address("manager"),
    roles: 0n,
    document: digest("nameplate"),
    recordedAt: 1_795_349_280n,
    owner: address("manufacturer"),
    condition: 0x01n,
  },
  {
    sequence: 2n,
    eventType: eventType("QUALITY_TESTED"),
    attester: address("certifier"),
    roles: 0x02n,
    document: digest("certificate"),
    recordedAt: 1_795_349_280n,
    owner: address("manufacturer"),
    condition: 0x01n,
  },
  {
    sequence: 3n,
    eventType: eventType("OWNERSHIP_TRANSFERRED"),
    attester: address("buyer"),
    roles: 2n ** 127n,
    document: digest("contract of sale"),
    recordedAt: 1_795_435_680n,
    owner: address("buyer"),
    condition: 0x01n,
  },
  {
    sequence: 4n,
    eventType: eventType("COMMISSIONED"),
    attester: address("technician"),
    roles: 0x50n,
    document: digest("commissioning"),
    recordedAt: 1_795_522_080n,
    owner: address("buyer"),
    condition: 0x0101n,
  },
];

/** Every field at its end: what a wrong width or sign would change. */
const extremeEntry: Entry = {
  sequence: MAXIMUM,
  eventType: toHex(MAXIMUM),
  attester: getAddress(toHex(2n ** 160n - 1n)),
  roles: MAXIMUM,
  document: toHex(MAXIMUM),
  recordedAt: MAXIMUM,
  owner: getAddress(toHex(0n, { size: 20 })),
  condition: MAXIMUM,
};

const POSITION_FIELDS = [
  { name: "passport", type: "address" },
  { name: "gateway", type: "address" },
  { name: "batchSequence", type: "uint256" },
  { name: "batchHead", type: "bytes27" },
] as const;

const STRUCTS = {
  ...TYPES,
  Pairing: POSITION_FIELDS,
  Unpairing: POSITION_FIELDS,
} as const;

interface Message {
  readonly primaryType: keyof typeof STRUCTS;
  readonly message: Readonly<Record<string, string | bigint>>;
}

const MESSAGES: readonly Message[] = [
  {
    primaryType: "Attestation",
    message: {
      eventType: eventType("MAINTAINED"),
      document: digest("maintenance"),
      attester: address("technician"),
      sequence: 5n,
      deadline: 1_795_608_480n,
    },
  },
  {
    primaryType: "Attestation",
    message: {
      eventType: eventType("A"),
      document: toHex(1n, { size: 32 }),
      attester: address("technician"),
      sequence: 0n,
      deadline: MAXIMUM,
    },
  },
  {
    primaryType: "Offer",
    message: {
      newOwner: address("buyer"),
      document: digest("contract of sale"),
      offerNonce: 1n,
      expiresAt: 1_795_608_480n,
    },
  },
  { primaryType: "Cancel", message: { offerNonce: 7n } },
  {
    primaryType: "Accept",
    message: {
      newOwner: address("buyer"),
      document: digest("contract of sale"),
      offerNonce: 1n,
      expectedHead: keccak256(stringToHex("head")),
      deadline: 1_795_608_480n,
    },
  },
  {
    primaryType: "Lock",
    message: {
      holder: address("escrow"),
      until: 1_796_000_000n,
      document: digest("contract of sale"),
      sequence: 6n,
      deadline: 1_795_608_480n,
    },
  },
];

const dayOfAGateway: readonly (Readonly<Record<"root" | "document", Hex>> &
  Readonly<Record<"count" | "from" | "to", bigint>>)[] = [
  {
    root: keccak256(stringToHex("readings of the morning")),
    count: 1_000n,
    from: 1_795_349_280n,
    to: 1_795_349_879n,
    document: digest("batch of the morning"),
  },
  {
    root: keccak256(stringToHex("a single reading")),
    count: 1n,
    from: 1_795_370_880n,
    to: 1_795_370_880n,
    document: digest("batch of noon"),
  },
  { root: toHex(MAXIMUM), count: MAXIMUM, from: 0n, to: MAXIMUM, document: toHex(MAXIMUM) },
];

const makeGatewayChain = (chainId: bigint, gateway: Address) => {
  let head = initialGatewayHead(chainId, gateway);
  const batches = dayOfAGateway.map((batch, index) => {
    const message = { gateway, sequence: BigInt(index + 1), previousHead: head, ...batch };
    head = headOf(hashStruct({ data: message, primaryType: "Batch", types: STRUCTS }));
    return { ...message, head };
  });
  return { chainId, readingsAnchor, gateway, batches };
};

const GATEWAY_MESSAGES: readonly Message[] = [
  ...makeGatewayChain(42_161n, address("gateway")).batches.map(({ head: _, ...message }) => ({
    primaryType: "Batch" as const,
    message,
  })),
  ...(["Pairing", "Unpairing"] as const).map((primaryType) => ({
    primaryType,
    message: { passport, gateway: address("gateway"), batchSequence: 7n, batchHead: headOf(digest("a head")) },
  })),
];

const hashMessage = (
  { primaryType, message }: Message,
  domain: { readonly name: string; readonly chainId: bigint; readonly verifyingContract: Address },
) => {
  const types = { [primaryType]: STRUCTS[primaryType] };
  return {
    structHash: hashStruct({ data: message, primaryType, types }),
    digest: hashTypedData({ domain: { ...domain, version: "1" }, types, primaryType, message }),
  };
};

const makeStructVector = (chainId: bigint, it: Message) => {
  const domain = { name: "DigitalPassport", chainId, verifyingContract: passport };
  return { type: it.primaryType, chainId, passport, message: it.message, ...hashMessage(it, domain) };
};

const makeGatewayStructVector = (chainId: bigint, it: Message) => {
  const domain = { name: "ReadingsAnchor", chainId, verifyingContract: readingsAnchor };
  return { type: it.primaryType, chainId, readingsAnchor, message: it.message, ...hashMessage(it, domain) };
};

const makeCloneVector = (productId: string) => {
  const [factory, implementation, manager] = [address("factory"), address("implementation"), address("manager")];
  const code = lowerCase(
    encodePacked(
      ["bytes", "address", "bytes", "address", "string"],
      ["0x363d3d373d3d3d363d73", implementation, "0x5af43d82803e903d91602b57fd5bf3", manager, productId],
    ),
  );
  const creationCode = concat(["0x61", toHex((code.length - 2) / 2, { size: 2 }), "0x3d81600a3d39f3", code]);
  const salt = toHex(0n, { size: 32 });
  return {
    factory,
    implementation,
    manager,
    productId,
    code,
    passport: getCreate2Address({ from: factory, salt, bytecode: creationCode }),
  };
};

const PRODUCT_IDS = [
  "https://id.weg.example/01/09521234543213/21/W22-000001",
  "https://id.weg.example/01/09521234543213/10/LOT%2F7",
  `https://id.weg.example/01/09521234543213/21/${"9".repeat(20)}`,
  `https://id.weg.example/${"x".repeat(233)}`,
] as const;

const SIGNERS = [
  concat([address("P-256 verifier"), keccak256(stringToHex("x")), keccak256(stringToHex("y"))]),
  concat([address("P-256 verifier"), keccak256(stringToHex("x")), keccak256(stringToHex("another y"))]),
  concat([address("other verifier"), "0x01"]),
].map(lowerCase);

/**
 * Computes the vectors.
 *
 * @returns plain data whose numbers are still bigint
 */
export function makeHashingVectors() {
  const chains = [1n, 31_337n, 42_161n, MAXIMUM] as const;
  const replay = (chainId: bigint) => {
    let head = initialHead(chainId, passport);
    const heads = lifeOfAMotor.map((entry) => {
      head = nextHead(head, entry);
      return head;
    });
    return { chainId, passport, entries: lifeOfAMotor, heads };
  };
  return {
    productKeys: PRODUCT_IDS.map((productId) => ({ productId, expected: keccak256(stringToHex(productId)) })),
    signers: SIGNERS.map((signer) => ({ signer, expected: attesterOfSigner(signer) })),
    initialHeads: [passport, otherPassport].flatMap((ofPassport) =>
      chains.map((chainId) => ({ chainId, passport: ofPassport, expected: initialHead(chainId, ofPassport) })),
    ),
    entryHeads: [...lifeOfAMotor, extremeEntry].map((entry) => {
      const head = digest("a head");
      return { head, entry, expected: nextHead(head, entry) };
    }),
    histories: [31_337n, 42_161n].map(replay),
    structs: MESSAGES.flatMap((message) => [31_337n, 42_161n].map((chainId) => makeStructVector(chainId, message))),
    gatewayChains: [31_337n, 42_161n].flatMap((chainId) =>
      [address("gateway"), address("other gateway")].map((gateway) => makeGatewayChain(chainId, gateway)),
    ),
    gatewayStructs: GATEWAY_MESSAGES.flatMap((message) =>
      [31_337n, 42_161n].map((chainId) => makeGatewayStructVector(chainId, message)),
    ),
    clones: PRODUCT_IDS.map(makeCloneVector),
  };
}

/**
 * Writes the vectors as JSON.
 *
 * @returns the text of test/vectors/hashing.json
 */
export function hashingVectorsJson(): string {
  const decimal = (_: string, value: unknown): unknown => (typeof value === "bigint" ? String(value) : value);
  return `${JSON.stringify(makeHashingVectors(), decimal, 2)}\n`;
}
