// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC7913P256Verifier} from "@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913P256Verifier.sol";
import {DigitalPassportFactory} from "../../contracts/DigitalPassportFactory.sol";
import {IDigitalPassportFactory} from "../../contracts/interfaces/IDigitalPassportFactory.sol";
import {PassportHashing} from "../../contracts/libraries/PassportHashing.sol";
import {ManufacturerManager} from "../../contracts/ManufacturerManager.sol";
import {Erc1271Wallet} from "../../contracts/mocks/Erc1271Wallet.sol";
import {HostileContract} from "../../contracts/mocks/HostileContract.sol";
import {SecondBrandManager} from "../../contracts/mocks/SecondBrandManager.sol";
import {PassportRegistry} from "../../contracts/PassportRegistry.sol";
import {ReadingsAnchor} from "../../contracts/ReadingsAnchor.sol";
import {WEGManager} from "../../contracts/WEGManager.sol";
import {vm, ICheatcodes} from "../support/Vm.sol";
import {Ledger} from "./Ledger.sol";
import {issuanceOf} from "./Statements.sol";

/// @dev Somebody who attests, owns and holds locks. `signer` is empty unless he is a key in ERC-7913 form.
struct Person {
    address account;
    Kind kind;
    uint256 key;
    bytes signer;
}

/// @dev What an attester can be.
enum Kind {
    Account,
    Wallet,
    Key
}

/// @dev A signed call that anybody may submit. `sequence` 0: any position; `deadline` is the last second.
// solhint-disable-next-line gas-struct-packing
struct SignedCall {
    address passport;
    bytes data;
    bytes32 digest;
    uint256 sequence;
    uint256 deadline;
    bool isSpent;
}

