"""The answer to each item whose share is published: who gave it, and its share.

An item is published as one number, the share of those who *agree or strongly agree*, say. Which
levels count as that answer is a column of the instrument.
"""

from __future__ import annotations

import pandas as pd

from compendium.survey.checks import Column, column
from compendium.survey.design import SurveyDesign
from compendium.survey.estimates import tabulate
from compendium.survey.likert import OTHER

__all__ = ["published_shares"]

COUNTED = "published answer"


def published_shares(
    rows: pd.DataFrame,
    instrument: pd.DataFrame,
    design: SurveyDesign,
    by: Column | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate the share of each item's published answer, among all who answered the item.

    Parameters
    ----------
    rows
        One row per respondent: the columns that `instrument`, `design` and `by` name.
    instrument
        One row per item: `item_id`, `column` (of `rows`), `levels` (those that count, separated by
        semicolons) and `answer` (what they are called together).
    design, by, level
        As for `compendium.survey.estimates.tabulate`.

    Returns
    -------
    pandas.DataFrame
        One row per item and group, as from `tabulate`, with `item_id` and `answer` in place of
        item and level.

    Raises
    ------
    ValueError
        If a column of an item is absent, and as `tabulate` does.

    Examples
    --------
    >>> rows = pd.DataFrame({"q1": ["often", "always", "never", None]})
    >>> instrument = pd.DataFrame({
    ...     "item_id": ["I-1"], "column": ["q1"], "levels": ["often;always"], "answer": ["at all"]})
    >>> shares = published_shares(rows, instrument, SurveyDesign(None))
    >>> shares[["item_id", "answer", "n", "n_missing"]].values.tolist()
    [['I-1', 'at all', 3, 1]]
    >>> shares["share"].round(4).tolist()
    [0.6667]
    """
    given = {
        one["item_id"]: _counted(column(rows, one["column"], one["item_id"]), one["levels"])
        for one in instrument.to_dict("records")
    }
    shares = tabulate(rows.assign(**given), list(given), design, by=by, level=level)
    shares = shares[shares["level"] == COUNTED].drop(columns="level")
    shares = shares.rename(columns={"item": "item_id"})
    return shares.merge(instrument[["item_id", "answer"]], on="item_id")


def _counted(answers: pd.Series, levels: str) -> pd.Series:
    """Tell the answers that count from all others; both are levels, chosen or not."""
    counted = answers.isin(levels.split(";")).map({True: COUNTED, False: OTHER})
    return counted.where(answers.notna()).astype(pd.CategoricalDtype([COUNTED, OTHER]))
