// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControlDefaultAdminRules} from "@openzeppelin/contracts/access/extensions/IAccessControlDefaultAdminRules.sol";
import {DigitalPassport} from "../../contracts/DigitalPassport.sol";
import {DigitalPassportFactory} from "../../contracts/DigitalPassportFactory.sol";
import {IManufacturerManager} from "../../contracts/interfaces/IManufacturerManager.sol";
import {ManufacturerManager} from "../../contracts/ManufacturerManager.sol";
import {SecondBrandManager} from "../../contracts/mocks/SecondBrandManager.sol";
import {PassportRegistry} from "../../contracts/PassportRegistry.sol";
import {bound} from "../support/Bound.sol";
import {vm} from "../support/Vm.sol";

/// @dev A brand that defines what it is told to.
contract AnyBrand is ManufacturerManager {
    constructor(
        Setup memory setup,
        uint96[] memory roles,
        bytes32[] memory roleNames_,
        uint16[] memory conditions,
        bytes32[] memory conditionNames
    ) ManufacturerManager(setup) {
        for (uint256 index = 0; index < roles.length; ++index) _defineRole(roles[index], roleNames_[index], false);
        for (uint256 index = 0; index < conditions.length; ++index) {
            _defineCondition(conditions[index], conditionNames[index]);
        }
    }
}

