"""The chain as the rest of this package sees it: what we read, and what we send.

Nothing more than this project needs.  Calls block: they belong into the thread of
:mod:`.thread`.
"""

from collections.abc import Callable, Sequence
from itertools import batched
from typing import Final, Protocol

from ...engine.wire.ethereum import Address
from .codec import Codec
from .endpoints import Endpoints, Transport
from .errors import ChainError, ChainFault, RPCError
from .values import (
    AbiValue,
    Answer,
    At,
    Block,
    Call,
    ContractName,
    Json,
    Question,
    Receipt,
    Request,
)

DEPTH: Final = 64
"""Blocks after which a block counts as final where a chain does not tell."""

QUESTIONS_MAX: Final = 50
"""Asked at once: endpoints that anybody may use take about a hundred."""

_HEAD_ONLY: Final[Json] = False
"""Of a block we want no transactions."""

BEHIND_MAX: Final = 32
"""Blocks an endpoint may be behind what another has shown us."""

_KNOWN_ALREADY: Final = ("already known", "already imported", "alreadyknown")
_OVERTAKEN: Final = ("nonce too low", "underpriced", "too low for replacement")

type CodeCheck = Callable[[Callable[[Address], bytes]], None]
"""Given how to read code, raises ChainError if it is not what it was."""


class ChainClient(Protocol):
    """One chain.  Everything raises ChainError when it cannot be had."""

    @property
    def chain_id(self) -> int:
        """The number of the chain, checked whenever an endpoint is taken up."""
        ...

    @property
    def endpoint(self) -> str | None:
        """The host that answered last."""
        ...

    @property
    def round_trips(self) -> int:
        """How often an endpoint was asked so far, connections apart."""
        ...

    @property
    def codec(self) -> Codec:
        """How calls of our contracts are written and answers read."""
        ...

    def block(self, at: At = At.LATEST) -> Block:
        """Return the newest block, or the newest final one."""
        ...

    def read(
        self,
        contract: ContractName,
        address: Address,
        function: str,
        *arguments: AbiValue,
        at: At = At.LATEST,
    ) -> tuple[AbiValue, ...]:
        """Return what a function of a contract answers; REFUSED if it reverts."""
        ...

    def read_all(
        self, questions: Sequence[tuple[Address, Question]], at: At = At.LATEST
    ) -> list[Answer]:
        """Return what all of them answer, asked at once; REFUSED if one reverts."""
        ...

    def code(self, address: Address) -> bytes:
        """Return the code of a contract; empty if there is none."""
        ...

    def coins(self, account: Address) -> int:
        """Return what an account has for gas, in wei."""
        ...

    def nonce(self, account: Address, at: At = At.LATEST) -> int:
        """Return how many transactions of an account are in blocks."""
        ...

    def tip(self) -> int:
        """Return the tip the chain suggests, in wei for one unit of gas."""
        ...

    def estimate(self, sender: Address, call: Call) -> int:
        """Return the gas a call would take now; REFUSED if a contract reverts."""
        ...

    def send(self, raw: bytes) -> None:
        """Hand a signed transaction to the chain; the same one twice does no harm.

        Returns as well when its nonce is used already: look for the receipt.
        """
        ...

    def receipt(self, transaction: bytes) -> Receipt | None:
        """Return what became of a transaction; None while it is in no block."""
        ...


