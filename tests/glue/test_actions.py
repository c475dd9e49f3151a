"""Actions on the street of the demo, as automations call them."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path

from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.util.json import JsonValueType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.demo.settings import DemoSettings
from custom_components.commonwatt.view.together import pool_section
from tests.glue.demos import add_demo, demo_of, no_waiting, until
from tests.glue.test_scores import data_of


@pytest.fixture
async def street(
    hass: HomeAssistant,
    tmp_path: Path,
    socket_enabled: None,  # noqa: ARG001  # the simulated devices need it
) -> AsyncIterator[MockConfigEntry]:
    """A street that has settled two periods and lives on."""
    hass.config.config_dir = str(tmp_path)
    with no_waiting():
        entry = await add_demo(hass, DemoSettings(speed=900, stop_after_periods=40))
        demo = demo_of(entry)
        await until(demo, lambda: demo._accounts.periods_settled >= 2)
        yield entry
        assert await hass.config_entries.async_unload(entry.entry_id)


async def act(
    hass: HomeAssistant, name: str, **data: object
) -> Mapping[str, JsonValueType]:
    """Call an action and return its answer."""
    answer = await hass.services.async_call(
        DOMAIN, name, data, blocking=True, return_response=True
    )
    assert isinstance(answer, dict)
    return answer


def someone(entry: MockConfigEntry) -> str:
    """Return the name of a neighbour."""
    return data_of(entry).neighbours()[1].name


async def test_energy_is_sent_by_name_and_taken_back(
    hass: HomeAssistant, street: MockConfigEntry
) -> None:
    name = someone(street)
    sent = await act(hass, "send_energy", to=name.upper(), energy_kwh=1.5)
    agreement = sent["agreement"]

    status = data_of(street).market.status
    assert status is not None
    assert agreement in {view.terms.id for view in status.agreements}
    assert await act(hass, "end_agreement", agreement=agreement) == sent
    with pytest.raises(ServiceValidationError, match="over"):
        await act(hass, "end_agreement", agreement=agreement)


async def test_energy_is_put_into_the_pool_and_taken_back(
    hass: HomeAssistant, street: MockConfigEntry
) -> None:
    data = data_of(street)
    sent = await act(hass, "send_energy", to="Pool", energy_kwh=1.5, hours=12)
    assert sent == {"agreement": "pool/1"}

    status = data.market.status
    assert status is not None
    (gift,) = status.pool
    assert (gift.party, gift.gift.energy_wh) == (data.market.party, 1_500)
    shown = pool_section(data)
    assert isinstance(shown, dict)
    assert shown["energy_wh"] == 1_500
    assert [one["id"] for one in pool_rows(shown)] == ["pool/1"]

    assert await act(hass, "end_agreement", agreement="pool/1") == sent
    assert pool_section(data) == {"energy_wh": 0, "mine": []}
    for agreement in ("pool/1", "pool/9", "pool/-"):
        with pytest.raises(ServiceValidationError, match="no such agreement"):
            await act(hass, "end_agreement", agreement=agreement)
    with pytest.raises(ServiceValidationError, match="more than this home gives away"):
        await act(hass, "send_energy", to="pool", energy_kwh=900)
    with pytest.raises(ServiceValidationError, match="out of bounds"):
        await act(hass, "send_energy", to="pool", energy_kwh=1, hours=744)


def pool_rows(shown: dict[str, JsonValueType]) -> list[dict[str, JsonValueType]]:
    """Return this home's gifts to the pool, as the panel is shown them."""
    rows = shown["mine"]
    assert isinstance(rows, list)
    return [row for row in rows if isinstance(row, dict)]


async def test_what_cannot_be_given_is_refused_in_words(
    hass: HomeAssistant, street: MockConfigEntry
) -> None:
    with pytest.raises(ServiceValidationError, match="no neighbour called Nobody"):
        await act(hass, "send_energy", to="Nobody", energy_kwh=1)
    with pytest.raises(ServiceValidationError, match="more than this home gives away"):
        await act(hass, "send_energy", to=someone(street), energy_kwh=900)


RULES: tuple[Mapping[str, object], ...] = (
    {"price_rule": "fixed", "price": 0.15},
    {"price_rule": "market", "price": -0.01},
    {"price_rule": "shared", "seller_share": 40},
)


async def test_contracts_are_offered_and_withdrawn(
    hass: HomeAssistant, street: MockConfigEntry
) -> None:
    for direction, rule in product(("sell", "buy"), RULES):
        offered = await act(
            hass,
            "offer_contract",
            partner=someone(street),
            direction=direction,
            energy_kwh_max_day=2,
            **rule,
        )
        agreement = offered["agreement"]
        with pytest.raises(ServiceValidationError, match="agreed already"):
            await act(hass, "accept_contract", agreement=agreement)
        await act(hass, "end_agreement", agreement=agreement)


async def test_no_contract_is_accepted_that_nobody_offered(
    hass: HomeAssistant,
    street: MockConfigEntry,  # noqa: ARG001  # it must be there
) -> None:
    with pytest.raises(ServiceValidationError, match="no such agreement"):
        await act(hass, "accept_contract", agreement="nonsense")


async def test_trades_and_statement_agree_with_the_node(
    hass: HomeAssistant, street: MockConfigEntry
) -> None:
    trades = (await act(hass, "get_trades"))["trades"]
    assert isinstance(trades, list)
    assert trades
    names = {one.name for one in data_of(street).neighbours()}
    for trade in trades:
        assert isinstance(trade, dict)
        assert trade["partner"] in names
        assert trade["direction"] in {"bought", "sold"}

    statement = await act(hass, "get_statement", hours=2)
    periods = statement["periods"]
    assert isinstance(periods, int)
    assert periods >= 2
    assert statement["periods_missing"] == 8 - periods
    assert statement["currency"] == "EUR"
    origin = statement["origin"]
    assert isinstance(origin, list)
    shares = [one["percent"] for one in origin if isinstance(one, dict)]
    assert sum(float(str(share)) for share in shares) == pytest.approx(100)


