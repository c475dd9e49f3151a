"""What endpoints answer: taken for what it is, or told as what is wrong with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from custom_components.commonwatt.drivers.chain.client import (
    BEHIND_MAX,
    DEPTH,
    EVMClient,
)
from custom_components.commonwatt.drivers.chain.errors import (
    ChainError,
    NoAnswerError,
    RPCError,
)
from custom_components.commonwatt.drivers.chain.values import (
    At,
    Call,
    ContractName,
    Json,
    Request,
    as_address,
    as_bytes,
    as_int,
    as_items,
)
from custom_components.commonwatt.drivers.chain.web3_parts import (
    Web3Codec,
    Web3Transport,
)
from custom_components.commonwatt.engine.wire.ethereum import Address

ME = Address(bytes(19) + b"\x01")
CHAIN_ID = 100
HEAD = 1_000

type Answer = Json | RPCError | NoAnswerError


def head(number: int) -> Json:
    return {"number": hex(number), "timestamp": "0x10", "baseFeePerGas": "0x7"}


@dataclass
class Endpoint:
    """Answers by the script it is given, and like a chain in all else."""

    script: dict[str, Answer | Callable[[Sequence[Json]], Answer]]
    asked: list[str] = field(default_factory=list)

    def request_all(self, requests: Sequence[Request]) -> list[Json]:
        """Answer one after the other."""
        return [self.request(*one) for one in requests]

    def request(self, method: str, parameters: Sequence[Json]) -> Json:
        """Answer, or raise what the script says."""
        self.asked.append(method)
        usual: dict[str, Answer] = {
            "eth_chainId": hex(CHAIN_ID),
            "eth_blockNumber": hex(HEAD),
            "eth_getBlockByNumber": head(HEAD),
        }
        answer = self.script.get(method, usual.get(method))
        if callable(answer):
            answer = answer(parameters)
        if isinstance(answer, Exception):
            raise answer
        return answer


def client(
    *endpoints: dict[str, Answer | Callable[[Sequence[Json]], Answer]],
) -> EVMClient:
    """Return a client of these endpoints."""
    made = {f"http://{n}": Endpoint(script) for n, script in enumerate(endpoints)}
    return EVMClient(
        tuple(made),
        CHAIN_ID,
        codec=Web3Codec(),
        connect=lambda url: made[url],
        clock=lambda: 0.0,
    )


def test_a_chain_that_knows_no_finality_counts_blocks() -> None:
    def by_tag(parameters: Sequence[Json]) -> Answer:
        if parameters[0] == "finalized":
            return RPCError("unknown block tag")
        if parameters[0] == "latest":
            return head(HEAD)
        return head(int(str(parameters[0]), 16))

    chain = client({"eth_getBlockByNumber": by_tag})

    assert chain.block(At.FINALIZED).number == HEAD - DEPTH
    assert chain.block().number == HEAD


def test_a_chain_too_young_to_be_final_answers_nothing() -> None:
    def by_tag(parameters: Sequence[Json]) -> Answer:
        return None if parameters[0] == "finalized" else head(3)

    assert client({"eth_getBlockByNumber": by_tag}).block(At.FINALIZED).number == 3


def test_an_endpoint_far_behind_is_passed_over() -> None:
    chain = client({}, {"eth_blockNumber": hex(HEAD - BEHIND_MAX - 1)})
    chain.block()
    first = chain._endpoints._endpoints[0].transport
    assert isinstance(first, Endpoint)
    first.script["eth_getBlockByNumber"] = NoAnswerError("down")
    first.script["eth_chainId"] = NoAnswerError("down")

    with pytest.raises(ChainError, match=r"unreachable: (down|967 is an old block)"):
        chain.block()


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (RPCError("execution reverted", bytes.fromhex("7c9a1cf9")), "AlreadyVoted"),
        (RPCError("execution reverted", b"\x01\x02\x03\x04"), "0x01020304"),
        (RPCError("execution reverted: no reason"), "refused: execution reverted"),
        (RPCError("insufficient funds for gas"), "no_coins"),
        (RPCError("something else"), "bad_answer: something else"),
        ("many", "bad_answer: a number"),
        (None, "bad_answer: a number"),
        (True, "bad_answer: a number"),
    ],
)
def test_an_estimate_that_is_none_says_why(answer: Answer, told: str) -> None:
    chain = client({"eth_estimateGas": answer})

    with pytest.raises(ChainError, match=told):
        chain.estimate(ME, Call(recipient=ME, data=b""))


@pytest.mark.parametrize(
    "words",
    [
        "already known",
        "AlreadyKnown",
        "transaction already imported",
        "nonce too low: next nonce 5",
        "replacement transaction underpriced",
    ],
)
def test_what_was_sent_already_is_sent(words: str) -> None:
    client({"eth_sendRawTransaction": RPCError(words)}).send(b"raw")


def test_what_cannot_be_sent_is_told() -> None:
    chain = client({"eth_sendRawTransaction": RPCError("insufficient funds for gas")})

    with pytest.raises(ChainError, match="no_coins"):
        chain.send(b"raw")


def test_a_contract_that_is_not_there_answers_nothing() -> None:
    chain = client({"eth_call": "0x"})

    with pytest.raises(ChainError, match="wrong_code: Community"):
        chain.read(ContractName.COMMUNITY, ME, "quorum")


@pytest.mark.parametrize(
    ("answer", "told"),
    [("0x01", "Community.quorum"), ("0xzz", "bytes"), (7, "bytes")],
)
def test_an_answer_of_the_wrong_shape_is_told(answer: Answer, told: str) -> None:
    chain = client({"eth_call": answer})

    with pytest.raises(ChainError, match=f"bad_answer: {told}"):
        chain.read(ContractName.COMMUNITY, ME, "quorum")


def test_a_receipt_without_a_price_is_no_receipt() -> None:
    incomplete: Json = {"blockNumber": "0x1", "status": "0x1", "gasUsed": "0x5208"}
    chain = client({"eth_getTransactionReceipt": incomplete})

    with pytest.raises(ChainError, match="bad_answer"):
        chain.receipt(b"h" * 32)
    with pytest.raises(ChainError, match="bad_answer: an object"):
        client({"eth_getTransactionReceipt": "mined"}).receipt(b"h" * 32)


def test_an_endpoint_that_fails_its_check_is_told() -> None:
    chain = client({"eth_chainId": RPCError("not now")})

    with pytest.raises(ChainError, match="bad_answer: not now"):
        chain.block()


def test_results_are_what_a_contract_says_or_nothing() -> None:
    with pytest.raises(ChainError, match="a number"):
        as_int(b"1")
    with pytest.raises(ChainError, match="bytes"):
        as_bytes(1)
    with pytest.raises(ChainError, match="an address"):
        as_address(b"short")
    with pytest.raises(ChainError, match="a sequence"):
        as_items(b"bytes")


def test_a_port_where_nobody_listens_does_not_answer() -> None:
    with pytest.raises(NoAnswerError):
        Web3Transport("http://127.0.0.1:9").request("eth_chainId", ())


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        ({"error": {"code": 3, "message": "m", "data": "0x0102"}}, RPCError),
        ({"error": {"message": "m", "data": {"data": "0x0102"}}}, RPCError),
        ({"error": {"message": "m", "data": "0xnothing"}}, RPCError),
        ({"error": "plain words"}, RPCError),
        ({"error": {"code": 429, "message": "slow down"}}, NoAnswerError),
        ({"jsonrpc": "2.0"}, NoAnswerError),
    ],
)
def test_errors_of_nodes_come_in_many_shapes(
    answer: dict[str, Json], raised: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    transport = Web3Transport("http://127.0.0.1:9")
    monkeypatch.setattr(transport._provider, "make_request", lambda *_: answer)

    with pytest.raises(raised) as told:
        transport.request("eth_call", ())

    if isinstance(told.value, RPCError) and "0102" in str(answer):
        assert told.value.data == b"\x01\x02"
