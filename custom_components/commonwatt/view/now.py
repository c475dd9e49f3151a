"""What flows now, and who is there."""

from collections.abc import Iterable

from homeassistant.util.json import JsonValueType

from ..data import CommonWattData
from .chronicle import Chronicle, LinkState

type Section = dict[str, JsonValueType]


def now_section(data: CommonWattData) -> Section:
    """Return the powers of the home and where its community stands."""
    image, status, tariff = data.home.image(), data.market.status, data.home.tariff()
    batteries = tuple(image.batteries.values())
    demo, membership = data.demo, data.membership
    section: Section = {
        "at": image.taken_at,
        "standing": None if membership is None else membership.standing.value,
        "running": demo is None or demo.running,
        "grid_w": _sum(meter.power_w for meter in image.meters.values()),
        "consumption_w": data.home.consumption_w(),
        "solar_w": _sum(one.power_w for one in image.inverters.values()),
        "battery_w": _sum(battery.power_w for battery in batteries),
        "charger_w": _sum(one.power_w for one in image.chargers.values()),
        "soc_ppm": batteries[0].soc_ppm if len(batteries) == 1 else None,
        "import_micro": None if tariff is None else tariff.import_micro_per_kwh,
        "feed_in_micro": None if tariff is None else tariff.feed_in_micro_per_kwh,
    }
    if status is None:
        return section
    alone = status.members == 1
    return section | {
        "neighbour_w": None if alone else status.neighbour_power_w,
        "price_micro": None if alone else status.clearing_price_micro_per_kwh,
        "price_final": status.clearing_price_final,
        "period_start": status.period.start,
        "phase": status.phase.value,
        "members": status.members,
        "members_online": status.members_online,
        "saved_nano_today": status.saved_nano_today,
        "saved_nano_total": status.saved_nano_total,
        "basis": status.saved_basis.value,
        "local_share_ppm": status.local_share_ppm,
        "self_sufficiency_ppm": status.self_sufficiency_ppm,
        "settled_periods": status.settled_periods,
        "open_periods": status.open_periods,
        "power_shown": status.is_power_shown,
    }


def homes_section(data: CommonWattData) -> list[JsonValueType]:
    """Return everybody on the map, with the live power of who shows it."""
    status = data.market.status
    live_w = {} if status is None else status.live_powers_w
    return [
        {
            "id": neighbour.party,
            "name": neighbour.name,
            "kind": neighbour.kind,
            "me": neighbour.party == data.market.party,
            "power_w": (
                live_w.get(neighbour.party)
                if neighbour.power_w is None
                else neighbour.power_w
            ),
            "online": neighbour.is_online,
        }
        for neighbour in data.neighbours()
    ]


def flows_section(data: CommonWattData, chronicle: Chronicle) -> Section | None:
    """Return who supplies whom: as traded for now, else as last settled."""
    status = data.market.status
    if status is None:
        return None
    page = chronicle.pages.get(status.period)
    period = status.period
    if page is None or page.state is None:
        settled = [
            p for p, one in chronicle.pages.items() if one.state is LinkState.SETTLED
        ]
        if not settled:
            return None
        period = max(settled)
        page = chronicle.pages[period]
    assert page.state is not None, "looked for"
    return {
        "start": period.start,
        "state": page.state.value,
        "links": [
            [link.seller, link.buyer, link.energy_wh, link.price_micro_per_kwh]
            for link in page.links
        ],
    }


def _sum(powers_w: Iterable[int | None]) -> int | None:
    """Add powers up; None if there is none, or one is unknown."""
    total_w: int | None = None
    for power_w in powers_w:
        if power_w is None:
            return None
        total_w = power_w + (total_w or 0)
    return total_w
