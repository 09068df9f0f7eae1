"""Ranges as text, for cells and alternative texts."""

import pandas as pd


def span(low: pd.Series, high: pd.Series, form: str = ".0%") -> pd.Series:
    """Return ranges as text, missing where an end is.

    Examples
    --------
    >>> span(pd.Series([0.25, None]), pd.Series([0.5, 1.0])).tolist()
    ['25% to 50%', nan]
    """
    text = low.map(f"{{:{form}}}".format) + " to " + high.map(f"{{:{form}}}".format)
    return text.where(low.notna() & high.notna())
