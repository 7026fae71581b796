// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC7913P256Verifier} from "@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913P256Verifier.sol";
import {AttesterSignatures} from "../../../contracts/libraries/AttesterSignatures.sol";
import {PassportHashing} from "../../../contracts/libraries/PassportHashing.sol";
import {vm} from "../../support/Vm.sol";

/// @dev Whether an attester signed: every account and key, every digest, every way to spoil a signature.
contract AttesterSignaturesTest {
    uint256 private constant SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    uint256 private constant P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551;

    ERC7913P256Verifier private immutable _p256Verifier = new ERC7913P256Verifier();

    function check(address attester, bytes32 digest, bytes calldata signer, bytes calldata signature) public view {
        AttesterSignatures.check(attester, digest, signer, signature);
    }

    // ------------------------------------------------------------------------------------------------------ accounts

    function testFuzz_check_accountsOwnSignature_passes(uint256 seed, bytes32 digest) external view {
        uint256 key = _secp256k1Key(seed);
        this.check(vm.addr(key), digest, "", _signature(key, digest));
    }

    function testFuzz_check_signatureOfAnotherDigest_isInvalid(uint256 seed, bytes32 digest, bytes32 signed) external {
        vm.assume(digest != signed);
        uint256 key = _secp256k1Key(seed);
        _expectInvalid(vm.addr(key), digest, "", _signature(key, signed));
    }

    function testFuzz_check_signatureOfAnotherAccount_isInvalid(
        uint256 seed,
        address attester,
        bytes32 digest
    ) external {
        uint256 key = _secp256k1Key(seed);
        vm.assume(attester != vm.addr(key) && attester.code.length == 0);
        _expectInvalid(attester, digest, "", _signature(key, digest));
    }

    function testFuzz_check_otherV_isInvalid(uint256 seed, bytes32 digest, uint8 v) external {
        uint256 key = _secp256k1Key(seed);
        (uint8 goodV, bytes32 r, bytes32 s) = vm.sign(key, digest);
        vm.assume(v != goodV);
        _expectInvalid(vm.addr(key), digest, "", abi.encodePacked(r, s, v));
    }

    function testFuzz_check_highS_isInvalid(uint256 seed, bytes32 digest) external {
        uint256 key = _secp256k1Key(seed);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        bytes memory malleated = abi.encodePacked(r, SECP256K1_ORDER - uint256(s), v == 27 ? uint8(28) : uint8(27));
        _expectInvalid(vm.addr(key), digest, "", malleated);
    }

    function testFuzz_check_otherLength_isInvalid(uint256 seed, bytes32 digest, uint8 length) external {
        vm.assume(length != 65);
        uint256 key = _secp256k1Key(seed);
        bytes memory whole = _signature(key, digest);
        bytes memory cut = new bytes(length);
        for (uint256 index = 0; index < length && index < 65; ++index) cut[index] = whole[index];
        _expectInvalid(vm.addr(key), digest, "", cut);
    }

    /// @dev EIP-2098: r, and s with the parity of v in its highest bit.
    function testFuzz_check_compactSignature_isInvalid(uint256 seed, bytes32 digest) external {
        uint256 key = _secp256k1Key(seed);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        bytes32 vs = bytes32(uint256(s) | (uint256(v - 27) << 255));
        _expectInvalid(vm.addr(key), digest, "", abi.encodePacked(r, vs));
    }

    /// @dev ecrecover answers zero for what it cannot recover; zero is nobody.
    function testFuzz_check_anyBytesForTheZeroAddress_areInvalid(bytes32 digest, bytes calldata signature) external {
        _expectInvalid(address(0), digest, "", signature);
    }

    function testFuzz_check_anySixtyFiveBytes_areInvalid(
        address attester,
        bytes32 digest,
        bytes32 r,
        bytes32 s,
        uint8 v
    ) external {
        vm.assume(attester.code.length == 0);
        _expectInvalid(attester, digest, "", abi.encodePacked(r, s, v));
    }

    // ---------------------------------------------------------------------------------------------------------- keys

    function testFuzz_check_keysOwnSignature_passes(uint256 seed, bytes32 digest) external view {
        uint256 key = _p256Key(seed);
        bytes memory signer = _p256Signer(key);
        this.check(PassportHashing.attesterOfSigner(signer), digest, signer, _p256Signature(key, digest));
    }

    function testFuzz_check_keysSignatureOfAnotherDigest_isInvalid(
        uint256 seed,
        bytes32 digest,
        bytes32 signed
    ) external {
        vm.assume(digest != signed);
        uint256 key = _p256Key(seed);
        bytes memory signer = _p256Signer(key);
        _expectInvalid(PassportHashing.attesterOfSigner(signer), digest, signer, _p256Signature(key, signed));
    }

    function testFuzz_check_keysHighS_isInvalid(uint256 seed, bytes32 digest) external {
        uint256 key = _p256Key(seed);
        bytes memory signer = _p256Signer(key);
        (bytes32 r, bytes32 s) = vm.signP256(key, digest);
        uint256 low = _lowS(s);
        _expectInvalid(PassportHashing.attesterOfSigner(signer), digest, signer, abi.encodePacked(r, P256_ORDER - low));
    }

    function testFuzz_check_keyOfAnotherAttester_isMismatch(uint256 seed, address attester, bytes32 digest) external {
        uint256 key = _p256Key(seed);
        bytes memory signer = _p256Signer(key);
        vm.assume(attester != PassportHashing.attesterOfSigner(signer));
        _expectMismatch(attester, digest, signer, _p256Signature(key, digest));
    }

    function testFuzz_check_oneBitOfTheSignerFlipped_isMismatch(
        uint256 seed,
        bytes32 digest,
        uint256 position
    ) external {
        uint256 key = _p256Key(seed);
        bytes memory signer = _p256Signer(key);
        address attester = PassportHashing.attesterOfSigner(signer);
        position %= signer.length * 8;
        signer[position / 8] ^= bytes1(uint8(1 << (position % 8)));
        _expectMismatch(attester, digest, signer, _p256Signature(key, digest));
    }

    /// @dev A verifier without a key behind it is nobody's.
    function testFuzz_check_signerOfTwentyBytesOrLess_isMismatch(bytes20 verifier, uint8 length) external {
        bytes memory signer = new bytes(1 + (length % 20));
        for (uint256 index = 0; index < signer.length; ++index) signer[index] = verifier[index];
        _expectMismatch(PassportHashing.attesterOfSigner(signer), 0, signer, "");
    }

    function testFuzz_check_verifierWithoutCode_isInvalid(
        address verifier,
        bytes calldata key,
        bytes32 digest,
        bytes calldata signature
    ) external {
        vm.assume(key.length != 0 && verifier.code.length == 0 && uint160(verifier) > 0xffff);
        bytes memory signer = abi.encodePacked(verifier, key);
        _expectInvalid(PassportHashing.attesterOfSigner(signer), digest, signer, signature);
    }

    /// @dev A precompile that repeats its input would repeat the magic value as well.
    function testFuzz_check_precompileAsVerifier_isInvalid(
        uint8 precompile,
        bytes calldata key,
        bytes32 digest,
        bytes calldata signature
    ) external {
        vm.assume(key.length != 0);
        bytes memory signer = abi.encodePacked(address(uint160(1 + (precompile % 17))), key);
        _expectInvalid(PassportHashing.attesterOfSigner(signer), digest, signer, signature);
    }

    // ------------------------------------------------------------------------------------------------------- helpers

    function _expectInvalid(address attester, bytes32 digest, bytes memory signer, bytes memory signature) private {
        vm.expectRevert(abi.encodeWithSelector(AttesterSignatures.AttesterSignatureInvalid.selector, attester, digest));
        this.check(attester, digest, signer, signature);
    }

    function _expectMismatch(address attester, bytes32 digest, bytes memory signer, bytes memory signature) private {
        vm.expectRevert(abi.encodeWithSelector(AttesterSignatures.AttesterSignerMismatch.selector, attester, signer));
        this.check(attester, digest, signer, signature);
    }

    function _secp256k1Key(uint256 seed) private pure returns (uint256) {
        return 1 + (seed % (SECP256K1_ORDER - 1));
    }

    function _signature(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _p256Key(uint256 seed) private pure returns (uint256) {
        return 1 + (seed % (P256_ORDER - 1));
    }

    function _p256Signer(uint256 key) private view returns (bytes memory) {
        (uint256 x, uint256 y) = vm.publicKeyP256(key);
        return abi.encodePacked(address(_p256Verifier), x, y);
    }

    function _p256Signature(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (bytes32 r, bytes32 s) = vm.signP256(key, digest);
        return abi.encodePacked(r, _lowS(s));
    }

    function _lowS(bytes32 s) private pure returns (uint256) {
        return uint256(s) > P256_ORDER / 2 ? P256_ORDER - uint256(s) : uint256(s);
    }
}
