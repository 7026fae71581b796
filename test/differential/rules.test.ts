import { toBeHex } from "ethers";
import fc from "fast-check";
import { decodeRevert } from "../../sdk/src/chain/decode-revert.js";
import { OWNER_ROLE } from "../../sdk/src/chain/manager-names.js";
import { authorize } from "../../sdk/src/passport/authorize.js";
import { type EventRule, readEventRules } from "../../sdk/src/passport/read-rules.js";
import { type EventType, eventTypeOf } from "../../sdk/src/primitives/event-type.js";
import { type Address, type Bytes32, type Digest, parseAddress, parseDigest } from "../../sdk/src/primitives/hex.js";
import { NATIVE_CONDITIONS } from "../../sdk/src/primitives/native-conditions.js";
import { cloneCode } from "../../sdk/src/signing/passport-clone.js";
import { nextHead, type PassportEntry } from "../../sdk/src/signing/passport-hashing.js";
import { findBrokenRule } from "../../sdk/src/verify/find-broken-rule.js";
import type { WEGManager } from "../../types/ethers-contracts/index.js";
import { type Question, type QuestionedChain, startQuestionedChain, valuesOf } from "../support/ask-contracts.js";
import { address, bytes32, digest, uint, uint256 } from "../support/chain-arbitraries.js";
import { documentOf, NO_END } from "../support/contract-values.js";
import { deploySuite, type Suite } from "../support/deploy-suite.js";
import { expectAgreement, RUNS } from "../support/expect-agreement.js";

const { ISSUED, LOCKED, STOLEN, RETIRED, SUPERSEDED } = NATIVE_CONDITIONS;
const NATIVE = ISSUED | LOCKED | STOLEN | RETIRED | SUPERSEDED;
const BRAND = 0xff00n;

/** Some of the bits of a set. */
const subsetOf = (set: bigint): fc.Arbitrary<bigint> =>
  fc.oneof(
    uint(128n).map((bits) => bits & set),
    fc.constantFrom(0n, set),
  );

describe("Conditions and the SDK", () => {
  let chain: QuestionedChain;
  before(async () => {
    chain = await startQuestionedChain();
  });

  it("isAllowedChange, of any condition that a history can reach, is what findBrokenRule lets pass", async () => {
    const change = fc.record({
      before: subsetOf(NATIVE | BRAND).map((bits) => bits | ISSUED),
      changed: fc.oneof(
        subsetOf(NATIVE | BRAND),
        uint256,
        fc.nat({ max: 255 }).map((bit) => 1n << BigInt(bit)),
      ),
      isOwner: fc.boolean(),
    });
    await expectAgreement(change, {
      solidity: async (cases) =>
        valuesOf(
          await chain.ask(
            cases.map(({ before, changed, isOwner }) => ({
              contract: chain.harness,
              name: "isAllowedChange",
              args: [before, before ^ changed, isOwner],
            })),
          ),
        ),
      typescript: ({ before, changed, isOwner }) =>
        findBrokenRule(historyTo(before, { condition: before ^ changed, isOwner }), { manager: MANAGER }) === undefined,
    });
  });
});

const MANAGER = parseAddress("0x00000000000000000000000000000000000000aa");
const OWNER = parseAddress("0x00000000000000000000000000000000000000bb");
const TECHNICIAN = parseAddress("0x00000000000000000000000000000000000000cc");

/** A history that reaches a condition, and one more entry. */
function historyTo(
  before: bigint,
  last: { readonly condition: bigint; readonly isOwner: boolean },
): readonly PassportEntry[] {
  const first: PassportEntry = {
    sequence: 1n,
    eventType: eventTypeOf("MANUFACTURED"),
    attester: MANAGER,
    roles: 0n,
    document: parseDigest(documentOf("a document")),
    recordedAt: 1n,
    owner: OWNER,
    condition: ISSUED,
  };
  const byOwner = { ...first, attester: OWNER, roles: OWNER_ROLE };
  const lock = { ...byOwner, eventType: eventTypeOf("LOCKED"), condition: ISSUED | LOCKED };
  const others = { ...byOwner, eventType: eventTypeOf("ANYTHING"), condition: before };
  const attested = {
    ...others,
    attester: last.isOwner ? OWNER : TECHNICIAN,
    roles: 1n,
    condition: last.condition,
  };
  const entries = (before & LOCKED) === 0n ? [first, others, attested] : [first, lock, others, attested];
  return entries.map((entry, index) => ({ ...entry, sequence: BigInt(index + 1) }));
}

