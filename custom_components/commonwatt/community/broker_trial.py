"""Trying out a broker before anybody relies on it."""

import asyncio
import random
import secrets
from typing import Final

from homeassistant.core import HomeAssistant

from .settings import BrokerWay
from .ways import async_own_broker

SECONDS_MAX: Final = 15.0
LOOK_SECONDS: Final = 0.1
REFUSED: Final = "broker_refused"
UNREACHABLE: Final = "broker_unreachable"


async def async_broker_error(hass: HomeAssistant, way: BrokerWay) -> str | None:
    """Return the key of what is wrong with a broker; None: it lets us in."""
    trial = await async_own_broker(
        hass,
        way,
        identifier=f"commonwatt-trial-{secrets.token_hex(8)}",
        chance=random.SystemRandom().random,
    )
    await trial.start(lambda _topic, _payload: None, lambda: None)
    try:
        async with asyncio.timeout(SECONDS_MAX):
            while not trial.is_connected and trial.fault is None:  # noqa: ASYNC110
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        return UNREACHABLE
    finally:
        await trial.stop()
    if trial.fault is None:
        return None
    return REFUSED if trial.fault.value == "refused" else UNREACHABLE
