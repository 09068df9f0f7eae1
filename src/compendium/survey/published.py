"""The answer to each item whose share is published: who gave it, and its share.

An item is published as one number, the share of those who *agree or strongly agree*, say. Which
levels count as that answer is a column of the instrument.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from compendium.survey.checks import column, encode, named, quote, stored_codes
from compendium.survey.design import SurveyDesign
from compendium.survey.domains import By
from compendium.survey.estimates import tabulate
from compendium.survey.intervals import fixed_share
from compendium.survey.likert import two_way
from compendium.survey.scales import Scale, encode_answers

COUNTED = "published answer"


def published_shares(  # noqa: PLR0917 - the arguments of `tabulate`, with an instrument
    rows: pd.DataFrame,
    instrument: pd.DataFrame,
    design: SurveyDesign | None = None,
    by: By = None,
    level: float = 0.95,
    scales: Mapping[str, Scale] | None = None,
) -> pd.DataFrame:
    """Estimate the share of each item's published answer, among all who answered the item.

    Parameters
    ----------
    rows
        One row per respondent: the columns that `instrument`, `design` and `by` name.
    instrument
        One row per item: `item_id`, `column` (of `rows`), `levels` (those that count, separated by
        semicolons), `answer` (what they are called together), and `scale` if there are scales.
        ValueError if a level that counts is not among the item's levels, or an item occurs twice.
    design, by, level
        As for `compendium.survey.tabulate`.
    scales
        Scale by name, as from `read_scales`: an answer that is not on the item's scale is refused.
        Without it, the answers that occur (or the categories of the column) count as its levels.

    Returns
    -------
    pandas.DataFrame
        One row per item and group, as from `tabulate`, with `item_id` and `answer` in place of item
        and level.

    Examples
    --------
    >>> rows = pd.DataFrame({"q1": ["often", "always", "never", None]})
    >>> instrument = pd.DataFrame({
    ...     "item_id": ["I-1"], "column": "q1", "levels": "often; always", "answer": "at all"})
    >>> shares = published_shares(rows, instrument, SurveyDesign(None))
    >>> shares[["item_id", "answer", "n", "n_missing"]].values.tolist()
    [['I-1', 'at all', 3, 1]]
    """
    for name in ("item_id", "column", "levels", "answer", *(["scale"] if scales else [])):
        encode(column(instrument, name, "instrument"), f"instrument: {name}")
    ids = named(instrument["item_id"], "instrument: item_id")
    flags = {
        item["item_id"]: _flag(column(rows, item["column"], item["item_id"]), item, scales)
        for item in instrument.to_dict("records")
    }
    shares = tabulate(rows.assign(**flags), ids, design, by=by, level=level)
    shares = shares[shares["level"] == COUNTED].drop(columns="level")
    shares = shares.rename(columns={"item": "item_id"})
    return shares.merge(instrument[["item_id", "answer"]], on="item_id")


def known_shares(
    limits: pd.DataFrame, estimates: pd.DataFrame | None, *, collected: bool, fixed: float = 0.02
) -> pd.DataFrame:
    """Return what is known of shares: of collected rows the estimates, else what the print allows.

    Rows that were reconstructed from printed numbers know no more than these numbers do. So of such
    rows no estimate and no sampling interval is taken.

    Parameters
    ----------
    limits
        One row per share: `limit_lower` and `limit_upper` (in [0, 1]), between which it lies by
        what is printed, `item_id`, and what else tells the shares apart: `group`, `weighting`,
        `base`.
    estimates
        The same shares from the rows: those of these columns that it has, `share`, `lower`,
        `upper`; None where nothing was asked. ValueError when a share stands in a table twice.
    collected
        Whether the rows were collected.
    fixed
        Limits no further apart than this fix the share, which is then the middle between them.

    Returns
    -------
    pandas.DataFrame
        The rows of `limits` with `share` (missing where nothing fixes it), `lower` and `upper`.

    Examples
    --------
    >>> limits = pd.DataFrame({
    ...     "item_id": ["I-1", "I-2"], "limit_lower": [0.5, 0.64], "limit_upper": [1.0, 0.66]})
    >>> drawn = pd.DataFrame({
    ...     "item_id": ["I-1", "I-2"], "share": [0.71, 0.65], "lower": 0.6, "upper": 0.8})
    >>> columns = ["share", "lower", "upper"]
    >>> known_shares(limits, drawn, collected=False)[columns].round(2).values.tolist()
    [[nan, 0.5, 1.0], [0.65, 0.64, 0.66]]
    """
    rows = limits.assign(share=None, lower=None, upper=None) if estimates is None else estimates
    keys = [k for k in ("item_id", "group", "weighting", "base") if {k} <= {*limits} & {*rows}]
    for name, table in (("limits", limits), ("estimates", rows)):
        if len(twice := table[table.duplicated(keys)]):
            raise ValueError(f"{name}: {quote(twice[keys].iloc[0])} stands there twice; keep one")
    if collected:
        found = limits.merge(rows[[*keys, "share", "lower", "upper"]], on=keys, how="left")
        known = found["limit_lower"].notna()  # what is withheld has no limits either
        return found.assign(**{c: found[c].where(known) for c in ("share", "lower", "upper")})
    ends = {"lower": limits["limit_lower"], "upper": limits["limit_upper"]}
    return limits.assign(share=fixed_share(limits, fixed), **ends)


def _flag(
    answers: pd.Series, item: Mapping[Any, Any], scales: Mapping[str, Scale] | None
) -> pd.Series:
    """Tell the answers that count from all others; both are levels, chosen or not."""
    if scales is not None:
        if item["scale"] not in scales:
            raise ValueError(
                f"{item['item_id']}: there is no scale {item['scale']!r} among {quote(scales)}"
            )
        answers = encode_answers(answers, scales[item["scale"]])
    levels = named([part.strip() for part in item["levels"].split(";")], item["item_id"])
    _, known = stored_codes(answers, item["item_id"], missing=True)
    unknown = [level for level in levels if level not in known]
    if unknown:
        raise ValueError(
            f"{item['item_id']}: {quote(unknown)} is not among the answers {quote(known)} of "
            f"column {answers.name!r}; correct the levels or, if nobody gave this answer, give "
            "scales="
        )
    hit, known_rows = answers.isin(levels).to_numpy(), answers.notna().to_numpy()
    return two_way(answers, hit, known_rows, COUNTED)
