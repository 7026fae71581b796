import { expect } from "chai";
import { type FunctionFragment, type Interface, id, JsonRpcProvider } from "ethers";
import {
  managerInterface,
  passportInterface,
  registryInterface,
  timelockInterface,
  wegManagerInterface,
} from "../chain/contract-interfaces.js";
import { eventTypeOf } from "../primitives/event-type.js";
import { type Address, parseAddress, parseHex } from "../primitives/hex.js";
import { callsInWords, type GovernedContract } from "./calls-in-words.js";
import { describeCall } from "./describe-call.js";

const REGISTRY = addressOf("11");
const MANAGER = addressOf("22");
const TIMELOCK = addressOf("33");
const SOMEBODY = addressOf("44");

/** What changes a contract in the course of its use, and so is nothing to govern. */
const NOT_GOVERNED: Readonly<Record<GovernedContract, readonly string[]>> = {
  registry: ["registerPassport"],
  manager: ["issue", "issueMany"],
  timelock: [
    ...["schedule", "scheduleBatch", "execute", "executeBatch"],
    ...["onERC721Received", "onERC1155Received", "onERC1155BatchReceived"],
  ],
};

/** A chain on which the registry has one manager and one timelock, and nothing else answers. */
function chain(): JsonRpcProvider {
  const provider = new JsonRpcProvider("http://127.0.0.1:1", 1n, { staticNetwork: true });
  const notAdmitted = [0n, 0n, false, `0x${"00".repeat(24)}`];
  const answers: Readonly<Record<string, (...args: readonly unknown[]) => unknown>> = {
    [`${REGISTRY} admissionOf`]: (manager) =>
      manager === MANAGER ? [1n, 23n, false, `0x${"00".repeat(24)}`] : notAdmitted,
    [`${REGISTRY} namespaceOf`]: () => "https://id.weg.example/",
    [`${REGISTRY} defaultAdmin`]: () => addressOf("55"),
    [`${REGISTRY} hasRole`]: (role, account) => role === id("LISTING_ROLE") && account === TIMELOCK,
    [`${MANAGER} conditionNameOf`]: () => `0x${"00".repeat(32)}`,
  };
  provider.call = async ({ to, data }) => {
    const address = parseAddress(String(to).toLowerCase());
    const contract: Interface = address === REGISTRY ? registryInterface : managerInterface;
    const parsed = contract.parseTransaction({ data: data ?? "0x" });
    if (parsed === null) throw new Error("unknown function");
    // The one function with two results.
    const results =
      parsed.name === "roleNames"
        ? [[64n], [eventTypeOf("TECHNICIAN")]]
        : [answers[`${address} ${parsed.name}`]?.(...parsed.args)];
    return contract.encodeFunctionResult(parsed.fragment, results);
  };
  return provider;
}

const context = { provider: chain(), registry: REGISTRY };
const callOf = (to: Address, data: string, valueWei = 0n) => ({ to, data: parseHex(data), valueWei });

