// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {History} from "src/lib/History.sol";
import {Asserts} from "test/Base.sol";
import {Traces} from "test/Traces.sol";

/// @notice Places and predecessors against trees that are written down in full.
contract HistoryTest is Asserts {
    using Traces for Traces.Trace;

    bytes32 internal constant ROOT_PLACE = keccak256("root place");
    bytes32 internal constant START = keccak256("start");

    /// @dev A few leaves of their own, then two values; the second is itself a hash of two words.
    function trace() internal pure returns (Traces.Trace memory t) {
        t.head = new bytes32[](20);
        for (uint256 i = 0; i < 20; ++i) t.head[i] = keccak256(abi.encode(i));
        (t.middle, t.switchAt, t.tail) = (keccak256("middle"), 100_000, Traces.pair("left", "right"));
    }

    function predecessorOf(History.Predecessor calldata p) external pure returns (bytes32, bytes32) {
        return History.predecessor(ROOT_PLACE, START, p);
    }

    function checkLast(bytes32 root, bytes32 leaf, bytes calldata path) external pure {
        History.checkLast(root, leaf, path);
    }

    function childPlace(bytes32 place, bytes32[] calldata children, uint256 k) external pure returns (bytes32) {
        return History.placeOf(place, History.nodesAbove(children), k);
    }

    function difference(bytes32[] calldata a, bytes32[] calldata b) external pure returns (uint256) {
        return History.firstDifference(History.nodesAbove(a), History.nodesAbove(b));
    }

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_predecessor_anyLeaf_succeeds(uint256 index) external view {
        Traces.Trace memory t = trace();
        index %= 1 << 18;
        if (index % 3 == 0) index %= 40;
        (bytes32 place, bytes32 leaf) = this.predecessorOf(t.predecessor(index));
        assertEq(place, t.placeAt(ROOT_PLACE, 5, index));
        assertEq(leaf, index == 0 ? START : t.leafAt(index - 1));
    }

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_placeOf_moves_succeeds(uint256 index) external view {
        Traces.Trace memory t = trace();
        index %= 1 << 18;
        bytes32 place = ROOT_PLACE;
        for (uint256 depth = 0; depth < 5; ++depth) {
            uint256 below = index >> Traces.heightAt(depth + 1);
            uint256 count = depth == 4 ? 4 : 16;
            place = this.childPlace(place, t.children(depth, below / count), below % count);
        }
        assertEq(place, t.placeAt(ROOT_PLACE, 5, index));
    }

    function testFuzz_firstDifference_plain_succeeds(uint256 from, bytes32 other) external view {
        bytes32[] memory a = trace().children(0, 0);
        bytes32[] memory b = trace().children(0, 0);
        from %= 16;
        for (uint256 k = from; k < 16; ++k) b[k] = keccak256(abi.encode(other, k));
        assertEq(this.difference(a, b), from);
    }

    function refused(History.Predecessor memory p) internal {
        vm.expectRevert(History.PathMismatch.selector);
        this.predecessorOf(p);
    }

    /// @dev Neither a node above the leaf nor a word below it is the leaf.
    function test_predecessor_otherHeight_reverts() external {
        Traces.Trace memory t = trace();
        History.Predecessor memory p = t.predecessor(120_000);
        assertTrue(p.path.length == 6 * 32, "a subtree of 64 leaves");
        p.leaf = Traces.pair(t.tail, t.tail);
        p.path = this.cut(p.path, 32);
        refused(p);
        p = t.predecessor(120_000);
        p.leaf = "right";
        p.path = bytes.concat(bytes32("left"), p.path);
        refused(p);
    }

    function test_checkLast_otherHeight_reverts() external {
        Traces.Trace memory t = trace();
        bytes32 root = t.root();
        bytes memory path = t.path((1 << 18) - 1);
        this.checkLast(root, t.tail, path);
        vm.expectRevert(History.PathMismatch.selector);
        this.checkLast(root, root, "");
        vm.expectRevert(History.PathMismatch.selector);
        this.checkLast(root, "right", bytes.concat(bytes32("left"), path));
    }

    function cut(bytes calldata data, uint256 from) external pure returns (bytes memory) {
        return data[from:];
    }
}
