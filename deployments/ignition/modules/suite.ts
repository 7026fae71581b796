import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

const THREE_DAYS_IN_SECONDS = 3 * 24 * 60 * 60;

/**
 * What all manufacturers share: the registry, the factory of passports, the relay of signed attestations, the
 * anchor of readings, and OpenZeppelin's verifiers of P-256 and WebAuthn keys.
 *
 * The deployer is the administrator at first, so that he can list the factory and admit manufacturers.
 *
 * Parameters: `guardian`, who suspends issuing; `adminDelay`, seconds that a change of administrator has to wait.
 */
export default buildModule("Suite", (m) => {
  const deployer = m.getAccount(0);
  const guardian = m.getParameter<string>("guardian");
  const adminDelay = m.getParameter("adminDelay", THREE_DAYS_IN_SECONDS);

  const registry = m.contract("PassportRegistry", [adminDelay, deployer]);
  const factory = m.contract("DigitalPassportFactory", [registry]);
  const p256Verifier = m.contract("ERC7913P256Verifier");
  const webAuthnVerifier = m.contract("ERC7913WebAuthnVerifier");
  const attestationRelay = m.contract("AttestationRelay");
  const readingsAnchor = m.contract("ReadingsAnchor");

  const role = (name: string) => m.staticCall(registry, name);
  m.call(registry, "grantRole", [role("GUARDIAN_ROLE"), guardian], { id: "grant_GUARDIAN_ROLE" });
  m.call(registry, "grantRole", [role("ADMISSION_ROLE"), deployer], { id: "grant_ADMISSION_ROLE" });
  const listingGranted = m.call(registry, "grantRole", [role("LISTING_ROLE"), deployer], { id: "grant_LISTING_ROLE" });
  m.call(registry, "listFactory", [factory], { after: [listingGranted] });

  return { registry, factory, attestationRelay, readingsAnchor, p256Verifier, webAuthnVerifier };
});
