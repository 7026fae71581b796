// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPassportRegistry} from "../../contracts/interfaces/IPassportRegistry.sol";
import {HostileContract} from "../../contracts/mocks/HostileContract.sol";
import {PassportRegistry} from "../../contracts/PassportRegistry.sol";
import {vm} from "../support/Vm.sol";

/// @dev The registry asks of a manager only that it has code.
contract SomeManager {}

/// @dev A factory of this registry that forgot its implementation.
contract EmptyFactory {
    address public immutable registry;
    address public immutable implementation = address(0xdead);

    constructor(address registry_) {
        registry = registry_;
    }
}

/// @dev Plays any sequence of admissions and registrations, on paths so few that they collide, and compares every answer
/// with a comparison of whole strings. The test itself is the administrator and a listed factory.
///
/// What must hold after any sequence:
/// R1 A namespace is admitted exactly if it neither begins with an admitted one nor an admitted one with it.
/// R2 A product is registered exactly if it lies in the namespace of its manager's manufacturer and is new.
/// R3 No admitted namespace begins with another: a productId belongs to at most one manufacturer.
/// R4 What was registered once stays as it is.
contract PassportRegistryTest {
    string[4] private _segments = ["", "x/", "xx/", "y/"];

    PassportRegistry public registry;
    address public immutable implementation = address(this);

    string[] private _namespaces;
    address[] private _managers;
    mapping(address manager => string) private _namespaceOf;
    string[] private _products;
    mapping(string productId => address passport) private _passports;

    function setUp() public {
        registry = new PassportRegistry(0, address(this));
        registry.grantRole(registry.ADMISSION_ROLE(), address(this));
        registry.grantRole(registry.LISTING_ROLE(), address(this));
        registry.listFactory(address(this));
    }

    function testFuzz_admitAndRegister_anySequence_keepNamespacesApart(uint256[24] memory seeds) public {
        for (uint256 index = 0; index < seeds.length; ++index) {
            uint256 seed = uint256(keccak256(abi.encode(seeds[index], index)));
            if (_managers.length == 0 || seed % 3 == 0) _admitManufacturer(seed >> 8);
            else if (seed % 3 == 1) _admitManager(seed >> 8);
            else _register(seed >> 8);
        }
        _assertNamespacesApart();
        _assertProductsKept();
    }

    /// @dev The fuzz test above would pass if nothing ever collided: here both answers are seen.
    function test_admitManufacturer_parentChildAndNeighbour_onlyTheNeighbourIsAdmitted() public {
        vm.assertTrue(_admits("https://a/x/"), "first");
        vm.assertFalse(_admits("https://a/"), "parent");
        vm.assertFalse(_admits("https://a/x/y/"), "child");
        vm.assertFalse(_admits("https://a/x/"), "same");
        vm.assertTrue(_admits("https://a/xx/"), "neighbour whose name begins alike");
        vm.assertTrue(_admits("https://a.b/"), "host that begins alike");
        vm.assertTrue(_admits("https://a/y/x/"), "same last segment elsewhere");
        vm.assertFalse(_admits("https://a/y/"), "parent of it");
    }

    /// @dev What a factory registers is its own affair; a passport is what names its product, and does nothing else.
    function test_isPassport_registeredButNotAnswering_isNone() public {
        address manager = address(new SomeManager());
        HostileContract passport = new HostileContract();
        registry.admitManufacturer("https://a/", manager);
        registry.registerPassport(address(passport), manager, "https://a/1");
        bytes32 productKey = keccak256("https://a/1");

        passport.answerWith(abi.encode(productKey));
        vm.assertTrue(registry.isPassport(address(passport)), "names its product");
        passport.revertWith(abi.encode(productKey));
        vm.assertFalse(registry.isPassport(address(passport)), "reverts with its product");
        passport.answerWith(abi.encode(productKey, productKey));
        vm.assertFalse(registry.isPassport(address(passport)), "answers more than its product");
    }

    function test_listFactory_implementationWithoutCode_isRefused() public {
        address factory = address(new EmptyFactory(address(registry)));
        vm.expectRevert(
            abi.encodeWithSelector(
                IPassportRegistry.PassportRegistryFactoryForeign.selector,
                factory,
                address(registry),
                address(0xdead)
            )
        );
        registry.listFactory(factory);
    }

    function _admitManufacturer(uint256 seed) private {
        string memory namespace = _pathFrom(seed);
        bool isFree = true;
        for (uint256 index = 0; index < _namespaces.length; ++index) {
            string memory other = _namespaces[index];
            isFree = isFree && !_beginsWith(namespace, other) && !_beginsWith(other, namespace);
        }
        vm.assertEq(_admits(namespace), isFree, string.concat("R1: ", namespace));
    }

    function _admitManager(uint256 seed) private {
        uint256 manufacturerId = 1 + (seed % _namespaces.length);
        address manager = address(new SomeManager());
        registry.admitManager(manufacturerId, manager);
        _remember(manager, _namespaces[manufacturerId - 1]);
    }

    function _register(uint256 seed) private {
        address manager = _managers[seed % _managers.length];
        string memory productId = string.concat(_pathFrom(seed >> 16), (seed >> 8) % 3 == 0 ? "" : "serial");
        address passport = address(uint160(seed));
        string memory namespace = _namespaceOf[manager];
        bool isOwn = _beginsWith(productId, namespace) && bytes(productId).length > bytes(namespace).length;
        bool isNew = _passports[productId] == address(0);

        try registry.registerPassport(passport, manager, productId) {
            vm.assertTrue(isOwn && isNew, string.concat("R2: registered ", productId));
            _products.push(productId);
            _passports[productId] = passport;
        } catch {
            vm.assertFalse(isOwn && isNew, string.concat("R2: refused ", productId));
        }
    }

    function _assertNamespacesApart() private view {
        for (uint256 left = 0; left < _namespaces.length; ++left) {
            for (uint256 right = 0; right < _namespaces.length; ++right) {
                if (left == right) continue;
                vm.assertFalse(_beginsWith(registry.namespaceOf(left + 1), registry.namespaceOf(right + 1)), "R3");
            }
        }
        vm.assertEq(registry.manufacturerCount(), _namespaces.length, "R1: count");
    }

    function _assertProductsKept() private view {
        for (uint256 index = 0; index < _products.length; ++index) {
            string memory productId = _products[index];
            vm.assertEq(registry.passportOfProduct(productId), _passports[productId], "R4");
        }
    }

    function _admits(string memory namespace) private returns (bool) {
        address manager = address(new SomeManager());
        try registry.admitManufacturer(namespace, manager) returns (uint256 manufacturerId) {
            vm.assertEq(manufacturerId, _namespaces.length + 1, "R1: number");
            _namespaces.push(namespace);
            _remember(manager, namespace);
            return true;
        } catch (bytes memory reason) {
            bytes4 taken = IPassportRegistry.PassportRegistryNamespaceTaken.selector;
            vm.assertEq(bytes32(bytes4(reason)), bytes32(taken), "R1: refused for another reason");
            return false;
        }
    }

    function _remember(address manager, string memory namespace) private {
        _managers.push(manager);
        _namespaceOf[manager] = namespace;
    }

    /// @dev One of two hosts and up to three segments.
    function _pathFrom(uint256 seed) private view returns (string memory path) {
        path = seed % 2 == 0 ? "https://a/" : "https://a.b/";
        for (uint256 depth = 0; depth < 3; ++depth)
            path = string.concat(path, _segments[(seed >> (8 + 8 * depth)) % 4]);
    }

    function _beginsWith(string memory whole, string memory beginning) private pure returns (bool) {
        if (bytes(whole).length < bytes(beginning).length) return false;
        for (uint256 index = 0; index < bytes(beginning).length; ++index) {
            if (bytes(whole)[index] != bytes(beginning)[index]) return false;
        }
        return true;
    }
}
