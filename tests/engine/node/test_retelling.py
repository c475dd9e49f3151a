"""Settled periods, told without names, come to the same wherever they are computed."""

from dataclasses import replace
import sys

import pytest

from custom_components.commonwatt.engine.ledger.journal import EntryKind
from custom_components.commonwatt.engine.model.origin import EnergySource
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    after,
)
from custom_components.commonwatt.engine.model.posting import AccountKind
from custom_components.commonwatt.engine.node.retelling import (
    Came,
    Difference,
    Matter,
    Tale,
    again,
    anonymous,
    booked,
    differences,
    read_tale,
    tale_value,
)
from custom_components.commonwatt.engine.wire.canonical import Value, encode
from custom_components.commonwatt.engine.wire.messages import Message, OrderCommitment
from tests.engine.node.committee_street import PrivateStreet
from tests.engine.node.street import ANN, BEN, CAT, FIRST, Street
from tests.engine.node.test_agreements import agreed, contract
from tests.engine.node.test_corrections import reading


def tales(street: Street, name: str) -> tuple[Tale, ...]:
    """Return what a home can tell, as its journal has it."""
    journal = booked(street.homes[name].journal)
    node = street.nodes[name]
    told: list[Tale] = []
    for facts in node.facts():
        outcome = node.outcome(facts.period)
        assert outcome is not None
        came = Came(result=outcome.result, booked=journal[facts.period])
        told.append(Tale(facts=facts, came=came))
    assert told
    return tuple(told)


def lived(*homes: tuple[str, int, int], periods: int = 2) -> Street:
    """Return a street some periods later."""
    street = Street(*homes)
    street.run(after(FIRST.next(periods).end, MINUTE_MS))
    return street


def is_true(tale: Tale) -> bool:
    return not [*differences(tale.came, again(tale.facts))]


def texts(value: Value) -> list[str]:
    """Return every text in a value."""
    if isinstance(value, tuple):
        return [found for part in value for found in texts(part)]
    return [value] if isinstance(value, str) else []


def test_what_the_journal_booked_follows_from_what_was_signed() -> None:
    street = lived(ANN, BEN, CAT)

    told = tales(street, "Ann")

    assert sum(len(tale.came.result.trades) for tale in told if tale.came.result) > 2
    assert all(is_true(tale) for tale in told)


def test_a_tale_names_nobody_and_comes_to_the_same() -> None:
    street = lived(ANN, BEN, CAT)
    told = tales(street, "Ann")

    without = anonymous(told)

    assert len(without) == len(told)
    for tale in without:
        assert is_true(tale)
        data = encode(tale_value(tale))
        for party in street.parties.values():
            assert bytes.fromhex(party) not in data
            assert party.encode() not in data
        for member in told[0].facts.charter.members:
            assert member.household_key not in data
        for bid in told[-1].facts.bids or ():
            assert bid.digest not in data
        assert not {"zone", "community"} & set(texts(tale_value(tale)))


def test_a_tale_is_read_as_it_was_written() -> None:
    for tale in anonymous(tales(lived(ANN, BEN, CAT), "Cat")):
        assert read_tale(tale_value(tale)) == tale


def test_a_correction_is_part_of_the_tale() -> None:
    street = lived(ANN, BEN, CAT)
    late = reading(street, "Ben", export_wh=350)
    street.nodes["Ben"].correct_reading(late, street.now)
    street.run(after(street.now, MINUTE_MS))
    assert street.journaled("Ann", EntryKind.CORRECTED)

    told = {tale.facts.period: tale for tale in anonymous(tales(street, "Ann"))}

    assert late.export_wh in [one.export_wh for one in told[FIRST].facts.readings]
    assert all(is_true(tale) for tale in told.values())


def test_contracts_keep_their_place_under_other_names() -> None:
    street = Street(ANN, BEN, CAT)
    agreed(street, contract(street, energy_wh_max_day=100))
    street.run(after(FIRST.next(2).end, MINUTE_MS))

    told = anonymous(tales(street, "Ann"))

    pledged = [b for tale in told for b in tale.facts.bids or () if b.pledges]
    assert len(pledged) >= 2
    assert all(is_true(tale) for tale in told)


def test_equals_get_what_they_got_though_they_have_other_names() -> None:
    equals = [(f"Home {number}", 801, 0) for number in range(5)]
    street = Street(BEN, *equals, ("Eve", -1_504, 2_000))
    street.nodes["Home 3"].set_preference([street.parties["Eve"]], [EnergySource.SOLAR])
    street.run(after(FIRST.next(3).end, MINUTE_MS))
    told = tales(street, "Ben")
    shared = [t.came.result for t in told if t.came.result and t.came.result.fills]
    got = {fill.energy_wh for fill in shared[-1].fills if fill.side < 0}
    assert len(got) > 1, "what there is cannot be divided by five"

    without = anonymous(told)

    assert [tale.facts.period for tale in without] == [t.facts.period for t in told]
    assert all(is_true(tale) for tale in without)


