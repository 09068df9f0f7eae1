"""Evidence integrity: what the printed numbers, the data and the record say about each other.

`reconstruction` makes survey rows from printed numbers, `consistency` asks whether a publication
agrees with itself, `ledger` and `cells` give each published number a verdict, `disclosure` guards
small counts.
"""
