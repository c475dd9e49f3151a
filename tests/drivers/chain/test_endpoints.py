"""Several ways to one chain, and none that leads to another."""

from collections.abc import Sequence

import pytest

from custom_components.commonwatt.drivers.chain.endpoints import (
    REST_S_MIN,
    Endpoints,
    Transport,
)
from custom_components.commonwatt.drivers.chain.errors import (
    ChainError,
    ChainFault,
    NoAnswerError,
    NoBatchError,
    RPCError,
)
from custom_components.commonwatt.drivers.chain.values import Json, Request
from custom_components.commonwatt.engine.wire.ethereum import checksummed
from tests.drivers.chain.street import Street

NOWHERE = "http://127.0.0.1:9"


class Endpoint:
    """Answers with its name, as long as it is up."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_up = True
        self.is_wrong = False
        self.takes_batches = True
        self.asked: list[str] = []

    def request_all(self, requests: Sequence[Request]) -> list[Json]:
        """Answer with what was asked, if several questions are taken."""
        if not self.takes_batches:
            raise NoBatchError
        self.asked.append("batch")
        return [self.request(*one) for one in requests]

    def request(self, method: str, parameters: Sequence[Json]) -> Json:
        """Answer with what was asked."""
        self.asked.append(method)
        if not self.is_up:
            raise NoAnswerError(self.name)
        if method == "fail":
            raise RPCError("no such method")
        return f"{self.name}:{method}:{len(parameters)}"


class World:
    """Two endpoints and a clock."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.first, self.second = Endpoint("first"), Endpoint("second")
        self.by_url: dict[str, Endpoint] = {
            "https://key@first/secret": self.first,
            "https://second/": self.second,
        }
        self.endpoints = Endpoints(
            tuple(self.by_url),
            connect=lambda url: self.by_url[url],
            check=self.check,
            clock=lambda: self.now_s,
        )

    def check(self, transport: Transport) -> None:
        """Refuse an endpoint that serves something else."""
        assert isinstance(transport, Endpoint)
        transport.request("check", ())
        if transport.is_wrong:
            raise ChainError(ChainFault.WRONG_CHAIN, transport.name)


def test_the_preferred_one_is_asked_and_its_secrets_are_not_told() -> None:
    world = World()

    assert world.endpoints.request("head", ()) == "first:head:0"
    assert world.endpoints.current == "first"
    assert world.second.asked == []


def test_the_next_answers_while_one_is_down() -> None:
    world = World()
    world.endpoints.request("head", ())
    world.first.is_up = False

    assert world.endpoints.request("head", ()) == "second:head:0"
    asked = len(world.first.asked)
    world.endpoints.request("head", ())

    assert len(world.first.asked) == asked
    assert world.endpoints.current == "second"


def test_who_failed_rests_before_it_is_asked_again() -> None:
    world = World()
    world.first.is_up = False
    world.endpoints.request("head", ())
    world.first.is_up = True

    world.endpoints.check_again()
    assert world.endpoints.request("head", ()) == "second:head:0"
    world.now_s += REST_S_MIN
    world.endpoints.check_again()

    assert world.endpoints.request("head", ()) == "first:head:0"


def test_when_all_are_down_the_one_that_rested_longest_is_asked() -> None:
    world = World()
    world.first.is_up = world.second.is_up = False
    with pytest.raises(ChainError, match="unreachable"):
        world.endpoints.request("head", ())
    world.first.is_up = True

    assert world.endpoints.request("head", ()) == "first:head:0"


def test_a_wrong_chain_is_never_asked_anything_else() -> None:
    world = World()
    world.first.is_wrong = True

    assert world.endpoints.request("head", ()) == "second:head:0"
    world.second.is_up = False
    with pytest.raises(ChainError, match="wrong_chain"):
        world.endpoints.request("head", ())
    assert set(world.first.asked) == {"check"}


def test_an_answer_that_is_an_error_is_no_reason_to_ask_another() -> None:
    world = World()

    with pytest.raises(RPCError, match="no such method"):
        world.endpoints.request("fail", ())

    assert world.second.asked == []


def test_every_connection_is_checked() -> None:
    world = World()
    world.endpoints.request("head", ())
    world.endpoints.request("head", ())
    assert world.first.asked == ["check", "head", "head"]

    world.endpoints.check_again()
    world.endpoints.request("head", ())

    assert world.first.asked[3:] == ["check", "head"]


def test_several_questions_go_at_once() -> None:
    world = World()

    answers = world.endpoints.request_all([("one", ()), ("two", (1,))])

    assert answers == ["first:one:0", "first:two:1"]
    assert world.first.asked == ["check", "batch", "one", "two"]
    assert world.endpoints.round_trips == 1


def test_who_takes_one_question_at_a_time_is_asked_so_from_then_on() -> None:
    world = World()
    world.first.takes_batches = False

    for _ in range(2):
        answers = world.endpoints.request_all([("one", ()), ("two", ())])
        assert answers == ["first:one:0", "first:two:0"]

    assert world.endpoints.round_trips == 1 + 2 + 2


def test_a_question_among_several_that_fails_is_an_answer() -> None:
    world = World()

    with pytest.raises(RPCError, match="no such method"):
        world.endpoints.request_all([("one", ()), ("fail", ())])

    assert world.endpoints.current == "first"


def test_several_questions_find_another_endpoint_too() -> None:
    world = World()
    world.endpoints.request("head", ())
    world.first.is_up = False

    answers = world.endpoints.request_all([("one", ()), ("two", ())])

    assert answers == ["second:one:0", "second:two:0"]


def test_another_chain_is_refused(street: Street) -> None:
    street.deployment = None
    home = street.open(1, chain_id=1)

    with pytest.raises(ChainError, match="wrong_chain: 31337"):
        home.client.block()


def test_other_code_at_the_address_of_a_contract_is_refused(street: Street) -> None:
    assert street.deployment is not None
    credit = checksummed(street.deployment.credit)
    street.home.wallet.balance()
    street.chain.rpc("anvil_setCode", [credit, "0x600160005260206000f3"])

    street.home.client._endpoints.check_again()

    with pytest.raises(ChainError, match="wrong_code: Credit"):
        street.home.wallet.balance()
    street.home.close()
    with pytest.raises(ChainError, match="wrong_code: Credit"):
        street.open()


def test_contracts_that_do_not_belong_together_are_not_joined(street: Street) -> None:
    """A second community's certificates beside the settlement of the first."""
    assert street.deployment is not None
    stranger = Street(street.chain, street.folder / "other")
    terms = stranger.terms(backing=street.deployment.credit)
    other = stranger.deploy(terms)
    stranger.close()
    first = street.deployment.value
    mixed = {**first, "certificates": other.value["certificates"]}

    with pytest.raises(ChainError, match="wrong_code"):
        street.home.join(type(street.deployment).read(mixed))
    assert type(street.deployment).read(first) == street.deployment


def test_a_dead_endpoint_is_passed_over(street: Street) -> None:
    home = street.open(1, NOWHERE, street.chain.url)

    assert home.batches.head().number == 0
    assert home.client.endpoint == street.chain.url.removeprefix("http://")