/** Where the passport under test lies. */
const PASSPORT = "0x0000000000000000000000000000000000c0ffee";

const FIRST = eventTypeOf("MANUFACTURED");
const RECOVERED = eventTypeOf("RECOVERED");
const NATIVE_TYPES = [FIRST, ...["OWNERSHIP_TRANSFERRED", "LOCKED", "RELEASED"].map((name) => eventTypeOf(name))];

/** Roles that WEG grants for all passports. */
const GRANTABLE = 0x1ffn;
const WEG_CONDITIONS = NATIVE | 0x0300n;

/** A rule as a manager accepts it. */
const soundRule: fc.Arbitrary<EventRule> = fc
  .record({
    roles: subsetOf(GRANTABLE | OWNER_ROLE).filter((roles) => roles !== 0n),
    gates: fc.tuple(subsetOf(WEG_CONDITIONS), subsetOf(WEG_CONDITIONS)),
    effects: fc.tuple(subsetOf(WEG_CONDITIONS), subsetOf(WEG_CONDITIONS)),
  })
  .map(({ roles, gates: [requires, forbids], effects: [sets, clears] }) => {
    const possible = ~(ISSUED | LOCKED | (roles === OWNER_ROLE ? 0n : STOLEN));
    return {
      roles,
      // Few bits, else hardly any condition fits.
      requires: requires & sets & ~forbids,
      forbids: forbids & clears,
      sets: sets & possible,
      clears: clears & possible & ~sets & ~(RETIRED | SUPERSEDED),
      pausedUntil: 0n,
    };
  });

/** What somebody attests under which circumstances. */
interface Attempt {
  readonly kind: "rule of its own" | "rule of WEG" | "recovery" | "no rule" | "native";
  readonly rule: EventRule;
  /** Chooses among WEG's rules, or the native types. */
  readonly choice: number;
  readonly pause: "none" | "current" | "ended";
  readonly granted: bigint;
  readonly validity: "current" | "past" | "future";
  readonly isOwner: boolean;
  readonly condition: bigint;
  readonly head: Bytes32;
  readonly document: Digest;
  readonly otherOwner: Address;
  readonly entryCount: bigint;
}

const attempt: fc.Arbitrary<Attempt> = fc.record({
  kind: fc.constantFrom(
    "rule of its own",
    "rule of its own",
    "rule of WEG",
    "rule of WEG",
    "recovery",
    "no rule",
    "native",
  ),
  rule: soundRule,
  choice: fc.nat({ max: 1_000 }),
  pause: fc.constantFrom("none", "none", "none", "current", "ended"),
  granted: subsetOf(GRANTABLE),
  validity: fc.constantFrom("current", "current", "current", "past", "future"),
  isOwner: fc.boolean(),
  condition: fc.oneof(
    subsetOf(NATIVE | BRAND),
    subsetOf(WEG_CONDITIONS).map((bits) => bits | ISSUED),
  ),
  head: bytes32,
  document: digest.filter((it) => BigInt(it) !== 0n),
  otherOwner: address,
  entryCount: uint(40n).filter((count) => count < 2n ** 40n - 1n),
});

