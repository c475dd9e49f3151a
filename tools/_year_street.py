"""A street for the proof of a year: eight homes, what they bid, agree on and meter.

Everything follows from a seed and the number of the period.
"""

from collections.abc import Mapping
from dataclasses import dataclass
import math
import random
from typing import Final

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.engine.ledger.rules import SettlementRules
from custom_components.commonwatt.engine.model.capability import Capability
from custom_components.commonwatt.engine.model.contract import (
    Contract,
    ContractId,
    FeePayer,
    FixedPrice,
    Gift,
    Pledge,
    PriceRule,
    ShareOfSpread,
    Terms,
    ZonePricePlus,
)
from custom_components.commonwatt.engine.model.order import Order, Side, Step
from custom_components.commonwatt.engine.model.origin import (
    EnergySource,
    ProductionDevice,
)
from custom_components.commonwatt.engine.model.party import (
    BillingBasis,
    Charter,
    CommunityId,
    Member,
    PartyId,
)
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    PERIOD_MS,
    DeliveryPeriod,
)
from custom_components.commonwatt.engine.model.preference import Preference
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.model.schemes import SCHEMES
from custom_components.commonwatt.engine.model.sharing_key import (
    CollectiveAsset,
    CollectiveKey,
    HybridKey,
    KeyShare,
)
from custom_components.commonwatt.engine.model.tariff import Tariff
from custom_components.commonwatt.engine.model.zone import FeeTree, Zone, ZoneId
from custom_components.commonwatt.engine.node import NodeConfig
from custom_components.commonwatt.engine.peer import RevealedOrder
from custom_components.commonwatt.engine.wire.terms import named

PERIODS_PER_DAY: Final = DAY_MS // PERIOD_MS
FIRST: Final = DeliveryPeriod(20_454 * PERIODS_PER_DAY)
"""2026-01-01T00:00Z."""

PV_W: Final = (0, 0, 5_000, 8_000, 0, 0, 6_000)
LOAD_W: Final = (300, 450, 380, 520, 900, 260, 410)
TURBINE: Final = 7
"""The eighth member is the co-operative's turbine."""

TURBINE_W: Final = 9_000
BATTERY: Final = 3
"""The home with a battery."""

BATTERY_WH: Final = 8_000
TARIFF: Final = Tariff(
    energy_micro_per_kwh=150_000,
    network_micro_per_kwh=75_000,
    levies_micro_per_kwh=40_000,
    vat_ppm=200_000,
    feed_in_micro_per_kwh=75_000,
)

LEFT, RIGHT = ZoneId("left"), ZoneId("right")
TREE: Final = FeeTree(
    (
        Zone(id=ZoneId("street"), parent=None),
        Zone(
            id=LEFT,
            parent=ZoneId("street"),
            export_fee_micro_per_kwh=4_000,
            import_fee_micro_per_kwh=7_000,
        ),
        Zone(
            id=RIGHT,
            parent=ZoneId("street"),
            export_fee_micro_per_kwh=6_000,
            import_fee_micro_per_kwh=3_000,
            export_wh_max=1_500,
            import_wh_max=700,
        ),
    )
)


def home(number: int) -> PartyId:
    """Return the party of a home."""
    return PartyId(f"{number + 1:040x}")


