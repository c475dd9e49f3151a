"""The vectors of docs/reference/settlement-rules.md and sharing-keys.md.

``python -m tests.engine.ledger.test_vectors`` writes what is expected anew: commit the
difference only if you understand it.  In the files a party is called by one hexadecimal
digit; its identity is forty times that digit.
"""

import json
from pathlib import Path
from typing import Final, TypedDict

import pytest

from custom_components.commonwatt.engine.ledger.merkle import merkle_root, prove
from custom_components.commonwatt.engine.ledger.rules import (
    Reclearing,
    SettlementRules,
)
from custom_components.commonwatt.engine.ledger.settlement import Settlement, settle
from custom_components.commonwatt.engine.ledger.sharing import share
from custom_components.commonwatt.engine.market import clear, zone_prices
from custom_components.commonwatt.engine.model.order import (
    Order,
    OrderBook,
    PlacedOrder,
    Side,
    Step,
)
from custom_components.commonwatt.engine.model.party import (
    Charter,
    Member,
    PartyId,
)
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.model.sharing_key import (
    CascadeKey,
    CollectiveAsset,
    CollectiveKey,
    HybridKey,
    KeyShare,
    MatrixKey,
    MatrixShare,
    ProRataKey,
    SharingKey,
    SimpleKey,
    StaticKey,
)
from custom_components.commonwatt.engine.model.zone import FeeTree, Zone, ZoneId

FOLDER: Final = Path(__file__).resolve().parents[2] / "vectors" / "settlement"


class ZoneVector(TypedDict):
    """A zone and its edge."""

    id: str
    parent: str | None
    export_fee: int
    import_fee: int


class SettlementCase(TypedDict):
    """One period to settle and the postings it leads to."""

    name: str
    clauses: list[str]
    period: int
    zones: list[ZoneVector]
    members: dict[str, str]
    spread: int
    sharing_price: int | None
    orders: dict[str, list[tuple[str, int, int]]] | None
    metered: dict[str, tuple[int, int]]
    deadline_passed: bool
    deliveries: list[tuple[str, str, int, str]]
    postings: list[tuple[str, str, str, str, int]]


class SharingCase(TypedDict):
    """One period to share by a key and the matrix it leads to."""

    name: str
    key: dict[str, object]
    period: int
    surplus: dict[str, int]
    demand: dict[str, int]
    matrix: list[tuple[str, str, int]]


class MerkleCase(TypedDict):
    """Records, their root and the proof of one of them, in hexadecimal digits."""

    records: list[str]
    root: str
    index: int
    siblings: list[str]


def load[T](name: str, kind: type[T]) -> list[T]:
    """Return the cases of a file."""
    del kind
    cases: list[T] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return cases


def party(letter: str) -> PartyId:
    """Return the party called ``letter``."""
    return PartyId(letter * 40)


def tree_of(case: SettlementCase) -> FeeTree:
    """Return the fee tree of a case."""
    return FeeTree(
        tuple(
            Zone(
                id=ZoneId(zone["id"]),
                parent=None if zone["parent"] is None else ZoneId(zone["parent"]),
                export_fee_micro_per_kwh=zone["export_fee"],
                import_fee_micro_per_kwh=zone["import_fee"],
            )
            for zone in case["zones"]
        )
    )


def book_of(case: SettlementCase) -> OrderBook | None:
    """Return the book of a case; None without an auction."""
    if case["orders"] is None:
        return None
    period = DeliveryPeriod(case["period"])
    return OrderBook(
        period=period,
        seed=b"",
        orders=tuple(
            PlacedOrder(
                order=Order.of(party(p), period, *map(step_of, steps)),
                zone=ZoneId(case["members"][p]),
            )
            for p, steps in sorted(case["orders"].items())
        ),
    )


def step_of(step: tuple[str, int, int]) -> Step:
    """Return one step of an order."""
    side, price, energy_wh = step
    return Step(side=Side[side.upper()], price_micro_per_kwh=price, energy_wh=energy_wh)


def settlement_of(case: SettlementCase) -> Settlement:
    """Settle a case."""
    tree, book, period = tree_of(case), book_of(case), DeliveryPeriod(case["period"])
    return settle(
        period=period,
        charter=Charter(
            members=tuple(
                Member(party=party(p), zone=ZoneId(zone), household_key=b"")
                for p, zone in case["members"].items()
            ),
            fee_tree=tree,
        ),
        result=None if book is None else clear(book, tree),
        readings={
            party(p): MeterReading(
                party=party(p), period=period, import_wh=i, export_wh=e
            )
            for p, (i, e) in case["metered"].items()
        },
        tariffs={},
        rules=SettlementRules(
            spread_micro_per_kwh=case["spread"],
            sharing_price_micro_per_kwh=case["sharing_price"],
        ),
        reclearing=None if book is None else Reclearing(book=book, prices=zone_prices),
        deadline_passed=case["deadline_passed"],
    )


