"""Certificates that leave their community: by proof, once, never more than metered."""

from dataclasses import replace

import pytest

from custom_components.commonwatt.engine.ledger.certificates import GranularCertificate
from custom_components.commonwatt.engine.ledger.chain.day import ChainDay
from custom_components.commonwatt.engine.ledger.chain.errands import errand_hash
from custom_components.commonwatt.engine.ledger.origin import Origin, Parcel
from custom_components.commonwatt.engine.model.errand import Errand, ErrandKind
from custom_components.commonwatt.engine.model.origin import EnergySource
from custom_components.commonwatt.engine.model.party import CommunityId, PartyId
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.wire.ethereum import (
    Address,
    address_from,
    checksummed,
)
from tools.anvil import Chain, Refused
from tools.chain_community import ChainCommunity


@pytest.fixture
def world(chain: Chain) -> ChainCommunity:
    community = ChainCommunity(chain, 4)
    community.next_day()
    return community


def certificate(number: int, energy_wh: int) -> GranularCertificate:
    return GranularCertificate(
        community=CommunityId("c" * 64),
        period=DeliveryPeriod(number),
        producer=PartyId("a" * 40),
        parcel=Parcel(
            origin=Origin(source=EnergySource.SOLAR, device=None, stored=False),
            energy_wh=energy_wh,
            carbon_mg=0,
        ),
    )


def settled(world: ChainCommunity, *, metered_wh: int = 1_000) -> ChainDay:
    day = world.day(
        {},
        certificates={
            world.homes[0]: [certificate(1, 300), certificate(2, 200)],
            world.homes[1]: [certificate(3, 500)],
        },
        metered_wh=metered_wh,
    )
    world.settle(day)
    return day


def claim(world: ChainCommunity, day: ChainDay, index: int) -> None:
    place = day.origin_tree.place(index).abi
    world.chain.send(
        world.certificates.functions.claim(day.batch.abi, day.origins[index].abi, place)
    )


def held(world: ChainCommunity, holder: str, certificate: bytes) -> int:
    amount: int = world.certificates.functions.balanceOf(
        holder, int.from_bytes(certificate)
    ).call()
    return amount


def test_a_certificate_comes_to_its_holder_once(world: ChainCommunity) -> None:
    day = settled(world)
    origin = day.origins[0]

    claim(world, day, 0)

    holder = checksummed(origin.holder)
    assert held(world, holder, origin.certificate) == origin.energy_wh
    with pytest.raises(Refused, match="AlreadyClaimed"):
        claim(world, day, 0)


def test_a_proof_verifies_for_anybody_who_looks(world: ChainCommunity) -> None:
    day = settled(world)
    proves = world.certificates.functions.proves
    place = day.origin_tree.place(1).abi

    assert proves(day.batch.abi, day.origins[1].abi, place).call()
    altered = replace(day.origins[1], energy_wh=day.origins[1].energy_wh + 1)
    assert not proves(day.batch.abi, altered.abi, place).call()


def test_a_certificate_waits_until_its_batch_stands(world: ChainCommunity) -> None:
    day = world.day(
        {}, certificates={world.homes[0]: [certificate(1, 9)]}, metered_wh=9
    )
    world.submit(day.batch)

    with pytest.raises(Refused, match="NotInBatch"):
        claim(world, day, 0)


def test_more_than_was_metered_is_never_certified(world: ChainCommunity) -> None:
    day = settled(world, metered_wh=999)

    for index in range(3):
        with pytest.raises(Refused, match="NotInBatch"):
            claim(world, day, index)


def test_a_certificate_of_an_earlier_day_can_still_be_claimed(
    world: ChainCommunity,
) -> None:
    day = settled(world)
    for _ in range(3):
        world.next_day()
        world.settle(world.day({}))

    claim(world, day, 2)

    assert held(world, checksummed(day.origins[2].holder), day.origins[2].certificate)


def test_a_certificate_is_handed_on_and_retired_once(world: ChainCommunity) -> None:
    day = settled(world)
    claim(world, day, 0)
    origin = day.origins[0]
    buyer = world.homes[3]
    functions, deadline = world.certificates.functions, world.chain.now + 60
    gift = Errand(
        kind=ErrandKind.TRANSFER_CERTIFICATE,
        owner=origin.holder,
        to=buyer,
        amount=150,
        certificate=origin.certificate,
        nonce=0,
        deadline_s=deadline,
    )
    hand_on = functions.transferFor(
        origin.certificate,
        checksummed(origin.holder),
        checksummed(buyer),
        150,
        deadline,
        signed(world, gift),
    )
    world.chain.send(hand_on)
    with pytest.raises(Refused, match="WrongSigner"):
        world.chain.send(hand_on)
    use = Errand(
        kind=ErrandKind.RETIRE,
        owner=buyer,
        amount=150,
        certificate=origin.certificate,
        purpose="2026",
        nonce=0,
        deadline_s=deadline,
    )
    retirement = functions.retireFor(
        origin.certificate,
        checksummed(buyer),
        150,
        "2026",
        deadline,
        signed(world, use),
    )
    world.chain.send(retirement)

    assert held(world, checksummed(buyer), origin.certificate) == 0
    assert functions.retiredWh(origin.certificate).call() == 150
    with pytest.raises(Refused, match="ERC1155InsufficientBalance"):
        world.chain.send(
            functions.retire(origin.certificate, 1, "again"),
            sender=world.chain.fund(buyer),
        )
    world.chain.travel(61)
    with pytest.raises(Refused, match="Expired"):
        world.chain.send(retirement)


def signed(world: ChainCommunity, errand: Errand) -> bytes:
    content = errand_hash(errand, settlement=address_from(world.settlement.address))
    return world.sign(
        Address(errand.owner), world.certificates, "Certificates", content
    )
