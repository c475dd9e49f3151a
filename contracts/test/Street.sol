// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20Metadata} from
    "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Certificates, Origin} from "../src/Certificates.sol";
import {Community} from "../src/Community.sol";
import {Credit} from "../src/Credit.sol";
import {Approval} from "../src/Quorum.sol";
import {Balance, Batch, Settlement} from "../src/Settlement.sol";
import {Node, Place, SumTree} from "../src/SumTree.sol";
import {vm} from "./Cheats.sol";

/// `SumTree.fold` for memory, to make the trees that are proved against.
contract Folder {
    function fold(Node[] memory nodes, Place calldata place)
        external
        pure
        returns (bytes32 root, int64 sum)
    {
        return SumTree.fold(nodes, place);
    }
}

/// Five homes, their keys, a model of what they earned, and all that a relay does.
contract Street {
    uint256 internal constant HOMES = 5;
    uint64 internal constant LINE = 100e9;
    uint40 internal constant WINDOW = 6 hours;
    bytes32 private constant TRANSFER_TYPE = keccak256(
        "Transfer(address owner,address to,uint64 amount,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant PERMIT_TYPE = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );

    Community internal community;
    Settlement internal settlement;
    Credit internal credit;
    Certificates internal certificates;
    Folder internal folder = new Folder();

    /// Ascending, as leaves have to be.
    address[] internal homes;
    mapping(address home => uint256) internal keys;
    mapping(address home => int64) internal nets;
    mapping(address home => uint64) internal released;
    Batch internal standing;
    Balance[] internal standingBalances;

    function found(IERC20Metadata backing) internal {
        vm.warp(20_000 days + 1 hours);
        for (uint256 key = 1; key <= HOMES; ++key) {
            _insert(vm.addr(key), key);
        }
        uint64 line = address(backing) == address(0) ? LINE : 0;
        community = new Community(keccak256("charter"), homes, line, 3, 30);
        settlement = new Settlement(
            community, "Credit", "CRD", backing, 1_000e9, WINDOW, 0.01 ether
        );
        credit = settlement.CREDIT();
        certificates = new Certificates(settlement);
        if (line > 0) settlement.align();
    }

    function nextDay() internal {
        vm.warp((block.timestamp / 1 days + 1) * 1 days + 1);
    }

    /// The leaves of all homes as the model has them.
    function leaves() internal view returns (Balance[] memory balances) {
        balances = new Balance[](HOMES);
        for (uint256 i = 0; i < HOMES; ++i) {
            balances[i] = Balance({
                account: homes[i],
                net: nets[homes[i]],
                released: released[homes[i]],
                salt: keccak256(abi.encode(i))
            });
        }
    }

    function whole() internal pure returns (Place memory) {
        return Place({first: 0, count: uint64(HOMES), siblings: new Node[](0)});
    }

    function rootOf(Balance[] memory balances) internal view returns (bytes32 root) {
        Node[] memory nodes = new Node[](balances.length);
        for (uint256 i = 0; i < balances.length; ++i) {
            nodes[i] = Node({digest: settlement.leafOf(balances[i]), sum: balances[i].net});
        }
        Place memory place = whole();
        place.count = uint64(balances.length);
        (root,) = folder.fold(nodes, place);
    }

    function nextBatch(Balance[] memory balances) internal view returns (Batch memory batch) {
        Settlement.Head memory head = settlement.chainHead();
        batch.number = head.number + 1;
        batch.day = uint32(block.timestamp / 1 days - 1);
        batch.prev = head.standing == 0 ? bytes32(0) : settlement.digestAt(head.standing);
        batch.balances = rootOf(balances);
    }

    function approve(Batch memory batch) internal view returns (Approval[] memory approvals) {
        bytes32 digest = typed(settlement.digestOf(batch));
        address[] memory seats = community.seats();
        approvals = new Approval[](seats.length);
        for (uint256 i = 0; i < seats.length; ++i) {
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[seats[i]], digest);
            approvals[i] = Approval({r: r, vs: bytes32(uint256(s) | uint256(v - 27) << 255)});
        }
    }

    /// What is signed for the settlement.
    function typed(bytes32 content) internal view returns (bytes32) {
        return typed(address(settlement), "CommonWatt Settlement", content);
    }

    /// What is signed for one of the contracts, by the name of its domain.
    function typed(address target, string memory name, bytes32 content)
        internal
        view
        returns (bytes32)
    {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256(bytes(name)),
                keccak256("1"),
                block.chainid,
                target
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, content));
    }

    /// A call by which anybody hands credit on for a home that signed it.
    function transferFor(address home, address to, uint64 amount)
        internal
        view
        returns (bytes memory)
    {
        uint256 deadline = block.timestamp;
        bytes32 content = keccak256(
            abi.encode(TRANSFER_TYPE, home, to, amount, credit.nonces(home), deadline)
        );
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(keys[home], typed(address(credit), "Credit", content));
        return abi.encodeCall(
            Credit.transferFor, (home, to, amount, deadline, abi.encodePacked(r, s, v))
        );
    }

    /// A call by which anybody pays credit in for a home that permitted it.
    function payInFor(address home, uint64 amount) internal view returns (bytes memory) {
        uint256 deadline = block.timestamp;
        bytes32 content = keccak256(
            abi.encode(
                PERMIT_TYPE,
                home,
                address(settlement),
                uint256(amount),
                credit.nonces(home),
                deadline
            )
        );
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(keys[home], typed(address(credit), "Credit", content));
        return abi.encodeCall(Settlement.payInFor, (home, amount, deadline, v, r, s));
    }

    function post(Batch memory batch) internal {
        settlement.submit(batch, approve(batch));
    }

    /// Post what the model says and wait until it stands.
    function settle() internal {
        Balance[] memory balances = leaves();
        Batch memory batch = nextBatch(balances);
        post(batch);
        vm.warp(block.timestamp + WINDOW);
        remember(batch, balances);
    }

    function remember(Batch memory batch, Balance[] memory balances) internal {
        standing = batch;
        delete standingBalances;
        for (uint256 i = 0; i < balances.length; ++i) {
            standingBalances.push(balances[i]);
        }
    }

    function claimAll() internal {
        settlement.claim(standing, standingBalances, whole());
    }

    function _insert(address home, uint256 key) private {
        keys[home] = key;
        homes.push(home);
        for (uint256 i = homes.length - 1; i > 0 && homes[i - 1] > homes[i]; --i) {
            (homes[i - 1], homes[i]) = (homes[i], homes[i - 1]);
        }
    }
}
