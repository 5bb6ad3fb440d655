// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SystemConfig} from "src/parent/SystemConfig.sol";

/// @title Timelock
/// @notice Owner of a chain's contracts that makes its calls only after a wait, in which everybody can read them and leave:
///         a new program cannot surprise anybody. Operators, whose keys may have to be changed at once, are the exception.
contract Timelock {
    /// @notice The caller is not the administrator.
    error NotAdministrator();
    /// @notice The call is announced already.
    error AlreadyAnnounced(bytes32 id);
    /// @notice The call is not announced, was made, or was withdrawn.
    error NotAnnounced(bytes32 id);
    /// @notice The wait is not over.
    error TooEarly(uint256 readyAt);

    event Announced(bytes32 indexed id, address target, bytes data, bytes32 salt, uint256 readyAt);
    event Withdrawn(bytes32 indexed id);
    event Executed(bytes32 indexed id, address target, bytes data);

    string public constant version = "0.1.0";

    address public immutable administrator;
    /// @notice Wait between announcement and call (seconds).
    uint64 public immutable delaySeconds;

    /// @notice Time from which an announced call may be made (seconds); 0 for others.
    mapping(bytes32 id => uint256) public readyAt;

    modifier onlyAdministrator() {
        if (msg.sender != administrator) revert NotAdministrator();
        _;
    }

    constructor(address administrator_, uint64 delaySeconds_) {
        administrator = administrator_;
        delaySeconds = delaySeconds_;
    }

    /// @notice Announces a call. One that is to be made again takes another salt.
    function announce(address target, bytes calldata data, bytes32 salt)
        external
        onlyAdministrator
        returns (bytes32 id)
    {
        id = idOf(target, data, salt);
        if (readyAt[id] != 0) revert AlreadyAnnounced(id);
        readyAt[id] = block.timestamp + delaySeconds;
        emit Announced(id, target, data, salt, readyAt[id]);
    }

    /// @notice Takes an announced call back.
    function withdraw(bytes32 id) external onlyAdministrator {
        if (readyAt[id] == 0) revert NotAnnounced(id);
        readyAt[id] = 0;
        emit Withdrawn(id);
    }

    /// @notice Makes an announced call once its wait is over. Anybody may.
    function execute(address target, bytes calldata data, bytes32 salt) external {
        bytes32 id = idOf(target, data, salt);
        if (readyAt[id] == 0) revert NotAnnounced(id);
        if (block.timestamp < readyAt[id]) revert TooEarly(readyAt[id]);
        readyAt[id] = 0;
        emit Executed(id, target, data);
        _call(target, data);
    }

    /// @notice Replaces the batcher at once.
    function setBatcher(SystemConfig config, address current) external onlyAdministrator {
        config.setBatcher(current);
    }

    /// @notice Replaces the proposer at once.
    function setProposer(SystemConfig config, address current) external onlyAdministrator {
        config.setProposer(current);
    }

    /// @notice Replaces the challenger at once.
    function setChallenger(SystemConfig config, address current) external onlyAdministrator {
        config.setChallenger(current);
    }

    function idOf(address target, bytes calldata data, bytes32 salt) public pure returns (bytes32) {
        return keccak256(abi.encode(target, data, salt));
    }

    /// @dev Fails with the call's own reason.
    function _call(address target, bytes calldata data) private {
        (bool ok, bytes memory reason) = target.call(data);
        if (ok) return;
        assembly ("memory-safe") {
            revert(add(reason, 32), mload(reason))
        }
    }
}