/// @dev What a brand may define: single bits of its own, each once, with names that can be read.
contract BrandDefinitionsTest {
    PassportRegistry private _registry;
    ManufacturerManager.Setup private _setup;

    function setUp() public {
        _registry = new PassportRegistry(0, address(this));
        _registry.grantRole(_registry.LISTING_ROLE(), address(this));
        DigitalPassportFactory factory = new DigitalPassportFactory(address(_registry));
        _registry.listFactory(address(factory));
        _setup = ManufacturerManager.Setup(address(_registry), address(factory), address(this), address(this), 0);
    }

    function testFuzz_defineRole_anyTwo_takesSingleBitsOnce(uint96 first, uint96 second, uint8 bit, uint8 kind) public {
        // Next to no number is a single bit: most are made one.
        if (kind & 1 == 0) first = uint96(1) << (bit % 96);
        if (kind & 2 == 0) second = uint96(1) << ((bit >> 2) % 96);
        bool isFirstTaken = _isSingleBit(first);
        bool isSecondTaken = _isSingleBit(second) && second != first;
        if (!isFirstTaken) _expectRoleInvalid(first);
        else if (!isSecondTaken) _expectRoleInvalid(second);
        AnyBrand brand = _brand(first, second, "FIRST", "SECOND");
        if (!isFirstTaken || !isSecondTaken) return;

        (uint256[] memory roles, bytes32[] memory names) = brand.roleNames();
        vm.assertEq(roles.length, 2, "number of roles");
        vm.assertEq(roles[0] | (roles[1] << 96), first | (uint256(second) << 96), "roles");
        vm.assertEq(names[0], "FIRST", "name of the first");
        vm.assertEq(brand.roleNameOf(second), "SECOND", "name of the second");
    }

    function testFuzz_defineCondition_anyBits_takesSingleBitsOfBrands(uint16 condition, uint8 kind) public {
        if (kind & 1 == 0) condition = uint16(1) << (kind >> 4);
        bool isTaken = _isSingleBit(condition) && condition > 0xff;
        uint16[] memory conditions = new uint16[](1);
        bytes32[] memory names = new bytes32[](1);
        (conditions[0], names[0]) = (condition, "CONDITION");
        if (!isTaken) _expectConditionInvalid(condition);
        AnyBrand brand = _brandOf(conditions, names);
        if (isTaken) vm.assertEq(brand.conditionNameOf(condition), "CONDITION", "name");
    }

    /// @dev A role that is granted must not read like ownership.
    function test_defineRole_malformedNameOrThatOfTheOwner_isRefused() public {
        bytes32[5] memory names = [bytes32(0), "first", "1ST", "FIRST ROLE", "OWNER"];
        for (uint256 index = 0; index < names.length; ++index) {
            _expectRoleInvalid(1);
            _brand(1, 2, names[index], "SECOND");
        }
    }

    function test_defineCondition_twiceOrMalformedName_isRefused() public {
        uint16[] memory conditions = new uint16[](2);
        bytes32[] memory names = new bytes32[](2);
        (conditions[0], conditions[1], names[0], names[1]) = (0x0100, 0x0100, "FIRST", "SECOND");
        _expectConditionInvalid(0x0100);
        _brandOf(conditions, names);
        (conditions[1], names[1]) = (0x0200, "Second");
        _expectConditionInvalid(0x0200);
        _brandOf(conditions, names);
    }

    function test_defineCondition_nameOfThePassportsOwn_isRefused() public {
        bytes32[5] memory native = [bytes32("ISSUED"), "LOCKED", "STOLEN", "RETIRED", "SUPERSEDED"];
        uint16[] memory conditions = new uint16[](1);
        bytes32[] memory names = new bytes32[](1);
        conditions[0] = 0x0100;
        for (uint256 index = 0; index < native.length; ++index) {
            names[0] = native[index];
            _expectConditionInvalid(0x0100);
            _brandOf(conditions, names);
        }
    }

    function test_constructor_factoryThatIsNotListed_isRefused() public {
        _setup.factory = address(new DigitalPassportFactory(address(_registry)));
        vm.expectRevert(
            abi.encodeWithSelector(IManufacturerManager.ManufacturerManagerFactoryNotListed.selector, _setup.factory)
        );
        _brand(1, 2, "FIRST", "SECOND");
    }

    function test_constructor_noAdministrator_isRefused() public {
        _setup.admin = address(0);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccessControlDefaultAdminRules.AccessControlInvalidDefaultAdmin.selector,
                address(0)
            )
        );
        _brand(1, 2, "FIRST", "SECOND");
    }

    function test_constructor_noGuardian_namesNoneUntilTheAdministratorDoes() public {
        _setup.guardian = address(0);
        AnyBrand brand = _brand(1, 2, "FIRST", "SECOND");
        vm.assertFalse(brand.hasRole(brand.GUARDIAN_ROLE(), address(0)), "the zero address is no guardian");
        brand.grantRole(brand.GUARDIAN_ROLE(), address(0xa1));
        vm.assertTrue(brand.hasRole(brand.GUARDIAN_ROLE(), address(0xa1)), "named later");
    }

    function _brand(uint96 first, uint96 second, bytes32 firstName, bytes32 secondName) private returns (AnyBrand) {
        uint96[] memory roles = new uint96[](2);
        bytes32[] memory names = new bytes32[](2);
        (roles[0], roles[1], names[0], names[1]) = (first, second, firstName, secondName);
        return new AnyBrand(_setup, roles, names, new uint16[](0), new bytes32[](0));
    }

    function _brandOf(uint16[] memory conditions, bytes32[] memory names) private returns (AnyBrand) {
        return new AnyBrand(_setup, new uint96[](0), new bytes32[](0), conditions, names);
    }

    function _expectRoleInvalid(uint256 role) private {
        vm.expectRevert(abi.encodeWithSelector(IManufacturerManager.ManufacturerManagerRoleInvalid.selector, role));
    }

    function _expectConditionInvalid(uint256 condition) private {
        vm.expectRevert(
            abi.encodeWithSelector(IManufacturerManager.ManufacturerManagerConditionInvalid.selector, condition)
        );
    }

    function _isSingleBit(uint256 bits) private pure returns (bool) {
        uint256 count = 0;
        for (uint256 bit = 0; bit < 96; ++bit) count += (bits >> bit) & 1;
        return count == 1;
    }
}

