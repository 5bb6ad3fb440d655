// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Multicall3} from "src/parent/Multicall3.sol";
import {Asserts} from "test/Base.sol";

contract Multicall3Test is Asserts {
    Multicall3 internal multicall;

    function setUp() public {
        multicall = new Multicall3();
    }

    function fail() external pure {
        revert("no");
    }

    function take() external payable returns (uint256) {
        return msg.value;
    }

    function calls(bytes4 second) internal view returns (Multicall3.Call[] memory list) {
        list = new Multicall3.Call[](2);
        list[0] = Multicall3.Call(address(this), abi.encodeCall(this.take, ()));
        list[1] = Multicall3.Call(address(this), abi.encodePacked(second));
    }

    function test_aggregate_failure_reverts() external {
        (uint256 number, bytes[] memory data) = multicall.aggregate(calls(this.take.selector));
        assertEq(number, block.number);
        assertEq(data.length, 2);
        vm.expectRevert(abi.encodeWithSelector(Multicall3.CallFailed.selector, 1));
        multicall.aggregate(calls(this.fail.selector));
        vm.expectRevert(abi.encodeWithSelector(Multicall3.CallFailed.selector, 1));
        multicall.tryAggregate(true, calls(this.fail.selector));
        Multicall3.Result[] memory results = multicall.tryAggregate(false, calls(this.fail.selector));
        assertTrue(results[0].success && !results[1].success, "second failed");
    }

    function test_aggregate3_allowFailure_succeeds() external {
        Multicall3.Call3[] memory list = new Multicall3.Call3[](1);
        list[0] = Multicall3.Call3(address(this), true, abi.encodeCall(this.fail, ()));
        assertTrue(!multicall.aggregate3(list)[0].success, "failed");
        list[0].allowFailure = false;
        vm.expectRevert(abi.encodeWithSelector(Multicall3.CallFailed.selector, 0));
        multicall.aggregate3(list);
    }

    function test_aggregate3Value_sum_reverts() external {
        Multicall3.Call3Value[] memory list = new Multicall3.Call3Value[](1);
        list[0] = Multicall3.Call3Value(address(this), false, 3, abi.encodeCall(this.take, ()));
        assertEq(abi.decode(multicall.aggregate3Value{value: 3}(list)[0].returnData, (uint256)), 3);
        vm.expectRevert(abi.encodeWithSelector(Multicall3.ValueMismatch.selector, 3, 4));
        multicall.aggregate3Value{value: 4}(list);
    }
}
