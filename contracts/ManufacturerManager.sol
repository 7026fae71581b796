// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControlDefaultAdminRules} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IDigitalPassport} from "./interfaces/IDigitalPassport.sol";
import {IDigitalPassportFactory} from "./interfaces/IDigitalPassportFactory.sol";
import {IManufacturerManager} from "./interfaces/IManufacturerManager.sol";
import {IPassportRegistry} from "./interfaces/IPassportRegistry.sol";
import {Conditions} from "./libraries/Conditions.sol";
import {EventRules} from "./libraries/EventRules.sol";
import {EventTypes} from "./libraries/EventTypes.sol";
import {IssuingLimits} from "./libraries/IssuingLimits.sol";
import {PassportHashing} from "./libraries/PassportHashing.sol";

/// @title A manufacturer's rules
/// @notice Specified in {IManufacturerManager}.
/// @dev A brand extends this contract and defines its roles, conditions and rules in its constructor, see
/// docs/add-a-brand.md.
abstract contract ManufacturerManager is IManufacturerManager, AccessControlDefaultAdminRules {
    using EventRules for EventRule;
    using IssuingLimits for IssuingLimit;

    /// @notice What a manufacturer decides when it deploys its manager.
    /// @param registry Registry that will admit the manager.
    /// @param factory Factory that deploys its passports.
    /// @param admin Administrator: a cold key or a Safe.
    /// @param guardian Guardian, who pauses; zero: nobody.
    /// @param adminDelay Seconds that a change of the administrator has to wait.
    struct Setup {
        address registry;
        address factory;
        address admin;
        address guardian;
        uint48 adminDelay;
    }

    /// @notice Pauses event types.
    bytes32 public constant GUARDIAN_ROLE = keccak256("GUARDIAN_ROLE");

    uint256 private constant MAX_PAUSE_DURATION = 7 days;
    uint256 private constant MAX_COMPROMISE_AGE = 90 days;

    bytes32 private constant OWNER_NAME = "OWNER";

    /// @dev The scope of a grant for all passports, in events.
    address private constant ALL_PASSPORTS = address(0);

    /// @inheritdoc IManufacturerManager
    address public immutable override registry;

    // One slot.
    /// @inheritdoc IManufacturerManager
    address public override factory;
    /// @inheritdoc IManufacturerManager
    uint96 public override ownerGrantableRoles;

    // One slot.
    /// @inheritdoc IManufacturerManager
    uint32 public override issuingCap;
    /// @inheritdoc IManufacturerManager
    uint32 public override issuingAllotted;
    /// @inheritdoc IManufacturerManager
    uint96 public override perPassportRoles;
    uint96 private _definedRoles;

    uint256 private _definedConditions = Conditions.NATIVE;

    /// @inheritdoc IManufacturerManager
    mapping(uint256 role => bytes32 name) public override roleNameOf;

    /// @inheritdoc IManufacturerManager
    mapping(uint256 condition => bytes32 name) public override conditionNameOf;

    /// @inheritdoc IManufacturerManager
    mapping(address verifier => bool isAccepted) public override isVerifierAccepted;

    uint256[] private _roles;
    bytes32[] private _eventTypes;
    mapping(bytes32 eventType => EventRule) private _rules;
    mapping(address attester => Grant) private _grants;
    mapping(address passport => mapping(address granter => mapping(address attester => Grant))) private _grantsFor;
    mapping(address issuer => IssuingLimit) private _issuingLimits;

    /// @notice A manager without roles and rules; its brand defines them.
    /// @param setup What the manufacturer decides.
    constructor(Setup memory setup) AccessControlDefaultAdminRules(setup.adminDelay, setup.admin) {
        registry = setup.registry;
        _setFactory(setup.factory);
        if (setup.guardian != address(0)) _grantRole(GUARDIAN_ROLE, setup.guardian);
        roleNameOf[EventRules.ROLE_OWNER] = OWNER_NAME;
    }

    // ------------------------------------------------------------------------------------------------------- issuing

    /// @inheritdoc IManufacturerManager
    function issue(
        string calldata productId,
        address owner,
        bytes32 document
    ) external override returns (address passport) {
        _consumeIssuingLimit(1);
        return IDigitalPassportFactory(factory).createPassport(productId, owner, document);
    }

    /// @inheritdoc IManufacturerManager
    function issueMany(Issuance[] calldata issuances) external override returns (address[] memory passports) {
        uint256 count = issuances.length;
        _consumeIssuingLimit(count);

        IDigitalPassportFactory factory_ = IDigitalPassportFactory(factory);
        passports = new address[](count);
        for (uint256 index = 0; index < count; ++index) {
            Issuance calldata issuance = issuances[index];
            passports[index] = factory_.createPassport(issuance.productId, issuance.owner, issuance.document);
        }
    }

    // ------------------------------------------------------------------------------------------------ administration

    /// @inheritdoc IManufacturerManager
    function setIssuingCap(uint32 perHour) external override onlyRole(DEFAULT_ADMIN_ROLE) {
        if (issuingAllotted > perHour) revert ManufacturerManagerCapExceeded(issuingAllotted, perHour);
        issuingCap = perHour;

        emit IssuingCapChanged(perHour);
    }

    /// @inheritdoc IManufacturerManager
    function setIssuingLimit(
        address issuer,
        uint32 perHour,
        uint40 validUntil
    ) external override onlyRole(DEFAULT_ADMIN_ROLE) {
        // Check: somebody, and what all issuers may issue in an hour stays within the cap.
        if (issuer == address(0)) revert ManufacturerManagerIssuerZero();
        IssuingLimit storage limit = _issuingLimits[issuer];
        uint256 allotted = uint256(issuingAllotted) - limit.perHour + perHour;
        if (allotted > issuingCap) revert ManufacturerManagerCapExceeded(allotted, issuingCap);

        // Effect: the cast is safe, the cap has 32 bits. What was taken out of the bucket stays taken out.
        issuingAllotted = uint32(allotted);
        (limit.perHour, limit.validUntil) = (perHour, validUntil);

        emit IssuingLimitChanged(issuer, perHour, validUntil);
    }

    /// @inheritdoc IManufacturerManager
    function setFactory(address factory_) external override onlyRole(DEFAULT_ADMIN_ROLE) {
        _setFactory(factory_);
    }

    /// @inheritdoc IManufacturerManager
    function setRule(bytes32 eventType, EventRule calldata rule) external override onlyRole(DEFAULT_ADMIN_ROLE) {
        _setRule(eventType, rule);
    }

    /// @inheritdoc IManufacturerManager
    function setOwnerGrantableRoles(uint96 roles) external override onlyRole(DEFAULT_ADMIN_ROLE) {
        _setOwnerGrantableRoles(roles);
    }

    /// @inheritdoc IManufacturerManager
    function setVerifier(address verifier, bool accepted) external override onlyRole(DEFAULT_ADMIN_ROLE) {
        if (accepted && verifier.code.length == 0) revert ManufacturerManagerVerifierWithoutCode(verifier);
        isVerifierAccepted[verifier] = accepted;

        emit VerifierChanged(verifier, accepted);
    }

    // --------------------------------------------------------------------------------------------------------- pause

    /// @inheritdoc IManufacturerManager
    function pause(bytes32 eventType, uint256 until) external override onlyRole(GUARDIAN_ROLE) {
        // Check: may be paused, for at most 7 days, and not within 7 days of the last pause.
        EventRule storage rule = _existingRule(eventType);
        if (!EventTypes.isPausable(eventType)) revert ManufacturerManagerEventTypeUnpausable(eventType);
        uint256 earliest = rule.pausedUntil == 0 ? 0 : rule.pausedUntil + MAX_PAUSE_DURATION;
        uint256 latest = block.timestamp + MAX_PAUSE_DURATION;
        if (block.timestamp < earliest || until < block.timestamp || until > latest) {
            revert ManufacturerManagerPauseRefused(eventType, until, earliest, latest);
        }

        // Effect: the cast is safe, `until` is at most 7 days away.
        rule.pausedUntil = uint64(until);

        emit EventTypePaused(eventType, msg.sender, until);
    }

    /// @inheritdoc IManufacturerManager
    function resume(bytes32 eventType) external override {
        // Check.
        if (!hasRole(DEFAULT_ADMIN_ROLE, msg.sender)) _checkRole(GUARDIAN_ROLE);
        EventRule storage rule = _existingRule(eventType);
        if (block.timestamp > rule.pausedUntil) revert ManufacturerManagerEventTypeNotPaused(eventType);

        // Effect: the pause ended a second ago, and the break begins.
        rule.pausedUntil = uint64(block.timestamp - 1);

        emit EventTypeResumed(eventType, msg.sender);
    }

    // -------------------------------------------------------------------------------------------------- stakeholders

    /// @inheritdoc IManufacturerManager
    function grant(
        address attester,
        uint96 roles,
        uint40 validFrom,
        uint40 validUntil
    ) public override onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireGrantable(roles, ~perPassportRoles);
        _writeGrant(_grants[attester], attester, roles, validFrom, validUntil);

        emit Granted(attester, ALL_PASSPORTS, address(this), roles, validFrom, validUntil);
    }

    /// @inheritdoc IManufacturerManager
    function grantFor(
        address passport,
        address attester,
        uint96 roles,
        uint40 validFrom,
        uint40 validUntil
    ) public override {
        address granter = _granterFor(passport);
        _requireGrantable(roles, granter == address(this) ? type(uint96).max : ownerGrantableRoles);
        _requireNotRevoked(attester);
        _writeGrant(_grantsFor[passport][granter][attester], attester, roles, validFrom, validUntil);

        emit Granted(attester, passport, granter, roles, validFrom, validUntil);
    }

    /// @inheritdoc IManufacturerManager
    function grantKey(
        bytes calldata signer,
        uint96 roles,
        uint40 validFrom,
        uint40 validUntil
    ) external override returns (address attester) {
        attester = _publishKey(signer);
        grant(attester, roles, validFrom, validUntil);
    }

    /// @inheritdoc IManufacturerManager
    function grantKeyFor(
        address passport,
        bytes calldata signer,
        uint96 roles,
        uint40 validFrom,
        uint40 validUntil
    ) external override returns (address attester) {
        attester = _publishKey(signer);
        grantFor(passport, attester, roles, validFrom, validUntil);
    }

    /// @inheritdoc IManufacturerManager
    function revoke(address attester) external override onlyRole(DEFAULT_ADMIN_ROLE) {
        _revoke(_grants[attester], attester);

        emit Revoked(attester, ALL_PASSPORTS, address(this));
    }

    /// @inheritdoc IManufacturerManager
    function revokeFor(address passport, address attester) external override {
        address granter = _granterFor(passport);
        _revoke(_grantsFor[passport][granter][attester], attester);

        emit Revoked(attester, passport, granter);
    }

    /// @inheritdoc IManufacturerManager
    function reportCompromise(address attester, uint40 since) external override onlyRole(DEFAULT_ADMIN_ROLE) {
        // Check: once, not in the future, and not so far back that a whole history could be disputed.
        Grant storage granted = _grants[attester];
        uint256 earliest = block.timestamp - MAX_COMPROMISE_AGE;
        if (granted.compromisedSince != 0 || since < earliest || since > block.timestamp) {
            revert ManufacturerManagerCompromiseRefused(attester, since, earliest, block.timestamp);
        }

        // Effect: a compromised attester is revoked as well.
        granted.compromisedSince = since;
        emit CompromiseReported(attester, since);
        if (granted.revokedAt == 0) {
            _revoke(granted, attester);
            emit Revoked(attester, ALL_PASSPORTS, address(this));
        }
    }

    // ------------------------------------------------------------------------------------------------- authorization

    /// @inheritdoc IManufacturerManager
    function authorize(
        bytes32 eventType,
        address attester,
        bool isOwner,
        uint256 condition
    ) external view virtual override returns (uint256 roles, uint256 newCondition) {
        // Check: the event type is known, not paused, and fits the condition.
        EventRule memory rule = _rules[eventType];
        if (rule.roles == 0) revert ManufacturerManagerEventTypeUnknown(eventType);
        if (block.timestamp <= rule.pausedUntil) revert ManufacturerManagerEventTypePaused(eventType, rule.pausedUntil);
        if (condition & rule.requires != rule.requires) {
            revert ManufacturerManagerConditionMissing(eventType, condition, rule.requires);
        }
        if (condition & rule.forbids != 0) {
            revert ManufacturerManagerConditionForbids(eventType, condition, rule.forbids);
        }

        // Check: the attester has a role for it.
        roles = _rolesAmong(rule.roles, msg.sender, attester, isOwner);
        if (roles == 0) {
            _requireNotRevoked(attester);
            revert ManufacturerManagerRoleMissing(eventType, attester, rule.roles);
        }

        newCondition = rule.conditionAfter(condition);
    }

    // --------------------------------------------------------------------------------------------------------- views

    /// @inheritdoc IManufacturerManager
    function ruleOf(bytes32 eventType) external view override returns (EventRule memory) {
        return _rules[eventType];
    }

    /// @inheritdoc IManufacturerManager
    function eventTypes() external view override returns (bytes32[] memory) {
        return _eventTypes;
    }

    /// @inheritdoc IManufacturerManager
    function roleNames() external view override returns (uint256[] memory roles, bytes32[] memory names) {
        roles = _roles;
        names = new bytes32[](roles.length);
        for (uint256 index = 0; index < roles.length; ++index) names[index] = roleNameOf[roles[index]];
    }

    /// @inheritdoc IManufacturerManager
    function grantOf(address attester) external view override returns (Grant memory) {
        return _grants[attester];
    }

    /// @inheritdoc IManufacturerManager
    function grantForOf(
        address passport,
        address granter,
        address attester
    ) external view override returns (Grant memory) {
        return _grantsFor[passport][granter][attester];
    }

    /// @inheritdoc IManufacturerManager
    function rolesOf(address passport, address attester) external view override returns (uint256) {
        if (_grants[attester].revokedAt != 0) return 0;
        return
            _rolesNow(_grants[attester]) |
            _rolesNow(_grantsFor[passport][address(this)][attester]) |
            _rolesFromOwner(passport, attester);
    }

    /// @inheritdoc IManufacturerManager
    function issuingLimitOf(address issuer) external view override returns (IssuingLimit memory) {
        return _issuingLimits[issuer];
    }

    /// @inheritdoc IManufacturerManager
    function issuableBy(address issuer) external view override returns (uint256) {
        return _issuingLimits[issuer].available();
    }

    // ------------------------------------------------------------------------------------------- for the constructor

    /// @notice Defines a role.
    /// @dev Call it in the constructor, before the rules.
    /// @param role One bit of 0 to 95.
    /// @param name ASCII name.
    /// @param perPassport Whether it is granted for single passports only, as a gateway's.
    function _defineRole(uint96 role, bytes32 name, bool perPassport) internal {
        bool isNameFree = EventTypes.isWellFormed(name) && name != OWNER_NAME;
        if (!_isSingleBit(role) || !isNameFree || roleNameOf[role] != bytes32(0)) {
            revert ManufacturerManagerRoleInvalid(role);
        }
        roleNameOf[role] = name;
        _roles.push(role);
        _definedRoles |= role;
        if (perPassport) perPassportRoles |= role;

        emit RoleDefined(role, name, perPassport);
    }

    /// @notice Defines a condition bit of the brand.
    /// @dev Call it in the constructor, before the rules.
    /// @param condition One bit of 8 to 15.
    /// @param name ASCII name.
    function _defineCondition(uint16 condition, bytes32 name) internal {
        bool isOfBrand = _isSingleBit(condition) && condition & Conditions.BRAND != 0;
        bool isNameFree = EventTypes.isWellFormed(name) && !Conditions.isNativeName(name);
        if (!isOfBrand || !isNameFree || conditionNameOf[condition] != bytes32(0)) {
            revert ManufacturerManagerConditionInvalid(condition);
        }
        conditionNameOf[condition] = name;
        _definedConditions |= condition;

        emit ConditionDefined(condition, name);
    }

    /// @dev Makes a rule, or changes the roles and gates of one.
    function _setRule(bytes32 eventType, EventRule memory rule) internal {
        // Check: a name of its own, a sound rule, the same effect as before.
        if (!EventTypes.isWellFormed(eventType) || EventTypes.isNative(eventType)) {
            revert ManufacturerManagerEventTypeInvalid(eventType);
        }
        if (!rule.isSound(_definedRoles | EventRules.ROLE_OWNER, _definedConditions)) {
            revert ManufacturerManagerRuleInvalid(eventType);
        }
        EventRule storage current = _rules[eventType];
        bool isNew = current.roles == 0;
        if (!isNew && (rule.sets != current.sets || rule.clears != current.clears)) {
            revert ManufacturerManagerEffectFinal(eventType, current.sets, current.clears);
        }

        // Effect: a change of the rule neither ends nor begins a pause.
        rule.pausedUntil = current.pausedUntil;
        _rules[eventType] = rule;
        if (isNew) _eventTypes.push(eventType);

        emit RuleChanged(eventType, rule.roles, rule.requires, rule.forbids, rule.sets, rule.clears);
    }

    /// @dev Sets which roles owners may grant for their own passports.
    function _setOwnerGrantableRoles(uint96 roles) internal {
        _requireGrantable(roles, type(uint96).max);
        ownerGrantableRoles = roles;

        emit OwnerGrantableRolesChanged(roles);
    }

    // -------------------------------------------------------------------------------------------------------- private

    function _setFactory(address factory_) private {
        if (IPassportRegistry(registry).implementationCodeHashOf(factory_) == bytes32(0)) {
            revert ManufacturerManagerFactoryNotListed(factory_);
        }
        factory = factory_;

        emit FactoryChanged(factory_);
    }

    function _consumeIssuingLimit(uint256 count) private {
        IssuingLimit storage limit = _issuingLimits[msg.sender];
        if (count == 0) revert ManufacturerManagerNothingToIssue();
        if (!limit.tryConsume(count)) {
            revert ManufacturerManagerLimitExceeded(msg.sender, count, limit.available());
        }

        emit PassportsIssued(msg.sender, count);
    }

    function _publishKey(bytes calldata signer) private returns (address attester) {
        address verifier = signer.length > 20 ? address(bytes20(signer)) : address(0);
        if (!isVerifierAccepted[verifier]) revert ManufacturerManagerVerifierNotAccepted(verifier);
        attester = PassportHashing.attesterOfSigner(signer);

        emit KeyGranted(attester, signer);
    }

    function _writeGrant(
        Grant storage granted,
        address attester,
        uint96 roles,
        uint40 validFrom,
        uint40 validUntil
    ) private {
        if (attester == address(0)) revert ManufacturerManagerAttesterZero();
        if (validUntil < validFrom) revert ManufacturerManagerValidityInvalid(validFrom, validUntil);
        if (granted.revokedAt != 0) revert ManufacturerManagerAttesterRevoked(attester, granted.revokedAt);

        (granted.roles, granted.validFrom, granted.validUntil) = (roles, validFrom, validUntil);
    }

    function _revoke(Grant storage granted, address attester) private {
        if (granted.revokedAt != 0) revert ManufacturerManagerAttesterRevoked(attester, granted.revokedAt);
        granted.revokedAt = SafeCast.toUint40(block.timestamp);
    }

    /// @dev In whose name the caller grants and revokes for one passport: this manager for the administrator, himself
    /// for the current owner.
    function _granterFor(address passport) private view returns (address granter) {
        bool isOurs =
            IPassportRegistry(registry).isPassport(passport) && IDigitalPassport(passport).manager() == address(this);
        if (!isOurs) revert ManufacturerManagerPassportForeign(passport);
        if (hasRole(DEFAULT_ADMIN_ROLE, msg.sender)) return address(this);
        if (IDigitalPassport(passport).owner() == msg.sender) return msg.sender;
        revert ManufacturerManagerNotAdministratorNorOwner(msg.sender, passport);
    }

    function _requireGrantable(uint96 roles, uint96 grantable) private view {
        uint96 refused = roles & ~(_definedRoles & grantable);
        if (refused != 0) revert ManufacturerManagerRolesNotGrantable(refused);
    }

    function _isSingleBit(uint256 bits) private pure returns (bool) {
        return bits != 0 && bits & (bits - 1) == 0;
    }

    function _requireNotRevoked(address attester) private view {
        uint256 revokedAt = _grants[attester].revokedAt;
        if (revokedAt != 0) revert ManufacturerManagerAttesterRevoked(attester, revokedAt);
    }

    function _existingRule(bytes32 eventType) private view returns (EventRule storage rule) {
        rule = _rules[eventType];
        if (rule.roles == 0) revert ManufacturerManagerEventTypeUnknown(eventType);
    }

    /// @dev Those of the `wanted` roles that an attester can act under now. The grants for one passport are read only
    /// where neither ownership nor the grant for all gives a role: most attesters have one of these, and an entry should
    /// cost them one slot. Revoking an owner leaves him his property.
    function _rolesAmong(
        uint256 wanted,
        address passport,
        address attester,
        bool isOwner
    ) private view returns (uint256 roles) {
        roles = isOwner ? wanted & EventRules.ROLE_OWNER : 0;
        Grant memory granted = _grants[attester];
        if (granted.revokedAt != 0) return roles;
        roles |= wanted & _rolesNow(granted);
        if (roles == 0) roles = wanted & _rolesNow(_grantsFor[passport][address(this)][attester]);
        if (roles == 0) roles = wanted & _rolesFromOwner(passport, attester);
    }

    /// @dev What a former owner granted does not count, nor what owners may no longer grant.
    function _rolesFromOwner(address passport, address attester) private view returns (uint256) {
        if (passport.code.length == 0) return 0;
        address owner = IDigitalPassport(passport).owner();
        return _rolesNow(_grantsFor[passport][owner][attester]) & ownerGrantableRoles;
    }

    function _rolesNow(Grant memory granted) private view returns (uint256) {
        bool isValid =
            granted.revokedAt == 0 && block.timestamp >= granted.validFrom && block.timestamp <= granted.validUntil;
        return isValid ? granted.roles : 0;
    }
}
