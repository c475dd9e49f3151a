"""What must hold when all is said: nothing open, equal books, proof of every plot."""

from collections.abc import Iterator
from typing import Final

from ...ledger.balances import Balances
from ...model.party import PartyId
from ...model.period import DeliveryPeriod, Instant
from ...node import Node
from ...peer import Fault, Phase
from .member import Member
from .street import Street
from .watch import Wrong

RECOVERY_PERIODS: Final = 2
"""So long after the weather cleared up everything is decided."""


def open_periods(
    street: Street, *, first: DeliveryPeriod, last: DeliveryPeriod
) -> Iterator[tuple[PartyId, DeliveryPeriod]]:
    """Yield what honest members hold for undecided, of some periods.

    Of those that can be decided: whoever has lost what it signed stays silent, and what
    too many have forgotten, nobody may ever decide.
    """
    for period in _periods(first, last):
        if not _is_forgotten(street, period):
            for party in _waiting(street, period):
                yield party, period


def forgotten_periods(
    street: Street, *, first: DeliveryPeriod, last: DeliveryPeriod
) -> tuple[DeliveryPeriod, ...]:
    """Return what stays open because too many have lost what they signed."""
    return tuple(
        period
        for period in _periods(first, last)
        if _is_forgotten(street, period) and any(_waiting(street, period))
    )


def _is_forgotten(street: Street, period: DeliveryPeriod) -> bool:
    """Tell whether fewer honest members than a quorum may still sign something."""
    honest = [(m, node) for m, node in street.honest if _took_part(m, node, period)]
    bound = sum(_is_bound(m, node, period) for m, node in honest)
    quorums = [node.charter(period.start).quorum for _, node in honest]
    return bound > 0 and len(honest) - bound < max(quorums)


def _is_bound(member: Member, node: Node, period: DeliveryPeriod) -> bool:
    known = node.outcome(period)
    if known is not None:
        return known.is_bound
    return member.identity.config.timing.bidding(period) <= member.lost_at


def _waiting(street: Street, period: DeliveryPeriod) -> Iterator[PartyId]:
    for member, node in street.honest:
        outcome = node.outcome(period)
        is_open = outcome is not None and outcome.phase is Phase.OPEN
        if is_open and _took_part(member, node, period):
            yield member.party


def _periods(first: DeliveryPeriod, last: DeliveryPeriod) -> Iterator[DeliveryPeriod]:
    return map(DeliveryPeriod, range(first.number, last.number + 1))


def judge_ledgers(
    street: Street, *, first: DeliveryPeriod, last: DeliveryPeriod
) -> None:
    """Accuse whose books differ, or lack a period that others have settled."""
    for wrong, party, period in differences(street, first=first, last=last):
        street.watch.accuse(wrong, party, period)


def differences(
    street: Street, *, first: DeliveryPeriod, last: DeliveryPeriod
) -> Iterator[tuple[Wrong, PartyId, DeliveryPeriod]]:
    """Yield whose books differ, or lack a period that others have settled."""
    for period in _periods(first, last):
        books = {
            member.party: street.watch.settled(member.party).get(period)
            for member, node in street.honest
            if _took_part(member, node, period)
        }
        for wrong, party in _differences(books):
            yield wrong, party, period


def judge_plot(street: Street, now: Instant) -> None:
    """Accuse the community if it was split and nobody can prove who did it."""
    if not is_accounted_for(street):
        member, _ = next(street.honest)
        period = DeliveryPeriod.containing(now)
        street.watch.accuse(Wrong.UNDETECTED, member.party, period)


def is_accounted_for(street: Street) -> bool:
    """Tell whether no period has two results, or somebody can prove who did it."""
    return not street.watch.disputed or street.faults[Fault.CONTRADICTION] > 0


def _took_part(member: Member, node: Node, period: DeliveryPeriod) -> bool:
    return node.charter(period.start).member(member.party) is not None


def _differences(
    books: dict[PartyId, Balances | None],
) -> Iterator[tuple[Wrong, PartyId]]:
    known = [accounts for accounts in books.values() if accounts is not None]
    for party, accounts in books.items():
        if accounts is None and known:
            yield Wrong.UNSETTLED, party
        elif accounts is not None and accounts != known[0]:
            yield Wrong.TWO_LEDGERS, party
