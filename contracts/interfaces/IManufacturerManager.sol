// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title A manufacturer's rules
/// @notice Says who may record which kind of event on the passports of one manufacturer, and issues them. Its rules are
/// data that everybody can read; what a rule does to the condition can never be changed.
/// @dev "The administrator" is the holder of DEFAULT_ADMIN_ROLE (a cold key or a Safe), "the guardian" of GUARDIAN_ROLE.
interface IManufacturerManager {
    /// @notice Who may record an event type, when, and what it does; one storage slot.
    /// @param roles Roles that may, one bit each; bit 127 is the current owner.
    /// @param requires Condition bits that must all be set.
    /// @param forbids Condition bits none of which may be set.
    /// @param sets Condition bits that the entry sets; write-once.
    /// @param clears Condition bits that the entry clears; write-once.
    /// @param pausedUntil Last second, Unix time, of the current or last pause.
    struct EventRule {
        uint128 roles;
        uint16 requires;
        uint16 forbids;
        uint16 sets;
        uint16 clears;
        uint64 pausedUntil;
    }

    /// @notice What an attester may do; one storage slot.
    /// @param roles Roles, one bit each (bits 0 to 95).
    /// @param validFrom First second, Unix time.
    /// @param validUntil Last second, Unix time.
    /// @param revokedAt Chain time of the revocation, final; 0: not revoked.
    /// @param compromisedSince Unix time since which entries of this attester are disputed; 0: never. Set once.
    struct Grant {
        uint96 roles;
        uint40 validFrom;
        uint40 validUntil;
        uint40 revokedAt;
        uint40 compromisedSince;
    }

    /// @notice A refilling bucket of passports; one storage slot.
    /// @param perHour Size of the bucket, and what flows back into it in an hour.
    /// @param validUntil Last second, Unix time, at which it may be used.
    /// @param fullAt Moment at which it is full again, Unix time in nanoseconds.
    struct IssuingLimit {
        uint32 perHour;
        uint40 validUntil;
        uint96 fullAt;
    }

    /// @notice One passport to issue.
    /// @param productId URL in the manufacturer's namespace.
    /// @param owner First owner.
    /// @param document sha2-256 digest of the MANUFACTURED document.
    struct Issuance {
        string productId;
        address owner;
        bytes32 document;
    }

    /// @notice Emitted once per call, beside the MANUFACTURED entries whose attester is this manager.
    event PassportsIssued(address indexed issuer, uint256 count);

    /// @notice Emitted when passports are from now on deployed by another factory.
    event FactoryChanged(address indexed factory);

    /// @notice Emitted when the cap of the manager changes.
    event IssuingCapChanged(uint256 perHour);

    /// @notice Emitted when an issuer's limit changes.
    event IssuingLimitChanged(address indexed issuer, uint256 perHour, uint256 validUntil);

    /// @notice Emitted when a role gets its name.
    event RoleDefined(uint256 indexed role, bytes32 indexed name, bool perPassport);

    /// @notice Emitted when a condition bit of the brand gets its name.
    event ConditionDefined(uint256 indexed condition, bytes32 indexed name);

    /// @notice Emitted when the roles change that owners may grant for their passports.
    event OwnerGrantableRolesChanged(uint256 roles);

    /// @notice Emitted when a rule is made or its roles and gates change.
    event RuleChanged(
        bytes32 indexed eventType,
        uint256 roles,
        uint256 requires,
        uint256 forbids,
        uint256 sets,
        uint256 clears
    );

    /// @notice Emitted when an event type is paused, until `pausedUntil`.
    event EventTypePaused(bytes32 indexed eventType, address indexed guardian, uint256 pausedUntil);

    /// @notice Emitted when a pause is ended before its time.
    event EventTypeResumed(bytes32 indexed eventType, address indexed account);

