// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IERC20Metadata} from
    "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// What members owe each other, in nano-currency: one unit of currency is 10^9.
///
/// Without a backing it is a unit of account: there is as much of it as the members' credit
/// lines, and nobody promises anything for it. With a backing it exists only for deposits
/// of that token and can be given back for them, so much a day. Nobody owns this contract.
contract Credit is ERC20Permit {
    using SafeERC20 for IERC20Metadata;

    bytes32 private constant WITHDRAWAL_TYPE = keccak256(
        "Withdrawal(address owner,address to,uint64 amount,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant TRANSFER_TYPE = keccak256(
        "Transfer(address owner,address to,uint64 amount,uint256 nonce,uint256 deadline)"
    );

    /// The settlement: the only one that issues unbacked credit, to itself.
    address public immutable SETTLEMENT;
    /// The token that is deposited; zero for a unit of account.
    IERC20Metadata public immutable BACKING;
    /// What all may withdraw together in one UTC day.
    uint64 public immutable WITHDRAWN_DAY_MAX;

    uint256 private immutable _NANO_PER_COIN;
    uint256 private immutable _COINS_PER_NANO;

    uint32 private _day;
    uint64 private _withdrawnToday;

    event Deposited(address indexed by, address indexed to, uint64 amount);
    event Withdrawn(address indexed owner, address indexed to, uint64 amount);

    error NotBacked();
    error Backed();
    error NotTheSettlement();
    error NotWhole();
    error DayExhausted(uint64 left);
    error Expired();
    error WrongSigner();
    error WrongDeposit();

    constructor(
        string memory name_,
        string memory symbol_,
        IERC20Metadata backing,
        uint64 withdrawnDayMax
    ) ERC20(name_, symbol_) ERC20Permit(name_) {
        SETTLEMENT = msg.sender;
        BACKING = backing;
        WITHDRAWN_DAY_MAX = withdrawnDayMax;
        uint8 digits = address(backing) == address(0) ? 9 : backing.decimals();
        _NANO_PER_COIN = digits < 9 ? 10 ** (9 - digits) : 1;
        _COINS_PER_NANO = digits > 9 ? 10 ** (digits - 9) : 1;
    }

    function decimals() public pure override returns (uint8) {
        return 9;
    }

    /// Issue credit for the members' lines. Only for the settlement, only unbacked.
    function issue(uint64 amount) external {
        if (msg.sender != SETTLEMENT) revert NotTheSettlement();
        if (address(BACKING) != address(0)) revert Backed();
        _mint(SETTLEMENT, amount);
    }

    /// Deposit coins for `amount` of credit in favour of `to`.
    function deposit(address to, uint64 amount) external {
        uint256 coins = _coinsFor(amount);
        uint256 before = BACKING.balanceOf(address(this));
        BACKING.safeTransferFrom(msg.sender, address(this), coins);
        if (BACKING.balanceOf(address(this)) - before != coins) revert WrongDeposit();
        _mint(to, amount);
        emit Deposited(msg.sender, to, amount);
    }

    /// Give `amount` of one's own credit back for coins.
    function withdraw(address to, uint64 amount) external {
        _withdraw(msg.sender, to, amount);
    }

    /// Give credit back for an owner that signed (EIP-712) and has no coins for gas.
    function withdrawFor(
        address owner,
        address to,
        uint64 amount,
        uint256 deadline,
        bytes calldata signature
    ) external {
        _requireSigned(WITHDRAWAL_TYPE, owner, to, amount, deadline, signature);
        _withdraw(owner, to, amount);
    }

    /// Hand credit on for an owner that signed (EIP-712) and has no coins for gas.
    function transferFor(
        address owner,
        address to,
        uint64 amount,
        uint256 deadline,
        bytes calldata signature
    ) external {
        _requireSigned(TRANSFER_TYPE, owner, to, amount, deadline, signature);
        _transfer(owner, to, amount);
    }

    /// What can still be withdrawn today.
    function withdrawable() public view returns (uint64) {
        bool isToday = _day == block.timestamp / 1 days;
        return isToday ? WITHDRAWN_DAY_MAX - _withdrawnToday : WITHDRAWN_DAY_MAX;
    }

    /// Use a nonce of the owner's up for what it signed to be done until `deadline`.
    function _requireSigned(
        bytes32 kind,
        address owner,
        address to,
        uint64 amount,
        uint256 deadline,
        bytes calldata signature
    ) private {
        if (block.timestamp > deadline) revert Expired();
        bytes32 content =
            keccak256(abi.encode(kind, owner, to, amount, _useNonce(owner), deadline));
        if (ECDSA.recover(_hashTypedDataV4(content), signature) != owner) revert WrongSigner();
    }

    function _withdraw(address owner, address to, uint64 amount) private {
        uint256 coins = _coinsFor(amount);
        uint64 left = withdrawable();
        if (amount > left) revert DayExhausted(left);
        _day = uint32(block.timestamp / 1 days);
        _withdrawnToday = WITHDRAWN_DAY_MAX - left + amount;
        _burn(owner, amount);
        emit Withdrawn(owner, to, amount);
        BACKING.safeTransfer(to, coins);
    }

    /// Coins are whole: what a coarse token cannot express is refused, never rounded.
    function _coinsFor(uint64 amount) private view returns (uint256) {
        if (address(BACKING) == address(0)) revert NotBacked();
        if (amount % _NANO_PER_COIN != 0) revert NotWhole();
        // One of the two is 1, and the division leaves no remainder.
        // slither-disable-next-line divide-before-multiply
        return amount / _NANO_PER_COIN * _COINS_PER_NANO;
    }
}
