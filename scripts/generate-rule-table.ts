/**
 * Writes docs/rules.md from WEG's manager, deployed on a chain in this process by the production module: nothing of it is
 * typed by hand, names included. With `--check`, writes nothing and fails if the file is not what would be written.
 */
import { argv } from "node:process";
import { decodeBytes32String, isHexString, sha256, toBeHex, toUtf8Bytes } from "ethers";
import { network } from "hardhat";
import weg from "../deployments/ignition/modules/weg.js";
import type { DigitalPassport, WEGManager } from "../types/ethers-contracts/index.js";
import { keepCommitted } from "./lib/keep-committed.js";
import { projectFolder } from "./lib/project-paths.js";

const NAMESPACE = "https://id.weg.example/";

/** Storage slot of a passport's state, and the lowest bit of the condition in it. */
const STATE_SLOT = 3;
const CONDITION_OFFSET = 160n;

/** A bit and what the contract calls it. */
interface NamedBit {
  readonly bit: bigint;
  readonly name: string;
}

/** A rule as the contract holds it. */
interface Rule {
  readonly eventType: string;
  readonly roles: bigint;
  readonly requires: bigint;
  readonly forbids: bigint;
  readonly sets: bigint;
  readonly clears: bigint;
  readonly isPausable: boolean;
}

/** All that the table shows. */
interface Rules {
  readonly rules: readonly Rule[];
  readonly roles: readonly NamedBit[];
  readonly perPassportRoles: bigint;
  readonly ownerGrantableRoles: bigint;
  readonly conditions: readonly NamedBit[];
}

const { ethers, ignition, networkHelpers } = await network.create();

const deploy = async (): Promise<{ readonly manager: WEGManager; readonly passport: DigitalPassport }> => {
  const [deployer] = await ethers.getSigners();
  if (deployer === undefined) throw new Error("The network has no account that could deploy");
  const account = deployer.address;
  const deployed = await ignition.deploy(weg, {
    parameters: { Suite: { guardian: account }, WEG: { guardian: account, issuer: account, namespace: NAMESPACE } },
  });
  const manager = await ethers.getContractAt("WEGManager", deployed.manager);
  const productId = `${NAMESPACE}sample`;
  await manager.issue(productId, account, sha256(toUtf8Bytes(productId)));
  const factory = await ethers.getContractAt("DigitalPassportFactory", deployed.factory);
  const passport = await ethers.getContractAt("DigitalPassport", await factory.predictPassport(manager, productId));
  return { manager, passport };
};

/** Asks as the guardian would. */
const isPausable = async (manager: WEGManager, eventType: string): Promise<boolean> => {
  const inAnHour = (await networkHelpers.time.latest()) + 3_600;
  try {
    await manager.pause.staticCall(eventType, inAnHour);
    return true;
  } catch (error) {
    const data = error instanceof Error && "data" in error ? error.data : undefined;
    const refusal = isHexString(data) ? manager.interface.parseError(data) : null;
    if (refusal?.name === "ManufacturerManagerEventTypeUnpausable") return false;
    throw error;
  }
};

const readRules = async (manager: WEGManager): Promise<readonly Rule[]> => {
  const eventTypes = await manager.eventTypes();
  return Promise.all(
    eventTypes.map(async (eventType) => {
      const { roles, requires, forbids, sets, clears } = await manager.ruleOf(eventType);
      const name = decodeBytes32String(eventType);
      return {
        eventType: name,
        roles,
        requires,
        forbids,
        sets,
        clears,
        isPausable: await isPausable(manager, eventType),
      };
    }),
  );
};

const readRoles = async (manager: WEGManager): Promise<readonly NamedBit[]> => {
  const { roles, names } = await manager.roleNames();
  const granted = roles.map((bit, index) => ({ bit, name: decodeBytes32String(names[index] ?? "") }));
  const owner = 1n << 127n;
  return [...granted, { bit: owner, name: decodeBytes32String(await manager.roleNameOf(owner)) }];
};

