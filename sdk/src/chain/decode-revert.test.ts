import { expect } from "chai";
import { AbiCoder, makeError } from "ethers";
import { contractErrors } from "../errors/contract-errors.js";
import { isPassportError } from "../errors/passport-error.js";
import { eventTypeOf } from "../primitives/event-type.js";
import { contractErrorCode, decodeRevert, suiteErrors } from "./decode-revert.js";

const ATTESTER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

const roleMissing = suiteErrors.encodeErrorResult("ManufacturerManagerRoleMissing", [
  eventTypeOf("MAINTAINED"),
  ATTESTER,
  0x41n,
]);

const callException = (data: string | null) =>
  makeError("execution reverted (unknown custom error)", "CALL_EXCEPTION", {
    action: "estimateGas",
    data,
    reason: null,
    transaction: { to: ATTESTER, data: "0x12345678" },
    invocation: null,
    revert: null,
  });

describe("decodeRevert", () => {
  it("an error of the suite, raw in ethers' CALL_EXCEPTION: its code, with event type and roles in words", () => {
    const error = decodeRevert(callException(roleMissing), {
      names: {
        roles: new Map([
          [1n, "MANUFACTURER"],
          [64n, "TECHNICIAN"],
        ]),
        conditions: new Map(),
      },
    });
    expect(error?.code).to.equal("contract.manufacturer-manager-role-missing");
    expect(error?.message).to.equal(
      `${ATTESTER} may not record MAINTAINED: it takes one of the roles MANUFACTURER, TECHNICIAN. ` +
        "Ask the manufacturer, or the owner where he may grant it, for the role.",
    );
    expect(error?.details).to.deep.include({
      error: "ManufacturerManagerRoleMissing",
      arguments: { eventType: eventTypeOf("MAINTAINED"), attester: ATTESTER, roles: 0x41n },
    });
  });

  it("without the manager's names: bits as hex, the owner by name", () => {
    const data = suiteErrors.encodeErrorResult("ManufacturerManagerRoleMissing", [
      eventTypeOf("STOLEN"),
      ATTESTER,
      (1n << 127n) | 4n,
    ]);
    expect(decodeRevert(callException(data))?.details).to.deep.include({ roles: "0x4, OWNER" });
  });

  for (const [where, error] of [
    ["the error itself", { code: 3, message: "execution reverted", data: roleMissing }],
    ["an answer of a node inside ethers' error", { code: "UNKNOWN_ERROR", error: { code: 3, data: roleMissing } }],
    ["Hardhat's own object", { code: -32603, data: { message: "reverted", txHash: "0x12", data: roleMissing } }],
    ["a wallet's original error", { code: -32603, data: { originalError: { code: 3, data: roleMissing } } }],
    ["a cause", new Error("wrapped", { cause: callException(roleMissing) })],
  ] as const) {
    it(`the bytes stand in ${where}: found`, () => {
      expect(decodeRevert(error)?.code).to.equal("contract.manufacturer-manager-role-missing");
    });
  }

  it("times and conditions: in words, also a time that no calendar has", () => {
    const expired = suiteErrors.encodeErrorResult("DigitalPassportExpired", [1_795_352_880n, 2n ** 60n]);
    expect(decodeRevert({ data: expired })?.message).to.include(
      "The deadline 2026-11-22T13:08:00Z has passed; the chain's time is second 1152921504606846976",
    );
    const forbids = suiteErrors.encodeErrorResult("DigitalPassportConditionForbids", [0x0103n, 0x02n]);
    expect(decodeRevert({ data: forbids })?.message).to.include(
      "The passport's condition ISSUED, LOCKED, 0x100 forbids this: LOCKED",
    );
  });

  it("a role of OpenZeppelin's access control: by its name", () => {
    const guardian = "0x55435dd261a4b9b3364963f7738a7a662ad9c84396d64be3365284bb7f0a5041";
    const data = suiteErrors.encodeErrorResult("AccessControlUnauthorizedAccount", [ATTESTER, guardian]);
    expect(decodeRevert({ data })?.message).to.include(`${ATTESTER} does not hold GUARDIAN_ROLE`);
  });

  it("a reason as text, an OpenZeppelin error, an unknown one, none at all: contract.reverted with what there is", () => {
    const text = `0x08c379a0${AbiCoder.defaultAbiCoder().encode(["string"], ["no way"]).slice(2)}`;
    const cast = suiteErrors.encodeErrorResult("SafeCastOverflowedUintDowncast", [40, 2n ** 41n]);
    const problems = [text, cast, "0xdeadbeef", "0x"].map((data) => decodeRevert({ data })?.details["problem"]);
    expect(problems).to.deep.equal([
      "no way",
      "SafeCastOverflowedUintDowncast(40, 2199023255552)",
      "unknown error 0xdeadbeef",
      "it gave no reason",
    ]);
  });

  it("the selector of a known error with foreign bytes behind it: contract.reverted, not an exception", () => {
    expect(isPassportError(decodeRevert({ data: `${roleMissing.slice(0, 10)}01` }), "contract.reverted")).to.equal(
      true,
    );
  });

  it("behind a relay: which item, and as the cause what its passport refused", () => {
    const data = suiteErrors.encodeErrorResult("AttestationRelayItemRefused", [3, ATTESTER, roleMissing]);
    const error = decodeRevert(callException(data));
    expect(error?.code).to.equal("contract.attestation-relay-item-refused");
    expect(error?.details).to.deep.include({ index: 3n, passport: ATTESTER, error: "AttestationRelayItemRefused" });
    expect(error?.message).to.include(`${ATTESTER} may not record MAINTAINED`);
    expect(error?.cause).to.include({ code: "contract.manufacturer-manager-role-missing" });
  });

  it("behind a relay, no reason, and relays nested by a hostile contract: said as far as one level goes", () => {
    const nest = (reason: string) =>
      suiteErrors.encodeErrorResult("AttestationRelayItemRefused", [0, ATTESTER, reason]);
    expect(decodeRevert({ data: nest("0x") })?.message).to.include("it gave no reason");
    let nested = nest("0x");
    while (nested.length < 100_000) nested = nest(nested);
    expect(decodeRevert({ data: nested })?.cause).to.include({ code: "contract.attestation-relay-item-refused" });
  });

  it("the calldata of a failed request: not taken for a reason", () => {
    expect(decodeRevert(callException(null))).to.equal(undefined);
    expect(decodeRevert(new Error("socket hang up"))).to.equal(undefined);
  });
});

