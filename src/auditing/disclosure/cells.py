"""Tables of counts: small cells, printed or implied, and keeping them from being worked out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from auditing.disclosure.findings import (
    DEFAULT_THRESHOLD,
    at_least_two,
    findings,
    need,
)


def small_cells(
    table: pd.DataFrame,
    counts: Sequence[str],
    *,
    label: Sequence[str] = (),
    threshold: int = DEFAULT_THRESHOLD,
) -> pd.DataFrame:
    """Find counts of persons from one up to below the threshold.

    Parameters
    ----------
    table
        The table to publish.
    counts
        Columns that count persons.
    label
        Columns that name a row; the row number where there are none.
    threshold
        The smallest count that may be published.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`.

    Raises
    ------
    ValueError
        When a column is missing or the threshold is below two.

    Examples
    --------
    >>> table = pd.DataFrame({"district": ["A", "B"], "responses": [3, 40]})
    >>> small_cells(table, ["responses"], label=["district"])["subject"].tolist()
    ['responses of A']
    """
    need(table, [*counts, *label])
    at_least_two(threshold)
    message = "suppress it, and a second cell of its line where a total is printed"
    return findings(
        ("small cell", f"{column} of {name}", row[column], threshold, message)
        for name, row in _named(table, label)
        for column in counts
        if _counts(row[column]) and 0 < row[column] < threshold
    )


def small_shares(
    table: pd.DataFrame,
    bases: Mapping[str, int],
    *,
    label: Sequence[str] = (),
    threshold: int = DEFAULT_THRESHOLD,
) -> pd.DataFrame:
    """Find percentages that, with their base, give a count below the threshold.

    Parameters
    ----------
    table
        The table to publish.
    bases
        Persons behind each column of percentages (0 to 100).
    label, threshold
        As in `small_cells`.

    Raises
    ------
    ValueError
        When a column is missing or the threshold is below two.

    Examples
    --------
    >>> table = pd.DataFrame({"group": ["X", "Y"], "percent": [0.2, 40.0]})
    >>> small_shares(table, {"percent": 611}, label=["group"])["value"].tolist()
    [1]
    """
    need(table, [*bases, *label])
    implied = table.assign(**{c: (table[c] / 100 * n).round() for c, n in bases.items()})
    found = small_cells(implied, list(bases), label=label, threshold=threshold)
    return found.assign(check="small share", value=found["value"].astype(int))


def suppress(counts: pd.DataFrame, *, threshold: int = DEFAULT_THRESHOLD) -> pd.DataFrame:
    """Suppress small counts, and as many others as keep them from being worked out.

    In every row and column whose total may be printed, either nothing is suppressed or at least
    two cells are (Hundepool et al. 2012, chapter 4); the smallest other count is taken first.

    Parameters
    ----------
    counts
        Whole numbers, without margins.
    threshold
        The smallest count that may be published.

    Returns
    -------
    pandas.DataFrame
        The counts as `Int64`, missing where suppressed.

    Raises
    ------
    ValueError
        When the threshold is below two.

    Examples
    --------
    >>> suppress(pd.DataFrame({"a": [2, 30], "b": [20, 40]})).isna().to_numpy().tolist()
    [[True, True], [True, True]]
    """
    at_least_two(threshold)
    shown = counts.astype("Int64")
    shown = shown.mask((shown > 0) & (shown < threshold))
    while True:
        lonely = _lonely(shown)
        if lonely is None:
            return shown
        row, column = lonely
        shown.iloc[row, column] = pd.NA


def few_persons(
    shares: pd.DataFrame, line: pd.Series, *, threshold: int = DEFAULT_THRESHOLD
) -> pd.Series:
    """Say which shares would show few persons, or let those of another be worked out.

    A share of n answers shows two counts of persons: those who answered so and those who did not.

    Parameters
    ----------
    shares
        Columns n and share, in [0, 1]; missing where there is none.
    line
        For each share the line that it stands in, of which a total may be known.
    threshold
        As in `suppress`.

    Examples
    --------
    >>> shares = pd.DataFrame({"n": [13, 40, 90], "share": [0.9, 0.5, 0.5]})
    >>> few_persons(shares, pd.Series(["item"] * 3)).tolist()
    [True, True, False]
    """
    need(shares, ["n", "share"])
    persons = shares["n"] * shares["share"]
    fewer = persons.where(2 * persons <= shares["n"], shares["n"] - persons).dropna().round()
    fewer = fewer.mask(fewer.eq(0), shares["n"])  # nobody on one side, all on the other
    lines = [suppress(own.to_frame().T, threshold=threshold) for _, own in fewer.groupby(line)]
    hidden = pd.concat([one.isna().iloc[0] for one in lines]) if lines else fewer.astype(bool)
    return hidden.reindex(shares.index, fill_value=False)


def _lonely(shown: pd.DataFrame) -> tuple[int, int] | None:
    """Return the cell to suppress next: the smallest beside one that is suppressed alone."""
    hidden = shown.isna().to_numpy()
    lines = [
        *([(i, j) for j in range(hidden.shape[1])] for i in range(hidden.shape[0])),
        *([(i, j) for i in range(hidden.shape[0])] for j in range(hidden.shape[1])),
    ]
    for cells in lines:
        others = [(i, j) for i, j in cells if not hidden[i, j]]
        if len(cells) - len(others) == 1 and others:
            return min(others, key=lambda cell: (int(str(shown.iloc[cell])), cell))
    return None


def _named(table: pd.DataFrame, label: Sequence[str]) -> Iterator[tuple[str, dict[Any, Any]]]:
    for number, row in enumerate(table.to_dict("records"), start=1):
        yield ", ".join(str(row[name]) for name in label) or f"row {number}", row


def _counts(value: Any) -> bool:
    return not pd.isna(value) and isinstance(value, int | float)
