"""Rows of persons and texts about them: rare combinations, and what names or reaches somebody."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from auditing.disclosure.findings import (
    DEFAULT_THRESHOLD,
    at_least_two,
    findings,
    need,
)

PATTERNS = {
    "e-mail address": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "telephone number": re.compile(
        r"(?<![\w./-])(?:\+\d{1,3}[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w/-])"
    ),
    # Nine digits in a row; not a decimal fraction, a hash, a path or part of a longer name.
    "identifying number": re.compile(r"(?<![\w./#:-])\d{9,}(?![\w/-]|\.\d)"),
}


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
    need(frame, quasi_identifiers)
    at_least_two(k)
    columns = list(quasi_identifiers)
    sizes = frame.fillna(dict.fromkeys(columns, "missing")).groupby(columns).size()
    message = "coarsen an attribute or leave the rows out"
    return findings(
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
    return findings(
        (kind, place, match, None, "take it out")
        for place, text in texts.items()
        for kind, pattern in PATTERNS.items()
        for match in dict.fromkeys(pattern.findall(text))
    )
