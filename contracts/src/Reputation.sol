// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Community} from "./Community.sol";
import {Approval, Quorum} from "./Quorum.sol";
import {Node, Place, SumTree} from "./SumTree.sol";

/// What the committee signs about the scores of all members.
struct Scores {
    /// Last UTC day they rest on, counted from the epoch.
    uint32 day;
    /// Sum tree of `Score`.
    bytes32 root;
}

/// A leaf of the scores.
struct Score {
    address account;
    int64 ppm;
    /// Digest of the evidence it rests on.
    bytes32 evidence;
    bytes32 salt;
}

/// Anchors the scores of a community: never a score itself, only what proves one to whom
/// its owner shows it.
contract Reputation is EIP712 {
    bytes32 private constant SCORES_TYPE = keccak256("Scores(uint32 day,bytes32 root)");
    bytes32 private constant SCORE_TYPE =
        keccak256("Score(address account,int64 ppm,bytes32 evidence,bytes32 salt)");

    Community public immutable COMMUNITY;

    Scores public latest;

    event Anchored(uint32 indexed day, bytes32 root);

    error OutOfOrder();

    constructor(Community community) EIP712("CommonWatt Reputation", "1") {
        COMMUNITY = community;
    }

    /// Replace the anchored scores by those of a later day. Anybody may relay it.
    function anchor(Scores calldata scores, Approval[] calldata approvals) external {
        if (scores.day <= latest.day || scores.day > block.timestamp / 1 days) {
            revert OutOfOrder();
        }
        (bytes32 committee, uint256 quorum) = COMMUNITY.committeeOn(scores.day);
        bytes32 content = keccak256(abi.encode(SCORES_TYPE, scores.day, scores.root));
        Quorum.check(_hashTypedDataV4(content), approvals, committee, quorum);
        latest = scores;
        emit Anchored(scores.day, scores.root);
    }

    /// Whether an account has this score in the anchored ones.
    function proves(Score calldata score, Place calldata place) external view returns (bool) {
        Node[] memory nodes = new Node[](1);
        nodes[0] = Node({digest: leafOf(score), sum: score.ppm});
        // What scores add up to means nothing.
        // slither-disable-next-line unused-return
        (bytes32 root,) = SumTree.fold(nodes, place);
        return root == latest.root;
    }

    /// Struct hash of a leaf.
    function leafOf(Score calldata score) public pure returns (bytes32) {
        return keccak256(
            abi.encode(SCORE_TYPE, score.account, score.ppm, score.evidence, score.salt)
        );
    }
}
