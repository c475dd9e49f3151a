// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// What one seat of the committee says: a compact signature (EIP-2098), or, from a seat
/// that is silent, `r` zero and its address in `vs`.
struct Approval {
    bytes32 r;
    bytes32 vs;
}

/// Who signed for a committee. The committee itself is known by the digest of its seats.
library Quorum {
    error NotTheCommittee();
    error TooFewApprovals(uint256 given, uint256 needed);

    /// Revert unless enough of the seats behind `committee` signed `digest`.
    ///
    /// Every seat has its entry, in order: nobody signs twice, and a wrong signature
    /// recovers to an address that changes the digest of the seats.
    function check(
        bytes32 digest,
        Approval[] calldata approvals,
        bytes32 committee,
        uint256 needed
    ) internal pure {
        address[] memory seats = new address[](approvals.length);
        uint256 given = 0;
        for (uint256 i = 0; i < approvals.length; ++i) {
            Approval calldata approval = approvals[i];
            if (approval.r == 0) {
                seats[i] = address(uint160(uint256(approval.vs)));
            } else {
                seats[i] = ECDSA.recover(digest, approval.r, approval.vs);
                ++given;
            }
        }
        if (digestOf(seats) != committee) revert NotTheCommittee();
        if (given < needed) revert TooFewApprovals(given, needed);
    }

    /// The digest by which a committee is known.
    function digestOf(address[] memory seats) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(seats));
    }
}
