// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AnchorStateRegistry} from "src/parent/AnchorStateRegistry.sol";
import {DisputeGameFactory} from "src/parent/DisputeGameFactory.sol";
import {GameType} from "src/parent/IDisputeGame.sol";
import {Inbox} from "src/parent/Inbox.sol";
import {OutputGame} from "src/parent/OutputGame.sol";
import {Portal} from "src/parent/Portal.sol";
import {SystemConfig} from "src/parent/SystemConfig.sol";
import {Vm} from "test/Vm.sol";

/// @notice Assertions that forge understands: a test fails by reverting.
abstract contract Asserts {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    error NotEqual(bytes32 left, bytes32 right);
    error NotTrue(string what);

    function assertTrue(bool condition, string memory what) internal pure {
        if (!condition) revert NotTrue(what);
    }

    function assertEq(bytes32 left, bytes32 right) internal pure {
        if (left != right) revert NotEqual(left, right);
    }

    function assertEq(uint256 left, uint256 right) internal pure {
        assertEq(bytes32(left), bytes32(right));
    }

    function assertEq(address left, address right) internal pure {
        assertEq(uint160(left), uint160(right));
    }

    function bound(uint256 x, uint256 low, uint256 high) internal pure returns (uint256) {
        return low + x % (high - low + 1);
    }
}

/// @notice Every contract of the parent side, deployed in the documented order, and accounts for the roles.
abstract contract Base is Asserts {
    address internal constant OWNER = address(0xA001);
    address internal constant BATCHER = address(0xA002);
    address internal constant PROPOSER = address(0xA003);
    address internal constant CHALLENGER = address(0xA004);
    address internal constant GUARDIAN = address(0xA005);
    address internal constant ALICE = address(0xB001);
    address internal constant BOB = address(0xB002);

    uint64 internal constant FORCE_DELAY = 3600;
    uint64 internal constant MATURITY_DELAY = 100;
    uint64 internal constant FINALITY_DELAY = 50;
    uint64 internal constant CLOCK = 1000;
    uint256 internal constant BOND = 0.08 ether;
    GameType internal constant TYPE = GameType.wrap(300);

    SystemConfig internal config;
    Inbox internal inbox;
    DisputeGameFactory internal factory;
    AnchorStateRegistry internal registry;
    OutputGame internal gameImpl;
    Portal internal portal;

    function setUp() public virtual {
        vm.roll(1_000_000);
        vm.warp(1_700_000_000);
        vm.setBlockhash(block.number - 1, keccak256("parent of the first block"));

        config = new SystemConfig(settings());
        uint64 nonce = vm.getNonce(address(this));
        inbox = new Inbox(config, vm.computeCreateAddress(address(this), nonce + 4));
        factory = new DisputeGameFactory(config);
        registry = new AnchorStateRegistry(config, factory, TYPE);
        gameImpl = new OutputGame(config, inbox, factory, registry);
        portal = new Portal(config, inbox, factory, registry);
        vm.prank(OWNER);
        factory.setImplementation(TYPE, gameImpl);
        vm.prank(OWNER);
        factory.setInitBond(TYPE, BOND);
    }

    function settings() internal pure returns (SystemConfig.Settings memory) {
        return SystemConfig.Settings({
            owner: OWNER,
            chainId: 901,
            configHash: keccak256("config"),
            genesisOutputRoot: keccak256("genesis"),
            batcher: BATCHER,
            proposer: PROPOSER,
            challenger: CHALLENGER,
            guardian: GUARDIAN,
            forceDelaySeconds: FORCE_DELAY,
            proofMaturityDelaySeconds: MATURITY_DELAY,
            disputeGameFinalityDelaySeconds: FINALITY_DELAY,
            maxClockDurationSeconds: CLOCK
        });
    }

    /// @dev Lets time and blocks pass; the block before the new one gets a hash.
    function pass(uint256 delaySeconds) internal {
        vm.warp(block.timestamp + delaySeconds);
        vm.roll(block.number + 1);
        vm.setBlockhash(block.number - 1, keccak256(abi.encode("block", block.number - 1)));
    }

    /// @dev A deposit of `valueWei` by an account, which adds one queue item.
    function deposit(address from, uint256 valueWei) internal {
        vm.deal(from, from.balance + valueWei);
        vm.prank(from, from);
        portal.depositTransaction{value: valueWei}(from, valueWei, 100_000, false, "");
    }

    /// @dev A claim over the whole inbox of today.
    function extraData(uint256 blockNumber) internal view returns (bytes memory) {
        return abi.encode(blockNumber, inbox.count(), inbox.acc(inbox.count()));
    }

    function propose(bytes32 root, uint256 blockNumber) internal returns (OutputGame) {
        vm.deal(PROPOSER, PROPOSER.balance + BOND);
        bytes memory extra = extraData(blockNumber);
        vm.prank(PROPOSER);
        return OutputGame(address(factory.create{value: BOND}(TYPE, root, extra)));
    }
}
