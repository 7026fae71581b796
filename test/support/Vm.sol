// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev The cheatcodes of Hardhat's Solidity tests that this project uses.
interface ICheatcodes {
    /// @dev An event as it was emitted.
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    function assume(bool condition) external pure;

    function assertEq(bool left, bool right, string calldata message) external pure;

    function assertEq(uint256 left, uint256 right, string calldata message) external pure;

    function assertEq(address left, address right, string calldata message) external pure;

    function assertEq(bytes32 left, bytes32 right, string calldata message) external pure;

    function assertEq(string calldata left, string calldata right, string calldata message) external pure;

    function assertNotEq(bytes32 left, bytes32 right, string calldata message) external pure;

    function assertTrue(bool condition, string calldata message) external pure;

    function assertFalse(bool condition, string calldata message) external pure;

    function expectRevert(bytes calldata revertData) external;

    function load(address target, bytes32 slot) external view returns (bytes32);

    function store(address target, bytes32 slot, bytes32 value) external;

    function prank(address sender) external;

    function warp(uint256 timestamp) external;

    function recordLogs() external;

    function getRecordedLogs() external returns (Log[] memory);

    function chainId(uint256 newChainId) external;

    function mockCall(address target, bytes calldata data, bytes calldata answer) external;

    function etch(address target, bytes calldata code) external;

    function addr(uint256 privateKey) external pure returns (address);

    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);

    function signP256(uint256 privateKey, bytes32 digest) external pure returns (bytes32 r, bytes32 s);

    function publicKeyP256(uint256 privateKey) external pure returns (uint256 x, uint256 y);

    function readFile(string calldata path) external view returns (string memory);

    function keyExistsJson(string calldata json, string calldata key) external view returns (bool);

    function parseJsonUint(string calldata json, string calldata key) external pure returns (uint256);

    function parseJsonAddress(string calldata json, string calldata key) external pure returns (address);

    function parseJsonBytes(string calldata json, string calldata key) external pure returns (bytes memory);

    function parseJsonBytes32(string calldata json, string calldata key) external pure returns (bytes32);

    function parseJsonString(string calldata json, string calldata key) external pure returns (string memory);
}

/// @dev Where the cheatcodes answer.
ICheatcodes constant vm = ICheatcodes(address(uint160(uint256(keccak256("hevm cheat code")))));
