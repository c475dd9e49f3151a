// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// A digest and the sum of all amounts below it.
struct Node {
    bytes32 digest;
    int64 sum;
}

/// Where consecutive leaves stand, and the nodes beside their way to the root.
struct Place {
    uint64 first;
    uint64 count;
    Node[] siblings;
}

/// Merkle trees that add up: whoever proves a leaf proves the sum of the whole tree too.
///
/// Shape as in `engine/ledger/merkle.py`: an odd node at the end of a level is carried up
/// as it is, the number of leaves is part of the root. Every digest is an EIP-712 struct
/// hash, so that a leaf can never pass for a node. A lie about the sum of a node makes
/// everything below that node impossible to prove.
library SumTree {
    bytes32 internal constant NODE_TYPE =
        keccak256("SumNode(bytes32 left,int64 leftSum,bytes32 right,int64 rightSum)");
    bytes32 internal constant ROOT_TYPE =
        keccak256("SumRoot(uint64 count,bytes32 top,int64 sum)");
    uint256 internal constant COUNT_MAX = type(uint32).max;

    error NotInTree();

    /// The root and the sum of the tree that holds `nodes` at `place`, side by side.
    /// Uses `nodes` up. Reverts when a sum leaves 64 bits.
    function fold(Node[] memory nodes, Place calldata place)
        internal
        pure
        returns (bytes32 root, int64 sum)
    {
        uint256 length = nodes.length;
        uint256 first = place.first;
        uint256 width = place.count;
        uint256 used = 0;
        if (length == 0 || width > COUNT_MAX || first + length > width) revert NotInTree();
        while (width > 1) {
            uint256 read = 0;
            uint256 written = 0;
            if (first & 1 == 1) {
                nodes[written++] = _parent(_sibling(place, used++), nodes[read++]);
            }
            for (; read + 1 < length; read += 2) {
                nodes[written++] = _parent(nodes[read], nodes[read + 1]);
            }
            if (read < length) {
                bool alone = first + read + 1 == width;
                nodes[written++] =
                    alone ? nodes[read] : _parent(nodes[read], _sibling(place, used++));
            }
            length = written;
            first >>= 1;
            width = (width + 1) >> 1;
        }
        if (used != place.siblings.length) revert NotInTree();
        sum = nodes[0].sum;
        root = rootOf(place.count, nodes[0].digest, sum);
    }

    /// The digest of a tree of `count` leaves.
    function rootOf(uint64 count, bytes32 top, int64 sum) internal pure returns (bytes32) {
        return keccak256(abi.encode(ROOT_TYPE, count, top, sum));
    }

    function _parent(Node memory left, Node memory right) private pure returns (Node memory) {
        return Node({
            digest: keccak256(
                abi.encode(NODE_TYPE, left.digest, left.sum, right.digest, right.sum)
            ),
            sum: left.sum + right.sum
        });
    }

    function _sibling(Place calldata place, uint256 index) private pure returns (Node memory) {
        if (index >= place.siblings.length) revert NotInTree();
        return place.siblings[index];
    }
}