    /// @notice Emitted when an attester gets roles, or others.
    /// @param passport The one passport that the grant is for; zero: all passports of this manager.
    /// @param granter This manager, or the owner who granted for his passport.
    event Granted(
        address indexed attester,
        address indexed passport,
        address indexed granter,
        uint256 roles,
        uint256 validFrom,
        uint256 validUntil
    );

    /// @notice Emitted before {Granted} when the attester is a key: keeps the bytes that the attester is derived from.
    event KeyGranted(address indexed attester, bytes signer);

    /// @notice Emitted when a grant ends for good; `passport` zero: the attester as a whole.
    event Revoked(address indexed attester, address indexed passport, address indexed granter);

    /// @notice Emitted when entries of an attester since a time are disputed: those whose `recordedAt`, the chain's time
    /// at their recording, is not before `compromisedSince`.
    event CompromiseReported(address indexed attester, uint256 compromisedSince);

    /// @notice Emitted when a verifier contract of ERC-7913 keys is put on the list, or taken off it.
    event VerifierChanged(address indexed verifier, bool accepted);

    /// @notice Thrown when what all issuers together may issue per hour would exceed the cap.
    error ManufacturerManagerCapExceeded(uint256 allotted, uint256 cap);

    /// @notice Thrown when the issuer's bucket holds less than asked for, or has expired.
    error ManufacturerManagerLimitExceeded(address issuer, uint256 count, uint256 available);

    /// @notice Thrown when the zero address would be an issuer.
    error ManufacturerManagerIssuerZero();

    /// @notice Thrown when nothing is to be issued.
    error ManufacturerManagerNothingToIssue();

    /// @notice Thrown when the factory is not listed in the registry.
    error ManufacturerManagerFactoryNotListed(address factory);

    /// @notice Thrown when a role is not one single bit of 0 to 95, is defined already, or would bear no name of its own.
    error ManufacturerManagerRoleInvalid(uint256 role);

    /// @notice Thrown when roles are named that do not exist, or that cannot be granted this way.
    error ManufacturerManagerRolesNotGrantable(uint256 roles);

    /// @notice Thrown when a condition bit is not one single bit of 8 to 15, is defined already, or would bear no name of
    /// its own.
    error ManufacturerManagerConditionInvalid(uint256 condition);

    /// @notice Thrown when a rule is made for a native or malformed event type.
    error ManufacturerManagerEventTypeInvalid(bytes32 eventType);

    /// @notice Thrown when a rule names undefined bits, contradicts itself or would do what only the passport may.
    error ManufacturerManagerRuleInvalid(bytes32 eventType);

    /// @notice Thrown when a rule would change what its event type does to the condition.
    error ManufacturerManagerEffectFinal(bytes32 eventType, uint256 sets, uint256 clears);

    /// @notice Thrown when there is no rule for the event type.
    error ManufacturerManagerEventTypeUnknown(bytes32 eventType);

    /// @notice Thrown while the event type is paused.
    error ManufacturerManagerEventTypePaused(bytes32 eventType, uint256 pausedUntil);

    /// @notice Thrown when the event type can never be paused.
    error ManufacturerManagerEventTypeUnpausable(bytes32 eventType);

    /// @notice Thrown when a pause would be longer than 7 days, in the past, or too soon after the last one.
    error ManufacturerManagerPauseRefused(bytes32 eventType, uint256 until, uint256 earliest, uint256 latest);

    /// @notice Thrown when the event type is not paused.
    error ManufacturerManagerEventTypeNotPaused(bytes32 eventType);

    /// @notice Thrown when the passport's condition lacks a required bit.
    error ManufacturerManagerConditionMissing(bytes32 eventType, uint256 condition, uint256 required);

    /// @notice Thrown when the passport's condition has a forbidden bit.
    error ManufacturerManagerConditionForbids(bytes32 eventType, uint256 condition, uint256 forbidden);

    /// @notice Thrown when the attester holds none of the roles of the rule.
    error ManufacturerManagerRoleMissing(bytes32 eventType, address attester, uint256 roles);

