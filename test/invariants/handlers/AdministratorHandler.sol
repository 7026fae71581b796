// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DigitalPassport} from "../../../contracts/DigitalPassport.sol";
import {IManufacturerManager} from "../../../contracts/interfaces/IManufacturerManager.sol";
import {IPassportRegistry} from "../../../contracts/interfaces/IPassportRegistry.sol";
import {vm} from "../../support/Vm.sol";
import {Person, World} from "../World.sol";
import {Handler} from "./Handler.sol";

/// @dev Administrators grant, revoke, change rules and limits of their own brand. That of the bicycles is the attacker.
contract AdministratorHandler is Handler {
    constructor(World world) Handler(world) {}

    function actions() external pure override returns (bytes4[] memory all) {
        all = new bytes4[](11);
        all[0] = this.grant.selector;
        all[1] = this.grantForOneProduct.selector;
        all[2] = this.revoke.selector;
        all[3] = this.revokeForOneProduct.selector;
        all[4] = this.reportCompromise.selector;
        all[5] = this.changeRule.selector;
        all[6] = this.changeEffect.selector;
        all[7] = this.changeOwnerGrantableRoles.selector;
        all[8] = this.changeIssuingCap.selector;
        all[9] = this.changeIssuingLimit.selector;
        all[10] = this.changeFactory.selector;
    }

    function grant(uint256 who, uint256 which, uint256 how) external {
        address manager = _manager(which);
        Person memory person = _world.personAt(who);
        (uint96 all, uint96 perPassport) = _world.rolesOf(manager);
        uint96 roles = uint96(_part(how, "roles")) & all & ~perPassport;
        (uint40 from, uint40 until) = _validity(how);
        bytes memory data =
            person.signer.length == 0
                ? abi.encodeCall(IManufacturerManager.grant, (person.account, roles, from, until))
                : abi.encodeCall(IManufacturerManager.grantKey, (person.signer, roles, from, until));
        _count(_administer(manager, data));
    }

    function grantForOneProduct(uint256 who, uint256 which, uint256 how) external {
        DigitalPassport passport = _passport(which);
        Person memory person = _world.personAt(who);
        (uint96 all, ) = _world.rolesOf(passport.manager());
        uint96 roles = uint96(_part(how, "roles")) & all;
        (uint40 from, uint40 until) = _validity(how);
        bytes memory data =
            person.signer.length == 0
                ? abi.encodeCall(IManufacturerManager.grantFor, (address(passport), person.account, roles, from, until))
                : abi.encodeCall(
                    IManufacturerManager.grantKeyFor,
                    (address(passport), person.signer, roles, from, until)
                );
        _count(_administer(passport.manager(), data));
    }

    /// @dev Rarely, since it is for good.
    function revoke(uint256 who, uint256 which, uint256 how) external {
        if (how % 6 != 0) return;
        bytes memory data = abi.encodeCall(IManufacturerManager.revoke, (_world.personAt(who).account));
        _count(_administer(_manager(which), data));
    }

    function revokeForOneProduct(uint256 who, uint256 which, uint256 how) external {
        if (how % 3 != 0) return;
        DigitalPassport passport = _passport(which);
        bytes memory data = abi.encodeCall(
            IManufacturerManager.revokeFor,
            (address(passport), _world.personAt(who).account)
        );
        _count(_administer(passport.manager(), data));
    }

    function reportCompromise(uint256 who, uint256 which, uint256 how) external {
        if (how % 6 != 0) return;
        uint40 since = uint40(_world.time() - (_part(how, "since") % 100 days));
        bytes memory data = abi.encodeCall(
            IManufacturerManager.reportCompromise,
            (_world.personAt(who).account, since)
        );
        _count(_administer(_manager(which), data));
    }

    /// @dev Other roles and gates; the effect stays.
    function changeRule(uint256 who, uint256 which, uint256 how) external {
        address manager = _manager(which);
        (bytes32 eventType, IManufacturerManager.EventRule memory rule) = _ruleOf(manager, who);
        (uint96 all, ) = _world.rolesOf(manager);
        bool isOwnersAlone = rule.roles == 1 << 127;
        if (!isOwnersAlone) rule.roles = uint128(rule.roles ^ (_part(how, "roles") & _part(how, "fewer") & all));
        uint16 gate = [uint16(0), 0x02, 0x08, 0x0100][_part(how, "gate") % 4];
        rule.forbids = gate & rule.requires == 0 ? rule.forbids ^ gate : rule.forbids;
        _count(_administer(manager, abi.encodeCall(IManufacturerManager.setRule, (eventType, rule))));
    }

    /// @dev What an event type does to the condition is final.
    function changeEffect(uint256 who, uint256 which, uint256 how) external {
        address manager = _manager(which);
        (bytes32 eventType, IManufacturerManager.EventRule memory rule) = _ruleOf(manager, who);
        if (how % 2 == 0) rule.sets ^= 0x0100;
        else rule.clears ^= 0x0100;
        bool isSuccessful = _administer(manager, abi.encodeCall(IManufacturerManager.setRule, (eventType, rule)));
        vm.assertFalse(isSuccessful, "INV-17: the effect of an event type was changed");
        _count(true);
    }

    function changeOwnerGrantableRoles(uint256, uint256 which, uint256 how) external {
        address manager = _manager(which);
        (uint96 all, ) = _world.rolesOf(manager);
        uint96 roles = uint96(_part(how, "roles") | _part(how, "more")) & all;
        _count(_administer(manager, abi.encodeCall(IManufacturerManager.setOwnerGrantableRoles, (roles))));
    }

    function changeIssuingCap(uint256, uint256 which, uint256 how) external {
        uint32 perHour = uint32(_part(how, "cap") % 30);
        _count(_administer(_manager(which), abi.encodeCall(IManufacturerManager.setIssuingCap, (perHour))));
    }

    function changeIssuingLimit(uint256 who, uint256 which, uint256 how) external {
        address manager = _manager(which);
        uint32 perHour = uint32(_part(how, "limit") % 12);
        uint40 until = uint40(_world.time() + (_part(how, "until") % 100 days));
        bytes memory data = abi.encodeCall(
            IManufacturerManager.setIssuingLimit,
            (_world.issuerOf(manager, who), perHour, until)
        );
        _count(_administer(manager, data));
    }

    /// @dev Any that the registry lists.
    function changeFactory(uint256, uint256 which, uint256 how) external {
        address[] memory factories = IPassportRegistry(_world.registry()).factories();
        bytes memory data = abi.encodeCall(IManufacturerManager.setFactory, (factories[how % factories.length]));
        _count(_administer(_manager(which), data));
    }

    function _administer(address manager, bytes memory data) private returns (bool isSuccessful) {
        (isSuccessful, ) = _world.transact(_world.administratorOf(manager), manager, data);
    }

    function _ruleOf(
        address manager,
        uint256 seed
    ) private view returns (bytes32 eventType, IManufacturerManager.EventRule memory rule) {
        bytes32[] memory eventTypes = _ledger.eventTypesOf(manager);
        eventType = eventTypes[seed % eventTypes.length];
        rule = _ledger.ruleOf(manager, eventType);
    }

    /// @dev From now or soon, mostly for long.
    function _validity(uint256 how) private view returns (uint40 from, uint40 until) {
        uint256 time = _world.time();
        from = how % 4 == 0 ? uint40(time + (_part(how, "from") % 3 days)) : 0;
        until = uint40(time + 3 days + (_part(how, "until") % 300 days));
    }
}
