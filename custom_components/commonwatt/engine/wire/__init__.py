"""Bytes on the wire: canonical encoding, keys, messages and the envelopes around them.

Owns the one byte form of everything that is signed, hashed or sent, as specified in
``docs/reference/wire-format.md``.  Knows the values of the model; knows no peers, no
rounds and no clock: whoever asks brings the instant along.
"""
