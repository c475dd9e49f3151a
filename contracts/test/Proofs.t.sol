// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20Metadata} from
    "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Community} from "../src/Community.sol";
import {Credit} from "../src/Credit.sol";
import {Balance, Batch, Settlement} from "../src/Settlement.sol";
import {Node, Place} from "../src/SumTree.sol";
import {vm} from "./Cheats.sol";
import {Folder} from "./Street.sol";

/// For halmos: what holds for all leaves, sums and siblings, not only for some.
contract SumTreeProof {
    Folder private folder = new Folder();

    /// Every proof that leads to a root proves the leaf that was put there, and its sum.
    function check_a_proof_proves_the_first_leaf(
        bytes32[3] memory digests,
        int32[3] memory sums,
        Node memory leaf,
        Node memory low,
        Node memory high
    ) public view {
        Place memory place = _place(0);
        place.siblings = new Node[](2);
        (place.siblings[0], place.siblings[1]) = (low, high);
        _requireSame(digests, sums, leaf, place);
    }

    function check_a_proof_proves_the_second_leaf(
        bytes32[3] memory digests,
        int32[3] memory sums,
        Node memory leaf,
        Node memory low,
        Node memory high
    ) public view {
        Place memory place = _place(1);
        place.siblings = new Node[](2);
        (place.siblings[0], place.siblings[1]) = (low, high);
        _requireSame(digests, sums, leaf, place);
    }

    function check_a_proof_proves_the_last_leaf(
        bytes32[3] memory digests,
        int32[3] memory sums,
        Node memory leaf,
        Node memory low
    ) public view {
        Place memory place = _place(2);
        place.siblings = new Node[](1);
        place.siblings[0] = low;
        _requireSame(digests, sums, leaf, place);
    }

    /// The sum of the root is the sum of the leaves.
    function check_sums_add_up(bytes32[3] memory digests, int32[3] memory sums) public view {
        (, int64 total) = folder.fold(_nodes(digests, sums), _place(0));
        assert(int256(total) == int256(sums[0]) + int256(sums[1]) + int256(sums[2]));
    }

    function _requireSame(
        bytes32[3] memory digests,
        int32[3] memory sums,
        Node memory leaf,
        Place memory place
    ) private view {
        (bytes32 root, int64 total) = folder.fold(_nodes(digests, sums), _place(0));
        Node[] memory nodes = new Node[](1);
        nodes[0] = leaf;
        try folder.fold(nodes, place) returns (bytes32 found, int64 proved) {
            if (found != root) return;
            assert(proved == total);
            assert(leaf.digest == digests[place.first] && leaf.sum == sums[place.first]);
        } catch {}
    }

    function _nodes(bytes32[3] memory digests, int32[3] memory sums)
        private
        pure
        returns (Node[] memory nodes)
    {
        nodes = new Node[](3);
        for (uint256 i = 0; i < 3; ++i) {
            nodes[i] = Node({digest: digests[i], sum: sums[i]});
        }
    }

    function _place(uint64 first) private pure returns (Place memory) {
        return Place({first: first, count: 3, siblings: new Node[](0)});
    }
}

/// A settlement whose batches stand without having been signed: what halmos looks at is
/// what they pay.
contract OpenSettlement is Settlement {
    constructor(Community community)
        Settlement(community, "", "", IERC20Metadata(address(0)), 0, 1, 0)
    {}

    function stand(Batch calldata batch) external {
        _head.number = batch.number;
        _head.standing = batch.number;
        _digests[batch.number % KEPT] = digestOf(batch);
    }
}

/// For halmos: whatever a standing batch says, claims move credit and make none.
contract PoolProof {
    uint64 private constant LINE = 100e9;

    OpenSettlement private settlement;
    address private home;
    Folder private folder = new Folder();

    function setUp() public {
        home = address(0x1001);
        address[] memory founders = new address[](1);
        founders[0] = home;
        settlement = new OpenSettlement(new Community(0, founders, LINE, 1, 30));
        settlement.align();
    }

    /// Two batches after each other release what they like to a home: it gets the higher
    /// of both, never more than there is, and what it gets the pool has less.
    function check_claims_conserve_credit(uint64 first, uint64 second) public {
        _claim(1, first);
        _claim(2, second);

        uint256 due = first > second ? first : second;
        uint256 held = settlement.CREDIT().balanceOf(home);
        (, uint64 claimed) = settlement.ledgers(home);
        assert(held == (due < LINE ? due : LINE));
        assert(held == claimed);
        assert(settlement.CREDIT().balanceOf(address(settlement)) == LINE - held);
        assert(settlement.CREDIT().totalSupply() == LINE);
    }

    /// Whatever a home pays in comes from its hands and is written down as its own.
    function check_paying_in_conserves_credit(uint64 released, uint64 amount) public {
        _claim(1, released);
        Credit credit = settlement.CREDIT();
        uint256 held = credit.balanceOf(home);
        vm.prank(home);
        credit.approve(address(settlement), amount);
        vm.prank(home);
        try settlement.payIn(home, amount) {
            (uint64 deposited,) = settlement.ledgers(home);
            assert(deposited == amount);
            assert(credit.balanceOf(home) == held - amount);
        } catch {
            assert(amount > held);
        }
        assert(
            credit.balanceOf(home) + credit.balanceOf(address(settlement))
                == credit.totalSupply()
        );
    }

    function _claim(uint32 number, uint64 released) private {
        Balance[] memory balances = new Balance[](1);
        balances[0] = Balance({account: home, net: 0, released: released, salt: 0});
        Node[] memory nodes = new Node[](1);
        nodes[0] = Node({digest: settlement.leafOf(balances[0]), sum: 0});
        Place memory place = Place({first: 0, count: 1, siblings: new Node[](0)});
        Batch memory batch;
        batch.number = number;
        (batch.balances,) = folder.fold(nodes, place);
        settlement.stand(batch);
        settlement.claim(batch, balances, place);
    }
}
