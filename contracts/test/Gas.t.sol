// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {OutputGame} from "src/parent/OutputGame.sol";
import {Portal} from "src/parent/Portal.sol";
import {Withdrawals} from "test/Withdrawals.sol";

/// @notice A state that has been used before. The figures are kept in gas/, and test.sh fails when one changes.
abstract contract GasBase is Withdrawals {
    function setUp() public override {
        super.setUp();
        for (uint256 i = 0; i < 5; ++i) deposit(ALICE, 1 ether);
        pass(1);
        vm.prank(BATCHER, BATCHER);
        inbox.appendCalldata(0, 1, uint64(block.number - 1), blockhash(block.number - 1), "");
        propose(keccak256("some root"), 1);
        pass(1);
    }
}

/// @notice Gas of whole transactions; to be run with --isolate.
contract GasTest is GasBase {
    function test_gas_deposit() external {
        vm.deal(ALICE, 1 ether);
        vm.prank(ALICE, ALICE);
        portal.depositTransaction{value: 1 ether}(ALICE, 1 ether, 100_000, false, "");
        vm.snapshotGasLastCall("deposit");
    }

    function appendBytes(uint256 size, string memory name) internal {
        bytes memory data = new bytes(size);
        for (uint256 i = 0; i < size; ++i) data[i] = 0xab;
        bytes32 originHash = blockhash(block.number - 1);
        vm.prank(BATCHER, BATCHER);
        inbox.appendCalldata(1, 2, uint64(block.number - 1), originHash, data);
        vm.snapshotGasLastCall(name);
    }

    function test_gas_appendCalldata() external {
        appendBytes(0, "appendCalldata, 0 bytes");
    }

    function test_gas_appendCalldata_large() external {
        appendBytes(100_000, "appendCalldata, 100 kB, none of it zero");
    }

    function test_gas_forceInclude() external {
        pass(FORCE_DELAY);
        vm.prank(BOB, BOB);
        inbox.forceInclude(1, 2, "");
        vm.snapshotGasLastCall("forceInclude");
    }

    function test_gas_withdrawal() external {
        Portal.WithdrawalTransaction memory w = withdrawalOf(0, BOB, 1 ether, 21_000, "");
        Portal.WithdrawalTransaction[] memory set = setWith(w, 40);
        Portal.OutputRootProof memory output = outputOf(set);
        bytes[] memory proof = proofOf(set, 0);
        bytes memory extra = extraData(2);
        bytes32 root = rootOf(output);
        vm.deal(PROPOSER, BOND);
        vm.prank(PROPOSER);
        OutputGame game = OutputGame(address(factory.create{value: BOND}(TYPE, root, extra)));
        vm.snapshotGasLastCall("create");
        pass(1);
        portal.proveWithdrawalTransaction(w, 1, output, proof);
        vm.snapshotGasLastCall("prove, 41 withdrawals");
        pass(CLOCK);
        game.resolve();
        vm.snapshotGasLastCall("resolve");
        pass(FINALITY_DELAY + 1);
        portal.finalizeWithdrawalTransaction(w);
        vm.snapshotGasLastCall("finalize, new account");
        game.claimCredit(PROPOSER);
        vm.snapshotGasLastCall("claimCredit");
        registry.setAnchorState(game);
        vm.snapshotGasLastCall("setAnchorState");
    }
}

/// @notice Appending blobs, without what the transaction itself costs: a transaction with blobs cannot be isolated.
contract GasOfBlobsTest is GasBase {
    bytes internal constant INFINITY = hex"c0"
        hex"0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000";

    function appendBlobs(uint256 blobs, string memory name) internal {
        bytes32[] memory hashes = new bytes32[](blobs);
        bytes memory openings;
        for (uint256 i = 0; i < blobs; ++i) {
            hashes[i] = bytes32((uint256(sha256(INFINITY)) & (type(uint256).max >> 8)) | (uint256(1) << 248));
            openings = abi.encodePacked(openings, uint256(0), INFINITY, INFINITY);
        }
        vm.blobhashes(hashes);
        bytes32 originHash = blockhash(block.number - 1);
        vm.prank(BATCHER, BATCHER);
        inbox.appendBlobs(1, 2, uint64(block.number - 1), originHash, keccak256("data"), openings);
        vm.snapshotGasLastCall(name);
    }

    function test_gas_appendBlobs() external {
        appendBlobs(1, "appendBlobs, 1 blob");
    }

    function test_gas_appendBlobs_six() external {
        appendBlobs(6, "appendBlobs, 6 blobs");
    }
}
