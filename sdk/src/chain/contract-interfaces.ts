import { Interface } from "ethers";
import {
  AttestationRelay__factory,
  DigitalPassport__factory,
  IManufacturerManager__factory,
  PassportRegistry__factory,
  ReadingsAnchor__factory,
  TimelockController__factory,
  WEGManager__factory,
} from "../contracts/index.js";

/** Encodes calls of passports and decodes their events. */
export const passportInterface = DigitalPassport__factory.createInterface();

/** Encodes calls of managers and decodes their events, whatever the brand. */
export const managerInterface = IManufacturerManager__factory.createInterface();

/** Encodes calls of the registry and decodes its events; those of its administration are the same in every manager. */
export const registryInterface = PassportRegistry__factory.createInterface();

/** Encodes calls of the attestation relay. */
export const attestationRelayInterface = AttestationRelay__factory.createInterface();

/** Encodes calls of the readings anchor and decodes its events. */
export const readingsAnchorInterface = ReadingsAnchor__factory.createInterface();

/** Encodes what only WEG's manager has, and decodes its events. */
export const wegManagerInterface = WEGManager__factory.createInterface();

/** Encodes calls of OpenZeppelin's timelock and decodes its events. */
export const timelockInterface = TimelockController__factory.createInterface();

/** What is needed of a Safe, the same since its version 1.3. */
export const safeInterface = new Interface([
  "function getOwners() view returns (address[])",
  "function getThreshold() view returns (uint256)",
  "function nonce() view returns (uint256)",
  "function getModulesPaginated(address start, uint256 pageSize) view returns (address[] modules, address next)",
  "function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures) payable returns (bool success)",
]);
