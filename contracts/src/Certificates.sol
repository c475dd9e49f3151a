// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {Community} from "./Community.sol";
import {Batch, Settlement} from "./Settlement.sol";
import {Node, Place, SumTree} from "./SumTree.sol";

/// A leaf of the certificates: energy whose proof of origin leaves the community.
struct Origin {
    /// Digest of the granular certificate; its content stays with whoever it concerns.
    bytes32 certificate;
    address holder;
    int64 energyWh;
    bytes32 salt;
}

/// Granular certificates outside of their community: brought here once, by proof against a
/// batch that stands, handed on in whole Wh, retired once. Nobody can make others.
contract Certificates is ERC1155, EIP712, Nonces {
    bytes32 private constant ORIGIN_TYPE =
        keccak256("Origin(bytes32 certificate,address holder,int64 energyWh,bytes32 salt)");
    bytes32 private constant TRANSFER_TYPE = keccak256(
        "Transfer(bytes32 certificate,address from,address to,uint64 energyWh,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant RETIREMENT_TYPE = keccak256(
        "Retirement(bytes32 certificate,address holder,uint64 energyWh,string purpose,uint256 nonce,uint256 deadline)"
    );

    Settlement public immutable SETTLEMENT;
    Community public immutable COMMUNITY;

    /// Wh that a certificate was brought here for; more than zero: it cannot come again.
    mapping(bytes32 certificate => uint64) public claimedWh;
    mapping(bytes32 certificate => uint64) public retiredWh;
    /// Wh of all certificates brought here from one batch.
    mapping(uint32 number => uint64) public batchWh;

    event Claimed(bytes32 indexed certificate, address indexed holder, uint64 energyWh);
    event Retired(
        bytes32 indexed certificate, address indexed holder, uint64 energyWh, string purpose
    );

    error NotInBatch();
    error AlreadyClaimed();
    error MoreThanMetered();
    error BadAmount();
    error NobodysKey();
    error Expired();
    error WrongSigner();

    constructor(Settlement settlement) ERC1155("") EIP712("CommonWatt Certificates", "1") {
        SETTLEMENT = settlement;
        COMMUNITY = settlement.COMMUNITY();
    }

    /// Bring a certificate to the chain, into the hands of its holder. Anybody may.
    function claim(Batch calldata batch, Origin calldata origin, Place calldata place)
        external
    {
        if (!proves(batch, origin, place)) revert NotInBatch();
        if (claimedWh[origin.certificate] != 0) revert AlreadyClaimed();
        uint64 energyWh = uint64(origin.energyWh);
        if (batchWh[batch.number] + energyWh > batch.meteredWh) revert MoreThanMetered();
        address key = COMMUNITY.keyOf(origin.holder);
        if (key == address(0)) revert NobodysKey();
        batchWh[batch.number] += energyWh;
        claimedWh[origin.certificate] = energyWh;
        emit Claimed(origin.certificate, key, energyWh);
        _mint(key, uint256(origin.certificate), energyWh, "");
    }

    /// Whether a certificate is in a batch that stands, within what was metered.
    ///
    /// No amount in a tree may be negative: it could hide another's.
    function proves(Batch calldata batch, Origin calldata origin, Place calldata place)
        public
        view
        returns (bool)
    {
        if (origin.energyWh <= 0 || !SETTLEMENT.hasStood(batch)) return false;
        for (uint256 i = 0; i < place.siblings.length; ++i) {
            if (place.siblings[i].sum < 0) return false;
        }
        Node[] memory nodes = new Node[](1);
        nodes[0] = Node({digest: leafOf(origin), sum: origin.energyWh});
        (bytes32 root, int64 sum) = SumTree.fold(nodes, place);
        return root == batch.certificates && uint64(sum) <= batch.meteredWh;
    }

    /// Use some Wh of a certificate up, once and for all.
    function retire(bytes32 certificate, uint64 energyWh, string calldata purpose) external {
        _retire(certificate, msg.sender, energyWh, purpose);
    }

    /// The same for a holder that signed (EIP-712).
    function retireFor(
        bytes32 certificate,
        address holder,
        uint64 energyWh,
        string calldata purpose,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 content = keccak256(
            abi.encode(
                RETIREMENT_TYPE,
                certificate,
                holder,
                energyWh,
                keccak256(bytes(purpose)),
                _useNonce(holder),
                deadline
            )
        );
        _requireSigned(content, holder, deadline, signature);
        _retire(certificate, holder, energyWh, purpose);
    }

    /// Hand some Wh of a certificate on, for a holder that signed (EIP-712).
    function transferFor(
        bytes32 certificate,
        address from,
        address to,
        uint64 energyWh,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 content = keccak256(
            abi.encode(
                TRANSFER_TYPE, certificate, from, to, energyWh, _useNonce(from), deadline
            )
        );
        _requireSigned(content, from, deadline, signature);
        _safeTransferFrom(from, to, uint256(certificate), energyWh, "");
    }

    /// Struct hash of a leaf.
    function leafOf(Origin calldata origin) public pure returns (bytes32) {
        return keccak256(
            abi.encode(
                ORIGIN_TYPE, origin.certificate, origin.holder, origin.energyWh, origin.salt
            )
        );
    }

    function _retire(
        bytes32 certificate,
        address holder,
        uint64 energyWh,
        string calldata purpose
    ) private {
        if (energyWh == 0) revert BadAmount();
        retiredWh[certificate] += energyWh;
        emit Retired(certificate, holder, energyWh, purpose);
        _burn(holder, uint256(certificate), energyWh);
    }

    function _requireSigned(
        bytes32 content,
        address signer,
        uint256 deadline,
        bytes calldata signature
    ) private view {
        if (block.timestamp > deadline) revert Expired();
        if (ECDSA.recover(_hashTypedDataV4(content), signature) != signer) {
            revert WrongSigner();
        }
    }
}
