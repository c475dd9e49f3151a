// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {Quorum} from "./Quorum.sol";

/// What a vote can decide. Nothing here moves, mints or freezes what a member has earned.
enum Kind {
    /// `document` becomes the digest of the charter.
    AMEND,
    /// `key` becomes a member with a credit line of `amount`.
    ADMIT,
    /// `account` is a member no longer; what it earned stays its own.
    DISMISS,
    /// The credit line of `account` rises to `amount`. It never falls.
    LINE,
    /// What the fund or the network account earns goes to `key`.
    PAYEE,
    /// `key` takes over `account` after a notice, unless the present key objects.
    RECOVER,
    /// No batch is taken before the instant `amount`, two weeks ahead at most.
    PAUSE,
    /// `key` is the contract that follows; after a notice no batch is taken any more.
    SUCCEED
}

/// One question to all homes. Its struct hash is its name.
struct Proposal {
    Kind kind;
    address account;
    address key;
    uint64 amount;
    bytes32 document;
    uint40 closesAt;
}

/// Who belongs, under which charter, and what they decide: one home, one vote.
///
/// An account is known for ever by the address of its first key; keys can change.
/// Everything is signed (EIP-712), so that anybody may relay it.
contract Community is EIP712, Nonces {
    struct Account {
        /// Who signs for it and is paid.
        address key;
        /// How far it may go into debt, in nano-currency.
        uint64 line;
        /// Number of proposals made before it joined: it votes on later ones only.
        uint16 joined;
        bool isMember;
        /// UTC day on which it was admitted first: later batches have a leaf of it.
        uint32 since;
    }

    struct Poll {
        uint32 electors;
        uint32 approvals;
        uint16 number;
        uint40 closesAt;
        bool isDone;
    }

    struct Committee {
        bytes32 digest;
        uint8 quorum;
    }

    struct Recovery {
        address key;
        uint40 effectiveAt;
    }

    /// Accounts of all: what the community earned, and what it owes the network.
    address public constant FUND = address(1);
    address public constant NETWORK = address(2);

    uint256 public constant MEMBERS_MAX = 10_000;
    uint256 public constant VOTE_TIME_MAX = 60 days;
    uint256 public constant EXECUTION_TIME = 30 days;
    uint256 public constant NOTICE = 30 days;
    uint256 public constant PAUSE_MAX = 14 days;

    bytes32 private constant PROPOSAL_TYPE = keccak256(
        "Proposal(uint8 kind,address account,address key,uint64 amount,bytes32 document,uint40 closesAt)"
    );
    bytes32 private constant BALLOT_TYPE = keccak256("Ballot(bytes32 proposal,bool approve)");
    bytes32 private constant ROTATION_TYPE =
        keccak256("Rotation(address account,address key,uint256 nonce)");
    bytes32 private constant RESIGNATION_TYPE = keccak256("Resignation(address account,uint256 nonce)");
    bytes32 private constant KEEPING_TYPE = keccak256("Keeping(address account,uint256 nonce)");

    /// Seats of a committee, and the days it serves.
    uint8 public immutable SEATS_MAX;
    uint32 public immutable EPOCH_DAYS;

    bytes32 public charter;
    uint32 public charterVersion;
    uint16 public proposalsCount;
    uint64 public linesTotal;
    address public successor;

    /// Digest of the seats in office. What every batch asks for is in this place and the
    /// next.
    bytes32 public committee;
    uint8 public quorum;
    /// First UTC day, counted from the epoch, whose batch the committee signs.
    uint32 public since;
    uint32 public drawnOn;
    uint32 public epoch;
    uint40 public pausedUntil;
    /// From when on no batch is taken; zero while no successor is named.
    uint40 public closesAt;

    Committee public previousCommittee;
    address[] private _seats;

    mapping(address account => Account) public accounts;
    mapping(address key => address account) public accountOf;
    mapping(bytes32 proposal => Poll) public polls;
    mapping(bytes32 proposal => mapping(address account => bool)) public hasVoted;
    mapping(address account => Recovery) public recoveries;
    address[] private _members;

    event Amended(bytes32 charter, uint32 version);
    event Admitted(address indexed account, uint64 line);
    event Left(address indexed account);
    event LineRaised(address indexed account, uint64 line);
    event PayeeNamed(address indexed account, address payee);
    event KeyChanged(address indexed account, address key);
    event RecoveryAnnounced(address indexed account, address key, uint40 effectiveAt);
    event RecoveryRefused(address indexed account);
    event Paused(uint40 until);
    event SuccessorNamed(address successor, uint40 closesAt);
    event Proposed(bytes32 indexed id, address indexed by, Proposal proposal);
    event Voted(bytes32 indexed id, address indexed account, bool approve);
    event Executed(bytes32 indexed id);
    event CommitteeDrawn(uint32 indexed epoch, address[] seats, uint8 quorum, uint32 since);

    error NotAMember();
    error NotAnAccount();
    error KeyInUse();
    error CommunityFull();
    error AlreadyProposed();
    error NotOpen();
    error AlreadyVoted();
    error NotPassed();
    error LineMustRise();
    error OutOfBounds();
    error TooEarly();
    error BatchesPaused(uint40 until);
    error BatchesClosed();

    constructor(
        bytes32 charter_,
        address[] memory founders,
        uint64 line,
        uint8 seatsMax,
        uint32 epochDays
    ) EIP712("CommonWatt Community", "1") {
        if (founders.length == 0 || seatsMax == 0 || epochDays == 0) revert OutOfBounds();
        SEATS_MAX = seatsMax;
        EPOCH_DAYS = epochDays;
        charter = charter_;
        charterVersion = 1;
        for (uint256 i = 0; i < founders.length; ++i) {
            _admit(founders[i], line);
        }
        // Who founds a community may settle days that are already over.
        _draw(0);
    }

    // ------------------------------------------------------------------ reading

    /// Who is paid for `account`; zero if nobody is.
    function keyOf(address account) external view returns (address) {
        return accounts[account].key;
    }

    function lineOf(address account) external view returns (uint64) {
        return accounts[account].line;
    }

    function isAccount(address account) public view returns (bool) {
        return account == FUND || account == NETWORK || accounts[account].key != address(0);
    }

    /// Whether every batch of `day` and later has a leaf of `account`.
    function isAccountOn(address account, uint32 day) external view returns (bool) {
        return isAccount(account) && accounts[account].since <= day;
    }

    function isMember(address account) external view returns (bool) {
        return accounts[account].isMember;
    }

    function members() external view returns (address[] memory) {
        return _members;
    }

    /// Keys of the committee in office, in the order in which they sign.
    function seats() external view returns (address[] memory) {
        return _seats;
    }

    /// Objections that undo a batch: more than a third of the homes.
    function objectionsNeeded() external view returns (uint256) {
        return _members.length / 3 + 1;
    }

    /// Whether no batch will ever be taken again.
    function isClosed() public view returns (bool) {
        return closesAt != 0 && block.timestamp >= closesAt;
    }

    /// Who has to sign the batch of a day. Reverts while none is taken.
    function committeeOn(uint32 day) external view returns (bytes32 digest, uint256 needed) {
        if (isClosed()) revert BatchesClosed();
        if (block.timestamp < pausedUntil) revert BatchesPaused(pausedUntil);
        if (day >= since) return (committee, quorum);
        return (previousCommittee.digest, previousCommittee.quorum);
    }

    /// The name of a proposal.
    function proposalId(Proposal calldata proposal) public pure returns (bytes32) {
        return keccak256(
            abi.encode(
                PROPOSAL_TYPE,
                proposal.kind,
                proposal.account,
                proposal.key,
                proposal.amount,
                proposal.document,
                proposal.closesAt
            )
        );
    }

    // ------------------------------------------------------------------- voting

    /// Put a question to all homes that belong now. Signed by a member.
    function propose(Proposal calldata proposal, bytes calldata signature) external {
        bytes32 id = proposalId(proposal);
        address by = _memberBehind(id, signature);
        if (polls[id].electors != 0) revert AlreadyProposed();
        if (
            proposal.closesAt <= block.timestamp
                || proposal.closesAt > block.timestamp + VOTE_TIME_MAX
        ) revert OutOfBounds();
        polls[id] = Poll({
            electors: uint32(_members.length),
            approvals: 0,
            number: proposalsCount++,
            closesAt: proposal.closesAt,
            isDone: false
        });
        emit Proposed(id, by, proposal);
    }

    /// One home, one vote, cast once: by those that belonged when the question was put.
    function vote(bytes32 id, bool approve, bytes calldata signature) external {
        address account =
            _memberBehind(keccak256(abi.encode(BALLOT_TYPE, id, approve)), signature);
        Poll storage poll = polls[id];
        if (block.timestamp >= poll.closesAt) revert NotOpen();
        if (accounts[account].joined > poll.number) revert NotAMember();
        if (hasVoted[id][account]) revert AlreadyVoted();
        hasVoted[id][account] = true;
        if (approve) ++poll.approvals;
        emit Voted(id, account, approve);
    }

    /// Do what was decided. Anybody may call it as soon as the votes are there.
    function execute(Proposal calldata proposal) external {
        bytes32 id = proposalId(proposal);
        Poll storage poll = polls[id];
        if (poll.isDone || block.timestamp > uint256(poll.closesAt) + EXECUTION_TIME) {
            revert NotOpen();
        }
        if (!hasPassed(proposal.kind, poll.approvals, poll.electors)) revert NotPassed();
        poll.isDone = true;
        emit Executed(id);
        _apply(proposal);
    }

    /// More than half of all homes amend, admit, name payees and pause;
    /// what touches membership, debt, keys or the end of it all takes two thirds.
    function hasPassed(Kind kind, uint256 approvals, uint256 electors)
        public
        pure
        returns (bool)
    {
        if (electors == 0) return false;
        bool isOrdinary = kind == Kind.AMEND || kind == Kind.ADMIT || kind == Kind.PAYEE
            || kind == Kind.PAUSE;
        return isOrdinary ? approvals * 2 > electors : approvals * 3 >= electors * 2;
    }

    // --------------------------------------------------------- a home by itself

    /// Change the key of an account. Signed by both keys.
    function rotate(address account, address key, bytes calldata byOld, bytes calldata byNew)
        external
    {
        bytes32 digest = _hashTypedDataV4(
            keccak256(abi.encode(ROTATION_TYPE, account, key, _useNonce(account)))
        );
        _requireKey(account, digest, byOld);
        if (ECDSA.recover(digest, byNew) != key) revert NotAMember();
        _changeKey(account, key);
    }

    /// Leave the community; what was earned stays payable. Signed by the member.
    function resign(address account, bytes calldata signature) external {
        bytes32 content = keccak256(abi.encode(RESIGNATION_TYPE, account, _useNonce(account)));
        _requireKey(account, _hashTypedDataV4(content), signature);
        _dismiss(account);
    }

    /// Refuse a recovery of one's own account. Signed by the present key.
    function keepKey(address account, bytes calldata signature) external {
        bytes32 content = keccak256(abi.encode(KEEPING_TYPE, account, _useNonce(account)));
        _requireKey(account, _hashTypedDataV4(content), signature);
        delete recoveries[account];
        emit RecoveryRefused(account);
    }

    /// Give an account its new key once the notice is over and nobody objected.
    function finishRecovery(address account) external {
        Recovery memory recovery = recoveries[account];
        if (recovery.effectiveAt == 0) revert NotOpen();
        if (block.timestamp < recovery.effectiveAt) revert TooEarly();
        delete recoveries[account];
        _changeKey(account, recovery.key);
    }

    /// Draw the committee of the next epoch. Anybody may call it once this one is over.
    function draw() external {
        if (_today() < drawnOn + EPOCH_DAYS) revert TooEarly();
        _draw(_today());
    }

    // ----------------------------------------------------------------- inwards

    function _apply(Proposal calldata proposal) private {
        Kind kind = proposal.kind;
        if (kind == Kind.AMEND) {
            charter = proposal.document;
            emit Amended(proposal.document, ++charterVersion);
        } else if (kind == Kind.ADMIT) {
            _admit(proposal.key, proposal.amount);
        } else if (kind == Kind.DISMISS) {
            _dismiss(proposal.account);
        } else if (kind == Kind.LINE) {
            _raiseLine(proposal.account, proposal.amount);
        } else if (kind == Kind.PAYEE) {
            _namePayee(proposal.account, proposal.key);
        } else if (kind == Kind.RECOVER) {
            _announceRecovery(proposal.account, proposal.key);
        } else if (kind == Kind.PAUSE) {
            _pause(proposal.amount);
        } else {
            _succeed(proposal.key);
        }
    }

    function _admit(address key, uint64 line) private {
        Account storage found = accounts[key];
        bool isBack = found.key == key && !found.isMember;
        if (!isBack) {
            _requireFresh(key);
            found.since = _today();
        }
        if (_members.length >= MEMBERS_MAX) revert CommunityFull();
        found.key = key;
        found.joined = proposalsCount;
        found.isMember = true;
        accountOf[key] = key;
        _members.push(key);
        if (line > found.line) {
            linesTotal += line - found.line;
            found.line = line;
        }
        emit Admitted(key, found.line);
    }

    function _dismiss(address account) private {
        if (!accounts[account].isMember) revert NotAMember();
        if (_members.length == 1) revert OutOfBounds();
        accounts[account].isMember = false;
        uint256 index = 0;
        while (_members[index] != account) ++index;
        _members[index] = _members[_members.length - 1];
        _members.pop();
        emit Left(account);
        if (_seatOf(accounts[account].key) < _seats.length) _draw(_today());
    }

    function _raiseLine(address account, uint64 line) private {
        Account storage found = accounts[account];
        if (!found.isMember) revert NotAMember();
        if (line <= found.line) revert LineMustRise();
        linesTotal += line - found.line;
        found.line = line;
        emit LineRaised(account, line);
    }

    function _namePayee(address account, address payee) private {
        if (account != FUND && account != NETWORK) revert NotAnAccount();
        accounts[account].key = payee;
        emit PayeeNamed(account, payee);
    }

    function _announceRecovery(address account, address key) private {
        if (accountOf[accounts[account].key] != account) revert NotAnAccount();
        uint40 effectiveAt = uint40(block.timestamp + NOTICE);
        recoveries[account] = Recovery({key: key, effectiveAt: effectiveAt});
        emit RecoveryAnnounced(account, key, effectiveAt);
    }

    function _pause(uint64 until) private {
        if (until > block.timestamp + PAUSE_MAX) revert OutOfBounds();
        pausedUntil = uint40(until);
        emit Paused(uint40(until));
    }

    function _succeed(address successor_) private {
        if (isClosed()) revert BatchesClosed();
        successor = successor_;
        closesAt = uint40(block.timestamp + NOTICE);
        emit SuccessorNamed(successor_, closesAt);
    }

    function _changeKey(address account, address key) private {
        _requireFresh(key);
        address old = accounts[account].key;
        delete accountOf[old];
        accountOf[key] = account;
        accounts[account].key = key;
        emit KeyChanged(account, key);
        uint256 seat = _seatOf(old);
        if (seat < _seats.length) {
            _seats[seat] = key;
            committee = Quorum.digestOf(_seats);
            emit CommitteeDrawn(epoch, _seats, quorum, since);
        }
    }

    /// A key that is or was an account of its own cannot become another's.
    function _requireFresh(address key) private view {
        if (uint160(key) <= uint160(NETWORK) || isAccount(key)) revert KeyInUse();
        if (accountOf[key] != address(0)) revert KeyInUse();
    }

    /// Draw distinct seats by lot (Floyd's sampling).
    ///
    /// The lot follows from the block: whoever makes blocks could favour somebody, at the
    /// price of a block; a batch signed by friends can still be challenged and undone.
    // slither-disable-next-line weak-prng
    function _draw(uint32 firstDay) private {
        uint256 count = _members.length;
        uint256 size = count < SEATS_MAX ? count : SEATS_MAX;
        bytes32 seed = keccak256(
            abi.encode(block.prevrandao, blockhash(block.number - 1), committee, epoch)
        );
        address[] memory chosen = new address[](size);
        for (uint256 i = 0; i < size; ++i) {
            uint256 last = count - size + i;
            address key = _keyAt(uint256(keccak256(abi.encode(seed, i))) % (last + 1));
            chosen[i] = _holds(chosen, i, key) ? _keyAt(last) : key;
        }
        previousCommittee = Committee({digest: committee, quorum: quorum});
        _seats = chosen;
        committee = Quorum.digestOf(chosen);
        quorum = uint8(size * 2 / 3 + 1);
        since = firstDay;
        drawnOn = _today();
        emit CommitteeDrawn(++epoch, chosen, quorum, firstDay);
    }

    function _keyAt(uint256 index) private view returns (address) {
        return accounts[_members[index]].key;
    }

    function _holds(address[] memory keys, uint256 length, address key)
        private
        pure
        returns (bool)
    {
        for (uint256 i = 0; i < length; ++i) {
            if (keys[i] == key) return true;
        }
        return false;
    }

    /// The seat of a key, or the number of seats if it has none.
    function _seatOf(address key) private view returns (uint256 seat) {
        while (seat < _seats.length && _seats[seat] != key) ++seat;
    }

    function _memberBehind(bytes32 content, bytes calldata signature)
        private
        view
        returns (address account)
    {
        account = accountOf[ECDSA.recover(_hashTypedDataV4(content), signature)];
        if (!accounts[account].isMember) revert NotAMember();
    }

    function _requireKey(address account, bytes32 digest, bytes calldata signature)
        private
        view
    {
        if (accountOf[ECDSA.recover(digest, signature)] != account || account == address(0)) {
            revert NotAMember();
        }
    }

    function _today() private view returns (uint32) {
        return uint32(block.timestamp / 1 days);
    }
}