/** Has the passport name each condition that there can be, one after another put into its state. */
const readConditions = async (passport: DigitalPassport): Promise<readonly NamedBit[]> => {
  const conditions: NamedBit[] = [];
  for (let index = 0n; index < 16n; ++index) {
    const bit = 1n << index;
    await networkHelpers.setStorageAt(await passport.getAddress(), STATE_SLOT, bit << CONDITION_OFFSET);
    const name = await passport.conditionInWords();
    if (!name.startsWith("0x")) conditions.push({ bit, name });
  }
  return conditions;
};

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");

const namesOf = (bits: bigint, named: readonly NamedBit[]): string => {
  const unnamed = named.reduce((rest, { bit }) => rest & ~bit, bits);
  if (unnamed !== 0n) throw new Error(`The contract names no bit ${toBeHex(unnamed)}`);
  return named.flatMap(({ bit, name }) => ((bits & bit) === 0n ? [] : [name])).join(", ");
};

const grantOf = ({ bit }: NamedBit, { ownerGrantableRoles, perPassportRoles }: Rules): readonly string[] => {
  if (bit >= 1n << 96n) return ["not granted: whoever owns the product", ""];
  const scope = (perPassportRoles & bit) === 0n ? "for all passports, or for one" : "for single passports only";
  return [scope, (ownerGrantableRoles & bit) === 0n ? "" : "yes"];
};

const format = (
  all: Rules,
): string => `<!-- Generated by \`npm run docs:rules\`. Do not edit: the next run overwrites it, and CI refuses a difference. -->

# WEG's rules

Generated by \`npm run docs:rules\` from the deployed contract \`WEGManager\`: every name and bit below is what the contract
answers. [How rules work](add-an-event-type.md), [how a brand makes its own](add-a-brand.md).

## Who may record what, when, and what it does

An entry is recorded when its attester holds one of the roles, all required conditions are there, none of the forbidden ones
is, and the event type is not paused. Roles and gates may change, each change with an event; what an entry sets and clears
never changes.

${table(
  ["Event type", "Roles", "Requires", "Forbids", "Sets", "Clears", "Can be paused"],
  all.rules.map((rule) => [
    rule.eventType,
    namesOf(rule.roles, all.roles),
    namesOf(rule.requires, all.conditions),
    namesOf(rule.forbids, all.conditions),
    namesOf(rule.sets, all.conditions),
    namesOf(rule.clears, all.conditions),
    rule.isPausable ? "yes" : "never",
  ]),
)}

MANUFACTURED, OWNERSHIP_TRANSFERRED, LOCKED and RELEASED are native: the passport records them itself and asks no manager.

## Roles

${table(
  ["Role", "Bit", "Granted by the administrator", "Owners may grant it for their passport"],
  all.roles.map((role) => [role.name, `2^${role.bit.toString(2).length - 1}`, ...grantOf(role, all)]),
)}

## Conditions

${table(
  ["Condition", "Bit", "Belongs to"],
  all.conditions.map(({ bit, name }) => [name, toBeHex(bit, 2), bit < 0x100n ? "every passport" : "the brand"]),
)}
`;

const { manager, passport } = await deploy();
const text = format({
  rules: await readRules(manager),
  roles: await readRoles(manager),
  perPassportRoles: await manager.perPassportRoles(),
  ownerGrantableRoles: await manager.ownerGrantableRoles(),
  conditions: await readConditions(passport),
});

const check = argv.includes("--check");
const files = [{ path: "docs/rules.md", text }];
const problem = await keepCommitted(files, { folder: projectFolder, check, command: "npm run docs:rules" });
if (problem === undefined) {
  console.log(check ? "docs/rules.md is what the contract says" : "Wrote docs/rules.md");
} else {
  console.error(problem);
  process.exitCode = 1;
}
