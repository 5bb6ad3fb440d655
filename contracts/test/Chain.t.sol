// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {FeeVault} from "src/chain/FeeVault.sol";
import {GasPriceOracle} from "src/chain/GasPriceOracle.sol";
import {L1Block} from "src/chain/L1Block.sol";
import {L2ToL1MessagePasser} from "src/chain/L2ToL1MessagePasser.sol";
import {Asserts} from "test/Base.sol";

contract ChainTest is Asserts {
    address internal constant DEPOSITOR = 0xDeaDDEaDDeAdDeAdDEAdDEaddeAddEAdDEAd0001;
    address internal constant ALICE = address(0xB001);

    GasPriceOracle internal oracle = GasPriceOracle(0x420000000000000000000000000000000000000F);
    L1Block internal l1Block = L1Block(0x4200000000000000000000000000000000000015);
    L2ToL1MessagePasser internal passer =
        L2ToL1MessagePasser(payable(0x4200000000000000000000000000000000000016));
    FeeVault internal vault = FeeVault(payable(0x4200000000000000000000000000000000000011));

    /// @dev As a genesis does it: code without a constructor having run.
    function setUp() public {
        vm.etch(address(oracle), type(GasPriceOracle).runtimeCode);
        vm.etch(address(l1Block), type(L1Block).runtimeCode);
        vm.etch(address(passer), type(L2ToL1MessagePasser).runtimeCode);
        vm.etch(address(vault), type(FeeVault).runtimeCode);
    }

    // ---- L2ToL1MessagePasser

    function testFuzz_initiateWithdrawal_records_succeeds(
        address sender,
        address to,
        uint96 valueWei,
        uint256 gasLimit,
        bytes calldata data
    ) external {
        vm.assume(sender != address(vm));
        vm.deal(sender, uint256(valueWei) * 2);
        for (uint256 i = 0; i < 2; ++i) {
            uint256 nonce = (uint256(1) << 240) | i;
            assertEq(passer.messageNonce(), nonce);
            bytes32 h = keccak256(abi.encode(nonce, sender, to, uint256(valueWei), gasLimit, data));
            vm.expectEmit(address(passer));
            emit L2ToL1MessagePasser.MessagePassed(nonce, sender, to, valueWei, gasLimit, data, h);
            vm.prank(sender);
            passer.initiateWithdrawal{value: valueWei}(to, gasLimit, data);
            assertTrue(passer.sentMessages(h), "sent");
            // Where the portal's proofs look.
            assertEq(vm.load(address(passer), keccak256(abi.encode(h, uint256(0)))), bytes32(uint256(1)));
        }
    }

    function test_receive_withdraws_succeeds() external {
        vm.deal(ALICE, 5);
        uint256 nonce = uint256(1) << 240;
        bytes32 h = keccak256(abi.encode(nonce, ALICE, ALICE, uint256(5), uint256(100_000), bytes("")));
        vm.prank(ALICE);
        (bool ok,) = address(passer).call{value: 5}("");
        assertTrue(ok && passer.sentMessages(h), "sent");
    }

    // ---- L1Block

    struct Values {
        uint32 baseFeeScalar;
        uint32 blobBaseFeeScalar;
        uint64 sequenceNumber;
        uint64 timestamp;
        uint64 number;
        uint256 basefee;
        uint256 blobBaseFee;
        bytes32 hash;
        bytes32 batcherHash;
    }

    function set(Values memory v) internal {
        bytes memory input = abi.encodePacked(
            bytes4(0x440a5e20),
            v.baseFeeScalar,
            v.blobBaseFeeScalar,
            v.sequenceNumber,
            v.timestamp,
            v.number,
            v.basefee,
            v.blobBaseFee,
            v.hash,
            v.batcherHash
        );
        vm.prank(DEPOSITOR);
        (bool ok,) = address(l1Block).call(input);
        assertTrue(ok, "set");
    }

    function slotOf(uint256 slot) internal view returns (uint256) {
        return uint256(vm.load(address(l1Block), bytes32(slot)));
    }

    function testFuzz_setL1BlockValuesEcotone_slots_succeeds(Values calldata first, Values calldata v) external {
        set(first);
        set(v);
        assertEq(slotOf(0), (uint256(v.timestamp) << 64) | v.number);
        assertEq(slotOf(1), v.basefee);
        assertEq(bytes32(slotOf(2)), v.hash);
        uint256 scalars = (uint256(v.baseFeeScalar) << 96) | (uint256(v.blobBaseFeeScalar) << 64);
        assertEq(slotOf(3), scalars | v.sequenceNumber);
        assertEq(bytes32(slotOf(4)), v.batcherHash);
        assertEq(slotOf(5) | slotOf(6) | slotOf(8), 0);
        assertEq(slotOf(7), v.blobBaseFee);
        assertEq(l1Block.number(), v.number);
        assertEq(l1Block.timestamp(), v.timestamp);
        assertEq(l1Block.basefee(), v.basefee);
        assertEq(l1Block.hash(), v.hash);
        assertEq(l1Block.sequenceNumber(), v.sequenceNumber);
        assertEq(l1Block.batcherHash(), v.batcherHash);
        assertEq(l1Block.baseFeeScalar(), v.baseFeeScalar);
        assertEq(l1Block.blobBaseFeeScalar(), v.blobBaseFeeScalar);
    }

    function testFuzz_setL1BlockValuesEcotone_caller_reverts(address caller) external {
        vm.assume(caller != DEPOSITOR);
        vm.expectRevert(L1Block.NotDepositor.selector);
        vm.prank(caller);
        l1Block.setL1BlockValuesEcotone();
    }

    function test_setL1BlockValuesEcotone_length_reverts() external {
        vm.expectRevert(L1Block.BadLength.selector);
        vm.prank(DEPOSITOR);
        l1Block.setL1BlockValuesEcotone();
    }

    // ---- GasPriceOracle

    function testFuzz_getL1Fee_formula_succeeds(
        uint32 baseFeeScalar,
        uint32 blobBaseFeeScalar,
        uint64 basefee,
        uint64 blobBaseFee,
        bytes calldata data
    ) external {
        set(Values(baseFeeScalar, blobBaseFeeScalar, 0, 0, 1, basefee, blobBaseFee, 0, 0));
        uint256 zeros;
        for (uint256 i = 0; i < data.length; ++i) if (data[i] == 0) ++zeros;
        uint256 gas = 4 * zeros + 16 * (data.length - zeros) + 68 * 16;
        assertEq(oracle.getL1GasUsed(data), gas);
        uint256 weighted =
            16 * uint256(baseFeeScalar) * basefee + uint256(blobBaseFeeScalar) * blobBaseFee;
        assertEq(oracle.getL1Fee(data), gas * weighted / 16_000_000);
        assertEq(oracle.l1BaseFee(), basefee);
        assertEq(oracle.blobBaseFee(), blobBaseFee);
        assertEq(oracle.baseFeeScalar(), baseFeeScalar);
        assertEq(oracle.blobBaseFeeScalar(), blobBaseFeeScalar);
    }

    function test_constants_ofClients_succeeds() external {
        vm.fee(7);
        assertEq(oracle.gasPrice(), 7);
        assertEq(oracle.baseFee(), 7);
        assertEq(oracle.decimals(), 6);
        assertEq(oracle.getOperatorFee(1e9), 0);
        assertTrue(oracle.isEcotone() && !oracle.isFjord() && !oracle.isIsthmus() && !oracle.isJovian(), "rules");
    }

    // ---- FeeVault

    function test_withdraw_sendsAll_succeeds() external {
        vm.store(address(vault), 0, bytes32(uint256(uint160(ALICE))));
        vm.deal(address(vault), 9);
        bytes32 h = keccak256(
            abi.encode(uint256(1) << 240, address(vault), ALICE, uint256(9), uint256(400_000), bytes(""))
        );
        vm.expectEmit(address(vault));
        emit FeeVault.Withdrawal(9, ALICE, address(this));
        assertEq(vault.withdraw(), 9);
        assertTrue(passer.sentMessages(h), "sent");
        assertEq(address(passer).balance, 9);
        assertEq(vault.totalProcessed(), 9);
        vm.expectRevert(FeeVault.NothingToWithdraw.selector);
        vault.withdraw();
    }

    function test_withdraw_noRecipient_reverts() external {
        vm.deal(address(vault), 9);
        vm.expectRevert(FeeVault.NoRecipient.selector);
        vault.withdraw();
    }
}
