// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {History} from "src/lib/History.sol";

/// @title EdgeGame
/// @notice Edges, their rivals and their clocks: everybody against everybody, in moves that open a node of a history.
/// @dev An edge is a node of a history at its place (see History), under the id keccak256(place ‖ node). It has a rival
///      from the moment a second node is at its place, and its own clock runs until then, for the first one; the others'
///      clocks stand. Its timer is its own clock and the least of its children's timers: how long, on every way down, it
///      went without a rival. A timer only grows, so what is stored is a lower bound that anybody may bring up to date.
///
///      A move stores none of the children, whose tree is the node; they are in its event. A child is an edge of its own
///      only where two opened rivals part. Opened
///      rivals of one place form a trie of their children lists, and a move names the opened rival at which it branches
///      off: the first opened of those with which it shares the most children. So each parting of two opened rivals is
///      known from the second one's move on, and a child that is no edge has no rival.
abstract contract EdgeGame {
    /// @notice There is no such edge.
    error EdgeAbsent();
    /// @notice The edge is there already.
    error EdgeExists();
    /// @notice The edge has no rival: it needs no move.
    error NoRival();
    /// @notice The edge is opened already.
    error AlreadyOpened();
    /// @notice The edge is a leaf of its level, or is not.
    error WrongDepth();
    /// @notice Those are not the children of the node.
    error ChildrenMismatch();
    /// @notice Another opened rival shares more children, or was opened earlier: the move branches off there.
    error NotTheBranch();

    event EdgeAdded(bytes32 indexed place, bytes32 node, uint8 level, uint8 depth);
    event EdgeOpened(bytes32 indexed place, bytes32 node, bytes32[] children);

    /// @param createdAt    Time from which its own clock ran (seconds); 0 if there is no such edge.
    /// @param openedAt     Time of its move; 0 before.
    /// @param timer        Lower bound of its timer (seconds).
    /// @param level        1 or 2.
    /// @param depth        Moves from the root of its level.
    /// @param branch       Child at which its move branched off an opened rival's.
    /// @param first        Whether it was the first at its place.
    /// @param proven       Whether it is one step, and shown to be right.
    struct Edge {
        uint40 createdAt;
        uint40 openedAt;
        uint40 timer;
        uint8 level;
        uint8 depth;
        uint8 branch;
        bool first;
        bool proven;
    }

    /// @param rivalledAt  Time at which the second edge came; 0 before.
    /// @param taken       Whether there is an edge.
    /// @param opened      Whether an edge is opened.
    struct Place {
        uint40 rivalledAt;
        bool taken;
        bool opened;
    }

    /// @notice Timer of a proven step: longer than any clock (seconds).
    uint40 public constant FOREVER = 1 << 36;

    mapping(bytes32 place => Place) internal places_;
    mapping(bytes32 id => Edge) internal edges_;

    /// @notice Opens an edge that has a rival. Anybody may.
    /// @param rivalNode      Opened rival at which the children branch off; 0 if none is opened.
    /// @param rivalChildren  Its children; empty if none is opened.
    function open(
        bytes32 place,
        bytes32 node,
        bytes32[] calldata children,
        bytes32 rivalNode,
        bytes32[] calldata rivalChildren
    ) external {
        bytes32 id = edgeId(place, node);
        Edge memory edge = _edge(id);
        if (places_[place].rivalledAt == 0) revert NoRival();
        if (edge.openedAt != 0) revert AlreadyOpened();
        if (edge.depth == History.MOVES || children.length != 1 << History.bitsOf(edge.depth)) revert WrongDepth();
        bytes32[] memory nodes = _nodesAbove(node, children);
        edge.openedAt = uint40(block.timestamp);
        if (places_[place].opened) {
            edge.branch = _branch(place, nodes, rivalNode, rivalChildren);
        } else {
            if (rivalChildren.length != 0) revert NotTheBranch();
            places_[place].opened = true;
        }
        edges_[id] = edge;
        emit EdgeOpened(place, node, children);
    }

    /// @notice Brings the timer of an edge up to date, from the stored ones of its children. Anybody may.
    /// @param children  Its children; empty if it is not opened.
    function updateTimer(bytes32 place, bytes32 node, bytes32[] calldata children) external {
        bytes32 id = edgeId(place, node);
        Edge memory edge = _edge(id);
        uint256 below;
        if (edge.proven) {
            below = FOREVER;
        } else if (edge.openedAt != 0) {
            if (children.length != 1 << History.bitsOf(edge.depth)) revert ChildrenMismatch();
            bytes32[] memory nodes = _nodesAbove(node, children);
            below = block.timestamp - edge.openedAt;
            for (uint256 k = 0; k < children.length; ++k) {
                Edge memory child = edges_[edgeId(History.placeOf(place, nodes, k), children[k])];
                if (child.createdAt != 0 && child.timer < below) below = child.timer;
            }
        }
        _raise(id, edge, ownClock(place, node) + below);
    }

    /// @notice An edge; all zeros where there is none.
    function edgeAt(bytes32 place, bytes32 node) external view returns (Edge memory) {
        return edges_[edgeId(place, node)];
    }

    /// @notice Time at which a place had a second edge; 0 before.
    function rivalledAt(bytes32 place) external view returns (uint256) {
        return places_[place].rivalledAt;
    }

    /// @notice How long an edge has been, or was, without a rival (seconds).
    function ownClock(bytes32 place, bytes32 node) public view returns (uint256) {
        Edge memory edge = _edge(edgeId(place, node));
        if (!edge.first) return 0;
        uint256 until = places_[place].rivalledAt;
        return (until == 0 ? block.timestamp : until) - edge.createdAt;
    }

    function edgeId(bytes32 place, bytes32 node) public pure returns (bytes32) {
        return keccak256(abi.encode(place, node));
    }

    /// @dev Adds the two children at which a move parts from an opened rival's; says which ones.
    function _branch(bytes32 place, bytes32[] memory nodes, bytes32 rivalNode, bytes32[] calldata rivalChildren)
        private
        returns (uint8)
    {
        Edge memory rival = _edge(edgeId(place, rivalNode));
        if (rival.openedAt == 0 || rivalChildren.length != nodes.length / 2) revert NotTheBranch();
        bytes32[] memory rivalNodes = _nodesAbove(rivalNode, rivalChildren);
        uint256 k = History.firstDifference(nodes, rivalNodes);
        bytes32 node = nodes[nodes.length / 2 + k];
        bytes32 childPlace = History.placeOf(place, nodes, k);
        if (k < rival.branch || edges_[edgeId(childPlace, node)].createdAt != 0) revert NotTheBranch();
        if (edges_[edgeId(childPlace, rivalChildren[k])].createdAt == 0) {
            _add(childPlace, rivalChildren[k], rival.openedAt, rival.level, rival.depth + 1);
        }
        _add(childPlace, node, uint40(block.timestamp), rival.level, rival.depth + 1);
        return uint8(k);
    }

    function _add(bytes32 place, bytes32 node, uint40 createdAt, uint8 level, uint8 depth) internal {
        bytes32 id = edgeId(place, node);
        if (edges_[id].createdAt != 0) revert EdgeExists();
        Place memory at = places_[place];
        edges_[id] = Edge(createdAt, 0, 0, level, depth, 0, !at.taken, false);
        if (at.taken && at.rivalledAt == 0) at.rivalledAt = uint40(block.timestamp);
        at.taken = true;
        places_[place] = at;
        emit EdgeAdded(place, node, level, depth);
    }

    function _edge(bytes32 id) internal view returns (Edge memory edge) {
        edge = edges_[id];
        if (edge.createdAt == 0) revert EdgeAbsent();
    }

    function _raise(bytes32 id, Edge memory edge, uint256 timer) internal {
        if (timer > FOREVER) timer = FOREVER;
        if (timer > edge.timer) edges_[id].timer = uint40(timer);
    }

    function _nodesAbove(bytes32 node, bytes32[] calldata children) private pure returns (bytes32[] memory nodes) {
        nodes = History.nodesAbove(children);
        if (nodes[1] != node) revert ChildrenMismatch();
    }
}
