"""Could a published table or text point to a person? Checks on what is about to be published.

- `small_cells`, `small_shares`: counts of persons below a threshold, printed or implied.
- `recoverable_cells`: suppressed counts that a printed total gives away.
- `suppress`: primary and complementary suppression of a table of counts.
- `k_anonymity`: rows of persons whose combination of attributes few others share.
- `identifiers`: addresses, telephone numbers and long identifying numbers in text.

Every check returns findings as a tidy table; an empty one means that nothing was found. A count of
nought is no small cell: nobody is behind it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

__all__ = [
    "COLUMNS",
    "identifiers",
    "k_anonymity",
    "recoverable_cells",
    "small_cells",
    "small_shares",
    "suppress",
]

#: Columns of findings: the check, what it found, the offending value, the limit, what to do.
COLUMNS = ("check", "subject", "value", "limit", "message")
DEFAULT_THRESHOLD = 5
PATTERNS = {
    "e-mail address": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "telephone number": re.compile(
        r"(?<![\w./-])(?:\+\d{1,3}[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w/-])"
    ),
    # Nine digits in a row; not a decimal fraction, a hash, a path or part of a longer name.
    "identifying number": re.compile(r"(?<![\w./#:-])\d{9,}(?![\w/-]|\.\d)"),
}


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
    _need(table, [*counts, *label])
    _at_least_two(threshold)
    message = "suppress it, and a second cell of its line where a total is printed"
    return _findings(
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
    _need(table, [*bases, *label])
    implied = table.assign(**{c: (table[c] / 100 * n).round() for c, n in bases.items()})
    found = small_cells(implied, list(bases), label=label, threshold=threshold)
    return found.assign(check="small share", value=found["value"].astype(int))


def recoverable_cells(
    table: pd.DataFrame, parts: Sequence[str], total: str, *, label: Sequence[str] = ()
) -> pd.DataFrame:
    """Find rows in which one suppressed part follows from the others and the total.

    Parameters
    ----------
    table
        The table to publish; a suppressed cell is missing.
    parts, total
        Columns that add up, and the column of their sum.
    label
        As in `small_cells`.

    Raises
    ------
    ValueError
        When a column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({"yes": [None, 9], "no": [37, 8], "all": [40, 17]})
    >>> recoverable_cells(table, ["yes", "no"], "all")["value"].tolist()
    [3]
    """
    _need(table, [*parts, total, *label])
    message = "suppress a second part of the line, or the total"
    return _findings(
        ("recoverable cell", f"{hidden[0]} of {name}", int(row[total] - seen), None, message)
        for name, row in _named(table, label)
        if len(hidden := [part for part in parts if pd.isna(row[part])]) == 1
        and not pd.isna(row[total])
        for seen in [sum(row[part] for part in parts if part not in hidden)]
    )


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
    _at_least_two(threshold)
    shown = counts.astype("Int64")
    shown = shown.mask((shown > 0) & (shown < threshold))
    while True:
        lonely = _lonely(shown)
        if lonely is None:
            return shown
        row, column = lonely
        shown.iloc[row, column] = pd.NA


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


def k_anonymity(
    frame: pd.DataFrame, quasi_identifiers: Sequence[str], *, k: int = DEFAULT_THRESHOLD
) -> pd.DataFrame:
    """Find combinations of attributes that fewer than k rows share (Sweeney 2002).

    Parameters
    ----------
    frame
        One row per person.
    quasi_identifiers
        Attributes that others may know of a person; a missing value is a value of its own.
    k
        The smallest group that may be published.

    Raises
    ------
    ValueError
        When a column is missing, none is named, or k is below two.

    Examples
    --------
    >>> frame = pd.DataFrame({"grade": ["K-2"] * 5 + ["9-12"]})
    >>> k_anonymity(frame, ["grade"])[["subject", "value"]].to_numpy().tolist()
    [['grade 9-12', 1]]
    """
    if not quasi_identifiers:
        raise ValueError("quasi_identifiers is empty; name the attributes others may know")
    _need(frame, quasi_identifiers)
    _at_least_two(k)
    columns = list(quasi_identifiers)
    sizes = frame.fillna(dict.fromkeys(columns, "missing")).groupby(columns).size()
    message = "coarsen an attribute or leave the rows out"
    return _findings(
        ("k-anonymity", _combination(columns, key), size, k, message)
        for key, size in sizes.items()
        if 0 < size < k
    )


def _combination(columns: Sequence[str], key: Any) -> str:
    values = key if isinstance(key, tuple) else (key,)
    return ", ".join(f"{name} {value}" for name, value in zip(columns, values, strict=True))


def identifiers(texts: Mapping[str, str]) -> pd.DataFrame:
    """Find addresses, telephone numbers and long identifying numbers.

    Parameters
    ----------
    texts
        Texts to publish, by where they stand.

    Examples
    --------
    >>> identifiers({"page": "write to ada@example.org"})["value"].tolist()
    ['ada@example.org']
    >>> len(identifiers({"page": "share 0.123456789, doi 10.57709/28960541"}))
    0
    """
    return _findings(
        (kind, place, match, None, "take it out")
        for place, text in texts.items()
        for kind, pattern in PATTERNS.items()
        for match in dict.fromkeys(pattern.findall(text))
    )


def _findings(rows: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(COLUMNS))


def _named(table: pd.DataFrame, label: Sequence[str]) -> Iterator[tuple[str, dict[Any, Any]]]:
    for number, row in enumerate(table.to_dict("records"), start=1):
        yield ", ".join(str(row[name]) for name in label) or f"row {number}", row


def _counts(value: Any) -> bool:
    return not pd.isna(value) and isinstance(value, int | float)


def _need(table: pd.DataFrame, columns: Sequence[str]) -> None:
    missing = [name for name in columns if name not in table.columns]
    if missing:
        there = ", ".join(map(str, table.columns))
        raise ValueError(f"no column {', '.join(missing)}; the table has {there}")


def _at_least_two(threshold: int) -> None:
    if threshold < 2:
        raise ValueError(f"threshold {threshold} protects nobody; it must be at least 2")
