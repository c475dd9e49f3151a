// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20Metadata} from
    "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Origin} from "../src/Certificates.sol";
import {Balance, Batch, Settlement} from "../src/Settlement.sol";
import {Node, Place} from "../src/SumTree.sol";
import {vm} from "./Cheats.sol";
import {Coin} from "./Coin.sol";
import {Street} from "./Street.sol";

/// Does at random what homes, their committee and thieves may do, and keeps a model of it.
contract Relay is Street {
    Coin public coin;
    uint256 public batches;
    uint256 public undone;
    uint256 public claims;
    uint256 public certified;
    uint32 public lastNumber;
    uint32 public lastStanding;
    uint32 public lastDay;
    bool public wentBack;
    bool public wasRepeated;
    uint256 public errands;
    bytes32[] public origins;

    constructor(bool isBacked) {
        if (isBacked) coin = new Coin(6);
        found(IERC20Metadata(address(coin)));
        for (uint256 i = 0; i < HOMES && isBacked; ++i) {
            coin.mint(homes[i], 1_000_000e6);
            vm.prank(homes[i]);
            coin.approve(address(credit), type(uint256).max);
        }
        for (uint256 i = 0; i < HOMES; ++i) {
            vm.prank(homes[i]);
            credit.approve(address(settlement), type(uint256).max);
        }
    }

    modifier watched() {
        _;
        Settlement.Head memory head = settlement.chainHead();
        wentBack = wentBack || head.number < lastNumber || head.standing < lastStanding
            || head.standingDay < lastDay;
        lastNumber = head.number;
        lastStanding = head.standing;
        lastDay = head.standingDay;
    }

    /// One home delivers to another, as far as the other covers it.
    function deliver(uint256 from, uint256 to, uint64 amount) external watched {
        (address seller, address buyer) = (homes[from % HOMES], homes[to % HOMES]);
        (uint64 deposited,) = settlement.ledgers(buyer);
        int256 floor = int256(uint256(released[buyer])) - int256(uint256(deposited))
            - int256(uint256(lineOf(buyer)));
        int256 room = int256(nets[buyer]) - floor;
        if (seller == buyer || room <= 0) return;
        int64 paid = int64(int256(uint256(amount) % uint256(room + 1)));
        nets[seller] += paid;
        nets[buyer] -= paid;
    }

    /// The committee releases some of what a home has.
    function release(uint256 who, uint64 amount) external watched {
        address home = homes[who % HOMES];
        (uint64 deposited,) = settlement.ledgers(home);
        int256 has = int256(nets[home]) + int256(uint256(deposited));
        int256 room = has - int256(uint256(released[home]));
        if (room > 0) released[home] += uint64(uint256(amount) % uint256(room + 1));
    }

    function settleDay() external watched {
        nextDay();
        settle();
        ++batches;
    }

    /// A committee that lies is undone by anybody who looks.
    function lie(uint256 who, int64 amount, bool isReleased) external watched {
        amount = int64(bound(amount, 1, 1_000_000e9));
        nextDay();
        Balance[] memory balances = leaves();
        Balance memory leaf = balances[who % HOMES];
        if (isReleased) leaf.released += uint64(amount) + uint64(LINE) + 1_000_000e9;
        else leaf.net += amount;
        Batch memory batch = nextBatch(balances);
        post(batch);
        settlement.challenge(batch, balances, whole());
        ++undone;
    }

    function claim() external watched {
        if (standing.number == 0) return;
        claimAll();
        ++claims;
    }

    function deposit(uint256 who, uint64 amount) external watched {
        if (address(coin) == address(0)) return;
        address home = homes[who % HOMES];
        vm.prank(home);
        credit.deposit(home, amount % 1_000e9 / 1e3 * 1e3);
    }

    function payIn(uint256 who, uint256 amount) external watched {
        address home = homes[who % HOMES];
        uint256 has = credit.balanceOf(home);
        vm.prank(home);
        credit.approve(address(settlement), type(uint256).max);
        vm.prank(home);
        settlement.payIn(home, uint64(amount % (has + 1)));
    }

    function withdraw(uint256 who, uint256 amount) external watched {
        if (address(coin) == address(0)) return;
        address home = homes[who % HOMES];
        uint256 has = credit.balanceOf(home);
        vm.prank(home);
        credit.withdraw(home, uint64(amount % (has + 1) / 1e3 * 1e3));
    }

    function transfer(uint256 from, uint256 to, uint256 amount) external watched {
        uint256 has = credit.balanceOf(homes[from % HOMES]);
        vm.prank(homes[from % HOMES]);
        credit.transfer(homes[to % HOMES], amount % (has + 1));
    }

    /// Anybody sends what a home signed; and a thief sends it again.
    function runErrand(uint256 who, uint256 to, uint256 amount, bool isPaidIn)
        external
        watched
    {
        address home = homes[who % HOMES];
        uint256 has = credit.balanceOf(home);
        if (has == 0) return;
        uint64 some = uint64(1 + amount % has);
        address target = isPaidIn ? address(settlement) : address(credit);
        bytes memory errand =
            isPaidIn ? payInFor(home, some) : transferFor(home, homes[to % HOMES], some);
        (bool isDone,) = target.call(errand);
        assert(isDone);
        ++errands;
        (bool isRepeated,) = target.call(errand);
        wasRepeated = wasRepeated || isRepeated;
    }

    /// A batch with one certificate, brought to the chain twice.
    function certify(uint256 who, uint32 energyWh, uint32 meteredWh) external watched {
        nextDay();
        Origin memory origin = Origin({
            certificate: keccak256(abi.encode(block.timestamp)),
            holder: homes[who % HOMES],
            energyWh: int64(uint64(energyWh)),
            salt: 0
        });
        Node[] memory nodes = new Node[](1);
        nodes[0] = Node({digest: certificates.leafOf(origin), sum: origin.energyWh});
        Place memory place = Place({first: 0, count: 1, siblings: new Node[](0)});
        Balance[] memory balances = leaves();
        Batch memory batch = nextBatch(balances);
        (batch.certificates,) = folder.fold(nodes, place);
        batch.meteredWh = meteredWh;
        post(batch);
        vm.warp(block.timestamp + WINDOW);
        remember(batch, balances);
        for (uint256 i = 0; i < 2; ++i) {
            try certificates.claim(batch, origin, place) {
                origins.push(origin.certificate);
                certified += energyWh;
                assert(energyWh <= meteredWh);
                assert(i == 0);
            } catch {}
        }
    }

    function retire(uint256 which, uint256 who, uint64 energyWh) external watched {
        if (origins.length == 0) return;
        bytes32 certificate = origins[which % origins.length];
        address home = homes[who % HOMES];
        uint256 has = certificates.balanceOf(home, uint256(certificate));
        if (has == 0) return;
        vm.prank(home);
        certificates.retire(certificate, uint64(1 + energyWh % has), "used");
    }

    // ------------------------------------------------------------- the model

    function lineOf(address home) public view returns (uint64) {
        return address(coin) == address(0) ? community.lineOf(home) : 0;
    }

    /// Pool, credit of homes, what was paid in, what was claimed, all there is.
    function sums()
        external
        view
        returns (uint256 pool, uint256 held, uint256 paidIn, uint256 claimed, uint256 supply)
    {
        pool = credit.balanceOf(address(settlement));
        supply = credit.totalSupply();
        for (uint256 i = 0; i < HOMES; ++i) {
            (uint64 in_, uint64 out) = settlement.ledgers(homes[i]);
            paidIn += in_;
            claimed += out;
            held += credit.balanceOf(homes[i]);
        }
    }

    /// Whether every home covers what it was paid: by what it earned, paid in, or its line.
    function allCovered() external view returns (bool) {
        int256 total = 0;
        for (uint256 i = 0; i < standingBalances.length; ++i) {
            Balance memory leaf = standingBalances[i];
            (uint64 in_, uint64 out) = settlement.ledgers(leaf.account);
            int256 cover = int256(leaf.net) + int256(uint256(in_))
                + int256(uint256(lineOf(leaf.account)));
            if (cover < int256(uint256(out))) return false;
            total += leaf.net;
        }
        return total == 0;
    }

    function certificatesAddUp() external view returns (bool) {
        uint256 all = 0;
        for (uint256 i = 0; i < origins.length; ++i) {
            uint256 left = 0;
            for (uint256 j = 0; j < HOMES; ++j) {
                left += certificates.balanceOf(homes[j], uint256(origins[i]));
            }
            uint256 claimedWh = certificates.claimedWh(origins[i]);
            if (left + certificates.retiredWh(origins[i]) != claimedWh) return false;
            all += claimedWh;
        }
        return all == certified;
    }

    function linesIssued() external view returns (uint256) {
        return settlement.linesIssued();
    }

    function coinsHeld() external view returns (uint256) {
        return coin.balanceOf(address(credit));
    }

    function bound(int64 value, int64 low, int64 high) private pure returns (int64) {
        uint256 width = uint256(int256(high) - int256(low) + 1);
        return int64(int256(low) + int256(uint256(int256(value) + 2 ** 64) % width));
    }
}