def test_what_rests_on_the_names_themselves_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    street = Street(BEN, *((f"Home {number}", 801, 0) for number in range(5)))
    street.run(after(FIRST.next(5).end, MINUTE_MS))
    told = tales(street, "Ben")
    monkeypatch.setattr(sys.modules[anonymous.__module__], "DRAWS_MAX", 0)

    assert len(anonymous(told)) == sum(tale.facts.bids is None for tale in told)
    assert any(tale.facts.bids is not None for tale in told)


def test_a_void_period_is_told_too() -> None:
    def no_commitments(_sender: str, _receiver: str, message: Message) -> bool:
        return isinstance(message, OrderCommitment)

    street = Street(ANN, BEN, CAT)
    street.lost = no_commitments
    street.run(after(FIRST.next().end, HOUR_MS))

    told = anonymous(tales(street, "Ann"))

    assert any(tale.came.result is None for tale in told) or all(
        tale.came.result is not None and not tale.came.result.trades for tale in told
    )
    assert all(is_true(tale) for tale in told)


def test_what_a_committee_knows_is_not_told() -> None:
    street = PrivateStreet(ANN, BEN, CAT, ("Dan", -700, 1_300))
    street.run(after(FIRST.next().end, MINUTE_MS))

    assert street.journaled("Ann", EntryKind.SETTLED)
    assert all(node.facts() == () for node in street.nodes.values())


def doctored(tale: Tale) -> Tale:
    """Return a tale in which the first member's meter counted more."""
    first, *others = tale.facts.readings
    more = replace(first, import_wh=first.import_wh + 100)
    return replace(tale, facts=replace(tale.facts, readings=(more, *others)))


def test_a_doctored_reading_shows_in_the_postings_it_touches() -> None:
    told = anonymous(tales(lived(ANN, BEN, CAT), "Ann"))[-1]

    found = [*differences(told.came, again(doctored(told).facts))]

    assert {one.matter for one in found} == {Matter.POSTING}
    assert any(AccountKind.PARTY in one.where for one in found)
    assert all(one.told != one.computed for one in found)


def test_a_doctored_bid_shows_in_the_result() -> None:
    told = anonymous(tales(lived(ANN, BEN, CAT), "Ann"))[-1]
    assert told.facts.bids
    without_steps = tuple(
        replace(bid, order=replace(bid.order, steps=())) for bid in told.facts.bids
    )
    facts = replace(told.facts, bids=without_steps)

    matters = {one.matter for one in differences(told.came, again(facts))}

    assert {Matter.FILL, Matter.TRADE, Matter.TRADED, Matter.POSTING} <= matters


def test_a_result_where_there_was_none_is_a_difference() -> None:
    told = tales(lived(ANN, BEN, CAT), "Ann")[-1]
    void = again(replace(told.facts, bids=None))

    assert Difference(matter=Matter.OUTCOME, where="result", told=1, computed=None) in [
        *differences(told.came, void)
    ]


def test_a_wrong_tale_is_told_as_it_is() -> None:
    told = doctored(tales(lived(ANN, BEN, CAT), "Ann")[-1])

    (without,) = anonymous([told])

    assert not is_true(without)


def test_the_booking_of_a_period_begins_with_its_settlement() -> None:
    street = lived(ANN, BEN)
    journal = street.homes["Ann"].journal
    settled = [n for n, one in enumerate(journal) if one.kind is EntryKind.SETTLED]

    assert len(booked(journal[settled[-1] :])) == 1
    assert len(booked(journal[settled[-1] + 1 :])) == 0


@pytest.mark.parametrize("field", range(8))
def test_what_is_no_tale_is_refused(field: int) -> None:
    told = anonymous(tales(lived(ANN, BEN), "Ann"))[-1]
    value = tale_value(told)
    assert isinstance(value, tuple)
    nonsense: Value = (*value[:field], ("nonsense",), *value[field + 1 :])

    with pytest.raises(ValueError, match=r".+"):
        read_tale(nonsense)


def test_strangers_do_not_belong_in_a_tale() -> None:
    told = anonymous(tales(lived(ANN, BEN), "Ann"))[-1]
    first, *others = told.facts.readings
    stranger = replace(first, party=type(first.party)("ff" * 20))
    facts = replace(told.facts, readings=(*others, stranger))

    with pytest.raises(ValueError, match="members"):
        read_tale(tale_value(replace(told, facts=facts)))
