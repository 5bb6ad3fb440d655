// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {MerkleProof} from "src/lib/MerkleProof.sol";
import {RlpReader} from "src/lib/RlpReader.sol";
import {Asserts} from "test/Base.sol";
import {TrieBuilder} from "test/TrieBuilder.sol";

contract MerkleProofTest is Asserts {
    bytes32 internal constant LONG = bytes32(uint256(0xabcdef) << 232);

    function get(bytes32 root, bytes32 path, bytes[] calldata proof) external pure returns (bytes memory) {
        return MerkleProof.get(root, path, proof);
    }

    function getOne(bytes memory node) internal view returns (bytes memory) {
        return this.get(keccak256(node), 0, one(node));
    }

    function one(bytes memory node) internal pure returns (bytes[] memory proof) {
        proof = new bytes[](1);
        proof[0] = node;
    }

    /// @dev `count` paths: spread out, or, with `clustered`, equal but for their last nibbles, which makes leaves
    ///      short enough to stand inside their parents.
    function trie(uint256 seed, uint256 count, bool clustered)
        internal
        pure
        returns (bytes32[] memory paths, bytes[] memory values)
    {
        paths = new bytes32[](count);
        values = new bytes[](count);
        for (uint256 i = 0; i < count; ++i) {
            paths[i] = clustered ? bytes32(uint256(LONG) + i * 7) : keccak256(abi.encode(seed, i));
            values[i] = clustered ? bytes(hex"01") : abi.encodePacked(uint8(i + 1), new bytes(seed % 40));
        }
    }

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_get_anyTrie_succeeds(uint256 seed, uint256 size, bool clustered) external view {
        (bytes32[] memory paths, bytes[] memory values) = trie(seed, bound(size, 1, 16), clustered);
        bytes32 root = TrieBuilder.root(paths, values);
        for (uint256 i = 0; i < paths.length; ++i) {
            bytes[] memory proof = TrieBuilder.proof(paths, values, paths[i]);
            assertEq(keccak256(this.get(root, paths[i], proof)), keccak256(values[i]));
        }
    }

    function test_get_inlineNodeRepeated_succeeds() external {
        (bytes32[] memory paths, bytes[] memory values) = trie(0, 2, true);
        bytes32 root = TrieBuilder.root(paths, values);
        // Everything below the root stands inside it: a branch with leaves at 0 and 7.
        bytes[] memory proof = new bytes[](3);
        proof[0] = TrieBuilder.proof(paths, values, paths[1])[0];
        proof[1] = TrieBuilder.list(hex"c22001808080808080c22001808080808080808080");
        proof[2] = hex"c22001";
        assertEq(keccak256(this.get(root, paths[1], one(proof[0]))), keccak256(hex"01"));
        assertEq(keccak256(this.get(root, paths[1], proof)), keccak256(hex"01"));
        proof[2] = hex"c22002";
        vm.expectRevert(abi.encodeWithSelector(MerkleProof.ProofNodeMismatch.selector, 2));
        this.get(root, paths[1], proof);
    }

    function test_get_absentPath_reverts() external {
        (bytes32[] memory paths, bytes[] memory values) = trie(1, 8, false);
        bytes32 root = TrieBuilder.root(paths, values);
        bytes[] memory proof = TrieBuilder.proof(paths, values, paths[0]);
        // Same walk up to the leaf, other rest.
        vm.expectRevert(MerkleProof.ProofPathAbsent.selector);
        this.get(root, paths[0] ^ bytes32(uint256(1)), proof);
        // A branch without the child.
        vm.expectRevert(MerkleProof.ProofPathAbsent.selector);
        getOne(TrieBuilder.list(hex"80c22001808080808080808080808080808080"));
    }

    function test_get_branchBelowPath_reverts() external {
        // An extension over all 64 nibbles, then a branch.
        bytes memory branch = TrieBuilder.list(hex"8080808080808080808080808080808001");
        bytes memory node = TrieBuilder.list(
            bytes.concat(TrieBuilder.str(TrieBuilder.hexPrefix(0, 0, 64, false)), TrieBuilder.link(branch))
        );
        vm.expectRevert(MerkleProof.ProofPathAbsent.selector);
        getOne(node);
    }

    function testFuzz_get_wrongRoot_reverts(bytes32 root) external {
        (bytes32[] memory paths, bytes[] memory values) = trie(2, 5, false);
        vm.assume(root != TrieBuilder.root(paths, values));
        bytes[] memory proof = TrieBuilder.proof(paths, values, paths[0]);
        vm.expectRevert(abi.encodeWithSelector(MerkleProof.ProofNodeMismatch.selector, 0));
        this.get(root, paths[0], proof);
    }

    function test_get_proofLength_reverts() external {
        (bytes32[] memory paths, bytes[] memory values) = trie(3, 40, false);
        bytes32 root = TrieBuilder.root(paths, values);
        bytes[] memory proof = TrieBuilder.proof(paths, values, paths[0]);
        bytes[] memory longer = new bytes[](proof.length + 1);
        for (uint256 i = 0; i < proof.length; ++i) longer[i] = proof[i];
        vm.expectRevert(MerkleProof.ProofTooLong.selector);
        this.get(root, paths[0], longer);
        for (uint256 n = 0; n < proof.length; ++n) {
            bytes[] memory shorter = new bytes[](n);
            for (uint256 i = 0; i < n; ++i) shorter[i] = proof[i];
            vm.expectRevert(MerkleProof.ProofTooShort.selector);
            this.get(root, paths[0], shorter);
        }
    }

    function test_get_malformedNode_reverts() external {
        bytes[7] memory nodes = [
            bytes(hex"c3808080"), // three items
            hex"c28001", // empty hex prefix
            hex"c24001", // flag 4
            hex"c20101", // even extension with a stray nibble
            hex"c20001", // extension without nibbles
            hex"c31781ff", // extension to a child reference of one byte
            hex"c0"
        ];
        for (uint256 i = 0; i < nodes.length; ++i) {
            bytes32 path = i == 5 ? bytes32(uint256(7) << 252) : bytes32(0);
            vm.expectRevert(MerkleProof.ProofNodeMalformed.selector);
            this.get(keccak256(nodes[i]), path, one(nodes[i]));
        }
        // An embedded child that is long enough to be hashed.
        bytes memory child = TrieBuilder.list(bytes.concat(TrieBuilder.str(new bytes(40))));
        bytes memory node = TrieBuilder.list(bytes.concat(hex"10", child));
        vm.expectRevert(MerkleProof.ProofNodeMalformed.selector);
        getOne(node);
    }

    function test_get_malformedRlp_reverts() external {
        vm.expectRevert(RlpReader.RlpTruncated.selector);
        getOne("");
        vm.expectRevert(RlpReader.RlpTruncated.selector);
        getOne(hex"c2");
        vm.expectRevert(RlpReader.RlpTruncated.selector);
        getOne(hex"f9ff");
        vm.expectRevert(RlpReader.RlpTruncated.selector);
        getOne(hex"ffffffffffffffffff");
        vm.expectRevert(RlpReader.RlpNotCanonical.selector);
        getOne(hex"f801c0");
        vm.expectRevert(RlpReader.RlpNotCanonical.selector);
        getOne(bytes.concat(hex"f90038", new bytes(56)));
        vm.expectRevert(RlpReader.RlpNotCanonical.selector);
        getOne(hex"c3810180");
        vm.expectRevert(RlpReader.RlpWrongKind.selector);
        getOne(hex"80");
        vm.expectRevert(RlpReader.RlpWrongKind.selector);
        getOne(hex"c2c001");
        vm.expectRevert(RlpReader.RlpTrailingBytes.selector);
        getOne(hex"c08080");
        vm.expectRevert(RlpReader.RlpTooManyItems.selector);
        getOne(hex"d2808080808080808080808080808080808080");
    }

    /// @dev Total: whatever the first node is, the answer is a value or one of the libraries' errors, never a panic.
    function testFuzz_get_anyBytes_isTotal(bytes calldata node, bytes32 path) external view {
        _total(node, path);
    }

    /// @dev The same around a good proof, with one byte changed.
    function testFuzz_get_changedByte_isTotal(uint256 seed, uint256 at, uint8 flip) external view {
        (bytes32[] memory paths, bytes[] memory values) = trie(seed, 3, seed % 2 == 0);
        bytes memory node = TrieBuilder.encode(paths, values, 0);
        node[at % node.length] ^= bytes1(flip);
        _total(node, paths[0]);
    }

    function _total(bytes memory node, bytes32 path) private view {
        try this.get(keccak256(node), path, one(node)) {}
        catch (bytes memory reason) {
            bytes4 selector = bytes4(reason);
            bool known = selector == MerkleProof.ProofNodeMismatch.selector
                || selector == MerkleProof.ProofNodeMalformed.selector || selector == MerkleProof.ProofPathAbsent.selector
                || selector == MerkleProof.ProofTooShort.selector || selector == MerkleProof.ProofTooLong.selector
                || selector == RlpReader.RlpTruncated.selector || selector == RlpReader.RlpNotCanonical.selector
                || selector == RlpReader.RlpWrongKind.selector || selector == RlpReader.RlpTrailingBytes.selector
                || selector == RlpReader.RlpTooManyItems.selector;
            assertTrue(known, "an error of the libraries");
        }
    }
}
