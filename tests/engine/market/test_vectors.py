"""The vectors that come with docs/reference/market-rules.md, and the page itself.

They pin what no property can: which of several equally good results is the right one.
"""

from collections.abc import Mapping, Sequence
import json
from pathlib import Path
import re

import pytest

from custom_components.commonwatt.engine.market import (
    clear,
    district_curve,
    thinned_curve,
)
from custom_components.commonwatt.engine.market.rationing import (
    Claim,
    TieBreak,
    ration,
)
from custom_components.commonwatt.engine.model.clearing import ClearingResult
from custom_components.commonwatt.engine.model.district import DistrictCurve
from custom_components.commonwatt.engine.model.order import (
    Order,
    OrderBook,
    PlacedOrder,
    Side,
    Step,
)
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.zone import FeeTree, Zone, ZoneId
from tests.engine.market.audit import audit
from tests.engine.market.books import party, zone

ROOT_FOLDER = Path(__file__).resolve().parents[3]
RULES = ROOT_FOLDER / "docs" / "reference" / "market-rules.md"

type Json = Mapping[str, object]


def cases(name: str) -> list[Json]:
    path = ROOT_FOLDER / "tests" / "vectors" / "market" / f"{name}.json"
    found = json.loads(path.read_text())["cases"]
    assert found
    return list(found)


def objects(value: object) -> Sequence[Json]:
    assert isinstance(value, list)
    return value


def integer(value: object) -> int:
    assert isinstance(value, int)
    return value


def limit(value: object) -> int | None:
    return None if value is None else integer(value)


def tree_from(case: Json) -> FeeTree:
    return FeeTree(
        tuple(
            Zone(
                id=ZoneId(str(item["id"])),
                parent=ZoneId(str(item["parent"])) if item["parent"] else None,
                export_fee_micro_per_kwh=integer(item["export_fee"]),
                import_fee_micro_per_kwh=integer(item["import_fee"]),
                export_wh_max=limit(item["export_wh_max"]),
                import_wh_max=limit(item["import_wh_max"]),
            )
            for item in objects(case["zones"])
        )
    )


def steps_from(value: object) -> list[Step]:
    assert isinstance(value, list)
    return [
        Step(side=Side[side.upper()], price_micro_per_kwh=price, energy_wh=energy_wh)
        for side, price, energy_wh in value
    ]


def book_from(case: Json) -> OrderBook:
    period = DeliveryPeriod(integer(case["period"]))
    return OrderBook(
        period=period,
        seed=bytes.fromhex(str(case["seed"])),
        orders=tuple(
            PlacedOrder(
                order=Order(
                    party=PartyId(str(item["party"])),
                    period=period,
                    steps=tuple(steps_from(item["steps"])),
                ),
                zone=ZoneId(str(item["zone"])),
            )
            for item in objects(case["orders"])
        ),
    )


def as_json(result: ClearingResult) -> Json:
    return {
        "prices": [[p.zone, p.price_micro_per_kwh, p.traded_wh] for p in result.prices],
        "flows": [[f.zone, f.export_wh, f.fee_nano, f.rent_nano] for f in result.flows],
        "fills": [
            [f.party, f.side.name.lower(), f.limit_micro_per_kwh, f.energy_wh]
            for f in result.fills
        ],
        "trades": [[t.seller, t.buyer, t.energy_wh] for t in result.trades],
    }


@pytest.mark.parametrize("case", cases("clearing"), ids=lambda case: case["why"])
def test_a_book_clears_as_the_rules_say(case: Json) -> None:
    book, tree = book_from(case), tree_from(case)
    result = clear(book, tree)
    assert as_json(result) == case["result"]
    audit(book, tree, result)


@pytest.mark.parametrize("case", cases("tie_break"), ids=lambda case: case["seed"])
def test_ties_are_broken_as_the_rules_say(case: Json) -> None:
    period = DeliveryPeriod(integer(case["period"]))
    tie_break = TieBreak.of(period, bytes.fromhex(str(case["seed"])))
    assert tie_break.salt.hex() == case["salt"]
    claims = []
    for item in objects(case["claims"]):
        energy_wh = integer(item["energy_wh"])
        if "party" in item:
            claim = Claim(energy_wh, party=PartyId(str(item["party"])))
        else:
            claim = Claim(energy_wh, zone=ZoneId(str(item["zone"])))
        assert claim.key(tie_break).hex() == item["key"]
        claims.append(claim)
    shares = case["shares"]
    assert isinstance(shares, list)
    for total_wh, share in shares:
        assert ration(total_wh, claims, tie_break) == share


def curve_as_json(curve: DistrictCurve) -> Json:
    return {
        "lowest_wh": curve.lowest_wh,
        "steps": [
            [step.side.name.lower(), step.price_micro_per_kwh, step.energy_wh]
            for step in curve.steps
        ],
    }


@pytest.mark.parametrize("case", cases("districts"))
def test_a_district_shows_the_curve_the_rules_say(case: Json) -> None:
    book, tree = book_from(case), tree_from(case)
    edge = zone(
        "edge", limits=(limit(case["export_wh_max"]), limit(case["import_wh_max"]))
    )
    thinned = thinned_curve(
        book, tree, party(0), edge=edge, steps_max=integer(case["steps_max"])
    )
    assert curve_as_json(district_curve(book, tree, party(0))) == case["curve"]
    assert curve_as_json(thinned) == case["thinned"]


def test_every_clause_a_vector_names_stands_in_the_rules() -> None:
    clauses = set(re.findall(r"^(\d+\.\d+) ", RULES.read_text(), re.MULTILINE))
    named = {str(case["clause"]) for case in cases("clearing")} - {"2"}
    assert named <= clauses
