// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDigitalPassport} from "../../contracts/interfaces/IDigitalPassport.sol";
import {IManufacturerManager} from "../../contracts/interfaces/IManufacturerManager.sol";
import {IPassportRegistry} from "../../contracts/interfaces/IPassportRegistry.sol";
import {IReadingsAnchor} from "../../contracts/interfaces/IReadingsAnchor.sol";
import {ICheatcodes} from "../support/Vm.sol";
import {AnchorLedger} from "./AnchorLedger.sol";
import {ManagerLedger} from "./ManagerLedger.sol";
import {RegistryLedger} from "./RegistryLedger.sol";

/// @dev Knows the suite by its events only, from the first deployment on, and what people have stated. An event that
/// may not follow those before it, or a contract that is not what its events say, breaks an invariant of README.md.
contract Ledger is ManagerLedger, RegistryLedger, AnchorLedger {
    constructor(IPassportRegistry registry, IReadingsAnchor anchor) {
        (_registry, _anchor) = (registry, anchor);
    }

    /// @dev Books the events of one transaction, in their order, in the second of the transaction.
    function book(ICheatcodes.Log[] calldata logs) external {
        for (uint256 index = 0; index < logs.length; ++index) _book(logs[index], logs[index].topics[0]);
    }

    /// @dev Compares everything that exists with the events.
    function checkState(address[] calldata managers, address[] calldata attesters) external view {
        for (uint256 index = 0; index < attesters.length; ++index) _checkChain(attesters[index]);
        _checkRegistry();
        for (uint256 index = 0; index < _passports.length; ++index) {
            _checkPassport(_passports[index]);
            _checkRegistration(_passports[index]);
        }
        for (uint256 index = 0; index < managers.length; ++index) {
            _checkManager(managers[index]);
            for (uint256 person = 0; person < attesters.length; ++person) {
                _checkAttester(managers[index], attesters[person]);
            }
        }
    }

    function _book(ICheatcodes.Log calldata log, bytes32 topic) private {
        if (topic == IDigitalPassport.Attested.selector) _bookEntry(log);
        else if (topic == IDigitalPassport.OwnershipOffered.selector) _bookOffer(log);
        else if (topic == IDigitalPassport.OfferCancelled.selector) _bookCancellation(log);
        else if (topic == IDigitalPassport.LockPlaced.selector) _bookLock(log);
        else if (topic == IPassportRegistry.ManufacturerAdmitted.selector) _bookManufacturer(log);
        else if (topic == IPassportRegistry.ManagerAdmitted.selector) _bookManager(log);
        else if (topic == IPassportRegistry.FactoryListed.selector) _bookFactory(log);
        else if (topic == IPassportRegistry.IssuingSuspended.selector) _bookSuspension(log, true);
        else if (topic == IPassportRegistry.IssuingResumed.selector) _bookSuspension(log, false);
        else if (topic == IPassportRegistry.PassportRegistered.selector) _bookRegistration(log);
        else if (topic == IReadingsAnchor.Anchored.selector) _bookBatch(log);
        else _bookOfManager(log, topic);
    }

    function _bookOfManager(ICheatcodes.Log calldata log, bytes32 topic) private {
        if (topic == IManufacturerManager.RuleChanged.selector) _bookRule(log);
        else if (topic == IManufacturerManager.EventTypePaused.selector) _bookPause(log);
        else if (topic == IManufacturerManager.EventTypeResumed.selector) _bookResumption(log);
        else if (topic == IManufacturerManager.Granted.selector) _bookGrant(log);
        else if (topic == IManufacturerManager.Revoked.selector) _bookRevocation(log);
        else if (topic == IManufacturerManager.CompromiseReported.selector) _bookCompromise(log);
        else if (topic == IManufacturerManager.OwnerGrantableRolesChanged.selector) _bookOwnerGrantable(log);
        else if (topic == IManufacturerManager.IssuingCapChanged.selector) _bookCap(log);
        else if (topic == IManufacturerManager.IssuingLimitChanged.selector) _bookIssuingLimit(log);
        else if (topic == IManufacturerManager.PassportsIssued.selector) _bookIssuing(log);
    }
}
