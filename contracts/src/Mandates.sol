// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Community} from "./Community.sol";
import {Node, Place, SumTree} from "./SumTree.sol";

/// What a producer signs: who gets which share of what it exports, as the root of a tree.
struct Mandate {
    address producer;
    /// Sum tree of `Share`; its sum is a million at most.
    bytes32 shares;
    /// UTC days, counted from the epoch, the last one included.
    uint32 fromDay;
    uint32 toDay;
    /// One more than the mandate it replaces.
    uint32 version;
}

/// A leaf of a mandate.
struct Share {
    address beneficiary;
    int64 ppm;
    bytes32 salt;
}

/// Producers name beneficiaries. The shares stay among those they concern: here are roots,
/// and whoever holds a share can prove it.
contract Mandates is EIP712 {
    bytes32 private constant MANDATE_TYPE = keccak256(
        "Mandate(address producer,bytes32 shares,uint32 fromDay,uint32 toDay,uint32 version)"
    );
    bytes32 private constant SHARE_TYPE =
        keccak256("Share(address beneficiary,int64 ppm,bytes32 salt)");
    int64 private constant PPM = 1_000_000;

    Community public immutable COMMUNITY;

    mapping(address producer => Mandate) public mandates;

    event Named(address indexed producer, Mandate mandate);

    error WrongSigner();
    error WrongVersion();
    error OutOfBounds();

    constructor(Community community) EIP712("CommonWatt Mandates", "1") {
        COMMUNITY = community;
    }

    /// Replace the mandate of a producer; a root of zero ends it. Anybody may relay it.
    function appoint(Mandate calldata mandate, bytes calldata signature) external {
        address account =
            COMMUNITY.accountOf(ECDSA.recover(_hashTypedDataV4(hashOf(mandate)), signature));
        if (account == address(0) || account != mandate.producer) revert WrongSigner();
        if (mandate.version != mandates[account].version + 1) revert WrongVersion();
        if (mandate.fromDay > mandate.toDay) revert OutOfBounds();
        mandates[account] = mandate;
        emit Named(account, mandate);
    }

    /// Whether `share` is part of what `producer` gives on `day`.
    function gives(address producer, uint32 day, Share calldata share, Place calldata place)
        external
        view
        returns (bool)
    {
        Mandate storage mandate = mandates[producer];
        if (day < mandate.fromDay || day > mandate.toDay || share.ppm <= 0) return false;
        for (uint256 i = 0; i < place.siblings.length; ++i) {
            if (place.siblings[i].sum < 0) return false;
        }
        Node[] memory nodes = new Node[](1);
        nodes[0] = Node({digest: leafOf(share), sum: share.ppm});
        (bytes32 root, int64 sum) = SumTree.fold(nodes, place);
        return root == mandate.shares && sum <= PPM;
    }

    /// Struct hash of a mandate.
    function hashOf(Mandate calldata mandate) public pure returns (bytes32) {
        return keccak256(
            abi.encode(
                MANDATE_TYPE,
                mandate.producer,
                mandate.shares,
                mandate.fromDay,
                mandate.toDay,
                mandate.version
            )
        );
    }

    /// Struct hash of a leaf.
    function leafOf(Share calldata share) public pure returns (bytes32) {
        return keccak256(abi.encode(SHARE_TYPE, share.beneficiary, share.ppm, share.salt));
    }
}
