import { expect } from "chai";
import { documentOf, NO_END, nameOf } from "../../support/contract-values.js";
import { readEntries } from "../../support/replay-head.js";
import { connection, inAnHour, now, ROLES, snapshotOf, WEG_CONDITIONS } from "../behaviours/deployed-suite.js";
import { expectRefusals } from "../behaviours/expect-refusals.js";
import { loadTwoBrands } from "../behaviours/two-brands.js";

const { time } = connection.networkHelpers;
const document = documentOf("whatever the administrator wants");
const { ISSUED, LOCKED, RETIRED, STOLEN } = WEG_CONDITIONS;
const DAY = 24n * 3_600n;

/** WEG's administrator, a motor, and the bicycle of another brand. */
const load = snapshotOf(async () => {
  const scene = await loadTwoBrands();
  const { manager } = scene;
  const ruleOf = async (type: string) => {
    const { roles, requires, forbids, sets, clears } = await manager.ruleOf(nameOf(type));
    return { roles, requires, forbids, sets, clears, pausedUntil: 0n };
  };
  return { ...scene, ruleOf, address: scene.accounts.admin.address };
});

describe("A hostile administrator of a manager cannot", () => {
  it("write as somebody else", async () => {
    const { accounts, address, manager, motor } = await load();
    await manager.grant(address, ROLES.TECHNICIAN, 0, NO_END);
    const attester = accounts.technician.address;
    const message = { eventType: nameOf("MAINTAINED"), document, attester, sequence: 0n, deadline: await inAnHour() };
    await expectRefusals(motor, [
      [motor, "AttesterSignatureInvalid", () => motor.attestBySignature(message, "0x", `0x${"1b".repeat(65)}`)],
    ]);
    await motor.attest(nameOf("MAINTAINED"), document);
    expect((await readEntries(motor)).at(-1)?.attester).to.equal(address);
  });

  it("change what an event does, once it has a rule", async () => {
    const { manager, motor, ruleOf } = await load();
    const rule = await ruleOf("MAINTAINED");
    await expectRefusals(motor, [
      [
        manager,
        "ManufacturerManagerEffectFinal",
        () => manager.setRule(nameOf("MAINTAINED"), { ...rule, sets: RETIRED }),
      ],
      [
        manager,
        "ManufacturerManagerEffectFinal",
        () => manager.setRule(nameOf("MAINTAINED"), { ...rule, clears: WEG_CONDITIONS.RECALLED }),
      ],
    ]);
  });

  it("make a rule that touches locks, undoes a retirement, or sets or clears STOLEN for others than the owner", async () => {
    const { manager, motor, ruleOf } = await load();
    const rule = await ruleOf("MAINTAINED");
    await expectRefusals(
      motor,
      [
        { sets: LOCKED },
        { clears: LOCKED },
        { clears: ISSUED },
        { clears: RETIRED },
        { clears: WEG_CONDITIONS.SUPERSEDED },
        { sets: STOLEN },
        { clears: STOLEN },
        { sets: 0x8000n },
      ].map((change) => [
        manager,
        "ManufacturerManagerRuleInvalid",
        () => manager.setRule(nameOf("SEIZED"), { ...rule, ...change }),
      ]),
    );
    await expectRefusals(motor, [
      [manager, "ManufacturerManagerEventTypeInvalid", () => manager.setRule(nameOf("OWNERSHIP_TRANSFERRED"), rule)],
    ]);
  });

  it("take a product away, lock it or release it", async () => {
    const { accounts, address, motor } = await load();
    const until = await inAnHour();
    await motor.connect(accounts.owner).lock(accounts.logistics, until, document);
    await expectRefusals(motor, [
      [motor, "DigitalPassportNotOwner", () => motor.offerOwnership(address, document, until)],
      [motor, "DigitalPassportNotOwner", () => motor.lock(address, until, document)],
      [motor, "DigitalPassportNotLockHolder", () => motor.release()],
      [motor, "DigitalPassportNotOffered", async () => motor.acceptOwnership(document, await motor.head())],
      [motor, "DigitalPassportIssuingRefused", () => motor.issue(address, document)],
    ]);
  });

  it("grant roles or write on another brand's passports", async () => {
    const { address, bicycle, bicycles, manager } = await load();
    await manager.grant(address, 0x1ffn, 0, NO_END);
    await expectRefusals(bicycle, [
      [
        manager,
        "ManufacturerManagerPassportForeign",
        () => manager.grantFor(bicycle, address, ROLES.GATEWAY, 0, NO_END),
      ],
      [bicycles, "ManufacturerManagerRoleMissing", () => bicycle.attest(nameOf("CRASHED"), document)],
    ]);
  });

  it("bring a revoked attester back, nor dispute what is older than 90 days, nor set the time of a theft twice", async () => {
    const { accounts, manager, motor } = await load();
    const { technician, certifier } = accounts;
    await manager.revoke(certifier);
    const compromise = (since: bigint) => () => manager.reportCompromise(technician, since);
    await expectRefusals(motor, [
      [manager, "ManufacturerManagerAttesterRevoked", () => manager.grant(certifier, ROLES.CERTIFIER, 0, NO_END)],
      [manager, "ManufacturerManagerCompromiseRefused", compromise((await now()) - 91n * DAY)],
      [manager, "ManufacturerManagerCompromiseRefused", compromise((await now()) + DAY)],
    ]);
    await compromise(await now())();
    await expectRefusals(motor, [[manager, "ManufacturerManagerCompromiseRefused", compromise((await now()) - DAY)]]);
  });

  it("hand his powers over without the delay", async () => {
    const { accounts, manager, motor } = await load();
    await manager.beginDefaultAdminTransfer(accounts.stranger);
    const accept = () => manager.connect(accounts.stranger).acceptDefaultAdminTransfer();
    await expectRefusals(motor, [
      [manager, "AccessControlEnforcedDefaultAdminDelay", accept],
      [
        manager,
        "AccessControlEnforcedDefaultAdminRules",
        async () => manager.grantRole(await manager.DEFAULT_ADMIN_ROLE(), accounts.stranger),
      ],
    ]);
    await time.increase(3n * DAY + 1n);
    await accept();
  });

  it("issue in another manufacturer's namespace, nor by a factory that is not listed", async () => {
    const { accounts, address, manager, motor, namespace, registry } = await load();
    await manager.setIssuingLimit(address, 10, NO_END);
    await expectRefusals(motor, [
      [registry, "PassportRegistryNamespaceForeign", () => manager.issue(`${namespace}fake`, accounts.owner, document)],
      [manager, "ManufacturerManagerFactoryNotListed", () => manager.setFactory(accounts.stranger)],
    ]);
  });
});