/// @dev The suite as it is deployed, with two managers of WEG, a maker of bicycles whose every role the attacker holds,
/// and a manager of his own that answers what it likes. Everything that happens goes through {transact}, which has its
/// events booked by the {Ledger}.
contract World {
    uint256 public constant START = 1_800_000_000;
    uint256 public constant ATTACKER_KEY = 0xbad;
    uint40 internal constant FOR_EVER = type(uint40).max;
    uint96 internal constant ALL_WEG_ROLES = 0x3ff;
    uint96 internal constant WEG_PER_PASSPORT = 1 << 9;
    uint96 internal constant ALL_BICYCLE_ROLES = 0x7;
    uint96 internal constant BICYCLE_PER_PASSPORT = 1 << 2;
    uint256 private constant P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551;

    address public constant WEG_ADMINISTRATOR = address(0xad01);
    address public constant WEG_GUARDIAN = address(0xad02);
    address public constant REGISTRY_OFFICE = address(0xad03);

    PassportRegistry public immutable registry;
    Ledger public immutable ledger;
    address public immutable attacker = vm.addr(ATTACKER_KEY);
    address public immutable p256Verifier;
    HostileContract public immutable hostileManager;
    DigitalPassportFactory public immutable factory;
    ReadingsAnchor public immutable anchor;

    /// @dev Cheatcodes forget the time between two calls of the fuzzer.
    uint256 public time = START;
    uint256 private _documents;
    address[] private _managers;
    Person[] private _people;
    SignedCall[] private _signedCalls;

    constructor() {
        vm.warp(START);
        vm.recordLogs();
        registry = new PassportRegistry(0, REGISTRY_OFFICE);
        anchor = new ReadingsAnchor();
        ledger = new Ledger(registry, anchor);
        factory = new DigitalPassportFactory(address(registry));
        p256Verifier = address(new ERC7913P256Verifier());
        hostileManager = new HostileContract();
        _openRegistry();
        _foundBrands();
        _admitBrands();
        _meetPeople();
        ledger.book(vm.getRecordedLogs());
        _setUpBrands();
        _makeProducts();
    }

    // ------------------------------------------------------------------------------------------------------- actions

    /// @dev Sends a transaction and has the events of a successful one booked.
    function transact(
        address from,
        address to,
        bytes memory data
    ) public returns (bool isSuccessful, bytes memory answer) {
        vm.warp(time);
        vm.recordLogs();
        vm.prank(from);
        (isSuccessful, answer) = to.call(data);
        ICheatcodes.Log[] memory logs = vm.getRecordedLogs();
        // What a refused transaction emitted did not happen.
        if (isSuccessful) ledger.book(logs);
    }

    /// @dev A person's own transaction, which is a statement of his.
    function transactAs(
        Person memory person,
        address to,
        bytes memory data,
        bytes32 statement
    ) public returns (bool isSuccessful) {
        ledger.noteStatement(statement);
        if (person.kind == Kind.Wallet) {
            data = abi.encodeCall(Erc1271Wallet.execute, (to, data));
            (isSuccessful, ) = transact(vm.addr(person.key), person.account, data);
        } else if (person.kind == Kind.Account) {
            (isSuccessful, ) = transact(person.account, to, data);
        }
        if (!isSuccessful) ledger.withdrawStatement(statement);
    }

    function letPass(uint256 duration) external {
        time += duration;
    }

    /// @dev Keeps a signed call for whoever submits it.
    function keep(SignedCall memory signedCall, bytes32 statement) external returns (uint256 index) {
        if (statement != 0) ledger.noteStatement(statement);
        _signedCalls.push(signedCall);
        return _signedCalls.length - 1;
    }

    function spend(uint256 index) external {
        _signedCalls[index].isSpent = true;
    }

    /// @dev A document that nobody has named before.
    function nextDocument() external returns (bytes32) {
        return keccak256(abi.encode("document", ++_documents));
    }

    /// @dev A product that an issuer of `manager` is about to issue.
    function nextProductId(string memory namespace) external returns (string memory) {
        return string.concat(namespace, "01/07891234567895/21/", _digits(++_documents));
    }

    // --------------------------------------------------------------------------------------------------------- views

    /// @dev WEG, WEG's second manager, the maker of bicycles: those that keep rules.
    function managers() external view returns (address[] memory) {
        return _managers;
    }

    function personAt(uint256 seed) external view returns (Person memory) {
        return _people[seed % _people.length];
    }

    function personOf(address account) external view returns (Person memory person) {
        for (uint256 index = 0; index < _people.length; ++index) {
            if (_people[index].account == account) return _people[index];
        }
    }

    function accounts() external view returns (address[] memory all) {
        all = new address[](_people.length);
        for (uint256 index = 0; index < all.length; ++index) all[index] = _people[index].account;
    }

    function signedCallCount() external view returns (uint256) {
        return _signedCalls.length;
    }

    function signedCallAt(uint256 index) external view returns (SignedCall memory) {
        return _signedCalls[index];
    }

    function administratorOf(address manager) public view returns (address) {
        return manager == _managers[2] ? attacker : WEG_ADMINISTRATOR;
    }

    function guardianOf(address manager) external view returns (address) {
        return manager == _managers[2] ? attacker : WEG_GUARDIAN;
    }

    function issuerOf(address manager, uint256 seed) public view returns (address) {
        if (manager == _managers[2]) return attacker;
        return seed % 2 == 0 ? address(0xad10) : address(0xad11);
    }

    function rolesOf(address manager) external view returns (uint96 all, uint96 perPassport) {
        if (manager == _managers[2]) return (ALL_BICYCLE_ROLES, BICYCLE_PER_PASSPORT);
        return (ALL_WEG_ROLES, WEG_PER_PASSPORT);
    }

    function sign(Person memory person, bytes32 digest) external pure returns (bytes memory) {
        if (person.kind != Kind.Key) {
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(person.key, digest);
            return abi.encodePacked(r, s, v);
        }
        (bytes32 p256R, bytes32 p256S) = vm.signP256(person.key, digest);
        uint256 low = uint256(p256S) > P256_ORDER / 2 ? P256_ORDER - uint256(p256S) : uint256(p256S);
        return abi.encodePacked(p256R, low);
    }

    // -------------------------------------------------------------------------------------------------------- set-up

    function _openRegistry() private {
        vm.prank(REGISTRY_OFFICE);
        registry.grantRole(keccak256("ADMISSION_ROLE"), REGISTRY_OFFICE);
        vm.prank(REGISTRY_OFFICE);
        registry.grantRole(keccak256("LISTING_ROLE"), REGISTRY_OFFICE);
        vm.prank(REGISTRY_OFFICE);
        registry.grantRole(keccak256("GUARDIAN_ROLE"), REGISTRY_OFFICE);
        vm.prank(REGISTRY_OFFICE);
        registry.listFactory(address(factory));
    }

    function _foundBrands() private {
        ManufacturerManager.Setup memory weg = ManufacturerManager.Setup({
            registry: address(registry),
            factory: address(factory),
            admin: WEG_ADMINISTRATOR,
            guardian: WEG_GUARDIAN,
            adminDelay: 3 days
        });
        _managers.push(address(new WEGManager(weg)));
        _managers.push(address(new WEGManager(weg)));
        (weg.admin, weg.guardian) = (attacker, attacker);
        _managers.push(address(new SecondBrandManager(weg)));
    }

    function _admitBrands() private {
        vm.prank(REGISTRY_OFFICE);
        registry.admitManufacturer("https://id.weg.example/", _managers[0]);
        vm.prank(REGISTRY_OFFICE);
        registry.admitManager(1, _managers[1]);
        vm.prank(REGISTRY_OFFICE);
        registry.admitManufacturer("https://bicycles.example/", _managers[2]);
        vm.prank(REGISTRY_OFFICE);
        registry.admitManufacturer("https://attacker.example/", address(hostileManager));
    }

    /// @dev Four accounts, two contract wallets, two keys.
    function _meetPeople() private {
        for (uint256 key = 1; key <= 4; ++key) _people.push(Person(vm.addr(key), Kind.Account, key, ""));
        for (uint256 key = 5; key <= 6; ++key) {
            _people.push(Person(address(new Erc1271Wallet(vm.addr(key))), Kind.Wallet, key, ""));
        }
        for (uint256 key = 7; key <= 8; ++key) {
            (uint256 x, uint256 y) = vm.publicKeyP256(key);
            bytes memory signer = abi.encodePacked(p256Verifier, x, y);
            _people.push(Person(PassportHashing.attesterOfSigner(signer), Kind.Key, key, signer));
        }
    }

    function _setUpBrands() private {
        for (uint256 index = 0; index < _managers.length; ++index) {
            address manager = _managers[index];
            _administer(manager, abi.encodeCall(ManufacturerManager.setVerifier, (p256Verifier, true)));
            _administer(manager, abi.encodeCall(ManufacturerManager.setIssuingCap, (20)));
            _setIssuer(manager, issuerOf(manager, 0), 5);
            if (index != 2) _setIssuer(manager, issuerOf(manager, 1), 3);
            for (uint256 person = 0; person < _people.length; ++person) _grantTo(manager, index, person);
            uint96 roles = index == 2 ? ALL_BICYCLE_ROLES & ~BICYCLE_PER_PASSPORT : 0;
            if (roles != 0) {
                _administer(manager, abi.encodeCall(ManufacturerManager.grant, (attacker, roles, 0, FOR_EVER)));
            }
        }
    }

    /// @dev The first person has every role, the others one or two.
    function _grantTo(address manager, uint256 index, uint256 person) private {
        uint96 all = index == 2 ? ALL_BICYCLE_ROLES & ~BICYCLE_PER_PASSPORT : ALL_WEG_ROLES & ~WEG_PER_PASSPORT;
        uint96 some = uint96((1 << (person % 9)) | (1 << ((person * 3 + index) % 9)) | (1 << 6)) & all;
        uint96 roles = person == 0 ? all : some;
        Person memory attester = _people[person];
        bytes memory data =
            attester.kind == Kind.Key
                ? abi.encodeCall(ManufacturerManager.grantKey, (attester.signer, roles, 0, FOR_EVER))
                : abi.encodeCall(ManufacturerManager.grant, (attester.account, roles, 0, FOR_EVER));
        _administer(manager, data);
    }

    function _setIssuer(address manager, address issuer, uint32 perHour) private {
        _administer(manager, abi.encodeCall(ManufacturerManager.setIssuingLimit, (issuer, perHour, FOR_EVER)));
    }

    /// @dev Two products of every manager, the hostile one included.
    function _makeProducts() private {
        for (uint256 index = 0; index < 6; ++index) {
            address manager = _managers[index % 3];
            string memory productId = string.concat(
                index % 3 == 2 ? "https://bicycles.example/" : "https://id.weg.example/",
                _digits(index)
            );
            address owner = _people[index].account;
            ledger.noteStatement(issuanceOf(manager, keccak256(bytes(productId)), owner, "document"));
            bytes memory data = abi.encodeCall(ManufacturerManager.issue, (productId, owner, "document"));
            _mustTransact(issuerOf(manager, index), manager, data);
        }
        for (uint256 index = 0; index < 2; ++index) {
            string memory productId = string.concat("https://attacker.example/", _digits(index));
            address owner = _people[index].account;
            address manager = address(hostileManager);
            ledger.noteStatement(issuanceOf(manager, keccak256(bytes(productId)), owner, "document"));
            bytes memory data = abi.encodeCall(IDigitalPassportFactory.createPassport, (productId, owner, "document"));
            _mustTransact(attacker, manager, abi.encodeCall(HostileContract.execute, (address(factory), data)));
        }
    }

    function _administer(address manager, bytes memory data) private {
        _mustTransact(administratorOf(manager), manager, data);
    }

    function _mustTransact(address from, address to, bytes memory data) private {
        (bool isSuccessful, ) = transact(from, to, data);
        vm.assertTrue(isSuccessful, "the world could not be set up");
    }

    function _digits(uint256 number) private pure returns (string memory text) {
        text = number < 10 ? "" : _digits(number / 10);
        return string.concat(text, string(abi.encodePacked(uint8(48 + (number % 10)))));
    }
}
