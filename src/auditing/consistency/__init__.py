"""Does a publication agree with itself? Checks on printed numbers alone.

Each check is general: it takes a table and the names of its columns, and returns one row for every
comparison made, with the arithmetic in words (`findings_table`); `faults` keeps those that failed.
A comparison fails only when no exact numbers that could be printed so fit together.

- `check_granularity`, `check_denominators`: is this percentage of this many persons possible?
- `check_total`, `check_subset`: do parts fit their whole?
- `check_rates`, `check_differences`: do derived numbers follow from the printed ones?
- `check_exchanged`: do two columns fit only in each other's place?
- `check_decisions`: which test could have given these stars?
- `check_relations`: do claims, lists and cells hold that are about one another?
- `as_printed`: printed numbers with what their rounding allows.
- `check_published`: all of them on every table and claim of the four documents.
"""

from auditing.consistency.denominators import check_denominators
from auditing.consistency.differences import check_differences, check_rates
from auditing.consistency.exchanged_columns import check_exchanged
from auditing.consistency.findings import faults, findings_table
from auditing.consistency.granularity import (
    check_granularity,
    possible_counts,
    possible_denominators,
)
from auditing.consistency.published import check_published
from auditing.consistency.relations import check_relations, quantities, ties
from auditing.consistency.rounding import as_printed
from auditing.consistency.stars import check_decisions, decisions_by_test
from auditing.consistency.sums import check_subset, check_total

__all__ = [
    "as_printed",
    "check_decisions",
    "check_denominators",
    "check_differences",
    "check_exchanged",
    "check_granularity",
    "check_published",
    "check_rates",
    "check_relations",
    "check_subset",
    "check_total",
    "decisions_by_test",
    "faults",
    "findings_table",
    "possible_counts",
    "possible_denominators",
    "quantities",
    "ties",
]