/// @dev Plays any history of grants, revocations, sales, pauses, changed rules and waits with four people and two
/// passports, each of whom may own and attest, and compares every answer with a model that is as plain as possible:
/// all grants that exist, looked through one by one.
///
/// What must hold at every step:
/// M1 An entry is recorded exactly if the model says that this attester may record it now.
/// M2 The roles of a recorded entry are roles of the rule that the attester has, and at least one.
/// M3 The condition afterwards is what the rule says, and otherwise unchanged.
/// M4 `rolesOf` is the union of all grants that count.
/// M5 A grant or revocation is taken exactly if nothing was revoked before it.
contract ManufacturerManagerTest {
    /// @dev A grant as the model keeps it.
    struct Given {
        uint96 roles;
        uint40 validFrom;
        uint40 validUntil;
        bool isRevoked;
    }

    uint256 private constant START = 1_800_000_000;
    uint128 private constant OWNER = 1 << 127;
    uint96 private constant DEALER = 1 << 0;
    uint96 private constant WORKSHOP = 1 << 1;
    uint96 private constant TRACKER = 1 << 2;
    uint96 private constant ALL_ROLES = DEALER | WORKSHOP | TRACKER;
    uint16 private constant ISSUED = 0x01;
    uint16 private constant STOLEN = 0x04;
    uint16 private constant RETIRED = 0x08;
    uint16 private constant ROADWORTHY = 0x0100;

    SecondBrandManager private _manager;
    DigitalPassport[2] private _passports;
    address[4] private _people = [address(0xa1), address(0xa2), address(0xa3), address(0xa4)];
    bytes32[7] private _eventTypes = [
        bytes32("BUILT_UP"),
        "TUNED",
        "CRASHED",
        "RIDDEN",
        "STOLEN",
        "RECOVERED",
        "SCRAPPED"
    ];

    mapping(bytes32 eventType => IManufacturerManager.EventRule) private _rules;
    mapping(address attester => Given) private _givenForAll;
    mapping(address passport => mapping(address granter => mapping(address attester => Given))) private _givenFor;
    uint96 private _ownerGrantable = WORKSHOP | TRACKER;
    uint256 private _recorded;
    uint256 private _refused;

    function setUp() public {
        vm.warp(START);
        PassportRegistry registry = new PassportRegistry(0, address(this));
        registry.grantRole(registry.ADMISSION_ROLE(), address(this));
        registry.grantRole(registry.LISTING_ROLE(), address(this));
        DigitalPassportFactory factory = new DigitalPassportFactory(address(registry));
        registry.listFactory(address(factory));
        _manager = new SecondBrandManager(
            ManufacturerManager.Setup(address(registry), address(factory), address(this), address(this), 0)
        );
        registry.admitManufacturer("https://bicycles.example/", address(_manager));
        _manager.setIssuingCap(2);
        _manager.setIssuingLimit(address(this), 2, type(uint40).max);
        _passports[0] = DigitalPassport(_manager.issue("https://bicycles.example/1", _people[0], "document"));
        _passports[1] = DigitalPassport(_manager.issue("https://bicycles.example/2", _people[1], "document"));

        _rules["BUILT_UP"] = _rule(DEALER, ISSUED, RETIRED, ROADWORTHY, 0);
        _rules["TUNED"] = _rule(DEALER | WORKSHOP, ISSUED | ROADWORTHY, RETIRED, 0, 0);
        _rules["CRASHED"] = _rule(OWNER | WORKSHOP, ISSUED, RETIRED, 0, ROADWORTHY);
        _rules["RIDDEN"] = _rule(TRACKER, ISSUED, RETIRED, 0, 0);
        _rules["STOLEN"] = _rule(OWNER, ISSUED, STOLEN | RETIRED, STOLEN, 0);
        _rules["RECOVERED"] = _rule(OWNER, ISSUED | STOLEN, 0, 0, STOLEN);
        _rules["SCRAPPED"] = _rule(OWNER | WORKSHOP, ISSUED, RETIRED, RETIRED, ROADWORTHY);
    }

    /// hardhat-config: fuzz.runs = 200
    function testFuzz_attest_anyHistory_agreesWithTheModel(uint256[32] memory seeds) public {
        for (uint256 index = 0; index < seeds.length; ++index) {
            uint256 seed = uint256(keccak256(abi.encode(seeds[index], index)));
            _act(seed % 10, seed >> 8);
            _attest(_passports[(seed >> 64) % 2], _people[(seed >> 72) % 4], _eventTypes[(seed >> 80) % 7]);
        }
    }

    /// @dev The fuzz test above would pass if everything were always refused: a fixed history, where both answers are seen.
    function test_attest_fixedHistory_isRecordedAndRefused() public {
        for (uint256 index = 0; index < 200; ++index) {
            uint256 seed = uint256(keccak256(abi.encode("fixed", index)));
            // Neither revocations nor scrapping, which end a life too soon.
            _act((seed % 10) % 4, seed >> 8);
            _attest(_passports[(seed >> 64) % 2], _people[(seed >> 72) % 4], _eventTypes[(seed >> 80) % 6]);
        }
        vm.assertTrue(_recorded > 20, "recorded");
        vm.assertTrue(_refused > 20, "refused");
    }

    // ------------------------------------------------------------------------------------------------------- actions

    function _act(uint256 action, uint256 seed) private {
        address person = _people[seed % 4];
        DigitalPassport passport = _passports[(seed >> 8) % 2];
        if (action == 0) _grantForAll(person, seed >> 16);
        else if (action == 1) _grantForOne(passport, address(_manager), person, seed >> 16);
        else if (action == 2) _grantForOne(passport, passport.owner(), person, seed >> 16);
        else if (action == 3) vm.warp(block.timestamp + ((seed >> 16) % 2 days));
        else if (action == 4) _sell(passport, person);
        else if (action == 5) _revokeForOne(passport, (seed >> 16) % 2 == 0, person);
        else if (action == 6 && (seed >> 16) % 4 == 0) _revoke(person);
        else if (action == 7) _changeOwnerGrantable(uint96(seed >> 16) & ALL_ROLES);
        else if (action == 8) _changeRule(seed >> 16);
        else _pauseOrResume(_eventTypes[(seed >> 16) % 4]);
    }

    function _grantForAll(address person, uint256 seed) private {
        (uint96 roles, uint40 from, uint40 until) = _grantFrom(seed, DEALER | WORKSHOP);
        Given storage given = _givenForAll[person];
        try _manager.grant(person, roles, from, until) {
            vm.assertFalse(given.isRevoked, "M5: granted");
            (given.roles, given.validFrom, given.validUntil) = (roles, from, until);
        } catch {
            vm.assertTrue(given.isRevoked, "M5: not granted");
        }
    }

    function _grantForOne(DigitalPassport passport, address granter, address person, uint256 seed) private {
        uint96 grantable = granter == address(_manager) ? ALL_ROLES : _ownerGrantable;
        (uint96 roles, uint40 from, uint40 until) = _grantFrom(seed, grantable);
        Given storage given = _givenFor[address(passport)][granter][person];
        bool isRevoked = given.isRevoked || _givenForAll[person].isRevoked;
        if (granter != address(_manager)) vm.prank(granter);
        try _manager.grantFor(address(passport), person, roles, from, until) {
            vm.assertFalse(isRevoked, "M5: granted for one passport");
            (given.roles, given.validFrom, given.validUntil) = (roles, from, until);
        } catch {
            vm.assertTrue(isRevoked, "M5: not granted for one passport");
        }
    }

    function _revoke(address person) private {
        Given storage given = _givenForAll[person];
        try _manager.revoke(person) {
            vm.assertFalse(given.isRevoked, "M5: revoked");
            given.isRevoked = true;
        } catch {
            vm.assertTrue(given.isRevoked, "M5: not revoked");
        }
    }

    function _revokeForOne(DigitalPassport passport, bool isAdministrator, address person) private {
        address granter = isAdministrator ? address(_manager) : passport.owner();
        Given storage given = _givenFor[address(passport)][granter][person];
        if (!isAdministrator) vm.prank(granter);
        try _manager.revokeFor(address(passport), person) {
            vm.assertFalse(given.isRevoked, "M5: revoked for one passport");
            given.isRevoked = true;
        } catch {
            vm.assertTrue(given.isRevoked, "M5: not revoked for one passport");
        }
    }

    /// @dev Ownership never asks the manager: it changes hands whatever was granted, revoked or paused.
    function _sell(DigitalPassport passport, address buyer) private {
        if (passport.condition() & STOLEN != 0) return;
        vm.prank(passport.owner());
        passport.offerOwnership(buyer, "document", block.timestamp);
        bytes32 head = passport.head();
        vm.prank(buyer);
        passport.acceptOwnership("document", head);
        vm.assertEq(passport.owner(), buyer, "sold");
    }

    function _changeOwnerGrantable(uint96 roles) private {
        _manager.setOwnerGrantableRoles(roles);
        _ownerGrantable = roles;
    }

    /// @dev Other roles and gates for an event type without effect, whose rule any bits fit.
    function _changeRule(uint256 seed) private {
        IManufacturerManager.EventRule storage rule = _rules["TUNED"];
        rule.roles = uint128(seed & ALL_ROLES) | DEALER | (seed & 8 == 0 ? OWNER : 0);
        rule.requires = ISSUED | (seed & 16 == 0 ? ROADWORTHY : 0);
        rule.forbids = seed & 32 == 0 ? RETIRED : 0;
        _manager.setRule("TUNED", rule);
    }

    function _pauseOrResume(bytes32 eventType) private {
        IManufacturerManager.EventRule storage rule = _rules[eventType];
        if (block.timestamp <= rule.pausedUntil) {
            _manager.resume(eventType);
            rule.pausedUntil = uint64(block.timestamp - 1);
        } else if (rule.pausedUntil == 0 || block.timestamp >= rule.pausedUntil + 7 days) {
            _manager.pause(eventType, block.timestamp + 1 days);
            rule.pausedUntil = uint64(block.timestamp + 1 days);
        }
    }

    // -------------------------------------------------------------------------------------------------------- checks

    function _attest(DigitalPassport passport, address person, bytes32 eventType) private {
        IManufacturerManager.EventRule memory rule = _rules[eventType];
        uint256 condition = passport.condition();
        uint256 granted = _rolesInModel(passport, person);
        uint256 held = granted | (passport.owner() == person ? OWNER : 0);
        vm.assertEq(_manager.rolesOf(address(passport), person), granted, "M4");

        bool fits = condition & rule.requires == rule.requires && condition & rule.forbids == 0;
        bool isExpected = held & rule.roles != 0 && fits && block.timestamp > rule.pausedUntil;
        uint256 roles = _rolesAnswered(passport, person, eventType, condition);
        vm.prank(person);
        try passport.attest(eventType, "document") {
            vm.assertTrue(isExpected, "M1: recorded");
            vm.assertTrue(roles != 0 && roles & ~(held & rule.roles) == 0, "M2");
            vm.assertEq(passport.condition(), (condition & ~uint256(rule.clears)) | rule.sets, "M3");
            ++_recorded;
        } catch {
            vm.assertFalse(isExpected, "M1: refused");
            vm.assertEq(passport.condition(), condition, "M3: refused");
            ++_refused;
        }
    }

    function _rolesAnswered(
        DigitalPassport passport,
        address person,
        bytes32 eventType,
        uint256 condition
    ) private returns (uint256) {
        bool isOwner = passport.owner() == person;
        vm.prank(address(passport));
        try _manager.authorize(eventType, person, isOwner, condition) returns (uint256 roles, uint256) {
            return roles;
        } catch {
            return 0;
        }
    }

    function _rolesInModel(DigitalPassport passport, address person) private view returns (uint256) {
        if (_givenForAll[person].isRevoked) return 0;
        uint96 byOwner = _inForce(_givenFor[address(passport)][passport.owner()][person]) & _ownerGrantable;
        uint96 byManager = _inForce(_givenFor[address(passport)][address(_manager)][person]);
        return _inForce(_givenForAll[person]) | byManager | byOwner;
    }

    function _inForce(Given storage given) private view returns (uint96) {
        bool isInForce = !given.isRevoked && block.timestamp >= given.validFrom && block.timestamp <= given.validUntil;
        return isInForce ? given.roles : 0;
    }

    /// @dev Roles among the grantable ones; in force from now or soon, mostly for long.
    function _grantFrom(uint256 seed, uint96 grantable) private view returns (uint96, uint40, uint40) {
        uint256 from = seed % 3 == 0 ? block.timestamp + ((seed >> 8) % 1 days) : 0;
        uint256 until = bound(seed >> 32, block.timestamp + 1 days, block.timestamp + 30 days);
        return (uint96(seed >> 128) & grantable, uint40(from), uint40(until));
    }

    function _rule(
        uint128 roles,
        uint16 requires,
        uint16 forbids,
        uint16 sets,
        uint16 clears
    ) private pure returns (IManufacturerManager.EventRule memory) {
        return IManufacturerManager.EventRule(roles, requires, forbids, sets, clears, 0);
    }
}
