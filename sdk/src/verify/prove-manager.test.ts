import { expect } from "chai";
import { encodeBytes32String } from "ethers";
import type { BlockHeader } from "../chain/block-header.js";
import { PassportError } from "../errors/passport-error.js";
import { eventTypeOf } from "../primitives/event-type.js";
import { addressOf, MANAGER } from "./honest-evidence.test.js";
import { proveManager } from "./prove-manager.js";
import type { ProvenState } from "./proven-state.js";
import { MANAGER_SLOTS, slotOfValue, slotsOfItems } from "./storage-slots.js";

const { definedRoles, definedConditions, roleNameOf, conditionNameOf, roles, eventTypes, rules, grants } =
  MANAGER_SLOTS;
const technician = addressOf("technician");
const wordOf = (name: string): bigint => BigInt(encodeBytes32String(name));
const [firstRole = 0n, secondRole = 0n] = slotsOfItems(roles, 2);
const [firstType = 0n] = slotsOfItems(eventTypes, 1);

/** Two roles, one condition, one rule and one grant, as ManufacturerManager keeps them. */
const HONEST: ReadonlyMap<bigint, bigint> = new Map([
  [definedRoles, 0x41n << 160n],
  [definedConditions, 0x11fn],
  [roles, 2n],
  [firstRole, 0x01n],
  [secondRole, 0x40n],
  [slotOfValue(roleNameOf, 0x01n), wordOf("MANUFACTURER")],
  [slotOfValue(roleNameOf, 0x40n), wordOf("TECHNICIAN")],
  [slotOfValue(conditionNameOf, 0x100n), wordOf("IN_SERVICE")],
  [eventTypes, 1n],
  [firstType, wordOf("MAINTAINED")],
  [slotOfValue(rules, eventTypeOf("MAINTAINED")), 0x40n | (1n << 128n)],
  [slotOfValue(grants, technician), 0x40n | (7n << 176n) | (5n << 216n)],
]);

const stateOf = (storage: ReadonlyMap<bigint, bigint>): ProvenState => ({
  // Safety: nothing reads the header here.
  header: undefined as unknown as BlockHeader,
  readAccount: async () => undefined,
  readCode: () => Promise.reject(new PassportError("proof.incomplete", { missing: "the code" })),
  readSlots: async (_, slots) => slots.map((slot) => storage.get(slot) ?? 0n),
});

const prove = (changes: readonly (readonly [bigint, bigint])[] = []) =>
  proveManager(stateOf(new Map([...HONEST, ...changes])), {
    manager: MANAGER,
    attesters: [technician, MANAGER, technician],
  });

describe("proveManager", () => {
  it("of storage as ManufacturerManager lays it out, reads names, rules and standings", async () => {
    const { names, rules, standings } = await prove();
    expect([...names.roles]).to.deep.equal([
      [0x01n, "MANUFACTURER"],
      [0x40n, "TECHNICIAN"],
    ]);
    expect([...names.conditions]).to.deep.equal([[0x100n, "IN_SERVICE"]]);
    expect(rules.get(eventTypeOf("MAINTAINED"))).to.include({ roles: 0x40n, requires: 1n, sets: 0n });
    expect([...standings]).to.deep.equal([
      [technician, { revokedAt: 7n, compromisedSince: 5n }],
      [MANAGER, { revokedAt: undefined, compromisedSince: undefined }],
    ]);
  });

  const foreign: Readonly<Record<string, readonly [bigint, bigint]>> = {
    "no roles": [roles, 0n],
    "more roles than there are bits": [roles, 97n],
    "more roles than memory": [roles, 2n ** 255n],
    "roles that are not defined": [definedRoles, 0x01n << 160n],
    "a role without a name": [slotOfValue(roleNameOf, 0x40n), 0n],
    "a role whose name is none": [slotOfValue(roleNameOf, 0x40n), 0x1234n],
    "conditions that are not defined": [definedConditions, 0x1fn],
    "no native conditions": [definedConditions, 0x100n],
    "a condition without a name": [slotOfValue(conditionNameOf, 0x100n), 0n],
    "no event types": [eventTypes, 0n],
    "more event types than memory": [eventTypes, 2n ** 200n],
    "an event type whose name is none": [firstType, 0x1234n],
    "an event type without a rule": [slotOfValue(rules, eventTypeOf("MAINTAINED")), 0n],
  };
  for (const [what, change] of Object.entries(foreign)) {
    it(`of storage with ${what}, reads nothing into it`, async () => {
      const caught: unknown = await prove([change]).catch((error: unknown) => error);
      expect(caught).to.be.instanceOf(PassportError).with.property("code", "proof.layout-foreign");
    });
  }

  it("of an account without storage, reads nothing into it: nobody compromised is not what it says", async () => {
    const empty = proveManager(stateOf(new Map()), { manager: MANAGER, attesters: [technician] });
    expect(await empty.catch((error: unknown) => error)).to.have.property("code", "proof.layout-foreign");
  });
});
