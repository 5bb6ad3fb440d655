// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SystemConfig} from "src/parent/SystemConfig.sol";
import {Base} from "test/Base.sol";

contract SystemConfigTest is Base {
    function test_constructor_stores_succeeds() external view {
        SystemConfig.Settings memory s = settings();
        SystemConfig.Settings memory got = SystemConfig.Settings({
            owner: config.owner(),
            chainId: config.chainId(),
            configHash: config.configHash(),
            genesisOutputRoot: config.genesisOutputRoot(),
            batcher: config.batcher(),
            proposer: config.proposer(),
            challenger: config.challenger(),
            guardian: config.guardian(),
            forceDelaySeconds: config.forceDelaySeconds(),
            proofMaturityDelaySeconds: config.proofMaturityDelaySeconds(),
            disputeGameFinalityDelaySeconds: config.disputeGameFinalityDelaySeconds(),
            maxClockDurationSeconds: config.maxClockDurationSeconds()
        });
        assertEq(keccak256(abi.encode(s)), keccak256(abi.encode(got)));
    }

    function test_constructor_settings_reverts() external {
        SystemConfig.Settings memory s = settings();
        s.forceDelaySeconds = 0;
        vm.expectRevert(SystemConfig.ZeroForceDelay.selector);
        new SystemConfig(s);
        s = settings();
        s.guardian = address(0);
        vm.expectRevert(SystemConfig.ZeroAddress.selector);
        new SystemConfig(s);
    }

    function test_set_owner_succeeds() external {
        vm.expectEmit(address(config));
        emit SystemConfig.BatcherChanged(BATCHER, ALICE);
        vm.prank(OWNER);
        config.setBatcher(ALICE);
        assertEq(config.batcher(), ALICE);
        vm.expectEmit(address(config));
        emit SystemConfig.ProposerChanged(PROPOSER, ALICE);
        vm.prank(OWNER);
        config.setProposer(ALICE);
        assertEq(config.proposer(), ALICE);
        vm.expectEmit(address(config));
        emit SystemConfig.ChallengerChanged(CHALLENGER, ALICE);
        vm.prank(OWNER);
        config.setChallenger(ALICE);
        assertEq(config.challenger(), ALICE);
        vm.expectRevert(SystemConfig.ZeroAddress.selector);
        vm.prank(OWNER);
        config.setBatcher(address(0));
    }

    function testFuzz_set_notOwner_reverts(address caller) external {
        vm.assume(caller != OWNER);
        vm.expectRevert(SystemConfig.NotOwner.selector);
        vm.prank(caller);
        config.setBatcher(ALICE);
        vm.expectRevert(SystemConfig.NotOwner.selector);
        vm.prank(caller);
        config.setProposer(ALICE);
        vm.expectRevert(SystemConfig.NotOwner.selector);
        vm.prank(caller);
        config.setChallenger(ALICE);
    }
}
