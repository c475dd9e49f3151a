"""Live power: seen only while its owner wants it to be, seldom, and never settled."""

from dataclasses import replace

import pytest

from custom_components.commonwatt.engine.ledger.journal import EntryKind
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    after,
)
from custom_components.commonwatt.engine.model.social import POWER_W_MAX, LivePower
from custom_components.commonwatt.engine.node.showing import KNOWN_MS, SAY_MS_MAX
from tests.engine.node.street import ANN, BEN, START, Street


def shown(street: Street, name: str) -> dict[str, int]:
    """Return whose live power a home sees."""
    seen = street.status(name).live_powers_w
    return {street.names[party]: power_w for party, power_w in seen.items()}


def said(street: Street, name: str) -> list[int | None]:
    """Return what a home has said of its power."""
    messages = (street.opened(data).message for data in street.homes[name].sent)
    return [one.power_w for one in messages if isinstance(one, LivePower)]


def begun() -> Street:
    """Return a street in which Ann shows her power."""
    street = Street(ANN, BEN)
    street.run(after(START, MINUTE_MS))
    street.nodes["Ann"].showing.show(street.now, shown=True)
    street.run(after(street.now, MINUTE_MS))
    return street


def test_nobody_shows_their_power_unasked() -> None:
    street = Street(ANN, BEN)
    street.run(after(START, HOUR_MS))

    assert said(street, "Ann") == []
    assert shown(street, "Ben") == {}
    assert not street.status("Ann").is_power_shown


def test_who_opts_in_is_seen_and_who_opts_out_is_forgotten_at_once() -> None:
    street = begun()

    assert shown(street, "Ben") == {"Ann": 800}
    assert shown(street, "Ann") == {"Ann": 800}
    assert street.status("Ann").is_power_shown

    street.nodes["Ann"].showing.show(street.now, shown=False)
    street.run(after(street.now, MINUTE_MS))
    assert shown(street, "Ben") == {}
    assert said(street, "Ann") == [800, None]


def test_a_power_that_stays_is_said_every_five_minutes_only() -> None:
    street = begun()
    street.run(after(street.now, HOUR_MS))

    assert len(said(street, "Ann")) == 1 + HOUR_MS // SAY_MS_MAX
    assert shown(street, "Ben") == {"Ann": 800}


@pytest.mark.parametrize(("change_w", "words"), [(90, 1), (150, 2)])
def test_a_change_worth_a_word_is_said_within_a_minute(
    change_w: int, words: int
) -> None:
    street = begun()
    street.homes["Ann"].net_w += change_w
    street.run(after(street.now, MINUTE_MS))

    assert len(said(street, "Ann")) == words


def test_who_falls_silent_is_not_shown_with_an_old_power() -> None:
    street = begun()
    street.crash("Ann")
    street.run(after(street.now, KNOWN_MS))

    assert shown(street, "Ben") == {}


def test_an_unknown_power_is_not_told_as_none() -> None:
    street = begun()
    street.homes["Ann"].has_meter = False
    street.run(after(street.now, KNOWN_MS))

    assert said(street, "Ann") == [800]
    assert shown(street, "Ben") == {}


def test_an_old_value_of_a_meter_is_not_what_it_shows_now() -> None:
    street = begun()
    ann, later = street.nodes["Ann"], after(street.now, SAY_MS_MAX)
    old = street.homes["Ann"].image(street.now)
    ann.observe(replace(old, taken_at=later), later)

    assert not any(
        isinstance(street.opened(one.data).message, LivePower)
        for one in ann.effects().send
    )


def test_an_earlier_word_that_comes_late_changes_nothing() -> None:
    street = begun()
    showing, ann = street.nodes["Ben"].showing, street.parties["Ann"]
    showing.take(ann, LivePower(power_w=5), after(street.now, -HOUR_MS))

    assert shown(street, "Ben") == {"Ann": 800}


def test_a_home_alone_tells_nobody() -> None:
    street = Street(ANN)
    street.nodes["Ann"].showing.show(street.now, shown=True)
    street.run(after(START, HOUR_MS))

    assert said(street, "Ann") == []


def test_every_word_is_in_the_journal_before_it_is_sent() -> None:
    street = begun()
    journaled = {entry.body for entry in street.journaled("Ann", EntryKind.SENT)}

    assert journaled.issuperset(street.homes["Ann"].sent)
    assert said(street, "Ann") == [800]


def test_after_a_restart_nothing_is_shown_until_the_owner_says_so_again() -> None:
    street = begun()
    street.crash("Ann")
    street.wake("Ann")
    street.run(after(street.now, KNOWN_MS))

    assert said(street, "Ann") == [800]
    assert shown(street, "Ben") == {}


def test_what_no_meter_shows_is_refused() -> None:
    with pytest.raises(ValueError, match="bounds"):
        LivePower(power_w=POWER_W_MAX + 1)