describe("contractErrors", () => {
  /** Errors inside OpenZeppelin's libraries that no call of the SDK can reach; they come as contract.reverted. */
  const UNREACHED = [
    "CloneArgumentsTooLong",
    "Create2EmptyBytecode",
    "FailedDeployment",
    "InsufficientBalance",
    "InvalidShortString",
    "SafeCastOverflowedUintDowncast",
    "StringTooLong",
    "StringsInsufficientHexLength",
  ];

  const fragments = suiteErrors.fragments.flatMap((fragment) => {
    const error = suiteErrors.getError(fragment.format().split("(")[0] ?? "");
    return error === null ? [] : [error];
  });

  it("every error of the contracts has an entry, and every entry an error", () => {
    const codes = new Set<string>(fragments.map(({ name }) => contractErrorCode(name) ?? name));
    const expected = [...Object.keys(contractErrors), ...UNREACHED];
    expect(
      expected.filter((code) => !codes.has(code)),
      "entries without an error",
    ).to.deep.equal([]);
    expect(
      [...codes].filter((code) => !expected.includes(code)),
      "errors without an entry",
    ).to.deep.equal([]);
  });

  it("every message names arguments of its error only", () => {
    for (const { name, inputs } of fragments) {
      const code = contractErrorCode(name);
      if (code === undefined) continue;
      const named = [...contractErrors[code].message.matchAll(/\{(\w+)\}/g)].map(([, placeholder]) => placeholder);
      expect(
        inputs.map((input) => input.name),
        name,
      ).to.include.members(named);
    }
  });
});