describe("A hostile administrator of a manager can", () => {
  it("grant himself every role, and write in his own name", async () => {
    const { address, manager, motor } = await load();
    await manager.grant(address, ROLES.CERTIFIER, 0, NO_END);
    await motor.attest(nameOf("QUALITY_TESTED"), document);
    expect((await readEntries(motor)).at(-1)).to.include({ attester: address, roles: ROLES.CERTIFIER });
  });

  it("change who may record an event and when, from one entry to the next", async () => {
    const { accounts, manager, motor, ruleOf } = await load();
    const rule = await ruleOf("MAINTAINED");
    await manager.setRule(nameOf("MAINTAINED"), {
      ...rule,
      roles: ROLES.CERTIFIER,
      forbids: WEG_CONDITIONS.IN_SERVICE,
    });
    const maintain = (attester = accounts.technician) => motor.connect(attester).attest(nameOf("MAINTAINED"), document);
    await expectRefusals(motor, [[manager, "ManufacturerManagerRoleMissing", () => maintain()]]);
    await maintain(accounts.certifier);
    await motor.connect(accounts.technician).attest(nameOf("COMMISSIONED"), document);
    await expectRefusals(motor, [[manager, "ManufacturerManagerConditionForbids", () => maintain(accounts.certifier)]]);
  });

  it("end the roles of any attester for good; what he wrote stays", async () => {
    const { accounts, manager, motor } = await load();
    const byTechnician = motor.connect(accounts.technician);
    await byTechnician.attest(nameOf("MAINTAINED"), document);
    await manager.revoke(accounts.technician);
    await expectRefusals(motor, [
      [manager, "ManufacturerManagerAttesterRevoked", () => byTechnician.attest(nameOf("MAINTAINED"), document)],
    ]);
    expect(await motor.entryCount()).to.equal(2n);
  });

  it("make a new event that retires every product of his brand", async () => {
    const { address, manager, motor, ruleOf } = await load();
    await manager.grant(address, ROLES.MANUFACTURER, 0, NO_END);
    const rule = { ...(await ruleOf("MAINTAINED")), roles: ROLES.MANUFACTURER, sets: RETIRED };
    await manager.setRule(nameOf("DISCONTINUED"), rule);
    await motor.attest(nameOf("DISCONTINUED"), document);
    expect(await motor.condition()).to.equal(ISSUED | RETIRED);
  });
});