describe("attest of a passport of WEG, and authorize of the SDK", () => {
  let chain: QuestionedChain;
  let suite: Suite;
  let manager: WEGManager;
  let wegRules: readonly (readonly [EventType, EventRule])[];
  let attester: Address;
  /** Time of the last block, at which the node answers; nothing is mined any more. */
  let now: bigint;

  before(async () => {
    chain = await startQuestionedChain();
    const { connection, harness } = chain;
    suite = await deploySuite(connection);
    attester = parseAddress(await harness.getAddress());
    // The contract that asks all questions is the attester, and grants to itself, rules and pauses.
    manager = await connection.ethers.deployContract("WEGManager", [
      { registry: suite.registry, factory: suite.factory, admin: attester, guardian: attester, adminDelay: 0 },
    ]);
    const at = parseAddress(await manager.getAddress());
    wegRules = [...(await readEventRules(connection.ethers.provider, { manager: at, block: "latest" }))];
    now = BigInt(await connection.networkHelpers.time.latest());
  });

  /** The event type that is attested, and its rule. */
  const ruleOf = ({ kind, rule, choice, pause }: Attempt): readonly [EventType, EventRule | undefined] => {
    if (kind === "no rule") return [eventTypeOf("POLISHED"), undefined];
    if (kind === "native") return [NATIVE_TYPES[choice % NATIVE_TYPES.length] ?? FIRST, undefined];
    // A hostile manager may set the gates so that no owner could ever report that he has his product again.
    if (kind === "recovery") return [RECOVERED, { ...rule, roles: OWNER_ROLE, sets: 0n, clears: STOLEN }];
    const weg = wegRules[choice % wegRules.length];
    if (kind === "rule of WEG" && weg !== undefined) return weg;
    const pausedUntil = { none: 0n, current: now, ended: now - 1n }[pause];
    return [eventTypeOf("POLISHED"), { ...rule, pausedUntil }];
  };

  const ownerOf = ({ isOwner, otherOwner }: Attempt): Address => (isOwner ? attester : otherOwner);

  /** Sets the stage: the rule, its pause and the grant. */
  const preparations = (it: Attempt): readonly Question[] => {
    const [eventType, rule] = ruleOf(it);
    const question = (name: string, ...args: readonly unknown[]) => ({ contract: manager, name, args });
    const [from, until] = { current: [now, now], past: [0n, now - 1n], future: [now + 1n, NO_END] }[it.validity];
    const grant = question("grant", attester, it.granted, from, until);
    const setRule = question("setRule", eventType, { ...rule, pausedUntil: 0n });
    if (it.kind === "recovery") return [grant, setRule];
    if (it.kind !== "rule of its own") return [grant];
    return [
      grant,
      setRule,
      ...(it.pause === "none" ? [] : [question("pause", eventType, now)]),
      ...(it.pause === "ended" ? [question("resume", eventType)] : []),
    ];
  };

  const askPassport = async (it: Attempt): Promise<unknown> => {
    const [eventType] = ruleOf(it);
    const prepared = preparations(it);
    const question = (name: string, ...args: readonly unknown[]) => ({
      contract: suite.implementation,
      target: PASSPORT,
      name,
      args,
    });
    const code = cloneCode({
      implementation: parseAddress(await suite.implementation.getAddress()),
      manager: parseAddress(await manager.getAddress()),
      productId: "https://id.weg.example/1",
    });
    const state = BigInt(ownerOf(it)) | (it.condition << 160n) | (it.entryCount << 176n) | ((now - 1n) << 216n);
    const stateDiff = { [toBeHex(2, 32)]: it.head, [toBeHex(3, 32)]: toBeHex(state, 32) };
    const answers = await chain.ask(
      [...prepared, question("attest", eventType, it.document), question("condition"), question("head")],
      { accounts: { [PASSPORT]: { code, stateDiff } } },
    );
    valuesOf(answers.slice(0, prepared.length));
    const [attested, condition, head] = answers.slice(prepared.length);
    if (attested?.status !== "reverted") return { condition, head };
    return decodeRevert({ data: attested.data })?.code;
  };

  it("any attempt under any sound rule: allowed or refused alike, and recorded as foretold", async () => {
    await expectAgreement(attempt, {
      // Each takes a call of its own.
      runs: Math.ceil(RUNS / 4),
      solidity: (cases) => Promise.all(cases.map(askPassport)),
      typescript: (it) => {
        const [eventType, rule] = ruleOf(it);
        const held = it.validity === "current" ? it.granted : 0n;
        const answer = authorize(eventType, {
          rule,
          roles: held | (it.isOwner ? OWNER_ROLE : 0n),
          condition: it.condition,
          time: now,
        });
        if (answer.status === "refused") return answer.code;
        const { roles, condition } = answer;
        const sequence = it.entryCount + 1n;
        const { document } = it;
        const owner = ownerOf(it);
        const entry = { sequence, eventType, attester, roles, document, recordedAt: now, owner, condition };
        return {
          condition: { status: "returned", value: condition },
          head: { status: "returned", value: nextHead(it.head, entry) },
        };
      },
    });
  });
});
