"""A conspiracy: one book for one half of the street, another for the other half.

What no single liar can do: when one of them is to propose, all of them vote for both
books, each before its own audience.  With fewer liars than the charter bears it must
come to nothing; with more it can split a community, and must leave evidence.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from ...model.party import Charter, PartyId
from ...model.vote import VoteStage
from ...node import NodeConfig
from ...node.cleared import cleared
from ...peer import RevealedOrder
from ...peer.book import assemble
from ...wire.envelope import Envelope, peek
from ...wire.messages import BookProposal, Message, ResultVote
from .post import Letter
from .seal import Seal

VOTES_AFTER_MS: Final = 500
"""A vote before its book would only puzzle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who is to believe what."""

    listeners: frozenset[PartyId]
    proposal: BookProposal


class Plot:
    """What all liars of one community know."""

    def __init__(self) -> None:
        """Begin without members."""
        self._seals: Final[dict[PartyId, Seal]] = {}

    def join(self, seal: Seal) -> None:
        """Let a liar in."""
        self._seals[seal.party] = seal

    def split(
        self, proposal: BookProposal, charter: Charter, config: NodeConfig, seal: Seal
    ) -> Iterator[tuple[Seal, Letter]]:
        """Yield what everybody in the plot says when one of them is to propose."""
        for audience in self._audiences(proposal, charter):
            data = seal.sign(audience.proposal)
            yield seal, Letter(data=data, to=audience.listeners)
            digest = _digest(data, charter, config)
            if digest is not None:
                yield from self._votes(audience, digest)

    def _votes(
        self, audience: Audience, digest: bytes
    ) -> Iterator[tuple[Seal, Letter]]:
        for liar in self._seals.values():
            for stage in VoteStage:
                vote = ResultVote(
                    period=audience.proposal.period,
                    attempt=audience.proposal.attempt,
                    stage=stage,
                    digest=digest,
                )
                yield (
                    liar,
                    Letter(
                        data=liar.sign(vote),
                        to=audience.listeners,
                        delay_ms=VOTES_AFTER_MS,
                    ),
                )

    def _audiences(
        self, proposal: BookProposal, charter: Charter
    ) -> tuple[Audience, ...]:
        reveals = proposal.reveals or ()
        honest = [m.party for m in charter.members if m.party not in self._seals]
        half = frozenset(honest[::2])
        shorter = BookProposal(
            period=proposal.period, attempt=proposal.attempt, reveals=reveals[1:]
        )
        longer = BookProposal(
            period=proposal.period, attempt=proposal.attempt, reveals=reveals
        )
        return (
            Audience(listeners=half, proposal=longer),
            Audience(listeners=frozenset(honest) - half, proposal=shorter),
        )


def _digest(data: bytes, charter: Charter, config: NodeConfig) -> bytes | None:
    """Return what a proposed book comes to; None if it cannot be cleared."""
    envelope = peek(data)
    assert isinstance(envelope, Envelope)
    assert isinstance(envelope.message, BookProposal)
    reveals = list(_opened(envelope.message.reveals or ()))
    book = assemble(envelope, reveals, charter)
    return None if book is None else cleared(book, config).digest


def _opened(sealed: Iterable[bytes]) -> Iterator[RevealedOrder | None]:
    for data in sealed:
        envelope = peek(data)
        yield RevealedOrder.of(envelope) if isinstance(envelope, Envelope) else None


def message_in(data: bytes) -> Message | None:
    """Return what an envelope says, genuine or not."""
    envelope = peek(data)
    return envelope.message if isinstance(envelope, Envelope) else None
