// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20Metadata} from
    "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Community} from "./Community.sol";
import {Credit} from "./Credit.sol";
import {Approval, Quorum} from "./Quorum.sol";
import {Node, Place, SumTree} from "./SumTree.sol";

/// What the committee signs once a day. Balances are cumulative: a batch replaces all
/// earlier ones, and a day that is missed is caught up by the next.
struct Batch {
    /// One more than the batch posted before it, whether that one stood or was undone.
    uint32 number;
    /// Last UTC day it covers, counted from the epoch.
    uint32 day;
    /// Struct hash of the batch it follows; zero for the first.
    bytes32 prev;
    /// Sum tree of `Balance`, ascending by account; its sum is zero.
    bytes32 balances;
    /// Sum tree of the certificates that left the community, in Wh.
    bytes32 certificates;
    /// Root of all records of the day, off the chain (SHA-256).
    bytes32 journal;
    /// What the meters of all members exported since the batch before, in Wh.
    uint64 meteredWh;
}

/// A leaf of the balances: where one account stands.
struct Balance {
    address account;
    /// Everything earned less everything owed so far, in nano-currency.
    int64 net;
    /// What the community has released to its key so far. Never falls.
    uint64 released;
    /// Keeps neighbours in the tree from guessing.
    bytes32 salt;
}

