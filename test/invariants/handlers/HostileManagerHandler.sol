// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DigitalPassport} from "../../../contracts/DigitalPassport.sol";
import {World} from "../World.sol";
import {Handler} from "./Handler.sol";

/// @dev People attest on passports whose manager is hostile: it answers with any roles and any condition, and the
/// passport takes what a manager may answer.
contract HostileManagerHandler is Handler {
    constructor(World world) Handler(world) {}

    function actions() external pure override returns (bytes4[] memory all) {
        all = new bytes4[](2);
        (all[0], all[1]) = (this.answerOneBit.selector, this.answerAnything.selector);
    }

    /// @dev The condition with one bit of the passport changed, or one of any: what is set is soon to be cleared again.
    function answerOneBit(uint256 who, uint256 which, uint256 how) external {
        DigitalPassport passport = _hostilePassport(which);
        uint256 bit = _part(how, "bit") % (how % 4 == 0 ? 17 : 5);
        _count(_attestUnder(passport, who, 1, passport.condition() ^ (1 << bit)));
    }

    function answerAnything(uint256 who, uint256 which, uint256 how) external {
        DigitalPassport passport = _hostilePassport(which);
        uint256 roles = how % 2 == 0 ? _part(how, "roles") : 1;
        // One in two keeps the bits of the passport, else next to nothing would be taken.
        uint256 brand = _part(how, "condition") & 0xff00;
        uint256 condition = how % 4 < 2 ? (passport.condition() & 0xff) | brand : _part(how, "condition") & 0xffff;
        _count(_attestUnder(passport, who, roles, condition));
    }

    /// @dev One in two is the owner.
    function _attestUnder(
        DigitalPassport passport,
        uint256 who,
        uint256 roles,
        uint256 condition
    ) private returns (bool) {
        _world.hostileManager().answerWith(abi.encode(roles, condition));
        bool isOwner = _part(who, "owner") % 2 == 0;
        return _attest(passport, isOwner ? _world.personOf(passport.owner()) : _world.personAt(who), "ANYTHING");
    }

    /// @dev The first one from there on.
    function _hostilePassport(uint256 seed) private view returns (DigitalPassport) {
        address[] memory passports = _ledger.passports();
        for (uint256 step = 0; step < passports.length; ++step) {
            address passport = passports[((seed % passports.length) + step) % passports.length];
            if (_ledger.historyOf(passport).manager == address(_world.hostileManager())) {
                return DigitalPassport(passport);
            }
        }
        revert HandlerFindsNoPassport();
    }
}
