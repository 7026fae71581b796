import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import suite from "./suite.js";

const THREE_DAYS_IN_SECONDS = 3 * 24 * 60 * 60;

/** The latest Unix second that a uint40 holds: no end. */
const END_OF_TIME = 2n ** 40n - 1n;

/**
 * WEG as a manufacturer: its manager, admitted with its namespace, with a first issuer and both key verifiers.
 *
 * The deployer is the manager's administrator at first. Further issuers are added by `setIssuingLimit`.
 *
 * Parameters: `namespace`, such as "https://id.weg.example/"; `guardian`, who pauses event types; `adminDelay`, seconds
 * that a change of administrator has to wait; `issuer`, the first account that issues; `issuerPerHour` and
 * `managerPerHour`, passports an hour of that issuer and of all issuers together; `issuingUntil`, Unix seconds.
 */
export default buildModule("WEG", (m) => {
  const deployer = m.getAccount(0);
  const namespace = m.getParameter<string>("namespace");
  const guardian = m.getParameter<string>("guardian");
  const adminDelay = m.getParameter("adminDelay", THREE_DAYS_IN_SECONDS);
  const issuer = m.getParameter<string>("issuer");
  const issuerPerHour = m.getParameter("issuerPerHour", 1_000);
  const managerPerHour = m.getParameter("managerPerHour", 5_000);
  const issuingUntil = m.getParameter("issuingUntil", END_OF_TIME);

  const { registry, factory, attestationRelay, readingsAnchor, p256Verifier, webAuthnVerifier } = m.useModule(suite);
  // The manager refuses a factory that is not listed, and only who may admit can admit: after the whole suite.
  const manager = m.contract("WEGManager", [{ registry, factory, admin: deployer, guardian, adminDelay }], {
    after: [suite],
  });

  m.call(registry, "admitManufacturer", [namespace, manager]);
  const cap = m.call(manager, "setIssuingCap", [managerPerHour]);
  m.call(manager, "setIssuingLimit", [issuer, issuerPerHour, issuingUntil], { after: [cap] });
  m.call(manager, "setVerifier", [p256Verifier, true], { id: "accept_p256Verifier" });
  m.call(manager, "setVerifier", [webAuthnVerifier, true], { id: "accept_webAuthnVerifier" });

  return { registry, factory, manager, attestationRelay, readingsAnchor, p256Verifier, webAuthnVerifier };
});
