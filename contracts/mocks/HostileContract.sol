// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title A contract that answers whatever it is told to
/// @notice For tests: a hostile manager, contract wallet or verifier, in one. It treats every call that it does not
/// know as it was told to, and calls whom it is told to call.
contract HostileContract {
    /// @notice What it does with a call that it does not know.
    enum Behaviour {
        Answer,
        Revert,
        BurnGas,
        CallBack
    }

    Behaviour private _behaviour;
    bytes private _answer;
    uint256 private _answerLength;
    address private _target;
    bytes private _data;

    /// @notice Does with the call what it was told to.
    fallback() external {
        _behave();
    }

    /// @notice Tells it to answer with these bytes.
    function answerWith(bytes calldata answer) external {
        answerAtLength(answer, answer.length);
    }

    /// @notice Tells it to answer with these bytes and zeros behind them.
    /// @param length Length of the answer, in bytes.
    function answerAtLength(bytes calldata answer, uint256 length) public {
        (_behaviour, _answer, _answerLength) = (Behaviour.Answer, answer, length);
    }

    /// @notice Tells it to revert with these bytes.
    function revertWith(bytes calldata answer) external {
        revertAtLength(answer, answer.length);
    }

    /// @notice Tells it to revert with these bytes and zeros behind them.
    /// @param length Length of the answer, in bytes.
    function revertAtLength(bytes calldata answer, uint256 length) public {
        (_behaviour, _answer, _answerLength) = (Behaviour.Revert, answer, length);
    }

    /// @notice Tells it to use up all the gas it gets.
    function burnGas() external {
        _behaviour = Behaviour.BurnGas;
    }

    /// @notice Tells it to make a call of its own before it answers.
    function callBack(address target, bytes calldata data, bytes calldata answer) external {
        (_behaviour, _target, _data) = (Behaviour.CallBack, target, data);
        (_answer, _answerLength) = (answer, answer.length);
    }

    /// @notice Calls a contract in its name.
    function execute(address target, bytes calldata data) external returns (bytes memory answer) {
        return Address.functionCall(target, data);
    }

    function _behave() private {
        // Whether its call succeeds shows at the target; it answers in any case.
        bool callsBack = _behaviour == Behaviour.CallBack;
        address target = _target;
        bytes memory data = _data;
        bool burnsGas = _behaviour == Behaviour.BurnGas;
        bool reverts = _behaviour == Behaviour.Revert;
        uint256 answerLength = _answerLength;
        bytes memory answer = _answer; // last, with nothing but zeros behind it
        assembly {
            if callsBack {
                pop(call(gas(), target, 0, add(data, 0x20), mload(data), 0, 0))
            }
            if burnsGas {
                invalid()
            }
            if reverts {
                revert(add(answer, 0x20), answerLength)
            }
            return(add(answer, 0x20), answerLength)
        }
    }
}