    /// @notice Thrown when the attester is revoked.
    error ManufacturerManagerAttesterRevoked(address attester, uint256 revokedAt);

    /// @notice Thrown when the zero address would be granted something.
    error ManufacturerManagerAttesterZero();

    /// @notice Thrown when a grant would end before it begins.
    error ManufacturerManagerValidityInvalid(uint256 validFrom, uint256 validUntil);

    /// @notice Thrown when a grant for one passport is made or revoked by neither the administrator nor its owner.
    error ManufacturerManagerNotAdministratorNorOwner(address account, address passport);

    /// @notice Thrown when the address is not a registered passport of this manager.
    error ManufacturerManagerPassportForeign(address passport);

    /// @notice Thrown when a key is granted whose verifier is not on the list.
    error ManufacturerManagerVerifierNotAccepted(address verifier);

    /// @notice Thrown when a verifier without code is put on the list.
    error ManufacturerManagerVerifierWithoutCode(address verifier);

    /// @notice Thrown when a compromise is reported twice, in the future, or for more than 90 days back.
    error ManufacturerManagerCompromiseRefused(address attester, uint256 since, uint256 earliest, uint256 latest);

    /// @notice Issues a passport. Only an issuer within his limit.
    /// @return passport Address of the passport.
    function issue(string calldata productId, address owner, bytes32 document) external returns (address passport);

    /// @notice Issues several passports, all or none. Only an issuer within his limit.
    /// @return passports Addresses in the order of `issuances`.
    function issueMany(Issuance[] calldata issuances) external returns (address[] memory passports);

    /// @notice Sets how many passports per hour all issuers together may be allowed. Only the administrator.
    /// @param perHour Passports per hour; not less than is allotted.
    function setIssuingCap(uint32 perHour) external;

    /// @notice Sets who may issue how many passports per hour, within the cap. Only the administrator.
    /// @param issuer The issuer.
    /// @param perHour Passports per hour; 0: none.
    /// @param validUntil Last second, Unix time.
    function setIssuingLimit(address issuer, uint32 perHour, uint40 validUntil) external;

    /// @notice Changes the factory, and with it the version, of passports to come. Only the administrator.
    /// @param factory A factory that the registry lists.
    function setFactory(address factory) external;

    /// @notice Makes a rule, or changes the roles and gates of one. Only the administrator.
    /// @param eventType ASCII name: capital letters, digits and underscores, left-aligned; not native.
    /// @param rule The rule; `sets` and `clears` as before if there was one; `pausedUntil` is ignored.
    function setRule(bytes32 eventType, EventRule calldata rule) external;

    /// @notice Sets which roles owners may grant for their own passports. Only the administrator.
    function setOwnerGrantableRoles(uint96 roles) external;

    /// @notice Puts a verifier of ERC-7913 keys on the list, or takes it off; keys granted before keep their grants.
    /// Only the administrator.
    function setVerifier(address verifier, bool accepted) external;

    /// @notice Pauses an event type, at most 7 days, then not for 7 days. Only the guardian; never STOLEN, RECOVERED,
    /// RECALLED, CORRECTED or REVOKED.
    /// @param until Last second, Unix time, of the pause.
    function pause(bytes32 eventType, uint256 until) external;

    /// @notice Ends a pause. Only the guardian or the administrator.
    function resume(bytes32 eventType) external;

    /// @notice Grants roles for all passports of this manager; replaces the grant before. Only the administrator.
    /// @param attester Account, contract wallet or derived address.
    /// @param roles Roles; none that is granted for single passports only.
    /// @param validFrom First second, Unix time.
    /// @param validUntil Last second, Unix time.
    function grant(address attester, uint96 roles, uint40 validFrom, uint40 validUntil) external;

    /// @notice Grants roles for one passport; replaces the caller's grant before. The administrator (all roles), or the
    /// current owner of the passport (owner-grantable roles; counts while he owns the product, also if he sells it and
    /// buys it back).
    function grantFor(address passport, address attester, uint96 roles, uint40 validFrom, uint40 validUntil) external;

