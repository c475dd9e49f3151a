"""What would be different under other rules, in words.

Every rule that changes gets a sentence, so that nobody votes on what is not said.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from ..engine.model.community import Amend
from ..engine.model.settlement_rules import SettlementRules
from ..engine.model.sharing_key import (
    CascadeKey,
    CollectiveKey,
    HybridKey,
    MatrixKey,
    ProRataKey,
    SharingKey,
    StaticKey,
)
from ..engine.model.tariff import Tariff
from ..engine.model.units import MICRO_PER_UNIT
from ..engine.model.zone import FeeTree, Zone
from ..texts import Texts

type RuleChange = tuple[str, str]
"""The rule, and a sentence that says what it would be."""

KEYS: Final[tuple[tuple[type[SharingKey], str], ...]] = (
    (StaticKey, "static"),
    (ProRataKey, "pro_rata"),
    (HybridKey, "hybrid"),
    (CascadeKey, "cascade"),
    (MatrixKey, "matrix"),
    (CollectiveKey, "collective"),
)


@dataclass(frozen=True, slots=True)
class RuleWords:
    """Texts by the last part of their keys, and the currency."""

    texts: Texts
    currency: str

    def changes(self, new: Amend, old: Amend) -> Iterator[RuleChange]:
        """Yield each rule that changes."""
        choices = (
            ("admission", new.admission, old.admission),
            ("fault_model", new.fault_model, old.fault_model),
            ("billing_basis", new.billing_basis, old.billing_basis),
            ("privacy", new.privacy, old.privacy),
            ("mechanism", new.mechanism, old.mechanism),
        )
        for rule, wanted, known in choices:
            if wanted is not known:
                yield rule, self.texts[f"vote_{rule}_{wanted.value}"]
        if new.committee_size != old.committee_size:
            text = self.texts["vote_committee_size_to"]
            sizes = {"before": old.committee_size, "after": new.committee_size}
            yield "committee_size", text.format(**sizes)
        if new.credit_wh != old.credit_wh:
            yield "credit", self._credit(new.credit_wh)
        if new.reference_tariff != old.reference_tariff:
            yield "reference_tariff", self._tariff(new.reference_tariff)
        for sentence in self._zones(new.fee_tree, old.fee_tree):
            yield "fees", sentence
        yield from self._settling(new.settlement, old.settlement)

    def _credit(self, credit_wh: int | None) -> str:
        if credit_wh is None:
            return self.texts["vote_credit_none"]
        return self.texts["vote_credit_to"].format(energy=f"{credit_wh / 1000:.1f}")

    def _tariff(self, tariff: Tariff | None) -> str:
        if tariff is None:
            return self.texts["vote_reference_tariff_none"]
        return self.texts["vote_reference_tariff_to"].format(
            price=self._price(tariff.import_micro_per_kwh),
            feed_in=self._price(tariff.feed_in_micro_per_kwh),
        )

    def _zones(self, new: FeeTree, old: FeeTree) -> Iterator[str]:
        known = {zone.id: zone for zone in old.zones}
        for zone in new.zones:
            before = known.pop(zone.id, None)
            if before is None or _fees(before) != _fees(zone):
                yield self._fee(zone)
            if before is not None and _place(before) != _place(zone):
                yield self.texts["vote_fees_place"].format(zone=zone.id)
        for gone in known:
            yield self.texts["vote_fees_gone"].format(zone=gone)

    def _fee(self, zone: Zone) -> str:
        return self.texts["vote_fees_to"].format(
            zone=zone.id,
            leaving=self._price(zone.export_fee_micro_per_kwh),
            entering=self._price(zone.import_fee_micro_per_kwh),
        )

    def _settling(
        self, new: SettlementRules, old: SettlementRules
    ) -> Iterator[RuleChange]:
        if new.sharing_key != old.sharing_key:
            kind = next(name for key, name in KEYS if isinstance(new.sharing_key, key))
            yield "sharing_key", self.texts[f"vote_sharing_key_{kind}"]
        if new.spread_micro_per_kwh != old.spread_micro_per_kwh:
            spread = self._price(new.spread_micro_per_kwh)
            yield "spread", self.texts["vote_spread_to"].format(spread=spread)
        if new.scheme != old.scheme:
            name = new.scheme.name
            yield "scheme", self.texts["vote_scheme_to"].format(scheme=name)
        if new.plants != old.plants:
            yield "plants", self.texts["vote_plants_to"]
        told = replace(
            old,
            sharing_key=new.sharing_key,
            spread_micro_per_kwh=new.spread_micro_per_kwh,
            scheme=new.scheme,
            plants=new.plants,
        )
        if told != new:
            yield "settlement", self.texts["vote_settlement_to"]

    def _price(self, micro_per_kwh: int) -> str:
        return f"{micro_per_kwh / MICRO_PER_UNIT:.4f} {self.currency}"


def _fees(zone: Zone) -> tuple[int, int]:
    return (zone.export_fee_micro_per_kwh, zone.import_fee_micro_per_kwh)


def _place(zone: Zone) -> tuple[str | None, int | None, int | None]:
    return (zone.parent, zone.export_wh_max, zone.import_wh_max)