class EVMClient:
    """The client of all chains that speak Ethereum's JSON-RPC."""

    def __init__(
        self,
        urls: tuple[str, ...],
        chain_id: int,
        *,
        codec: Codec,
        connect: Callable[[str], Transport],
        clock: Callable[[], float],
    ) -> None:
        """Ask nothing yet."""
        self.chain_id: Final = chain_id
        self.codec: Final = codec
        self._endpoints: Final = Endpoints(
            urls, connect=connect, check=self._check, clock=clock
        )
        self._code_check: CodeCheck | None = None
        self._highest = 0

    @property
    def endpoint(self) -> str | None:
        """The host that answered last."""
        return self._endpoints.current

    @property
    def round_trips(self) -> int:
        """How often an endpoint was asked so far, connections apart."""
        return self._endpoints.round_trips

    def insist_on(self, check: CodeCheck) -> None:
        """Have the code of our contracts checked on every connection from now on."""
        self._code_check = check
        self._endpoints.check_again()

    def block(self, at: At = At.LATEST) -> Block:
        """Return the newest block, or the newest final one."""
        try:
            found = self._ask("eth_getBlockByNumber", at.value, _HEAD_ONLY)
        except ChainError as err:
            if at is At.LATEST or err.fault is not ChainFault.BAD_ANSWER:
                raise
            found = None
        if found is None and at is At.FINALIZED:
            number = max(0, self.block().number - DEPTH)
            found = self._ask("eth_getBlockByNumber", hex(number), _HEAD_ONLY)
        block = _block(found)
        self._highest = max(self._highest, block.number)
        return block

    def read(
        self,
        contract: ContractName,
        address: Address,
        function: str,
        *arguments: AbiValue,
        at: At = At.LATEST,
    ) -> tuple[AbiValue, ...]:
        """Return what a function of a contract answers; REFUSED if it reverts."""
        (answer,) = self.read_all(
            [(address, Question(contract, function, arguments))], at
        )
        return answer

    def read_all(
        self, questions: Sequence[tuple[Address, Question]], at: At = At.LATEST
    ) -> list[Answer]:
        """Return what all of them answer, asked at once; REFUSED if one reverts."""
        tag: Json = at.value if at is At.LATEST else hex(self.block(at).number)
        answers: list[Answer] = []
        for some in batched(questions, QUESTIONS_MAX, strict=False):
            found = self._ask_all([self._asked(*one, tag) for one in some])
            answers += [
                self._understood(question, answer)
                for (_, question), answer in zip(some, found, strict=True)
            ]
        return answers

    def _asked(self, address: Address, question: Question, tag: Json) -> Request:
        data = self.codec.encode(
            question.contract, question.function, *question.arguments
        )
        return "eth_call", ({"to": _hex(address), "data": _hex(data)}, tag)

    def _understood(self, question: Question, answer: Json) -> Answer:
        if not (data := _bytes(answer)):
            raise ChainError(ChainFault.WRONG_CODE, question.contract)
        return self.codec.decode(question.contract, question.function, data)

    def code(self, address: Address) -> bytes:
        """Return the code of a contract; empty if there is none."""
        return _bytes(self._ask("eth_getCode", _hex(address), At.LATEST.value))

    def coins(self, account: Address) -> int:
        """Return what an account has for gas, in wei."""
        return _int(self._ask("eth_getBalance", _hex(account), At.LATEST.value))

    def nonce(self, account: Address, at: At = At.LATEST) -> int:
        """Return how many transactions of an account are in blocks."""
        tag = at.value if at is At.LATEST else hex(self.block(at).number)
        return _int(self._ask("eth_getTransactionCount", _hex(account), tag))

    def tip(self) -> int:
        """Return the tip the chain suggests, in wei for one unit of gas."""
        return _int(self._ask("eth_maxPriorityFeePerGas"))

    def estimate(self, sender: Address, call: Call) -> int:
        """Return the gas a call would take now; REFUSED if a contract reverts."""
        asked: dict[str, Json] = {
            "from": _hex(sender),
            "data": _hex(call.data),
            "value": hex(call.value_wei),
        }
        if call.recipient is not None:
            asked["to"] = _hex(call.recipient)
        return _int(self._ask("eth_estimateGas", asked))

    def send(self, raw: bytes) -> None:
        """Hand a signed transaction to the chain; the same one twice does no harm."""
        try:
            self._endpoints.request("eth_sendRawTransaction", [_hex(raw)])
        except RPCError as err:
            words = err.message.lower()
            if not any(known in words for known in (*_KNOWN_ALREADY, *_OVERTAKEN)):
                raise self._translated(err) from err

    def receipt(self, transaction: bytes) -> Receipt | None:
        """Return what became of a transaction; None while it is in no block."""
        found = self._ask("eth_getTransactionReceipt", _hex(transaction))
        if found is None:
            return None
        fields = _fields(found)
        price, used = fields.get("effectiveGasPrice"), fields.get("gasUsed")
        return Receipt(
            block=_int(fields.get("blockNumber")),
            is_success=_int(fields.get("status")) == 1,
            fee_wei=_int(price) * _int(used),
        )

    def _ask(self, method: str, *parameters: Json) -> Json:
        try:
            return self._endpoints.request(method, parameters)
        except RPCError as err:
            raise self._translated(err) from err

    def _ask_all(self, requests: Sequence[Request]) -> list[Json]:
        if len(requests) == 1:
            method, parameters = requests[0]
            return [self._ask(method, *parameters)]
        try:
            return self._endpoints.request_all(requests)
        except RPCError as err:
            raise self._translated(err) from err

    def _check(self, transport: Transport) -> None:
        """Let nobody answer for another chain, with old news or other contracts."""
        try:
            chain_id = _int(transport.request("eth_chainId", ()))
            if chain_id != self.chain_id:
                raise ChainError(ChainFault.WRONG_CHAIN, str(chain_id))
            latest = _int(transport.request("eth_blockNumber", ()))
            if latest < self._highest - BEHIND_MAX:
                raise ChainError(ChainFault.UNREACHABLE, f"{latest} is an old block")
            if self._code_check is not None:
                self._code_check(lambda address: _code_by(transport, address))
        except RPCError as err:
            raise self._translated(err) from err

    def _translated(self, error: RPCError) -> ChainError:
        words = error.message.lower()
        if error.data is not None:
            name = self.codec.error_name(error.data)
            return ChainError(ChainFault.REFUSED, name)
        if "insufficient funds" in words:
            return ChainError(ChainFault.NO_COINS)
        if "revert" in words:
            return ChainError(ChainFault.REFUSED, error.message)
        return ChainError(ChainFault.BAD_ANSWER, error.message)


def _code_by(transport: Transport, address: Address) -> bytes:
    return _bytes(transport.request("eth_getCode", (_hex(address), At.LATEST.value)))


def _block(answer: Json) -> Block:
    fields = _fields(answer)
    return Block(
        number=_int(fields.get("number")),
        timestamp_s=_int(fields.get("timestamp")),
        base_fee_wei=_int(fields.get("baseFeePerGas", "0x0")),
    )


def _fields(answer: Json) -> dict[str, Json]:
    if not isinstance(answer, dict):
        raise ChainError(ChainFault.BAD_ANSWER, "an object was expected")
    return answer


def _int(answer: Json) -> int:
    if isinstance(answer, str):
        try:
            return int(answer, 16)
        except ValueError:
            pass
    raise ChainError(ChainFault.BAD_ANSWER, "a number was expected")


def _bytes(answer: Json) -> bytes:
    if isinstance(answer, str):
        try:
            return bytes.fromhex(answer.removeprefix("0x"))
        except ValueError:
            pass
    raise ChainError(ChainFault.BAD_ANSWER, "bytes were expected")


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
