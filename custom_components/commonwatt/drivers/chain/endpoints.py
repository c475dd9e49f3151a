"""Several ways to one chain: the next is taken where one fails.

An endpoint is checked whenever it is taken up, and one that failed rests for a while,
longer each time.  Refuses to know what is asked: that is the client's business.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
import logging
from typing import Final, Protocol

from .errors import ChainError, ChainFault, NoAnswerError, NoBatchError
from .values import Json, Request

_LOGGER = logging.getLogger(__name__)

REST_S_MIN: Final = 5.0
REST_S_MAX: Final = 300.0


class Transport(Protocol):
    """One endpoint, asked and answering."""

    def request(self, method: str, parameters: Sequence[Json]) -> Json:
        """Return the result; blocks.  Raises RPCError and NoAnswerError."""
        ...

    def request_all(self, requests: Sequence[Request]) -> list[Json]:
        """Return all results, asked for at once; RPCError is the first one's error.

        Raises NoBatchError where only one question is taken at a time.
        """
        ...


@dataclass(slots=True, kw_only=True)
class _Endpoint:
    name: str
    transport: Transport
    takes_batches: bool = True
    failures: int = 0
    rests_until_s: float = 0.0
    fault: ChainError | None = None


class Endpoints:
    """Asks one endpoint after the other until one answers."""

    def __init__(
        self,
        urls: Sequence[str],
        *,
        connect: Callable[[str], Transport],
        check: Callable[[Transport], None],
        clock: Callable[[], float],
    ) -> None:
        """Prefer ``urls`` in their order; ask none of them yet.

        ``check`` raises ChainError for an endpoint that serves the wrong chain.
        """
        assert urls, "a chain is somewhere"
        self._endpoints: Final = [
            _Endpoint(name=_host(url), transport=connect(url)) for url in urls
        ]
        self._check: Final = check
        self._clock: Final = clock
        self._current: _Endpoint | None = None
        self.round_trips = 0
        """How often any of them was asked, connections apart."""

    @property
    def current(self) -> str | None:
        """The host that answered last; None while none does."""
        return None if self._current is None else self._current.name

    def request(self, method: str, parameters: Sequence[Json]) -> Json:
        """Ask the endpoint in use, and the others if it fails.

        Raises RPCError for an answer that is an error, ChainError if none is to be had.
        """

        def ask(endpoint: _Endpoint) -> Json:
            self.round_trips += 1
            return endpoint.transport.request(method, parameters)

        return self._first_answer(ask)

    def request_all(self, requests: Sequence[Request]) -> list[Json]:
        """Ask several things at once, of an endpoint that takes them so.

        Raises as :meth:`request` does; RPCError is that of the first one that fails.
        """

        def ask(endpoint: _Endpoint) -> list[Json]:
            if endpoint.takes_batches:
                self.round_trips += 1
                try:
                    return endpoint.transport.request_all(requests)
                except NoBatchError:
                    _LOGGER.debug("%s takes one question at a time", endpoint.name)
                    endpoint.takes_batches = False
            self.round_trips += len(requests)
            return [endpoint.transport.request(*request) for request in requests]

        return self._first_answer(ask)

    def check_again(self) -> None:
        """Take the endpoint in use up anew at the next question."""
        self._current = None

    def _first_answer[Answer](self, ask: Callable[[_Endpoint], Answer]) -> Answer:
        """Return what the endpoint in use answers, or the first other that does."""
        current = self._current
        if current is not None:
            try:
                return ask(current)
            except NoAnswerError as err:
                self._rest(current, ChainError(ChainFault.UNREACHABLE, str(err)))
        for endpoint in self._rested():
            if not self._take_up(endpoint):
                continue
            try:
                return ask(endpoint)
            except NoAnswerError as err:
                self._rest(endpoint, ChainError(ChainFault.UNREACHABLE, str(err)))
        raise self._worst()

    def _take_up(self, endpoint: _Endpoint) -> bool:
        try:
            self._check(endpoint.transport)
        except NoAnswerError as err:
            self._rest(endpoint, ChainError(ChainFault.UNREACHABLE, str(err)))
            return False
        except ChainError as err:
            self._rest(endpoint, err)
            return False
        if endpoint.fault is not None:
            _LOGGER.info("The chain's endpoint %s answers again", endpoint.name)
        endpoint.failures, endpoint.fault = 0, None
        self._current = endpoint
        return True

    def _rested(self) -> list[_Endpoint]:
        """Return who may be asked; if all are resting, the one that has the longest."""
        now = self._clock()
        rested = [one for one in self._endpoints if one.rests_until_s <= now]
        return rested or [min(self._endpoints, key=lambda one: one.rests_until_s)]

    def _rest(self, endpoint: _Endpoint, fault: ChainError) -> None:
        if endpoint.fault is None:
            _LOGGER.info("The chain's endpoint %s fails: %s", endpoint.name, fault)
        rest_s = min(REST_S_MAX, REST_S_MIN * 2 ** min(endpoint.failures, 16))
        endpoint.failures += 1
        endpoint.rests_until_s = self._clock() + rest_s
        endpoint.fault = fault
        self._current = None

    def _worst(self) -> ChainError:
        """Return what the owner should know first: a wrong chain before no answer."""
        faults = [one.fault for one in self._endpoints if one.fault is not None]
        wrong = [one for one in faults if one.fault is not ChainFault.UNREACHABLE]
        return (wrong or faults)[0]


def _host(url: str) -> str:
    """Return the part of an address that holds no key of its owner's."""
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2]
