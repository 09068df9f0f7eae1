"""Could a published table or text point to a person? Checks on what is about to be published.

- `small_cells`, `small_shares`: counts of persons below a threshold, printed or implied.
- `few_persons`: shares to withhold, since the counts behind them are small.
- `suppress`: primary and complementary suppression of a table of counts.
- `k_anonymity`: rows of persons whose combination of attributes few others share.
- `identifiers`: addresses, telephone numbers and long identifying numbers in text.

Every check returns findings as a tidy table; an empty one means that nothing was found. A count of
zero is not a small count: nobody is behind it.
"""

from auditing.disclosure.cells import few_persons, small_cells, small_shares, suppress
from auditing.disclosure.findings import COLUMNS
from auditing.disclosure.persons import identifiers, k_anonymity

__all__ = [
    "COLUMNS",
    "few_persons",
    "identifiers",
    "k_anonymity",
    "small_cells",
    "small_shares",
    "suppress",
]
