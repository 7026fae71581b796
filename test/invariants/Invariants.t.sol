// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {vm} from "../support/Vm.sol";
import {AdministratorHandler} from "./handlers/AdministratorHandler.sol";
import {AttackerHandler} from "./handlers/AttackerHandler.sol";
import {AttesterHandler} from "./handlers/AttesterHandler.sol";
import {BuyerHandler} from "./handlers/BuyerHandler.sol";
import {GatewayHandler} from "./handlers/GatewayHandler.sol";
import {GuardianHandler} from "./handlers/GuardianHandler.sol";
import {Handler} from "./handlers/Handler.sol";
import {HostileManagerHandler} from "./handlers/HostileManagerHandler.sol";
import {IssuerHandler} from "./handlers/IssuerHandler.sol";
import {LockHolderHandler} from "./handlers/LockHolderHandler.sol";
import {OwnerHandler} from "./handlers/OwnerHandler.sol";
import {RegistryHandler} from "./handlers/RegistryHandler.sol";
import {SubmitterHandler} from "./handlers/SubmitterHandler.sol";
import {TimeHandler} from "./handlers/TimeHandler.sol";
import {World} from "./World.sol";

/// @dev What the fuzzer calls: one function for each actor, who does one of his actions. The runner knows the contracts
/// of a test file only, so the handlers cannot be its targets themselves.
contract Actors {
    Handler[] private _handlers;

    constructor(World world) {
        _handlers.push(new TimeHandler(world));
        _handlers.push(new IssuerHandler(world));
        _handlers.push(new AttesterHandler(world));
        _handlers.push(new SubmitterHandler(world));
        _handlers.push(new OwnerHandler(world));
        _handlers.push(new BuyerHandler(world));
        _handlers.push(new LockHolderHandler(world));
        _handlers.push(new AdministratorHandler(world));
        _handlers.push(new GuardianHandler(world));
        _handlers.push(new RegistryHandler(world));
        _handlers.push(new AttackerHandler(world));
        _handlers.push(new HostileManagerHandler(world));
        _handlers.push(new GatewayHandler(world));
    }

    function time(uint256 what, uint256 who, uint256 which, uint256 how) external {
        act(0, what, who, which, how);
    }

    function issuer(uint256 what, uint256 who, uint256 which, uint256 how) external {
        act(1, what, who, which, how);
    }

    function attester(uint256 what, uint256 who, uint256 which, uint256 how) external {
        act(2, what, who, which, how);
    }

    function submitter(uint256 what, uint256 who, uint256 which, uint256 how) external {
        act(3, what, who, which, how);
    }

    function owner(uint256 what, uint256 who, uint256 which, uint256 how) external {
        act(4, what, who, which, how);
    }

    function buyer(uint256 what, uint256 who, uint256 which, uint256 how) external {
        act(5, what, who, which, how);
    }

    function lockHolder(uint256 what, uint256 who, uint256 which, uint256 how) external {
        act(6, what, who, which, how);
    }

    function administrator(uint256 what, uint256 who, uint256 which, uint256 how) external {
        act(7, what, who, which, how);
    }

    function guardian(uint256 what, uint256 who, uint256 which, uint256 how) external {
        act(8, what, who, which, how);
    }

    function registryOffice(uint256 what, uint256 who, uint256 which, uint256 how) external {
        act(9, what, who, which, how);
    }

    function attacker(uint256 what, uint256 who, uint256 which, uint256 how) external {
        act(10, what, who, which, how);
    }

    function hostileManager(uint256 what, uint256 who, uint256 which, uint256 how) external {
        act(11, what, who, which, how);
    }

    function gateway(uint256 what, uint256 who, uint256 which, uint256 how) external {
        act(12, what, who, which, how);
    }

    function handlers() external view returns (Handler[] memory) {
        return _handlers;
    }

    /// @dev Reverts with the handler's reason: the invariant that is broken.
    function act(uint256 actor, uint256 what, uint256 who, uint256 which, uint256 how) public {
        Handler handler = _handlers[actor % _handlers.length];
        bytes4[] memory actions = handler.actions();
        Address.functionCall(address(handler), abi.encodeWithSelector(actions[what % actions.length], who, which, how));
    }
}

/// @dev The numbered invariants of README.md, under any order of what people, brands and an attacker do. What an event
/// must be is checked when it is booked, inside the action; what the contracts must be, here, after every action.
contract InvariantsTest {
    uint256 private constant LONGEST_WALK = 200;

    World private _world;
    Actors private _actors;

    function setUp() public {
        _world = new World();
        _actors = new Actors(_world);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_actors);
    }

    function invariant_everything_isWhatItsEventsSay() external {
        _checkState();
    }

    /// @dev The same again, from one number: a failure is repeated by that number alone.
    /// hardhat-config: fuzz.runs = 16
    function testFuzz_actions_anyWalk_invariantsHold(uint256 seed) external {
        for (uint256 step = 0; step < 20; ++step) {
            _takeTurns(seed, step);
            _checkState();
        }
    }

    /// @dev The invariants would hold if nothing ever happened: a fixed walk, on which every action gets through.
    function test_actions_fixedWalk_everyOneGetsThrough() external {
        for (uint256 step = 0; step < LONGEST_WALK && bytes(_idleActions()).length != 0; ++step) _takeTurns(0, step);
        _checkState();
        vm.assertEq(_idleActions(), "", "actions that never got through");
    }

    /// @dev Every actor does one of his actions. Time passes in hours more often than in days.
    function _takeTurns(uint256 walk, uint256 step) private {
        for (uint256 actor = 0; actor < _actors.handlers().length; ++actor) {
            uint256 seed = uint256(keccak256(abi.encode(walk, step, actor)));
            uint256 what = actor == 0 ? (step % 6) / 5 : seed >> 96;
            _actors.act(actor, what, seed, seed >> 32, seed >> 64);
        }
    }

    function _checkState() private {
        vm.warp(_world.time());
        _world.ledger().checkState(_world.managers(), _world.accounts());
    }

    function _idleActions() private view returns (string memory idle) {
        Handler[] memory handlers = _actors.handlers();
        for (uint256 index = 0; index < handlers.length; ++index) {
            bytes4[] memory actions = handlers[index].actions();
            for (uint256 action = 0; action < actions.length; ++action) {
                if (handlers[index].successesOf(actions[action]) != 0) continue;
                idle = string.concat(idle, " ", _hex(actions[action]));
            }
        }
    }

    /// @dev `0x` and eight digits, as in the artifact of the handler.
    function _hex(bytes4 selector) private pure returns (string memory) {
        bytes memory digits = "0123456789abcdef";
        bytes memory text = new bytes(10);
        (text[0], text[1]) = ("0", "x");
        for (uint256 index = 0; index < 8; ++index) {
            text[2 + index] = digits[(uint32(selector) >> (28 - 4 * index)) & 0xf];
        }
        return string(text);
    }
}
