"""The ledger: what metered energy and cleared trades mean in Wh, money and proof.

Owns settlement, sharing keys, balances, certificates of origin, statements and the
journal's chain of digests.  Knows neither how prices are found nor how peers agree:
what needs another clearing is handed the clearing as a function.
"""
