import { expect } from "chai";
import { isPassportError } from "../errors/passport-error.js";
import { formatAddressBook, parseAddressBook } from "./address-book.js";

const deployed = {
  contract: "PassportRegistry",
  address: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
  block: 12,
  transactionHash: `0x${"1".repeat(64)}`,
  constructorArguments: ["259200", "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"],
  codeHash: `0x${"2".repeat(64)}`,
};

const file = {
  version: 1,
  chainId: 421_614,
  network: "arbitrumSepolia",
  deployedAt: "2026-11-22T13:08:00Z",
  commit: `${"c".repeat(40)}-dirty`,
  compiler: {
    version: "0.8.37+commit.6f1b5ddc",
    settings: { viaIR: true, optimizer: { enabled: true, runs: 10_000 } },
  },
  namespace: "https://id.weg.example/",
  contracts: {
    registry: deployed,
    factory: deployed,
    implementation: deployed,
    manager: deployed,
    attestationRelay: deployed,
    readingsAnchor: deployed,
    p256Verifier: deployed,
    webAuthnVerifier: deployed,
  },
};

describe("parseAddressBook", () => {
  it("reads chain numbers as bigint", () => {
    const book = parseAddressBook(file);
    expect(book.chainId).to.equal(421_614n);
    expect(book.contracts.registry.block).to.equal(12n);
  });

  it("leaves out what later versions of the file may add", () => {
    const later = { ...file, contracts: { ...file.contracts, escrow: deployed }, operator: "somebody" };
    expect(parseAddressBook(later)).to.deep.equal(parseAddressBook(file));
  });

  for (const [circumstance, value, problem] of [
    ["nothing at all", undefined, "expected object"],
    ["a contract missing", { ...file, contracts: { ...file.contracts, factory: undefined } }, "contracts.factory: "],
    [
      "an address with a mistyped letter",
      { ...file, contracts: { ...file.contracts, manager: { ...deployed, address: deployed.address.toLowerCase() } } },
      "contracts.manager.address: ",
    ],
    ["a chain id that is no whole number", { ...file, chainId: 1.5 }, "chainId: "],
    ["another version", { ...file, version: 2 }, "version: "],
    ["an endpoint that is no web address", { ...file, rpcUrl: "file:///etc/passwd" }, "rpcUrl: "],
    ["a short commit", { ...file, commit: "c0ffee" }, "commit: expected a git commit"],
  ] as const) {
    it(`refuses ${circumstance} and names the field`, () => {
      expect(() => parseAddressBook(value))
        .to.throw(problem)
        .that.satisfies(isInvalidInput);
    });
  }
});

describe("formatAddressBook", () => {
  it("writes what parseAddressBook reads", () => {
    expect(JSON.parse(formatAddressBook(parseAddressBook(file)))).to.deep.equal(file);
  });
});

function isInvalidInput(error: unknown): boolean {
  return isPassportError(error, "input.invalid");
}