PARTIES: Final = tuple(home(number) for number in range(8))
SOURCES: Final = {
    **{
        PARTIES[number]: (EnergySource.SOLAR, 43)
        for number, peak_w in enumerate(PV_W)
        if peak_w
    },
    PARTIES[TURBINE]: (EnergySource.WIND, 13),
}
PLANTS: Final = {
    party: ProductionDevice(
        id="plant",
        owner=party,
        source=source,
        technology="",
        capacity_w=0,
        commissioned_on="",
        zone=ZoneId("street"),
        carbon_g_per_kwh=carbon_g,
    )
    for party, (source, carbon_g) in SOURCES.items()
}
CHARTER: Final = Charter(
    members=tuple(
        Member(party=party, zone=(LEFT, RIGHT)[number % 2], household_key=b"\2" * 33)
        for number, party in enumerate(PARTIES)
    ),
    fee_tree=TREE,
    billing_basis=BillingBasis.SHARING,
    settlement=SettlementRules(
        sharing_key=CollectiveKey(
            assets=(
                CollectiveAsset(
                    party=PARTIES[TURBINE],
                    owners=(
                        KeyShare(party=PARTIES[0], share_ppm=333_333),
                        KeyShare(party=PARTIES[5], share_ppm=666_667),
                    ),
                ),
            ),
            then=HybridKey(shares=(KeyShare(party=PARTIES[4], share_ppm=500_000),)),
        ),
        scheme=SCHEMES["AT"],
        capabilities=(
            Capability(party=PARTIES[3], export_wh_max=1_400, import_wh_max=3_000),
        ),
        plants=tuple(PLANTS.values()),
    ),
)
CONFIG: Final = NodeConfig(
    party=PARTIES[0],
    community=CommunityId("00" * 32),
    charter=CHARTER,
    salt_secret=bytes(32),
)


def _contract(
    seller: int, buyer: int, price: PriceRule, *, energy_wh_max: int, day_wh: int
) -> Contract:
    return named(
        Contract(
            id=ContractId(""),
            seller=home(seller),
            buyer=home(buyer),
            price=price,
            energy_wh_max=energy_wh_max,
            energy_wh_max_day=day_wh,
            valid_from=FIRST,
            valid_until=FIRST.next(10 * 366 * PERIODS_PER_DAY),
            fee_payer=FeePayer.BUYER,
        )
    )