/// Daily batches, how they are undone, and what they pay.
///
/// A batch stands when its window is over and nobody has undone it. Only what stands is
/// paid, out of a pool that holds the credit lines of all (or their deposits) and can never
/// be overdrawn. Nobody owns this contract; a pause stops new batches and nothing else.
contract Settlement is EIP712 {
    struct Head {
        uint32 number;
        uint32 standing;
        uint32 day;
        uint32 standingDay;
        uint40 finalAt;
        /// Since when the batch that stands has stood.
        uint40 standingAt;
        uint8 demands;
        bool isVoid;
        /// Whether there will be no other batch, since the committee fell silent.
        bool hasEscaped;
    }

    struct Ledger {
        uint64 deposited;
        uint64 claimed;
    }

    struct Demand {
        address by;
        uint40 until;
    }

    /// Batches whose digest is kept: so long certificates can be brought to the chain.
    uint256 public constant KEPT = 64;
    /// Silence after which members need no committee to get what they earned.
    uint256 public constant SILENCE = 30 days;
    uint256 public constant WINDOW_MAX = 7 days;
    uint8 public constant DEMANDS_MAX = 32;
    /// One for what nobody told, one for what the answer shows.
    uint256 public constant DEMANDS_EACH_MAX = 2;

    bytes32 private constant BATCH_TYPE = keccak256(
        "Batch(uint32 number,uint32 day,bytes32 prev,bytes32 balances,bytes32 certificates,bytes32 journal,uint64 meteredWh)"
    );
    bytes32 private constant BALANCE_TYPE =
        keccak256("Balance(address account,int64 net,uint64 released,bytes32 salt)");
    bytes32 private constant OBJECTION_TYPE = keccak256("Objection(bytes32 batch)");

    Community public immutable COMMUNITY;
    Credit public immutable CREDIT;
    /// Time to challenge a batch, and to answer a demand, in seconds.
    uint40 public immutable WINDOW;
    /// What a demand costs its author if it is answered, in wei.
    uint256 public immutable BOND;

    Head internal _head;
    /// Credit lines the pool holds.
    uint64 public linesIssued;
    bytes32[KEPT] internal _digests;
    mapping(address account => Ledger) public ledgers;
    /// By number of the batch and by what was demanded: an index, or an account in the
    /// bits above 64.
    mapping(uint32 number => mapping(uint256 what => Demand)) public demands;
    mapping(uint32 number => mapping(address account => uint256)) public demandsBy;
    mapping(address who => uint256) public bonds;

    event Posted(uint32 indexed number, Batch batch);
    event Undone(uint32 indexed number, Reason reason);
    event Demanded(uint32 indexed number, uint256 what, address by, uint40 until);
    event Answered(uint32 indexed number, Balance balance);
    event PaidIn(address indexed account, address indexed by, uint64 amount);
    event Claimed(address indexed account, address key, uint64 amount);
    event Escaped(uint32 standing);

    /// Why a batch was undone.
    enum Reason {
        FAULTY,
        WITHHELD,
        OBJECTED
    }

    error Pending();
    error OutOfOrder();
    error DayNotOver();
    error NotStanding();
    error NotPending();
    error UnknownBatch();
    error Unbalanced(int64 sum);
    error NotInBatch();
    error Faultless();
    error TooFewObjections(uint256 given, uint256 needed);
    error SignersNotAscending();
    error NotAMember();
    error NotAnAccount();
    error NotPermitted();
    error WrongBond();
    error OutOfBounds();
    error NotOpen();
    error TooEarly();
    error Over();

    constructor(
        Community community,
        string memory name_,
        string memory symbol_,
        IERC20Metadata backing,
        uint64 withdrawnDayMax,
        uint40 window,
        uint256 bond
    ) EIP712("CommonWatt Settlement", "1") {
        if (window == 0 || window > WINDOW_MAX) revert OutOfBounds();
        COMMUNITY = community;
        CREDIT = new Credit(name_, symbol_, backing, withdrawnDayMax);
        WINDOW = window;
        BOND = bond;
        _head.standingAt = uint40(block.timestamp);
    }

    // ------------------------------------------------------------------ batches

    /// Post the next batch, approved by the committee of its day. Anybody may relay it.
    // slither-disable-next-line weak-prng
    function submit(Batch calldata batch, Approval[] calldata approvals) external {
        Head memory head = _settled();
        if (head.hasEscaped) revert Over();
        if (head.standing != head.number && !head.isVoid) revert Pending();
        if (
            batch.number != head.number + 1
                || batch.prev != _digests[head.standing % KEPT]
                || batch.day <= head.standingDay || batch.number - head.standing >= KEPT
        ) revert OutOfOrder();
        if ((uint256(batch.day) + 1) * 1 days > block.timestamp) revert DayNotOver();
        (bytes32 committee, uint256 quorum) = COMMUNITY.committeeOn(batch.day);
        bytes32 digest = digestOf(batch);
        Quorum.check(_hashTypedDataV4(digest), approvals, committee, quorum);
        _digests[batch.number % KEPT] = digest;
        _head = Head({
            number: batch.number,
            standing: head.standing,
            day: batch.day,
            standingDay: head.standingDay,
            finalAt: uint40(block.timestamp) + WINDOW,
            standingAt: head.standingAt,
            demands: 0,
            isVoid: false,
            hasEscaped: false
        });
        emit Posted(batch.number, batch);
    }

    /// Undo a pending batch by showing leaves that no honest batch has: of a stranger, in
    /// the wrong order, released beyond what the account can cover, or of another sum.
    function challenge(Batch calldata batch, Balance[] calldata balances, Place calldata place)
        external
    {
        _requirePending(batch);
        int64 sum = _fold(batch, balances, place);
        bool isFaulty = sum != 0;
        for (uint256 i = 0; i < balances.length && !isFaulty; ++i) {
            bool isOrdered = i == 0 || balances[i - 1].account < balances[i].account;
            isFaulty = !isOrdered || !_isCovered(balances[i]);
        }
        if (!isFaulty) revert Faultless();
        _undo(batch.number, Reason.FAULTY);
    }

    /// Undo a pending batch because more than a third of the homes say that it is wrong.
    /// Signatures in ascending order of the signers' keys.
    function object(Batch calldata batch, bytes[] calldata signatures) external {
        _requirePending(batch);
        bytes32 digest =
            _hashTypedDataV4(keccak256(abi.encode(OBJECTION_TYPE, digestOf(batch))));
        address last = address(0);
        for (uint256 i = 0; i < signatures.length; ++i) {
            address signer = ECDSA.recover(digest, signatures[i]);
            if (signer <= last) revert SignersNotAscending();
            _requireMember(signer);
            last = signer;
        }
        uint256 needed = COMMUNITY.objectionsNeeded();
        if (signatures.length < needed) revert TooFewObjections(signatures.length, needed);
        _undo(batch.number, Reason.OBJECTED);
    }

    // ------------------------------------------------------------ withheld data

    /// Demand the leaf of an account, because nobody gave it: every account has one. The
    /// bond is lost to whoever answers.
    function demand(Batch calldata batch, address account) external payable {
        _requirePending(batch);
        if (!COMMUNITY.isAccountOn(account, batch.day)) revert NotAnAccount();
        _demand(batch.number, uint256(uint160(account)) << 64);
    }

    /// Demand the leaf at `index`, which may be nobody's: `count` and `top`, known from any
    /// answer, open the root.
    function demandAt(Batch calldata batch, uint64 index, uint64 count, bytes32 top)
        external
        payable
    {
        _requirePending(batch);
        if (SumTree.rootOf(count, top, 0) != batch.balances || index >= count) {
            revert NotInBatch();
        }
        _demand(batch.number, index);
    }

    /// Publish what was demanded, for the bond.
    function answer(Batch calldata batch, Balance calldata balance, Place calldata place)
        external
    {
        _requirePending(batch);
        Balance[] memory balances = new Balance[](1);
        balances[0] = balance;
        int64 sum = _fold(batch, balances, place);
        if (sum != 0) revert Unbalanced(sum);
        uint8 answered = _answered(batch.number, uint256(uint160(balance.account)) << 64)
            + _answered(batch.number, place.first);
        if (answered == 0) revert NotOpen();
        _head.demands -= answered;
        bonds[msg.sender] += BOND * answered;
        emit Answered(batch.number, balance);
    }

    /// Undo a batch whose leaf was demanded and not published; the bond goes back. Also
    /// gives the bond back when the batch was undone for another reason.
    function expire(uint32 number, uint256 what) external {
        Demand memory asked = demands[number][what];
        if (asked.by == address(0)) revert NotOpen();
        bool isPending = number == _head.number && !_head.isVoid;
        if (isPending && block.timestamp < asked.until) revert TooEarly();
        delete demands[number][what];
        bonds[asked.by] += BOND;
        if (isPending) _undo(number, Reason.WITHHELD);
    }

    /// Collect bonds.
    function collect(address payable who) external {
        uint256 amount = bonds[who];
        bonds[who] = 0;
        Address.sendValue(who, amount);
    }

    // -------------------------------------------------------------------- money

    /// Bring credit into the pool in favour of an account: a deposit, or a debt repaid.
    function payIn(address account, uint64 amount) public {
        if (!COMMUNITY.isAccount(account)) revert NotAnAccount();
        ledgers[account].deposited += amount;
        emit PaidIn(account, msg.sender, amount);
        // slither-disable-next-line unchecked-transfer
        CREDIT.transferFrom(msg.sender, address(this), amount);
    }

    /// Pay in what `owner` permitted with a signature (EIP-2612), in favour of its account.
    function payInFor(
        address owner,
        uint64 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        address account = COMMUNITY.accountOf(owner);
        if (account == address(0)) revert NotAnAccount();
        ledgers[account].deposited += amount;
        emit PaidIn(account, owner, amount);
        // Whoever saw the permit may have used it already: what counts is the allowance it
        // leaves. One of another amount is not what was permitted.
        try CREDIT.permit(owner, address(this), amount, deadline, v, r, s) {} catch {}
        if (CREDIT.allowance(owner, address(this)) != amount) revert NotPermitted();
        // slither-disable-next-line unchecked-transfer,arbitrary-send-erc20-permit
        CREDIT.transferFrom(owner, address(this), amount);
    }

    /// Pay all that a standing batch releases to consecutive accounts, each to its key.
    /// Once the community is closed, pay all they have. Anybody may relay it, for all.
    function claim(Batch calldata batch, Balance[] calldata balances, Place calldata place)
        external
    {
        Head memory head = _settled();
        if (batch.number != head.standing || !hasStood(batch)) revert NotStanding();
        int64 sum = _fold(batch, balances, place);
        if (sum != 0) revert Unbalanced(sum);
        bool isLast = head.standing == head.number || head.isVoid;
        bool isClosed = isLast && isOver();
        uint256 pool = CREDIT.balanceOf(address(this));
        for (uint256 i = 0; i < balances.length; ++i) {
            pool -= _pay(balances[i], pool, isClosed);
        }
    }

    /// Let the pool grow to the sum of the members' credit lines.
    function align() external {
        uint64 wanted = COMMUNITY.linesTotal();
        uint64 missing = wanted - linesIssued;
        linesIssued = wanted;
        CREDIT.issue(missing);
    }

    /// After a long silence end the batches for good, so that all can be claimed.
    function escape() external {
        Head memory head = _settled();
        if (block.timestamp < head.standingAt + SILENCE || head.hasEscaped) {
            revert TooEarly();
        }
        head.hasEscaped = true;
        head.number = head.standing;
        head.isVoid = false;
        head.demands = 0;
        _head = head;
        emit Escaped(head.standing);
    }

    // ------------------------------------------------------------------ reading

    /// The state of the chain of batches, as of now.
    function chainHead() external view returns (Head memory) {
        return _settled();
    }

    /// The digest of a batch that is kept; zero if it was undone.
    function digestAt(uint32 number) external view returns (bytes32) {
        return _digests[number % KEPT];
    }

    /// Struct hash of a batch.
    function digestOf(Batch calldata batch) public pure returns (bytes32) {
        return keccak256(
            abi.encode(
                BATCH_TYPE,
                batch.number,
                batch.day,
                batch.prev,
                batch.balances,
                batch.certificates,
                batch.journal,
                batch.meteredWh
            )
        );
    }

    /// Struct hash of a leaf of the balances.
    function leafOf(Balance memory balance) public pure returns (bytes32) {
        return keccak256(
            abi.encode(
                BALANCE_TYPE, balance.account, balance.net, balance.released, balance.salt
            )
        );
    }

    /// Whether a batch stands, or stood before the one that stands now, and is kept.
    function hasStood(Batch calldata batch) public view returns (bool) {
        return batch.number != 0 && batch.number <= _settled().standing
            && _digests[batch.number % KEPT] == digestOf(batch);
    }

    /// Whether `balances` are in a batch that has stood, at `place`.
    function holds(Batch calldata batch, Balance[] calldata balances, Place calldata place)
        external
        view
        returns (bool)
    {
        return hasStood(batch) && _fold(batch, balances, place) == 0;
    }

    /// Whether all that members have can be claimed, since no batch will follow.
    function isOver() public view returns (bool) {
        return _head.hasEscaped || COMMUNITY.isClosed();
    }

    // ----------------------------------------------------------------- inwards

    function _demand(uint32 number, uint256 what) private {
        address account = _requireMember(msg.sender);
        if (msg.value != BOND) revert WrongBond();
        if (
            demandsBy[number][account]++ >= DEMANDS_EACH_MAX
                || demands[number][what].by != address(0) || _head.demands >= DEMANDS_MAX
        ) revert OutOfBounds();
        uint40 until = uint40(block.timestamp) + WINDOW;
        demands[number][what] = Demand({by: msg.sender, until: until});
        ++_head.demands;
        if (until > _head.finalAt) _head.finalAt = until;
        emit Demanded(number, what, msg.sender, until);
    }

    /// Close a demand that is still open; how many that were.
    function _answered(uint32 number, uint256 what) private returns (uint8) {
        Demand storage asked = demands[number][what];
        if (asked.by == address(0) || block.timestamp >= asked.until) return 0;
        delete demands[number][what];
        return 1;
    }

    function _pay(Balance calldata balance, uint256 pool, bool isClosed)
        private
        returns (uint256 amount)
    {
        Ledger storage ledger = ledgers[balance.account];
        uint256 due = balance.released;
        if (isClosed) {
            int256 all = int256(balance.net) + int256(uint256(ledger.deposited));
            due = all > 0 ? uint256(all) : 0;
        }
        uint256 claimed = ledger.claimed;
        if (due <= claimed) return 0;
        amount = due - claimed < pool ? due - claimed : pool;
        address key = COMMUNITY.keyOf(balance.account);
        if (key == address(0) || amount == 0) return 0;
        ledger.claimed = uint64(claimed + amount);
        emit Claimed(balance.account, key, uint64(amount));
        // slither-disable-next-line unchecked-transfer
        CREDIT.transfer(key, amount);
    }

    /// Whether an account exists and covers what is released to it: what it earned and paid
    /// in, plus its credit line, is not less.
    function _isCovered(Balance calldata balance) private view returns (bool) {
        if (!COMMUNITY.isAccount(balance.account)) return false;
        bool isBacked = address(CREDIT.BACKING()) != address(0);
        uint256 line = isBacked ? 0 : COMMUNITY.lineOf(balance.account);
        uint256 cover = line + ledgers[balance.account].deposited;
        return int256(balance.net) + int256(cover) >= int256(uint256(balance.released));
    }

    function _fold(Batch calldata batch, Balance[] memory balances, Place calldata place)
        private
        pure
        returns (int64)
    {
        Node[] memory nodes = new Node[](balances.length);
        for (uint256 i = 0; i < balances.length; ++i) {
            nodes[i] = Node({digest: leafOf(balances[i]), sum: balances[i].net});
        }
        (bytes32 root, int64 sum) = SumTree.fold(nodes, place);
        if (root != batch.balances) revert NotInBatch();
        return sum;
    }

    /// The head, with a batch promoted whose window has passed.
    function _settled() private view returns (Head memory head_) {
        head_ = _head;
        bool isOpen = head_.number != head_.standing && !head_.isVoid;
        if (isOpen && head_.demands == 0 && block.timestamp >= head_.finalAt) {
            head_.standing = head_.number;
            head_.standingDay = head_.day;
            head_.standingAt = head_.finalAt;
        }
    }

    function _undo(uint32 number, Reason reason) private {
        _head.isVoid = true;
        _head.demands = 0;
        delete _digests[number % KEPT];
        emit Undone(number, reason);
    }

    function _requirePending(Batch calldata batch) private view {
        Head memory current = _settled();
        if (batch.number != current.number || current.isVoid) revert NotPending();
        if (current.standing == current.number) revert NotPending();
        if (_digests[batch.number % KEPT] != digestOf(batch)) revert UnknownBatch();
    }

    function _requireMember(address key) private view returns (address account) {
        account = COMMUNITY.accountOf(key);
        if (!COMMUNITY.isMember(account)) revert NotAMember();
    }
}
