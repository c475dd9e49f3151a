// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20Metadata} from
    "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Credit} from "../src/Credit.sol";
import {Approval, Quorum} from "../src/Quorum.sol";
import {Balance, Batch, Settlement} from "../src/Settlement.sol";
import {vm} from "./Cheats.sol";
import {Coin} from "./Coin.sol";
import {Street} from "./Street.sol";

contract SettlementTest is Street {
    function setUp() public {
        found(IERC20Metadata(address(0)));
        nextDay();
    }

    function test_a_claim_pays_what_was_released_once(uint64 amount) public {
        amount %= LINE;
        _earn(amount);
        settle();
        claimAll();
        claimAll();
        assert(credit.balanceOf(homes[0]) == amount);
    }

    function test_nobody_else_signs_for_a_seat(uint256 key) public {
        key = 1_000 + key % 1_000_000;
        Batch memory batch = nextBatch(leaves());
        Approval[] memory approvals = approve(batch);
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(key, typed(settlement.digestOf(batch)));
        approvals[0] = Approval({r: r, vs: bytes32(uint256(s) | uint256(v - 27) << 255)});
        vm.expectRevert(Quorum.NotTheCommittee.selector);
        settlement.submit(batch, approvals);
    }

    function test_what_is_signed_cannot_be_altered(bytes32 root) public {
        Batch memory batch = nextBatch(leaves());
        Approval[] memory approvals = approve(batch);
        vm.assume(root != batch.balances);
        batch.balances = root;
        vm.expectRevert(Quorum.NotTheCommittee.selector);
        settlement.submit(batch, approvals);
    }

    function test_a_leaf_of_another_amount_is_not_in_the_batch(int64 net) public {
        _earn(5e9);
        settle();
        Balance[] memory balances = leaves();
        vm.assume(net != balances[0].net);
        balances[0].net = net;
        // The sums of all nodes above change, so that the root does, or they overflow.
        (bool isTaken,) = address(settlement).call(
            abi.encodeCall(Settlement.claim, (standing, balances, whole()))
        );
        assert(!isTaken);
    }

    function test_a_day_is_settled_once(uint8 days_) public {
        settle();
        Batch memory batch = nextBatch(leaves());
        batch.day = standing.day - uint32(days_);
        Approval[] memory approvals = approve(batch);
        vm.expectRevert(Settlement.OutOfOrder.selector);
        settlement.submit(batch, approvals);
    }

    function test_what_a_home_signed_is_done_and_nothing_else(uint64 amount, uint64 other)
        public
    {
        amount = 1 + amount % (LINE - 1);
        vm.assume(other != amount);
        _earn(amount);
        settle();
        claimAll();
        (bytes memory good, bytes memory bad) = (
            transferFor(homes[0], homes[2], amount), transferFor(homes[0], homes[2], other)
        );
        // The amount is the third word of the arguments.
        assembly {
            mstore(add(bad, 100), amount)
        }
        vm.expectRevert(Credit.WrongSigner.selector);
        _send(address(credit), bad);
        _send(address(credit), good);
        assert(credit.balanceOf(homes[2]) == amount);
        vm.expectRevert(Credit.WrongSigner.selector);
        _send(address(credit), good);
    }

    function test_what_a_home_signed_is_not_done_too_late(uint32 late) public {
        _earn(LINE);
        settle();
        claimAll();
        bytes memory errand = transferFor(homes[0], homes[2], 1);
        vm.warp(block.timestamp + 1 + late);
        vm.expectRevert(Credit.Expired.selector);
        _send(address(credit), errand);
    }

    function test_nobody_pays_in_what_a_home_only_allowed(uint64 amount, bytes32 r) public {
        amount = 1 + amount % (LINE - 1);
        _earn(LINE);
        settle();
        claimAll();
        vm.prank(homes[0]);
        credit.approve(address(settlement), type(uint256).max);
        vm.expectRevert(Settlement.NotPermitted.selector);
        settlement.payInFor(homes[0], amount, block.timestamp, 27, r, r);
        _send(address(settlement), payInFor(homes[0], amount));
        assert(credit.balanceOf(homes[0]) == LINE - amount);
    }

    function _send(address target, bytes memory call) private {
        (bool isDone, bytes memory answer) = target.call(call);
        if (isDone) return;
        assembly {
            revert(add(answer, 32), mload(answer))
        }
    }

    function _earn(uint64 amount) private {
        nets[homes[0]] += int64(amount);
        nets[homes[1]] -= int64(amount);
        released[homes[0]] += amount;
    }
}

/// Coins of any number of digits.
contract CreditTest {
    function test_deposits_come_back_in_full(uint8 digits, uint64 amount) public {
        digits = digits % 25;
        uint256 unit = digits < 9 ? 10 ** (9 - digits) : 1;
        amount = uint64(amount % 1e18 / unit * unit);
        Coin coin = new Coin(digits);
        Credit credit = new Credit("Credit", "CRD", coin, type(uint64).max);
        coin.mint(address(this), type(uint128).max);
        coin.approve(address(credit), type(uint256).max);
        credit.deposit(address(this), amount);
        assert(credit.balanceOf(address(this)) == amount);
        credit.withdraw(address(this), amount);
        assert(coin.balanceOf(address(this)) == type(uint128).max);
        assert(credit.totalSupply() == 0);
    }

    function test_what_a_coarse_coin_cannot_express_is_refused(uint64 amount) public {
        Coin coin = new Coin(6);
        Credit credit = new Credit("Credit", "CRD", coin, type(uint64).max);
        vm.assume(amount % 1e3 != 0);
        vm.expectRevert(Credit.NotWhole.selector);
        credit.deposit(address(this), amount);
    }
}