CONTRACTS: Final[tuple[Terms, ...]] = (
    _contract(2, 4, FixedPrice(140_000), energy_wh_max=200, day_wh=3_000),
    _contract(3, 1, ZonePricePlus(-5_000), energy_wh_max=150, day_wh=900),
    _contract(6, 5, ShareOfSpread(400_000), energy_wh_max=100, day_wh=2_000),
    named(
        Gift(
            id=ContractId(""),
            giver=home(3),
            receiver=home(0),
            energy_wh_max=2_000_000_000,
            energy_wh_max_day=600,
            valid_from=FIRST,
            valid_until=FIRST.next(10 * 366 * PERIODS_PER_DAY),
        )
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One period as it will be."""

    period: DeliveryPeriod
    expected_wh: Mapping[PartyId, int]
    """Net export as the homes foresee it."""

    readings: Mapping[PartyId, MeterReading]
    made_wh: Mapping[PartyId, int]
    charged_wh: int
    discharged_wh: int
    stored_wh: int


class Street:
    """The homes as the year goes by."""

    def __init__(self, seed: int) -> None:
        """Begin with half a battery."""
        self._rng: Final = random.Random(seed)
        self._stored_wh = BATTERY_WH // 2

    def live(self, period: DeliveryPeriod) -> Moment:
        """Return what happens in the next period."""
        rng = self._rng
        sun, wind = _sun(period) * rng.uniform(0.2, 1), rng.betavariate(2, 4)
        made = {
            home(n): int(peak_w * sun / 4) for n, peak_w in enumerate(PV_W) if peak_w
        }
        made[home(TURBINE)] = int(TURBINE_W * wind / 4)
        used = {
            home(n): int(load_w * rng.uniform(0.4, 2.2) / 4)
            for n, load_w in enumerate(LOAD_W)
        }
        net = {p: made.get(p, 0) - used.get(p, 0) for p in PARTIES}
        charged, discharged = self._battery(net[home(BATTERY)])
        net[home(BATTERY)] += discharged - charged
        return Moment(
            period=period,
            expected_wh={
                p: int(wh * rng.gauss(1, 0.2)) + rng.randrange(-20, 20)
                for p, wh in net.items()
            },
            readings={p: self._reading(p, period, wh) for p, wh in net.items()},
            made_wh=made,
            charged_wh=charged,
            discharged_wh=discharged,
            stored_wh=self._stored_wh,
        )

    def reveals(
        self, moment: Moment, left_wh: Mapping[ContractId, int]
    ) -> tuple[RevealedOrder, ...]:
        """Return what the homes commit to; one in forty does not bid at all."""
        rng = self._rng
        reveals = []
        for party in PARTIES:
            if rng.randrange(40) == 0:
                continue
            steps = self._steps(moment.expected_wh[party])
            order = Order.of(party, moment.period, *steps)
            wishes = tuple(rng.sample(PARTIES, 2)) if rng.randrange(3) == 0 else ()
            reveals.append(
                RevealedOrder(
                    order=order,
                    digest=rng.randbytes(32),
                    data=b"",
                    pledges=self._pledges(party, order, left_wh),
                    preference=Preference(party=party, neighbours=wishes)
                    if wishes
                    else None,
                )
            )
        return tuple(reveals)

    def _battery(self, surplus_wh: int) -> tuple[int, int]:
        """Charge what is left over, discharge what is lacking; a tenth is lost."""
        if surplus_wh > 0:
            room_wh = (BATTERY_WH - self._stored_wh) * 10 // 9
            charged = min(surplus_wh, 700, room_wh)
            self._stored_wh += charged * 9 // 10
            return charged, 0
        discharged = min(-surplus_wh, 700, self._stored_wh)
        self._stored_wh -= discharged
        return 0, discharged

    def _reading(
        self, party: PartyId, period: DeliveryPeriod, net_wh: int
    ) -> MeterReading:
        """Return what the meter counts: now and then both ways in one period."""
        both_wh = self._rng.randrange(60) if self._rng.randrange(8) == 0 else 0
        return MeterReading(
            party=party,
            period=period,
            import_wh=max(-net_wh, 0) + both_wh,
            export_wh=max(net_wh, 0) + both_wh,
        )

    def _steps(self, expected_wh: int) -> tuple[Step, ...]:
        side = Side.SELL if expected_wh > 0 else Side.BUY
        most_wh = abs(expected_wh) * 2 // 3
        return tuple(
            Step(
                side=side,
                price_micro_per_kwh=self._rng.randrange(80, 280) * 1_000,
                energy_wh=energy_wh,
            )
            for energy_wh in (most_wh, abs(expected_wh) - most_wh)
            if energy_wh
        )

    def _pledges(
        self, party: PartyId, order: Order, left_wh: Mapping[ContractId, int]
    ) -> tuple[Pledge, ...]:
        """Stand by every contract with something left; some declare, some do not."""
        found = []
        for terms in CONTRACTS:
            is_gift = isinstance(terms, Gift)
            seller, buyer = (
                (terms.giver, terms.receiver)
                if isinstance(terms, Gift)
                else (terms.seller, terms.buyer)
            )
            left = left_wh[terms.id]
            if left <= 0 or party not in ({seller} if is_gift else {seller, buyer}):
                continue
            side = Side.SELL if party == seller else Side.BUY
            declares = self._rng.randrange(4) > 0
            found.append(
                Pledge(
                    terms=terms if party == seller else terms.id,
                    energy_wh=min(left, order.energy_wh(side)) if declares else 0,
                    left_wh=left,
                    retailer_micro_per_kwh=TARIFF.feed_in_micro_per_kwh
                    if party == seller
                    else TARIFF.import_micro_per_kwh,
                )
            )
        return tuple(sorted(found, key=lambda pledge: pledge.contract))


def _sun(period: DeliveryPeriod) -> float:
    """Return the share of the peak a clear sky gives."""
    day, quarter = divmod(period.number - FIRST.number, PERIODS_PER_DAY)
    season = 0.55 - 0.35 * math.cos(2 * math.pi * (day + 10) / 365.25)
    return max(0.0, season * math.sin(math.pi * (quarter / 4 - 6) / 12))
