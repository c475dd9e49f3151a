"""Changes take effect at once, also while the home is busy with the last one."""

from types import MappingProxyType
from unittest.mock import patch

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant

from custom_components.commonwatt.engine.devices import DeviceKind
from custom_components.commonwatt.membership import Membership
from tests.glue.homes import add_home, adopted, settle


def meter(entity_id: str) -> ConfigSubentry:
    """Return a meter as it is added to a home that is there already."""
    data = adopted(DeviceKind.METER, {"power": entity_id})
    return ConfigSubentry(
        data=MappingProxyType(dict(data["data"])),
        subentry_type=data["subentry_type"],
        title=entity_id,
        unique_id=data["unique_id"],
    )


async def test_a_device_added_while_the_home_starts_is_not_forgotten(
    hass: HomeAssistant,
) -> None:
    entry = await add_home(hass)
    starting = Membership.async_open
    late = [meter("sensor.second")]

    async def start_slowly(*arguments: object) -> Membership:
        if late:
            hass.config_entries.async_add_subentry(entry, late.pop())
        return await starting(*arguments)  # type: ignore[arg-type]  # as it was called

    with patch.object(Membership, "async_open", start_slowly):
        hass.config_entries.async_add_subentry(entry, meter("sensor.first"))
        await settle(hass)
    names = [device.config.name for device in entry.runtime_data.home.devices]
    assert names == ["sensor.first", "sensor.second"]
