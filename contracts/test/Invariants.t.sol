// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Relay} from "./Relay.sol";

/// What holds whatever homes, committee and thieves do.
abstract contract Invariants {
    Relay internal relay;

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(relay);
    }

    /// What left the pool came in before: lines, deposits, less claims.
    function invariant_money_moves_and_is_never_made() public view {
        (uint256 pool, uint256 held, uint256 paidIn, uint256 claimed, uint256 supply) =
            relay.sums();
        assert(pool + held == supply);
        assert(pool == relay.linesIssued() + paidIn - claimed);
    }

    function invariant_nobody_owes_more_than_it_covers() public view {
        assert(relay.allCovered());
    }

    function invariant_batches_and_days_never_go_back() public view {
        assert(!relay.wentBack());
    }

    function invariant_what_a_home_signed_is_done_once() public view {
        assert(!relay.wasRepeated());
    }

    function invariant_certificates_are_retired_once_and_never_more_than_metered()
        public
        view
    {
        assert(relay.certificatesAddUp());
    }
}

/// Credit as a unit of account.
contract UnbackedTest is Invariants {
    function setUp() public {
        relay = new Relay(false);
    }

    function invariant_there_is_as_much_credit_as_lines() public view {
        (,,,, uint256 supply) = relay.sums();
        assert(supply == relay.linesIssued());
    }
}

/// Credit for deposits of a coin with six digits.
contract BackedTest is Invariants {
    function setUp() public {
        relay = new Relay(true);
    }

    function invariant_every_credit_has_its_coins() public view {
        (,,,, uint256 supply) = relay.sums();
        assert(relay.coinsHeld() * 1e3 == supply);
    }
}
