// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BinaryTree} from "src/lib/BinaryTree.sol";
import {Rv} from "test/Rv.sol";

contract BinaryTreeTest is Rv {
    function treeRoot(bytes32 leaf, uint256 index, bytes calldata path) external pure returns (bytes32) {
        return BinaryTree.rootOf(leaf, index, path);
    }

    function testFuzz_rootOf_plain_succeeds(bytes32 leaf, uint256 index, uint8 height) external view {
        bytes memory path = siblings("path", height % 40);
        assertEq(this.treeRoot(leaf, index, path), rootOf(leaf, index, path));
    }

    function test_rootOf_twoLeaves_succeeds() external view {
        bytes32 left = keccak256("left");
        bytes32 right = keccak256("right");
        bytes32 root = keccak256(abi.encode(left, right));
        assertEq(this.treeRoot(left, 0, abi.encode(right)), root);
        assertEq(this.treeRoot(right, 1, abi.encode(left)), root);
        assertEq(this.treeRoot(left, 0, ""), left);
    }
}
