"""Many questions in one round trip: how servers answer them, and how few it takes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
import json
from threading import Thread
from typing import override

import pytest

from custom_components.commonwatt.drivers.chain import Heard
from custom_components.commonwatt.drivers.chain.errors import (
    NoAnswerError,
    NoBatchError,
    RPCError,
)
from custom_components.commonwatt.drivers.chain.values import Json, Request
from custom_components.commonwatt.drivers.chain.web3_parts import Web3Transport
from tests.drivers.chain.street import COIN, HOMES, Street

ASKED: list[Request] = [("eth_chainId", ()), ("eth_blockNumber", ())]

type Said = tuple[int, Json]
"""A status of HTTP, and what is said with it."""


@contextmanager
def server(answer: Callable[[list[int]], Said]) -> Iterator[Web3Transport]:
    """Run a server that answers by the ids of the questions; yield the way to it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            asked = json.loads(self.rfile.read(size))
            status, said = answer([one["id"] for one in asked])
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = Thread(target=listening.serve_forever)
        thread.start()
        try:
            yield Web3Transport(f"http://127.0.0.1:{listening.server_port}")
        finally:
            listening.shutdown()
            thread.join()


def result(number: int, value: str) -> Json:
    return {"jsonrpc": "2.0", "id": number, "result": value}


def failure(number: int, code: int) -> Json:
    return {"jsonrpc": "2.0", "id": number, "error": {"code": code, "message": "no"}}


def test_answers_come_back_in_the_order_of_the_questions() -> None:
    def backwards(ids: list[int]) -> Said:
        return 200, [result(ids[1], "0x2"), result(ids[0], "0x1")]

    with server(backwards) as transport:
        assert transport.request_all(ASKED) == ["0x1", "0x2"]


@pytest.mark.parametrize(
    "said",
    [
        (400, "one at a time"),
        (413, "too much"),
        (200, {"jsonrpc": "2.0", "id": None, "error": {"code": -32600}}),
        (200, [result(0, "0x1")]),
    ],
)
def test_a_server_that_takes_no_batches_is_told_from_one_that_is_down(
    said: Said,
) -> None:
    with server(lambda _: said) as transport, pytest.raises(NoBatchError):
        transport.request_all(ASKED)


@pytest.mark.parametrize(
    "said",
    [
        (500, "out of order"),
        (429, "slow down"),
        (200, "no list"),
        (200, {"jsonrpc": "2.0", "id": None, "error": {"code": -32005}}),
    ],
)
def test_a_server_out_of_order_does_not_answer(said: Said) -> None:
    with server(lambda _: said) as transport, pytest.raises(NoAnswerError):
        transport.request_all(ASKED)


def test_one_answer_among_several_can_be_an_error() -> None:
    def half(ids: list[int]) -> Said:
        return 200, [result(ids[0], "0x1"), failure(ids[1], 3)]

    with server(half) as transport, pytest.raises(RPCError, match="no"):
        transport.request_all(ASKED)


def test_where_nobody_listens_nobody_answers() -> None:
    with pytest.raises(NoAnswerError):
        Web3Transport("http://127.0.0.1:9").request_all(ASKED)


def trips(street: Street, done: Callable[[], object]) -> int:
    """Return how many round trips something takes."""
    before = street.home.client.round_trips
    done()
    return street.home.client.round_trips - before


def test_how_many_round_trips_things_take(street: Street) -> None:
    """As many for two homes as for fifty: each asks all there is at once."""
    home = street.home
    nets = dict.fromkeys(range(1, HOMES), -COIN)
    closed = street.closed({0: COIN * (HOMES - 1), **nets})
    heard = Heard(drafts=(), approvals=lambda _: {})

    def turn() -> None:
        home.relay.turn(
            closed, heard, now_s=home.client.block().timestamp_s, has_coins=True
        )

    drafting = trips(street, lambda: street.draft(closed))
    day = street.settle(closed)
    found = {
        "draft": drafting,
        "wallet": trips(street, home.wallet.balance),
        "charter": trips(street, home.votes.charter),
        "is due": trips(street, lambda: home.batches.is_due(day)),
        "house": trips(street, lambda: home.batches.keep_house(home.batches.head())),
        "turn": trips(street, turn),
        "idle turn": trips(street, turn),
    }

    assert found == {
        "draft": 3,
        "wallet": 1,
        "charter": 2,
        "is due": 1,
        "house": 3,
        "turn": 4,
        "idle turn": 3,
    }
