"""Audit: what the printed numbers, the data and the record say about each other.

`consistency` asks whether a publication agrees with itself, `ledger` gives each published claim a
verdict.
"""