async def call_as(
    hass: HomeAssistant, user: User | MockUser, **limits: float | None
) -> None:
    await hass.services.async_call(
        DOMAIN, "set_limits", limits, blocking=True, context=Context(user_id=user.id)
    )


async def test_limits_are_set_by_administrators_only(
    hass: HomeAssistant,
    street: MockConfigEntry,
    hass_admin_user: MockUser,
    hass_read_only_user: MockUser,
) -> None:
    def limits() -> tuple[int | None, int | None, int]:
        wishes = data_of(street).plans.wishes
        return (
            wishes.sell_micro_per_kwh_min,
            wishes.buy_micro_per_kwh_max,
            wishes.keep_wh,
        )

    with pytest.raises(Unauthorized):
        await call_as(hass, hass_read_only_user, sell_min=0.1)
    assert limits() == (None, None, 0)

    await call_as(hass, hass_admin_user, sell_min=0.1, buy_max=0.3, keep_kwh=2)
    assert limits() == (100_000, 300_000, 2_000)

    await call_as(hass, hass_admin_user, sell_min=None)
    assert limits() == (None, 300_000, 2_000)


async def test_two_neighbours_of_one_name_cannot_be_told_apart(
    hass: HomeAssistant, street: MockConfigEntry
) -> None:
    data = data_of(street)
    me, first, *rest = data.neighbours()
    data.neighbours = lambda: (me, first, first, *rest)
    with pytest.raises(ServiceValidationError, match="Several neighbours"):
        await act(hass, "send_energy", to=first.name, energy_kwh=1)
    with pytest.raises(ServiceValidationError):
        await act(hass, "send_energy", to=me.party, energy_kwh=1)


async def test_a_node_that_has_stopped_says_so(
    hass: HomeAssistant, street: MockConfigEntry
) -> None:
    data, name = data_of(street), someone(street)

    async def stopped(_question: object) -> None:
        raise RuntimeError

    data.ask = stopped  # type: ignore[assignment]  # a node that is gone
    with pytest.raises(HomeAssistantError, match="stopping or starting"):
        await act(hass, "send_energy", to=name, energy_kwh=1)


async def test_help_is_asked_for_and_no_longer_needed(
    hass: HomeAssistant, street: MockConfigEntry
) -> None:
    asked = await act(hass, "request_energy", energy_kwh=6, reason="car")
    status = data_of(street).market.status
    assert status is not None
    (open_request,) = status.requests
    assert open_request.request.energy_wh == 6_000
    (shown,) = section(street, "requests")
    assert (shown["mine"], shown["reason"]) == (True, "car")

    await act(hass, "end_request", request=asked["request"])
    assert section(street, "requests") == []
    with pytest.raises(ServiceValidationError, match="no such agreement"):
        await act(hass, "end_request", request=77)


def section(entry: MockConfigEntry, name: str) -> list[dict[str, JsonValueType]]:
    """Return a list the panel is shown."""
    rows = data_of(entry).shown[name]()
    assert isinstance(rows, list)
    return [row for row in rows if isinstance(row, dict)]


async def test_help_for_yesterday_is_refused(
    hass: HomeAssistant,
    street: MockConfigEntry,  # noqa: ARG001  # it must be there
) -> None:
    with pytest.raises(ServiceValidationError, match="out of bounds"):
        await act(hass, "request_energy", energy_kwh=6, until="2020-01-01 10:00:00")


async def test_thanks_need_somebody_to_thank(
    hass: HomeAssistant, street: MockConfigEntry
) -> None:
    gift = "ab" * 32
    assert await act(hass, "thank", to=someone(street), agreement=gift) == {
        "agreement": gift
    }
    with pytest.raises(ServiceValidationError, match="no neighbour"):
        await act(hass, "thank", to="Nobody", agreement=gift)


async def test_a_home_is_on_the_leaderboard_only_if_its_owner_wants(
    hass: HomeAssistant, street: MockConfigEntry
) -> None:
    def board() -> dict[str, JsonValueType]:
        shown = data_of(street).shown["leaderboard"]()
        assert isinstance(shown, dict)
        return shown

    def cards() -> int:
        status = data_of(street).market.status
        assert status is not None
        return len(status.score_cards)

    assert board()["opted_in"] is False
    assert cards() == 0

    await act(hass, "show_score", shown=True)
    assert board()["opted_in"] is True
    assert cards() == 1
    assert board()["rows"] == [], "one player is no league"

    await act(hass, "show_score", shown=False)
    assert cards() == 0


async def test_a_league_of_five_sees_pseudonyms(
    hass: HomeAssistant, street: MockConfigEntry
) -> None:
    await act(hass, "show_score", shown=True)
    data = data_of(street)
    status = data.market.status
    assert status is not None
    mine = status.score_cards[data.market.party]
    others = [one.party for one in data.neighbours()[1:6]]
    data.market.status = replace(
        status,
        score_cards={data.market.party: mine, **dict.fromkeys(others, mine)},
    )
    board = data.shown["leaderboard"]()
    assert isinstance(board, dict)
    rows = board["rows"]
    assert isinstance(rows, list)
    names = [row["name"] for row in rows if isinstance(row, dict)]

    assert "You" in names
    assert not set(names) & {one.name for one in data.neighbours()}
    assert board["league"] == "Homes with a battery"
