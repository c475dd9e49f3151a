"""A neighbourhood lives and is settled: the chain holds what its journal says."""

from custom_components.commonwatt.engine.ledger.balances import Balances, balances
from custom_components.commonwatt.engine.ledger.batch import day_records
from custom_components.commonwatt.engine.ledger.chain.day import (
    nets_of,
    released_after,
)
from custom_components.commonwatt.engine.ledger.settlement import Settlement
from custom_components.commonwatt.engine.model.party import CommunityId, PartyId
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    DeliveryPeriod,
    Instant,
)
from custom_components.commonwatt.engine.model.posting import (
    Account,
    AccountKind,
    Unit,
)
from custom_components.commonwatt.engine.node import PeriodSettled
from custom_components.commonwatt.engine.simulation.neighbourhood import (
    Neighbourhood,
    NeighbourhoodSpec,
)
from custom_components.commonwatt.engine.wire.ethereum import Address
from tools.anvil import Chain
from tools.chain_community import ChainCommunity

STARTED_AT = Instant(20_000 * DAY_MS + DAY_MS // 3)
PERIODS = 12
BATCHES = 3


def lived() -> tuple[list[PartyId], list[Settlement]]:
    """Let twelve homes trade from morning on."""
    street = Neighbourhood(
        NeighbourhoodSpec(outside=None), seed=7, started_at=STARTED_AT
    )
    first = DeliveryPeriod.containing(STARTED_AT).number
    settled = []
    for number in range(first, first + PERIODS + 2):
        street.advance(DeliveryPeriod(number).start)
        settled += [
            event.settlement
            for event in street.drain().report
            if isinstance(event, PeriodSettled)
        ]
    return [home.party for home in street.homes()], settled


def test_balances_on_the_chain_are_those_of_the_journal(chain: Chain) -> None:
    parties, settlements = lived()
    world = ChainCommunity(chain, len(parties))
    addresses = dict(zip(parties, world.homes, strict=True))
    closing: Balances = {}
    released: dict[Address, int] = {}
    size = len(settlements) // BATCHES

    for number in range(BATCHES):
        part = settlements[number * size : (number + 1) * size]
        closing = balances((t for s in part for t in s.community), closing)
        world.next_day()
        records = day_records(
            CommunityId("0" * 64), world.today - 1, settlements=part, closing=closing
        )
        nets = nets_of(closing, addresses)
        released = released_after(released, nets)
        day = world.day(nets, released, records=records)
        world.settle(day)
        world.claim(day)

        tree = day.balance_tree
        for party, address in addresses.items():
            index = day.index_of(address)
            leaf, place = day.balances[index], tree.place(index)
            holds = world.settlement.functions.holds(
                day.batch.abi, [leaf.abi], place.abi
            )
            assert holds.call()
            account = Account(kind=AccountKind.PARTY, party=party)
            assert leaf.net_nano == closing.get((account, Unit.NANO), 0)

    assert len(settlements) >= PERIODS - 1
    assert any(released.values())
    for home in world.homes:
        assert world.credit_of(home) == released[home]
