"""What administrators may do with the wallet of a home, and proofs for everybody."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..chain.proof import async_prove, origin_index
from ..chain.settler import Settler
from ..const import DOMAIN
from ..drivers.chain import ChainError, ChainFault, ChainHome
from ..engine.ledger.certificates import CertificateId
from ..engine.model.units import NANO_PER_UNIT
from ..engine.wire.ethereum import Address, address_from
from .common import home_of, schema

AMOUNT_MAX: Final = 1_000_000
WH_PER_KWH: Final = 1_000
LANDING_S: Final = 120
"""How long an action waits until a certificate has come to the chain."""

_REFUSALS: Final[Mapping[str, str]] = {
    "NotBacked": "chain_not_backed",
    "DayExhausted": "chain_day_exhausted",
    "ERC20InsufficientBalance": "chain_too_little_credit",
    "ERC1155InsufficientBalance": "chain_too_little_certified",
    "AlreadyClaimed": "chain_certificate_gone",
}
"""Words for what contracts say most."""

_FAULTS: Final[Mapping[ChainFault, str]] = {
    ChainFault.NO_COINS: "chain_no_coins",
    ChainFault.TOO_DEAR: "chain_too_dear",
}


class Wish(Protocol):
    """Something an owner wants done on the chain."""

    def __call__(self, home: ChainHome, *, pays: bool) -> object:
        """Queue it; ``pays``: this home pays for the gas itself."""
        ...


def _amount(value: object) -> int:
    """Return an amount in nano-currency."""
    amount: float = vol.Coerce(float)(value)
    if not 0 < amount <= AMOUNT_MAX:
        raise vol.Invalid(f"more than 0 and at most {AMOUNT_MAX}")
    return round(amount * NANO_PER_UNIT)


def _account(value: object) -> Address:
    """Return an address of the chain."""
    try:
        return address_from(str(value).strip())
    except ValueError as err:
        raise vol.Invalid(str(err)) from err


_certificate: Final = vol.All(cv.string, vol.Match(r"^[0-9a-f]{64}$"))
_energy: Final = vol.All(vol.Coerce(float), vol.Range(min=0.001, max=1_000_000))

DEPOSIT: Final = schema({vol.Required("amount"): _amount})
WITHDRAW: Final = schema(
    {vol.Required("amount"): _amount, vol.Optional("to"): _account}
)
TRANSFER_CERTIFICATE: Final = schema(
    {
        vol.Required("certificate"): _certificate,
        vol.Required("to"): _account,
        vol.Optional("energy_kwh"): _energy,
    }
)
VERIFY_CERTIFICATE: Final = schema({vol.Required("certificate"): _certificate})


async def deposit(call: ServiceCall) -> ServiceResponse:
    """Pay credit in: it covers what the home will owe."""
    amount_nano, name = call.data["amount"], f"deposit:{call.context.id}"

    def wish(home: ChainHome, *, pays: bool) -> object:
        if pays:
            return home.wallet.deposit(amount_nano, name)
        return home.errands.pay_in(amount_nano, name)

    await _have_done(_settler_of(call), wish)
    return {"job": name}


async def withdraw(call: ServiceCall) -> ServiceResponse:
    """Give credit back for the coins behind it."""
    amount_nano, name = call.data["amount"], f"withdraw:{call.context.id}"
    to: Address | None = call.data.get("to")

    def wish(home: ChainHome, *, pays: bool) -> object:
        if pays:
            return home.wallet.withdraw(amount_nano, name, to)
        return home.errands.withdraw(amount_nano, name, to)

    await _have_done(_settler_of(call), wish)
    return {"job": name}


async def transfer_certificate(call: ServiceCall) -> ServiceResponse:
    """Bring a certificate to the chain if it is not there, and hand it on."""
    settler = _settler_of(call)
    certificate = CertificateId(call.data["certificate"])
    day = settler.day_with(certificate)
    index = None if day is None else origin_index(day, certificate)
    name = bytes.fromhex(certificate)
    if not await _ask(settler, lambda home: home.certificates.held_wh(name)):
        if day is None or index is None:
            raise _refused("chain_no_such_certificate")
        posted = day.posted
        await _ask(settler, lambda home: home.certificates.claim(posted, index))
    held_wh = await _landed(settler, name)
    wanted = call.data.get("energy_kwh")
    energy_wh = held_wh if wanted is None else round(wanted * WH_PER_KWH)
    to: Address = call.data["to"]
    job = f"transfer:{call.context.id}"

    def wish(home: ChainHome, *, pays: bool) -> object:
        if pays:
            return home.certificates.transfer(name, to, energy_wh, job)
        return home.errands.transfer_certificate(name, to, energy_wh, job)

    await _have_done(settler, wish)
    return {"energy_kwh": energy_wh / WH_PER_KWH}


async def verify_certificate(call: ServiceCall) -> ServiceResponse:
    """Check a certificate against the chain."""
    settler = _settler_of(call)
    try:
        found = await async_prove(settler, CertificateId(call.data["certificate"]))
    except ChainError as err:
        raise _failed(err) from err
    if found is None:
        raise _refused("chain_no_such_certificate")
    return found.section


async def _landed(settler: Settler, certificate: bytes) -> int:
    """Wait until a certificate that was claimed is there; return its Wh."""
    looked = asyncio.Event()
    stop = settler.async_listen(looked.set)
    try:
        async with asyncio.timeout(LANDING_S):
            while not (held_wh := await _held(settler, certificate)):
                looked.clear()
                await looked.wait()
    except TimeoutError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="chain_on_its_way"
        ) from err
    finally:
        stop()
    return held_wh


async def _held(settler: Settler, certificate: bytes) -> int:
    return await _ask(settler, lambda home: home.certificates.held_wh(certificate))


def _settler_of(call: ServiceCall) -> Settler:
    """Return who settles the home that is meant.

    Raises:
        ServiceValidationError: it has no chain.
    """
    settler = home_of(call).runtime_data.chain
    if settler is None:
        raise _refused("no_chain")
    return settler


async def _ask[Answer](
    settler: Settler, question: Callable[[ChainHome], Answer]
) -> Answer:
    try:
        return await settler.async_ask(question)
    except ChainError as err:
        raise _failed(err) from err


async def _have_done(settler: Settler, wish: Wish) -> None:
    """Have something sent: by this home, or by whoever has coins if it has none."""
    wallet = settler.wallet
    pays = wallet is None or wallet.status.coins_wei > 0
    await _ask(settler, lambda home: wish(home, pays=pays))


def _refused(key: str) -> ServiceValidationError:
    return ServiceValidationError(translation_domain=DOMAIN, translation_key=key)


def _failed(err: ChainError) -> HomeAssistantError:
    """Return what the owner is told: of the contract's refusal, or of the chain."""
    if err.fault is ChainFault.REFUSED:
        return ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key=_REFUSALS.get(err.detail, "chain_refused"),
            translation_placeholders={"error": err.detail},
        )
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=_FAULTS.get(err.fault, "chain_unreachable"),
    )
