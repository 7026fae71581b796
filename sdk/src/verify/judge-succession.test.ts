import { expect } from "chai";
import { parseHex } from "../primitives/hex.js";
import { replayHeads } from "../signing/passport-hashing.js";
import type { LinkedPassport, PassportEvidence } from "./evidence.js";
import {
  addressOf,
  CONDITIONS,
  continued,
  evidenceOf,
  gathered,
  MANAGER,
  MOTOR,
  OUTAGE,
  passportOf,
  ROLES,
  type SamplePassport,
} from "./honest-evidence.test.js";
import { judgeSuccession } from "./judge-succession.js";
import { openDocuments } from "./open-documents.js";

const NEW_ID = "https://id.weg.example/01/09521234543213/21/W22-000001-R";
const [MADE] = MOTOR.entries;
if (MADE === undefined) throw new Error("the motor was made");

const supersededBy = (productId: string): SamplePassport =>
  continued(MOTOR, {
    type: "SUPERSEDED",
    attester: addressOf("buyer"),
    roles: ROLES.owner,
    condition: CONDITIONS.issued | CONDITIONS.inService | CONDITIONS.superseded,
    data: { successor: { productId, passport: passportOf(productId) }, reason: "Rewound" },
  });

const motor = evidenceOf(MOTOR);
const finalHead = motor.state.value.head;

/** The rewound motor, which names the old one as its predecessor. */
const rewound = (predecessor: object = {}): SamplePassport => ({
  productId: NEW_ID,
  entries: [
    {
      ...MADE,
      attester: MANAGER,
      data: {
        product: {
          name: "W22",
          model: "W22",
          manufacturer: { name: "WEG" },
          country: "BR",
          manufacturedAt: "2026-11-01",
        },
        materials: [],
        plant: { name: "Jaraguá do Sul" },
        predecessor: { productId: MOTOR.productId, passport: motor.passport, head: finalHead, ...predecessor },
      },
    },
  ],
});

const older = evidenceOf(supersededBy(NEW_ID));
const newer = evidenceOf(rewound());
const linking = (role: LinkedPassport["role"], other: PassportEvidence): readonly LinkedPassport[] => [
  { role, passport: other.passport, evidence: gathered(other) },
];
const judge = (evidence: PassportEvidence, links: readonly LinkedPassport[]) =>
  judgeSuccession({ ...evidence, links }, openDocuments(evidence));

