"""Votes: proposed, said in words, shown wherever they can be cast, told as news."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.engine.model.community import (
    Amend,
    Leave,
    Motion,
)
from custom_components.commonwatt.engine.model.party import (
    Admission,
    Charter,
    Member,
)
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    after,
)
from custom_components.commonwatt.engine.model.tariff import Tariff
from custom_components.commonwatt.engine.model.zone import FeeTree, ZoneId
from custom_components.commonwatt.engine.node import (
    MotionClosed,
    MotionOpened,
    MotionState,
    MotionView,
)
from custom_components.commonwatt.engine.simulation import opinions
from tests.glue.demos import add_demo, demo_of, no_waiting
from tests.glue.statuses import NEIGHBOUR, NOON, STATUS
from tests.glue.test_news import automate
from tests.glue.test_scores import add_sharing_home, data_of

OLD = Amend.of(
    Charter(
        members=(
            Member(party=NEIGHBOUR, zone=ZoneId("community"), household_key=bytes(33)),
        ),
        fee_tree=FeeTree.single(),
    )
)
MOTION = MotionView(
    id="ab" * 32,
    author=NEIGHBOUR,
    change=replace(OLD, admission=Admission.INVITER),
    rules=OLD,
    deadline=after(NOON, 24 * HOUR_MS),
    yes=7,
    no=2,
    members=12,
    needed=9,
    needs_ballots=True,
    mine=None,
    state=MotionState.OPEN,
)


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


async def add_voter(hass: HomeAssistant, *motions: MotionView) -> MockConfigEntry:
    """Return a home with these motions before it."""
    entry = await add_sharing_home(hass)
    data_of(entry).market.publish(replace(STATUS, motions=motions))
    await hass.async_block_till_done()
    return entry


async def call(
    hass: HomeAssistant, action: str, **data: object
) -> Mapping[str, object] | None:
    """Call an action of ours and return its answer."""
    return await hass.services.async_call(
        DOMAIN, action, data, blocking=True, return_response=True
    )


async def to_do(hass: HomeAssistant) -> list[dict[str, str]]:
    """Return the votes to cast, and those that were."""
    answer = await hass.services.async_call(
        "todo",
        "get_items",
        {"entity_id": "todo.home_votes_to_cast"},
        blocking=True,
        return_response=True,
    )
    assert isinstance(answer, dict)
    of_list = answer["todo.home_votes_to_cast"]
    assert isinstance(of_list, dict)
    items = of_list["items"]
    assert isinstance(items, list)
    return [
        {key: str(value) for key, value in item.items()}
        for item in items
        if isinstance(item, dict)
    ]


async def test_the_panel_is_told_of_a_vote_in_words(hass: HomeAssistant) -> None:
    entry = await add_voter(hass, MOTION)
    section = data_of(entry).shown["votes"]()

    assert section == [
        {
            "id": "ab" * 32,
            "title": "Who lets homes in",
            "description": f"{NEIGHBOUR[:8]} proposes: Whoever invites a home lets it "
            "in; nobody votes on it.",
            "deadline": MOTION.deadline,
            "yes": 7,
            "no": 2,
            "voters": 12,
            "quorum": 9,
            "mine": None,
            "state": "open",
        }
    ]


async def test_what_needs_no_votes_is_not_put_to_anybody(hass: HomeAssistant) -> None:
    leaving = replace(MOTION, change=Leave(), needs_ballots=False)
    entry = await add_voter(hass, leaving)

    assert data_of(entry).shown["votes"]() == []
    assert await to_do(hass) == []


async def test_a_vote_to_cast_is_a_thing_to_do_until_it_is_cast(
    hass: HomeAssistant,
) -> None:
    await add_voter(hass, MOTION, replace(MOTION, id="cd" * 32, mine=False))
    open_one, cast_one = await to_do(hass)

    assert open_one["summary"] == "Vote in favour: Who lets homes in"
    assert "cannot be taken back" in open_one["description"]
    assert open_one["due"].startswith("2025-03-27T")
    assert cast_one["status"] == "completed"
    assert "voted against" in cast_one["description"]
    state = hass.states.get("todo.home_votes_to_cast")
    assert state is not None
    assert state.state == "1"


async def test_a_vote_in_the_list_can_only_be_ticked_off(hass: HomeAssistant) -> None:
    await add_voter(hass, MOTION, replace(MOTION, id="cd" * 32, mine=True))
    for change in (
        {"item": "ab" * 32, "rename": "Something else"},
        {"item": "cd" * 32, "status": "needs_action"},
    ):
        with pytest.raises(ServiceValidationError, match="only be ticked"):
            await hass.services.async_call(
                "todo",
                "update_item",
                {"entity_id": "todo.home_votes_to_cast", **change},
                blocking=True,
            )


async def test_the_calendar_knows_when_a_vote_closes(hass: HomeAssistant) -> None:
    await add_voter(hass, MOTION, replace(MOTION, id="cd" * 32, mine=True))
    answer = await hass.services.async_call(
        "calendar",
        "get_events",
        {
            "entity_id": "calendar.home_energy_calendar",
            "start_date_time": "2025-03-27T00:00:00+00:00",
            "end_date_time": "2025-03-28T00:00:00+00:00",
        },
        blocking=True,
        return_response=True,
    )
    assert isinstance(answer, dict)
    found = str(answer["calendar.home_energy_calendar"])

    assert found.count("'summary'") == 1
    assert "Vote closes: Who lets homes in" in found


@pytest.mark.parametrize(
    ("trigger", "state"),
    [
        ("vote_opened", MotionState.OPEN),
        ("vote_passed", MotionState.PASSED),
        ("vote_failed", MotionState.FAILED),
    ],
)
async def test_a_vote_is_news(
    hass: HomeAssistant, trigger: str, state: MotionState
) -> None:
    entry = await add_sharing_home(hass)
    said = await automate(hass, trigger)
    digest = bytes.fromhex(MOTION.id)
    event = (
        MotionOpened(
            motion=digest, change=Motion(change=Leave(), deadline=MOTION.deadline)
        )
        if state is MotionState.OPEN
        else MotionClosed(motion=digest, adopted=state is MotionState.PASSED)
    )
    motions = (replace(MOTION, state=state),)
    data_of(entry).market.publish(replace(STATUS, motions=motions), [event])
    await hass.async_block_till_done()

    assert len(said) == 1
    assert "Whoever invites a home lets it in" in str(said[0]["said"])
    shown = hass.states.get("event.home_community")
    assert shown is not None
    assert shown.attributes["event_type"] == trigger


async def test_ones_own_proposal_is_nothing_to_vote_on(hass: HomeAssistant) -> None:
    entry = await add_sharing_home(hass)
    said = await automate(hass, "vote_opened")
    own = replace(MOTION, author=data_of(entry).market.party)
    opened = MotionOpened(
        motion=bytes.fromhex(own.id),
        change=Motion(change=Leave(), deadline=own.deadline),
    )
    data_of(entry).market.publish(replace(STATUS, motions=(own,)), [opened])
    await hass.async_block_till_done()

    assert said == []


async def test_a_home_alone_decides_alone(hass: HomeAssistant) -> None:
    entry = await add_sharing_home(hass)
    answer = await call(hass, "propose", admission="inviter", spread=0.004)
    assert answer is not None
    charter = await data_of(entry).ask(lambda node, _: node.community.charter)

    assert len(str(answer["proposal"])) == 64
    assert charter.admission is Admission.INVITER
    assert charter.settlement.spread_micro_per_kwh == 4_000


async def test_only_what_is_named_changes(hass: HomeAssistant) -> None:
    entry = await add_sharing_home(hass)
    await call(hass, "propose", reference_energy=0.15, reference_vat=20)
    await call(hass, "propose", reference_network=0.05, reference_feed_in=0.08)
    charter = await data_of(entry).ask(lambda node, _: node.community.charter)

    assert charter.reference_tariff == Tariff(
        energy_micro_per_kwh=150_000,
        network_micro_per_kwh=50_000,
        vat_ppm=200_000,
        feed_in_micro_per_kwh=80_000,
    )
    assert charter.admission is Admission.VOTE


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        ({}, "one of them"),
        ({"remove": "Somebody", "admission": "vote"}, "one of them"),
        ({"remove": "Nobody"}, "Nobody"),
        ({"admission": "vote"}, "nothing would change"),
        ({"zone": "atlantis", "fee_leaving": 0, "fee_entering": 0}, "atlantis"),
        ({"zone": "community", "fee_leaving": -1, "fee_entering": 0}, "cannot|No comm"),
    ],
)
async def test_what_cannot_be_proposed_says_why(
    hass: HomeAssistant, wish: dict[str, object], why: str
) -> None:
    await add_sharing_home(hass)

    with pytest.raises(ServiceValidationError, match=why):
        await call(hass, "propose", **wish)


@pytest.mark.parametrize("proposal", ["", "nonsense", "ab" * 32])
async def test_a_vote_on_nothing_says_so(hass: HomeAssistant, proposal: str) -> None:
    await add_voter(hass, MOTION)

    with pytest.raises(ServiceValidationError, match="no such"):
        await call(hass, "vote", proposal=proposal, approve=True)


@pytest.mark.usefixtures("socket_enabled")
async def test_in_the_demo_a_vote_decides_and_the_charter_changes(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opinions, "FIRST_MS", MINUTE_MS)
    monkeypatch.setattr(opinions, "HESITATION_MINUTES", (1, 5))
    with no_waiting():
        entry = await add_demo(hass)
        demo = demo_of(entry)
    await demo.async_stop()
    street = demo._street.neighbourhood
    decided_at = after(street.now, 10 * MINUTE_MS)
    await hass.async_add_executor_job(street.advance, decided_at)
    views = await demo.async_ask(lambda node, _: node.community.motion_views())
    waiting = next(one for one in views if one.awaits_me)
    before = await demo.async_ask(lambda node, now: node.charter(now))
    await call(hass, "vote", proposal=waiting.id, approve=True)
    in_force_at = after(street.now, 45 * MINUTE_MS)
    await hass.async_add_executor_job(street.advance, in_force_at)
    changed = await demo.async_ask(lambda node, now: node.charter(now))

    assert waiting.yes == waiting.needed - 1
    assert Amend.of(changed) == waiting.change != Amend.of(before)
