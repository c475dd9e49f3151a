"""The zones of a new community: one by default, or a table of the grid as it is."""

from collections.abc import Mapping
from typing import Final

from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    ObjectSelector,
    ObjectSelectorConfig,
    TextSelector,
)
import voluptuous as vol

from ...engine.model.period import PERIODS_PER_HOUR
from ...engine.model.zone import FeeTree, Zone, ZoneId
from ...settings import micro_from_units, number, optional_text, rows_of, text

CONF_ZONE: Final = "zone"
CONF_ZONES: Final = "zones"
CONF_PARENT: Final = "parent"
CONF_EXPORT_FEE: Final = "export_fee"
CONF_IMPORT_FEE: Final = "import_fee"
CONF_EXPORT_KW: Final = "export_kw_max"
CONF_IMPORT_KW: Final = "import_kw_max"

ZONES_MAX: Final = 64
"""More are for a charter that is written elsewhere."""

ZONE_LENGTH_MAX: Final = 64
W_PER_KW: Final = 1_000


def zones_schema(*, unit: str) -> dict[vol.Marker, TextSelector | ObjectSelector]:
    """Return the fields: where this home is, and the table of zones."""
    fee = _number(unit)
    power = _number("kW")
    table = ObjectSelectorConfig(
        multiple=True,
        translation_key="community_zones",
        label_field=CONF_ZONE,
        description_field=CONF_PARENT,
        fields={
            CONF_ZONE: {"required": True, "selector": TextSelector()},
            CONF_PARENT: {"required": False, "selector": TextSelector()},
            CONF_EXPORT_FEE: {"required": False, "selector": fee},
            CONF_IMPORT_FEE: {"required": False, "selector": fee},
            CONF_EXPORT_KW: {"required": False, "selector": power},
            CONF_IMPORT_KW: {"required": False, "selector": power},
        },
    )
    return {
        vol.Optional(CONF_ZONE): TextSelector(),
        vol.Optional(CONF_ZONES): ObjectSelector(table),
    }


def read_zones(
    user_input: Mapping[str, object], *, home_zone: ZoneId
) -> tuple[FeeTree, ZoneId]:
    """Return the fee tree and the home's place in it; ValueError if it is no tree."""
    rows = rows_of(user_input, CONF_ZONES)
    zone = ZoneId(optional_text(user_input, CONF_ZONE) or home_zone)
    if len(rows) > ZONES_MAX or len(zone) > ZONE_LENGTH_MAX:
        raise ValueError("too many zones, or names that long")
    tree = FeeTree(tuple(map(_zone, rows))) if rows else FeeTree.single(zone)
    tree.zone(zone)
    return tree, zone


def _zone(row: Mapping[str, object]) -> Zone:
    parent = optional_text(row, CONF_PARENT)
    name = text(row, CONF_ZONE).strip()
    if not 1 <= len(name) <= ZONE_LENGTH_MAX:
        raise ValueError("a zone has a name, and no long one")
    return Zone(
        id=ZoneId(name),
        parent=None if parent is None else ZoneId(parent.strip()),
        export_fee_micro_per_kwh=_fee(row, CONF_EXPORT_FEE),
        import_fee_micro_per_kwh=_fee(row, CONF_IMPORT_FEE),
        export_wh_max=_limit(row, CONF_EXPORT_KW),
        import_wh_max=_limit(row, CONF_IMPORT_KW),
    )


def _fee(row: Mapping[str, object], key: str) -> int:
    return micro_from_units(number(row, key)) if row.get(key) is not None else 0


def _limit(row: Mapping[str, object], key: str) -> int | None:
    """Return the energy of one delivery period at that power."""
    if row.get(key) is None:
        return None
    return round(number(row, key) * W_PER_KW / PERIODS_PER_HOUR)


def _number(unit: str) -> NumberSelector:
    return NumberSelector(
        NumberSelectorConfig(
            step="any", mode=NumberSelectorMode.BOX, unit_of_measurement=unit
        )
    )
