import { expect } from "chai";
import { OWNER_ROLE } from "../chain/manager-names.js";
import { eventTypeOf } from "../primitives/event-type.js";
import { NATIVE_CONDITIONS } from "../primitives/native-conditions.js";
import { authorize } from "./authorize.js";
import type { EventRule } from "./read-rules.js";

const { ISSUED, STOLEN, RETIRED } = NATIVE_CONDITIONS;
const TECHNICIAN = 0x40n;
const RECYCLER = 0x80n;
const IN_SERVICE = 0x0100n;

const MAINTAINED = eventTypeOf("MAINTAINED");
const rule: EventRule = {
  roles: TECHNICIAN | OWNER_ROLE,
  requires: ISSUED | IN_SERVICE,
  forbids: RETIRED,
  sets: 0x0400n,
  clears: 0x0200n,
  pausedUntil: 0n,
};
const technician = { rule, roles: TECHNICIAN, condition: ISSUED | IN_SERVICE | 0x0200n, time: 1_000n };

describe("authorize", () => {
  it("who holds one of the roles while the condition fits, is allowed under it, with the rule's effect", () => {
    expect(authorize(MAINTAINED, { ...technician, roles: TECHNICIAN | RECYCLER })).to.deep.equal({
      status: "allowed",
      roles: TECHNICIAN,
      condition: ISSUED | IN_SERVICE | 0x0400n,
    });
  });

  for (const [circumstance, eventType, changes, code] of [
    ["what the passport records by itself", "LOCKED", {}, "contract.digital-passport-event-type-native"],
    ["without a rule", "POLISHED", { rule: undefined }, "contract.manufacturer-manager-event-type-unknown"],
    [
      "with the zeros of a contract that has no rule",
      "POLISHED",
      { rule: { ...rule, roles: 0n } },
      "contract.manufacturer-manager-event-type-unknown",
    ],
    [
      "in the last second of a pause",
      "MAINTAINED",
      { rule: { ...rule, pausedUntil: 1_000n } },
      "contract.manufacturer-manager-event-type-paused",
    ],
    [
      "without one of the required conditions",
      "MAINTAINED",
      { condition: ISSUED },
      "contract.manufacturer-manager-condition-missing",
    ],
    [
      "with a forbidden condition",
      "MAINTAINED",
      { condition: ISSUED | IN_SERVICE | RETIRED },
      "contract.manufacturer-manager-condition-forbids",
    ],
    ["under another role", "MAINTAINED", { roles: RECYCLER }, "contract.manufacturer-manager-role-missing"],
  ] as const) {
    it(`${circumstance}, is refused as the chain refuses it`, () => {
      expect(authorize(eventTypeOf(eventType), { ...technician, ...changes })).to.deep.equal({
        status: "refused",
        code,
      });
    });
  }

  it("in the second after a pause, is allowed", () => {
    const resumed = { ...rule, pausedUntil: 999n };
    expect(authorize(MAINTAINED, { ...technician, rule: resumed }).status).to.equal("allowed");
  });

  it("an owner who has the stolen product back, is allowed whatever the manager's rule says", () => {
    const hostile = { ...rule, roles: TECHNICIAN, sets: RETIRED, pausedUntil: 2_000n };
    for (const given of [undefined, hostile]) {
      const owner = { rule: given, roles: OWNER_ROLE, condition: ISSUED | STOLEN, time: 1_000n };
      expect(authorize(eventTypeOf("RECOVERED"), owner)).to.deep.equal({
        status: "allowed",
        roles: OWNER_ROLE,
        condition: ISSUED,
      });
    }
  });

  it("a recovery by somebody else, or of what is not stolen, takes the rule", () => {
    const recovered = eventTypeOf("RECOVERED");
    expect(authorize(recovered, { ...technician, rule: undefined, condition: ISSUED | STOLEN }).status).to.equal(
      "refused",
    );
    expect(authorize(recovered, { ...technician, rule: undefined, roles: OWNER_ROLE }).status).to.equal("refused");
  });
});
