"""Gifts, and what other rooms tell of the community: scores, requests, votes, peers."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from homeassistant.util.json import JsonValueType

from ..data import CommonWattData
from ..engine.model.contract import Gift
from ..engine.model.party import PartyId
from ..giving import pool_name
from .plan import plan_section

type Tell = Callable[[], JsonValueType]

SECTIONS: Final = (
    "score",
    "badges",
    "missions",
    "leaderboard",
    "requests",
    "votes",
    "chain",
)
"""What others may add; a section nobody adds is not there."""

ADMIN_SECTIONS: Final = frozenset({"peers", "limits", "control"})
"""What only administrators are shown."""


def gifts_section(data: CommonWattData) -> list[JsonValueType]:
    """Return gifts given and received, the latest first."""
    status = data.market.status
    views = () if status is None else status.agreements
    gifts = [(view, view.terms) for view in views if isinstance(view.terms, Gift)]
    gifts.sort(key=lambda pair: -pair[1].valid_from.number)
    return [
        {
            "id": gift.id,
            "giver": gift.giver,
            "receiver": gift.receiver,
            "energy_wh": gift.energy_wh_max,
            "moved_wh": view.moved_wh,
            "state": view.state.value,
            "from": gift.valid_from.start,
            "until": gift.valid_until.start,
            "mine": gift.giver == data.market.party,
        }
        for view, gift in gifts
    ]


def pool_section(data: CommonWattData) -> JsonValueType:
    """Return what is left in the community's pool, and this home's part of it."""
    status, me = data.market.status, data.market.party
    if status is None:
        return None
    return {
        "energy_wh": sum(one.gift.energy_wh for one in status.pool),
        "mine": [
            {
                "id": pool_name(one.gift.number),
                "energy_wh": one.gift.energy_wh,
                "until": one.gift.until.start,
            }
            for one in status.pool
            if one.party == me
        ],
    }


def added_sections(data: CommonWattData) -> Iterator[tuple[str, Tell]]:
    """Yield what tells each section that rests on other rooms."""
    yield "plan", partial(plan_section, data)
    yield "pool", partial(pool_section, data)
    for name in SECTIONS:
        yield name, data.shown.get(name, _nothing)
    yield "peers", data.shown.get("peers", partial(peers_section, data))


def _nothing() -> None:
    """Tell that nobody tells."""


def peers_section(data: CommonWattData) -> list[JsonValueType]:
    """Return the other members, as far as the node knows how they are."""
    status = data.market.status
    faults = Counter[PartyId | None]()
    for (party, _), count in (status.faults if status else {}).items():
        faults[party] += count
    return [
        {
            "id": neighbour.party,
            "name": neighbour.name,
            "online": neighbour.is_online,
            "last_seen": None,
            "transport": None,
            "faults": faults[neighbour.party],
            "rtt_ms": None,
        }
        for neighbour in data.neighbours()
        if neighbour.party != data.market.party
    ]


def limits_section(data: CommonWattData) -> dict[str, JsonValueType]:
    """Return what the owner lets the home promise; None where the home may choose."""
    wishes = data.plans.wishes
    return {
        "buy_max_micro": wishes.buy_micro_per_kwh_max,
        "sell_min_micro": wishes.sell_micro_per_kwh_min,
        "keep_wh": wishes.keep_wh,
    }


def control_section(data: CommonWattData) -> list[JsonValueType]:
    """Return the devices their owner can arm, and how they stand."""
    return [
        {
            "id": device.config.id,
            "name": device.config.name,
            "kind": device.config.kind.value,
            "armed": control.armed,
            "until": control.armed_until,
            "by_hand_until": control.by_hand_until if control.by_hand else None,
            "phase": control.status.phase.value,
            "asked": control.status.asked,
            "in_force": control.status.in_force,
            "value_min": control.facts.value_min,
            "value_max": control.facts.value_max,
            "fault": control.status.fault and control.status.fault.value,
        }
        for device in data.home.devices
        if (control := device.control) is not None
    ]
