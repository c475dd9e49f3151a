"""Sensors of the wallet: what a home has on its chain, and what that has cost."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory
from homeassistant.core import callback

from ..data import CommonWattConfigEntry
from ..engine.model.units import NANO_PER_UNIT
from ..hub_entity import HubEntity
from .settler import Settler
from .wallet import WEI_PER_COIN, Wallet, coin_of

_EPOCH: Final = date(1970, 1, 1)


@dataclass(frozen=True, kw_only=True)
class WalletSensorDescription(SensorEntityDescription):
    """How a sensor shows one part of the wallet; None is unknown."""

    value: Callable[[Wallet], float | date | None]
    attributes: Callable[[Wallet], dict[str, str | int | bool]] | None = None
    is_money: bool = False


def wallet_sensors(entry: CommonWattConfigEntry) -> list[SensorEntity]:
    """Return the sensors of the wallet; none without a chain."""
    settler = entry.runtime_data.chain
    if settler is None:
        return []
    return [WalletSensor(entry, settler, one) for one in SENSORS]


def _credit(wallet: Wallet) -> float | None:
    return None if wallet.state is None else wallet.state.credit_nano / NANO_PER_UNIT


def _pending(wallet: Wallet) -> float | None:
    pending = wallet.pending_nano
    return None if pending is None else pending / NANO_PER_UNIT


def _last_day(wallet: Wallet) -> date | None:
    day = wallet.last_day
    return None if day is None else _EPOCH + timedelta(days=day)


def _batch(wallet: Wallet) -> dict[str, str | int | bool]:
    head = wallet.head
    if head is None:
        return {}
    return {"batch": head.standing, "next_waits": wallet.waits}


SENSORS: Final = (
    WalletSensorDescription(
        key="chain_credit",
        device_class=SensorDeviceClass.MONETARY,
        state_class=SensorStateClass.TOTAL,
        suggested_display_precision=2,
        is_money=True,
        value=_credit,
    ),
    WalletSensorDescription(
        key="chain_pending",
        device_class=SensorDeviceClass.MONETARY,
        state_class=SensorStateClass.TOTAL,
        suggested_display_precision=2,
        is_money=True,
        value=_pending,
    ),
    WalletSensorDescription(
        key="chain_last_batch",
        device_class=SensorDeviceClass.DATE,
        value=_last_day,
        attributes=_batch,
    ),
    WalletSensorDescription(
        key="chain_gas_spent",
        entity_category=EntityCategory.DIAGNOSTIC,
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=6,
        value=lambda wallet: wallet.status.gas_spent_wei / WEI_PER_COIN,
    ),
)


class WalletSensor(HubEntity, SensorEntity):
    """One part of the wallet; unavailable until the chain has answered."""

    entity_description: WalletSensorDescription

    def __init__(
        self,
        entry: CommonWattConfigEntry,
        settler: Settler,
        description: WalletSensorDescription,
    ) -> None:
        super().__init__(entry, description.key)
        self.entity_description = description
        self._settler = settler
        is_simulated = entry.runtime_data.home.simulated
        self._attr_state_class = None if is_simulated else description.state_class

    @property
    @override
    def available(self) -> bool:
        return self._settler.wallet is not None

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        if self.entity_description.is_money:
            return self.hass.config.currency
        wallet = self._settler.wallet
        is_gas = self.entity_description.key == "chain_gas_spent"
        return coin_of(wallet.chain_id) if is_gas and wallet is not None else None

    @property
    @override
    def native_value(self) -> float | date | None:
        wallet = self._settler.wallet
        return None if wallet is None else self.entity_description.value(wallet)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, str | int | bool] | None:
        wallet, attributes = self._settler.wallet, self.entity_description.attributes
        return None if wallet is None or attributes is None else attributes(wallet)

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the chain."""
        self.async_on_remove(self._settler.async_listen(self._looked))

    @callback
    def _looked(self) -> None:
        self.async_write_ha_state()
