// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// A token to deposit, with as many digits as a test wants.
contract Coin is ERC20 {
    uint8 private immutable _DIGITS;

    constructor(uint8 digits) ERC20("Coin", "COIN") {
        _DIGITS = digits;
    }

    function decimals() public view override returns (uint8) {
        return _DIGITS;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}
