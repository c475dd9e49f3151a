"""How parties are named."""

from typing import Final, NewType

PartyId = NewType("PartyId", str)
"""Forty lower-case hexadecimal digits: a digest of the household's public key."""

PARTY_ID_BYTES: Final = 20