describe("judgeSuccession", () => {
  it("of a passport that names no other, does not apply", () => {
    expect(judge(motor, []).code).to.equal("succession.none");
  });

  it("of two that name each other, is valid from both sides", () => {
    const forward = judge(older, linking("successor", newer));
    expect(forward).to.include({ status: "valid", code: "succession.mutual" });
    expect(forward.details.links).to.deep.equal([{ role: "successor", productId: NEW_ID, passport: newer.passport }]);
    const backward = judge(newer, linking("predecessor", older));
    expect(backward).to.include({ status: "valid", code: "succession.mutual" });
    expect(backward.reason).to.equal(`This passport continues ${MOTOR.productId}. Both passports say so.`);
  });

  it("of a predecessor whose owner has not confirmed, is unknown", () => {
    expect(judge(newer, linking("predecessor", motor))).to.include({
      status: "unknown",
      code: "succession.unconfirmed",
    });
  });

  it("of a stranger that adorns itself with another's past, is invalid", () => {
    const elsewhere = evidenceOf(supersededBy("https://id.weg.example/01/09521234543213/21/OTHER"));
    expect(judge(newer, linking("predecessor", elsewhere))).to.include({
      status: "invalid",
      code: "succession.one-sided",
    });
  });

  it("of a successor that does not name this one, is invalid", () => {
    const plain = evidenceOf({ productId: NEW_ID, entries: [MADE] });
    expect(judge(older, linking("successor", plain)).code).to.equal("succession.one-sided");
  });

  it("of a predecessor's head that was never one, or only after it was given up, is invalid", () => {
    const after = replayHeads(older.entries.value, older).at(-1);
    for (const head of [after, `0x${"1".repeat(64)}`]) {
      const impostor = evidenceOf(rewound({ head }));
      expect(judge(impostor, linking("predecessor", older)).code).to.equal("succession.one-sided");
      expect(judge(older, linking("successor", impostor)).code).to.equal("succession.one-sided");
    }
  });

  it("of an earlier head of the predecessor, is valid: it went on living until it was given up", () => {
    const [, earlier] = replayHeads(motor.entries.value, motor);
    const early = evidenceOf(rewound({ head: earlier }));
    expect(judge(early, linking("predecessor", older)).status).to.equal("valid");
  });

  it("of a link to a passport that is not registered or whose history is false, is invalid", () => {
    const unregistered = { ...older, registration: gathered({ ...older.registration.value, registered: undefined }) };
    const rewritten = { ...older, state: gathered({ ...older.state.value, head: finalHead }) };
    for (const [other, reason] of [
      [unregistered, /knows no passport/],
      [rewritten, /not those that the passport recorded/],
      [{ ...older, code: parseHex("0x") }, /no contract/],
    ] as const) {
      const verdict = judge(newer, linking("predecessor", other));
      expect(verdict.code).to.equal("succession.one-sided");
      expect(verdict.reason).to.match(reason);
    }
  });

  it("of several passports that were looked at, takes the one that is named", () => {
    const another = linking("predecessor", evidenceOf({ ...MOTOR, productId: `${MOTOR.productId}2` }));
    expect(judge(newer, [...another, ...linking("predecessor", older)]).status).to.equal("valid");
  });

  it("of a predecessor that names this product but another passport, or the reverse, is invalid", () => {
    for (const successor of [
      { productId: NEW_ID, passport: addressOf("elsewhere") },
      { productId: `${NEW_ID}2`, passport: newer.passport },
    ]) {
      const [entry] = supersededBy(NEW_ID).entries.slice(-1);
      if (entry === undefined) throw new Error("the motor was superseded");
      const other = evidenceOf(continued(MOTOR, { ...entry, data: { successor, reason: "Rewound" } }));
      expect(judge(newer, linking("predecessor", other)).code).to.equal("succession.one-sided");
    }
  });

  it("of a link to a passport that could not be read, is unknown", () => {
    const missing = [{ role: "predecessor", passport: older.passport, evidence: OUTAGE }] as const;
    for (const links of [
      [],
      missing,
      linking("predecessor", { ...older, entries: OUTAGE }),
      linking("predecessor", { ...older, registration: undefined }),
      linking("predecessor", { ...older, documents: undefined }),
    ]) {
      expect(judge(newer, links)).to.include({ status: "unknown", code: "succession.unreadable" });
    }
  });

  it("of documents that could not be read, is unknown", () => {
    expect(judgeSuccession({ ...motor, links: [] }, undefined).code).to.equal("succession.unreadable");
    expect(judge({ ...motor, documents: new Map() }, []).code).to.equal("succession.unreadable");
  });

  it("of a passport between two others, of which one does not confirm, says the worse", () => {
    const between = evidenceOf({
      productId: NEW_ID,
      entries: [
        ...rewound().entries,
        {
          type: "SUPERSEDED",
          attester: addressOf("WEG"),
          roles: ROLES.owner,
          condition: CONDITIONS.issued | CONDITIONS.superseded,
          data: { successor: { productId: MOTOR.productId, passport: motor.passport }, reason: "Back" },
        },
      ],
    });
    const links = [...linking("predecessor", older), ...linking("successor", motor)];
    expect(judge(between, links).code).to.equal("succession.one-sided");
  });

  it("of an address without a passport, judges nothing", () => {
    expect(judge({ ...motor, code: parseHex("0x") }, []).status).to.equal("notApplicable");
  });
});