    /// @notice {grant} to a key in ERC-7913 form. Only the administrator.
    /// @param signer `verifier (20 bytes) | key`, the verifier on the list.
    /// @return attester Derived address of the key.
    function grantKey(
        bytes calldata signer,
        uint96 roles,
        uint40 validFrom,
        uint40 validUntil
    ) external returns (address attester);

    /// @notice {grantFor} to a key in ERC-7913 form. The administrator or the current owner of the passport.
    /// @return attester Derived address of the key.
    function grantKeyFor(
        address passport,
        bytes calldata signer,
        uint96 roles,
        uint40 validFrom,
        uint40 validUntil
    ) external returns (address attester);

    /// @notice Revokes an attester as a whole, for good: no grant counts any more. Only the administrator.
    function revoke(address attester) external;

    /// @notice Revokes the caller's grant for one passport, for good. The administrator or the current owner.
    function revokeFor(address passport, address attester) external;

    /// @notice Revokes an attester and disputes his entries since a time. Only the administrator, once per attester.
    /// @param since Unix time, at most 90 days back.
    function reportCompromise(address attester, uint40 since) external;

    /// @notice Asked by a passport before it records an entry: reverts unless the attester may.
    /// @param eventType Event type of the entry.
    /// @param attester Its attester; the passport has checked his transaction or signature.
    /// @param isOwner Whether he is the current owner.
    /// @param condition Condition of the passport before the entry.
    /// @return roles Roles under which he may.
    /// @return newCondition Condition after the entry.
    function authorize(
        bytes32 eventType,
        address attester,
        bool isOwner,
        uint256 condition
    ) external view returns (uint256 roles, uint256 newCondition);

    /// @notice Registry that this manager's passports are entered in.
    function registry() external view returns (address);

    /// @notice Factory that deploys the passports to come.
    function factory() external view returns (address);

    /// @notice Rule of an event type; zeros without one.
    function ruleOf(bytes32 eventType) external view returns (EventRule memory);

    /// @notice All event types that have a rule, in the order of their making.
    function eventTypes() external view returns (bytes32[] memory);

    /// @notice All roles, one bit each, with their names.
    function roleNames() external view returns (uint256[] memory roles, bytes32[] memory names);

    /// @notice Name of a role, ASCII, left-aligned; zero if it is not defined. Bit 127 is "OWNER".
    function roleNameOf(uint256 role) external view returns (bytes32);

    /// @notice Roles that are granted for single passports only.
    function perPassportRoles() external view returns (uint96);

    /// @notice Roles that an owner may grant for his passport.
    function ownerGrantableRoles() external view returns (uint96);

    /// @notice Name of a condition bit of the brand, ASCII, left-aligned; zero if it is not defined.
    function conditionNameOf(uint256 condition) external view returns (bytes32);

    /// @notice Grant of an attester for all passports. Its `revokedAt` and `compromisedSince` count everywhere.
    function grantOf(address attester) external view returns (Grant memory);

    /// @notice Grant for one passport.
    /// @param granter This manager, or the owner who granted.
    function grantForOf(address passport, address granter, address attester) external view returns (Grant memory);

    /// @notice Roles that an attester can act under on a passport now, without that of the owner.
    function rolesOf(address passport, address attester) external view returns (uint256);

    /// @notice Passports per hour that all issuers together may be allowed.
    function issuingCap() external view returns (uint32);

    /// @notice Passports per hour that all issuers together are allowed now.
    function issuingAllotted() external view returns (uint32);

    /// @notice Limit of an issuer.
    function issuingLimitOf(address issuer) external view returns (IssuingLimit memory);

    /// @notice Passports that an issuer could issue now.
    function issuableBy(address issuer) external view returns (uint256);

    /// @notice Whether keys of this ERC-7913 verifier may be granted.
    function isVerifierAccepted(address verifier) external view returns (bool);
}