def settled(
    case: SettlementCase,
) -> tuple[list[tuple[str, str, int, str]], list[tuple[str, str, str, str, int]]]:
    """Settle a case; return its deliveries and its postings."""
    settlement = settlement_of(case)
    deliveries = [
        (d.seller[0], d.buyer[0], d.energy_wh, d.kind.value)
        for d in settlement.deliveries
    ]
    postings = [
        (
            transaction.reason,
            posting.account.kind.value,
            (posting.account.party or "")[:1],
            posting.unit.value,
            posting.amount,
        )
        for transaction in settlement.community
        for posting in transaction.postings
    ]
    return deliveries, postings


def key_of(spec: dict[str, object]) -> SharingKey:
    """Return the key a vector describes."""
    assets = spec.get("assets")
    if isinstance(assets, dict):
        return CollectiveKey(
            assets=tuple(
                CollectiveAsset(party=party(p), owners=shares_of(owners))
                for p, owners in assets.items()
            ),
            then=simple_key(spec),
        )
    return simple_key(spec)


def simple_key(spec: dict[str, object]) -> SimpleKey:
    """Return the key a vector describes, plants left out."""
    ranks, cells = spec.get("ranks"), spec.get("cells")
    match spec["kind"]:
        case "static":
            return StaticKey(shares=shares_of(spec["shares"]))
        case "hybrid":
            return HybridKey(shares=shares_of(spec["shares"]))
        case "cascade":
            assert isinstance(ranks, list)
            return CascadeKey(ranks=tuple(tuple(map(party, rank)) for rank in ranks))
        case "matrix":
            assert isinstance(cells, list)
            return MatrixKey(
                cells=tuple(
                    MatrixShare(producer=party(p), consumer=party(c), share_ppm=ppm)
                    for p, c, ppm in cells
                )
            )
        case _:
            return ProRataKey()


def shares_of(spec: object) -> tuple[KeyShare, ...]:
    """Return the shares a vector lists."""
    assert isinstance(spec, dict)
    return tuple(KeyShare(party=party(p), share_ppm=ppm) for p, ppm in spec.items())


def shared(case: SharingCase) -> list[tuple[str, str, int]]:
    """Share a case; return its matrix."""
    matrix = share(
        key_of(case["key"]),
        period=DeliveryPeriod(case["period"]),
        surplus={party(p): wh for p, wh in case["surplus"].items()},
        demand={party(p): wh for p, wh in case["demand"].items()},
    )
    return [(p[0], c[0], matrix[p, c]) for p, c in sorted(matrix)]


def proved(case: MerkleCase) -> tuple[str, list[str]]:
    """Return the root of a case and the siblings of its record."""
    records = [bytes.fromhex(record) for record in case["records"]]
    proof = prove(records, case["index"])
    return merkle_root(records).hex(), [sibling.hex() for sibling in proof.siblings]


@pytest.mark.parametrize(
    "case", load("settlement.json", SettlementCase), ids=lambda case: case["name"]
)
def test_a_period_is_settled_as_specified(case: SettlementCase) -> None:
    deliveries, postings = settled(case)

    assert deliveries == [tuple(row) for row in case["deliveries"]]
    assert postings == [tuple(row) for row in case["postings"]]


@pytest.mark.parametrize(
    "case", load("sharing.json", SharingCase), ids=lambda case: case["name"]
)
def test_energy_is_shared_as_specified(case: SharingCase) -> None:
    assert shared(case) == [tuple(row) for row in case["matrix"]]


@pytest.mark.parametrize(
    "case", load("merkle.json", MerkleCase), ids=lambda case: len(case["records"])
)
def test_records_are_bound_as_specified(case: MerkleCase) -> None:
    assert proved(case) == (case["root"], case["siblings"])


def rewrite() -> None:
    """Write what is expected anew."""
    settlements = load("settlement.json", SettlementCase)
    for settlement in settlements:
        settlement["deliveries"], settlement["postings"] = settled(settlement)
    sharings = load("sharing.json", SharingCase)
    for sharing in sharings:
        sharing["matrix"] = shared(sharing)
    merkles = load("merkle.json", MerkleCase)
    for merkle in merkles:
        merkle["root"], merkle["siblings"] = proved(merkle)
    for name, cases in (
        ("settlement.json", settlements),
        ("sharing.json", sharings),
        ("merkle.json", merkles),
    ):
        lines = ",\n".join(json.dumps(case) for case in cases)
        (FOLDER / name).write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    rewrite()
