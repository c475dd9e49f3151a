"""The chain in the panel: the wallet, and the certificates that may leave."""

from typing import Final

from homeassistant.util.json import JsonValueType

from .settler import Settler

CERTIFICATES_MAX: Final = 20


def chain_section(settler: Settler) -> dict[str, JsonValueType] | None:
    """Return what the panel shows of the chain; None until it has answered."""
    wallet = settler.wallet
    if wallet is None:
        return None
    mine = (
        certificate
        for day in reversed(settler.days)
        for certificate in day.closed.certificates.get(wallet.account, ())
    )
    free: list[JsonValueType] = [
        {
            "id": one.id,
            "start": one.period.start,
            "source": one.parcel.origin.source.value,
            "energy_wh": one.parcel.energy_wh,
        }
        for one, _ in zip(mine, range(CERTIFICATES_MAX), strict=False)
    ]
    return {**wallet.section(), "certificates": free}
