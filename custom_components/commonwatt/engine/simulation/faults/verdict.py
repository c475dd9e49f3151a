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
    honest = [
        (member, node)
        for member, node in street.honest
        if member.party in member.voters(period).voters
    ]
    bound = sum(_is_bound(m, node, period) for m, node in honest)
    quorums = [member.voters(period).quorum for member, _ in honest]
    return bound > 0 and len(honest) - bound < max(quorums)


def _is_bound(member: Member, node: Node, period: DeliveryPeriod) -> bool:
    known = node.outcome(period)
    if known is not None:
        return known.is_bound
    return member.identity.config.timing.bidding(period) <= member.lost_at


def _waiting(street: Street, period: DeliveryPeriod) -> Iterator[PartyId]:
    """Yield who holds a period for undecided, or has heard of no round in it.

    Where nobody honest metered anything, there need not be one.
    """
    was_metered = street.watch.was_metered(period)
    for member, node in street.honest:
        outcome = node.outcome(period)
        is_open = was_metered if outcome is None else outcome.phase is Phase.OPEN
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
        there = [m for m, node in street.honest if _took_part(m, node, period)]
        known = {m.party: street.watch.settled(m.party).get(period) for m in there}
        whole = {m.party: known[m.party] for m in there if m.sees_all(period)}
        parts = {party: known[party] for party in known.keys() - whole.keys()}
        for wrong, party in _differences(whole, parts):
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
    whole: dict[PartyId, Balances | None], parts: dict[PartyId, Balances | None]
) -> Iterator[tuple[Wrong, PartyId]]:
    """Compare whole ledgers with one of them, and parts with what is theirs in it."""
    known = [accounts for accounts in whole.values() if accounts is not None]
    for party, accounts in sorted((whole | parts).items()):
        if accounts is None and known:
            yield Wrong.UNSETTLED, party
        elif accounts is not None and known:
            of = party if party in parts else None
            if _own(accounts, of) != _own(known[0], of):
                yield Wrong.TWO_LEDGERS, party


def _own(accounts: Balances, party: PartyId | None) -> Balances:
    """Return what is booked on the accounts of a party; None: everything."""
    if party is None:
        return accounts
    return {key: amount for key, amount in accounts.items() if key[0].party == party}