describe("describeCall", () => {
  after(() => context.provider.destroy());

  it("a call of the registry: contract, address and arguments in words", async () => {
    const data = registryInterface.encodeFunctionData("grantRole", [id("LISTING_ROLE"), SOMEBODY]);
    const described = await describeCall(context, callOf(REGISTRY, data));
    expect(described.inWords).to.equal(
      `The registry ${REGISTRY} gives ${SOMEBODY} the administrative role LISTING_ROLE.`,
    );
    expect(described).to.include({ contract: "registry", signature: "grantRole(bytes32,address)" });
  });

  it("a call of an admitted manager: with the manager's names, times and the end of time", async () => {
    const data = managerInterface.encodeFunctionData("grant", [SOMEBODY, 64n, 1_800_000_000n, 2n ** 40n - 1n]);
    expect((await describeCall(context, callOf(MANAGER, data))).inWords).to.equal(
      `The manager ${MANAGER} grants ${SOMEBODY} the roles TECHNICIAN for all products, from 2027-01-15T08:00:00Z ` +
        "until the end of time.",
    );
  });

  it("a rule: every field of it by name", async () => {
    const rule = { roles: 64n, requires: 1n, forbids: 8n, sets: 0n, clears: 0n, pausedUntil: 0n };
    const data = managerInterface.encodeFunctionData("setRule", [eventTypeOf("MAINTAINED"), rule]);
    expect((await describeCall(context, callOf(MANAGER, data))).inWords).to.include(
      "MAINTAINED, when, and what it does: roles TECHNICIAN; requires ISSUED; forbids RETIRED; sets none; clears none",
    );
  });

  it("a call of a timelock: its delay in days", async () => {
    const data = timelockInterface.encodeFunctionData("updateDelay", [0n]);
    expect((await describeCall(context, callOf(TIMELOCK, data))).inWords).to.equal(
      `The timelock ${TIMELOCK} lets later operations wait at least 0 seconds.`,
    );
  });

  it("the bytes of a known function for a foreign contract: not its words, but that it is foreign", async () => {
    const data = registryInterface.encodeFunctionData("resumeIssuing", [MANAGER]);
    const { contract, inWords } = await describeCall(context, callOf(SOMEBODY, data));
    expect(contract).to.equal(undefined);
    expect(inWords).to.include("none of this registry's").and.include(data).and.not.include("issue again");
  });

  for (const [circumstance, data] of [
    ["with bytes behind the arguments", `${registryInterface.encodeFunctionData("resumeIssuing", [MANAGER])}00`],
    ["of a function that is not administrative", timelockInterface.encodeFunctionData("cancel", [id("x")])],
    ["with dirty upper bytes of an address", `0x${id("resumeIssuing(address)").slice(2, 10)}${"ff".repeat(32)}`],
    ["without any data", "0x"],
    ["of a passport's function", passportInterface.encodeFunctionData("cancelOffer")],
  ] as const) {
    it(`data ${circumstance}: shown as it is`, async () => {
      const { inWords, signature } = await describeCall(context, callOf(REGISTRY, data));
      expect(inWords).to.include(`cannot be put into words: ${data}`);
      expect(signature).to.equal(undefined);
    });
  }

  it("text that would break the line or turn its direction: escaped", async () => {
    const data = registryInterface.encodeFunctionData("admitManufacturer", ["https://a/\n\u202e", MANAGER]);
    expect((await describeCall(context, callOf(REGISTRY, data))).inWords).to.include("https://a/\\u{a}\\u{202e}");
  });

  it("ether that goes along: told", async () => {
    const data = registryInterface.encodeFunctionData("resumeIssuing", [MANAGER]);
    expect((await describeCall(context, callOf(REGISTRY, data, 5n))).inWords).to.match(/It also sends 5 wei\.$/);
  });

  it("a node that does not answer: an outage, never a foreign contract", async () => {
    const provider = new JsonRpcProvider("http://127.0.0.1:1", 1n, { staticNetwork: true });
    const call = callOf(SOMEBODY, "0x");
    const error = await describeCall({ provider, registry: REGISTRY }, call).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.have.property("code", "chain.unreachable");
    provider.destroy();
  });
});

describe("callsInWords", () => {
  const interfaces = { registry: registryInterface, manager: wegManagerInterface, timelock: timelockInterface };
  for (const contract of ["registry", "manager", "timelock"] as const) {
    const functions = interfaces[contract].fragments.filter(
      // Safety: the kind is asked in the same line.
      (fragment): fragment is FunctionFragment =>
        fragment.type === "function" && !(fragment as FunctionFragment).constant,
    );

    it(`${contract}: every function that changes something has words, or is said to be nothing to govern`, () => {
      const known = [...Object.keys(callsInWords[contract]), ...NOT_GOVERNED[contract]];
      expect(functions.map(({ name }) => name).sort()).to.deep.equal(known.sort());
    });

    it(`${contract}: the words name every argument, and no other`, () => {
      for (const [name, words] of Object.entries(callsInWords[contract])) {
        const named = [...words.matchAll(/\{(\w+)\}/g)].map(([, argument]) => argument);
        const { inputs = [] } = functions.find((candidate) => candidate.name === name) ?? {};
        expect(named.sort(), name).to.deep.equal(inputs.map((input) => input.name).sort());
      }
    });
  }
});

function addressOf(byte: string): Address {
  return parseAddress(`0x${byte.repeat(20)}`);
}
