"""What the neighbours' panels feed in, as the certificates of a settled period tell.

Only who settles a period sees them; outside the committee there is nothing to be seen.
"""

from ..forecast.solar.neighbours import NEIGHBOURS_MIN
from ..ledger.certificates import CertificateRegister
from ..ledger.settlement import Settlement
from ..model.origin import EnergySource
from ..model.party import PartyId


def neighbours_sun_wh(
    settlement: Settlement, register: CertificateRegister | None, *, me: PartyId
) -> int | None:
    """Return what left the others' panels for the grid; None if that is not known.

    That takes the readings of all members, and at least five others.
    """
    others = [s.party for s in settlement.parties if s.party != me]
    if register is None or settlement.missing or len(others) < NEIGHBOURS_MIN:
        return None
    issued = (h.certificate for h in register.holdings.values())
    return sum(
        certificate.parcel.energy_wh
        for certificate in issued
        if certificate.parent is None
        and certificate.producer != me
        and certificate.parcel.origin.source is EnergySource.SOLAR
        and not certificate.parcel.origin.stored
    )
