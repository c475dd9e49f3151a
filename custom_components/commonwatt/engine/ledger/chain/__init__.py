"""The ledger as contracts on an EVM chain see it.

Owns the typed structs that contracts hash, the sum trees they check, and the balances
of a day in their form.  Refuses transactions and gas: they are the driver's business.
Specification: ``docs/reference/contracts.md``.
"""
