// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IManufacturerManager} from "../../../contracts/interfaces/IManufacturerManager.sol";
import {vm} from "../../support/Vm.sol";
import {issuanceOf} from "../Statements.sol";
import {World} from "../World.sol";
import {Handler} from "./Handler.sol";

/// @dev Issuers issue, as much as their buckets hold and sometimes more.
contract IssuerHandler is Handler {
    /// @dev What is compared after every call grows with the number of passports.
    uint256 private constant MOST_PASSPORTS = 16;

    constructor(World world) Handler(world) {}

    function actions() external pure override returns (bytes4[] memory all) {
        all = new bytes4[](3);
        all[0] = this.issue.selector;
        all[1] = this.issueMany.selector;
        all[2] = this.issueAgain.selector;
    }

    function issue(uint256 who, uint256 which, uint256 how) external {
        if (_ledger.passports().length >= MOST_PASSPORTS) return;
        address manager = _manager(which);
        IManufacturerManager.Issuance memory issuance = _issuanceBy(manager, who);
        bytes memory data = abi.encodeCall(
            IManufacturerManager.issue,
            (issuance.productId, issuance.owner, issuance.document)
        );
        (bool isSuccessful, ) = _world.transact(_world.issuerOf(manager, how), manager, data);
        _count(isSuccessful);
    }

    function issueMany(uint256 who, uint256 which, uint256 how) external {
        uint256 count = 2 + (_part(how, "count") % 5);
        if (_ledger.passports().length + count > MOST_PASSPORTS) return;
        address manager = _manager(which);
        IManufacturerManager.Issuance[] memory issuances = new IManufacturerManager.Issuance[](count);
        for (uint256 index = 0; index < count; ++index) issuances[index] = _issuanceBy(manager, (who % 100) + index);
        bytes memory data = abi.encodeCall(IManufacturerManager.issueMany, (issuances));
        (bool isSuccessful, ) = _world.transact(_world.issuerOf(manager, how), manager, data);
        _count(isSuccessful);
    }

    /// @dev A product that has a passport, perhaps by the other manager of the same manufacturer.
    function issueAgain(uint256 who, uint256 which, uint256 how) external {
        address manager = _manager(how);
        string memory productId = _passport(which).productId();
        bytes memory data = abi.encodeCall(
            IManufacturerManager.issue,
            (productId, _world.personAt(who).account, _world.nextDocument())
        );
        (bool isSuccessful, ) = _world.transact(_world.issuerOf(manager, how), manager, data);
        vm.assertFalse(isSuccessful, "INV-20: a product was issued twice");
        _count(true);
    }

    function _issuanceBy(address manager, uint256 who) private returns (IManufacturerManager.Issuance memory issuance) {
        issuance.productId = _world.nextProductId(_ledger.namespaceOf(manager));
        issuance.owner = _world.personAt(who).account;
        issuance.document = _world.nextDocument();
        bytes32 productKey = keccak256(bytes(issuance.productId));
        _ledger.noteStatement(issuanceOf(manager, productKey, issuance.owner, issuance.document));
    }
}
