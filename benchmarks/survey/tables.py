"""Tables of answers: shares of forty items, with standard errors or without.

Ours gives shares, standard errors, intervals, design effects and degrees of freedom each time.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from contest import Contest, Prepared

from survey.data import Data, first_item

CONTEST = Contest()
SHARES_ONLY = "shares only: no standard errors, no intervals"
ONE_ITEM = "one of the forty items"


def ours(folder: Path, **design: Any) -> Prepared:
    """Tabulate all items."""
    from compendium.survey.estimates import SurveyDesign, tabulate

    data = Data(folder)
    run = partial(tabulate, data.answer_frame(), data.items, SurveyDesign(**design))
    return run, lambda table: first_item(table, "share", "se")


@CONTEST.enter("tabulate")
def ours_unweighted(folder: Path) -> Prepared:
    """Tabulate with every row counting once."""
    return ours(folder, weights=None)


@CONTEST.enter("tabulate_weighted")
def ours_weighted(folder: Path) -> Prepared:
    """Tabulate with a column of weights."""
    return ours(folder, weights="weight")


@CONTEST.enter("tabulate_study", "growth_study")
def ours_as_the_study(folder: Path) -> Prepared:
    """Tabulate with the study's weights, which differ from item to item."""
    from compendium.survey.weights import equal_group_weights

    rule = partial(equal_group_weights, group="district")
    return ours(folder, weights=rule, strata="district")


@CONTEST.enter("tabulate_clustered", "growth_clustered")
def ours_clustered(folder: Path) -> Prepared:
    """Tabulate with weights, strata and clusters."""
    return ours(folder, weights="weight", strata="stratum", clusters="unit")


def pandas(folder: Path, shares: Any) -> Prepared:
    """Compute the shares of each item from its groups."""
    data = Data(folder)
    frame = data.answer_frame()

    def run() -> Any:
        return [shares(frame, item) for item in data.items]

    return run, lambda found: {"share": found[0]}


@CONTEST.enter("tabulate", library="pandas", note=SHARES_ONLY)
def pandas_unweighted(folder: Path) -> Prepared:
    """Count rows by group."""

    def shares(frame: Any, item: str) -> Any:
        counts = frame.groupby(item, observed=False).size()
        return counts / counts.sum()

    return pandas(folder, shares)


@CONTEST.enter("tabulate_weighted", library="pandas", note=SHARES_ONLY)
def pandas_weighted(folder: Path) -> Prepared:
    """Sum weights by group."""

    def shares(frame: Any, item: str) -> Any:
        sums = frame.groupby(item, observed=False)["weight"].sum()
        return sums / sums.sum()

    return pandas(folder, shares)


@CONTEST.enter("tabulate_study", "growth_study", library="pandas", note=SHARES_ONLY)
def pandas_as_the_study(folder: Path) -> Prepared:
    """Count rows by district and answer; average the districts' shares."""

    def shares(frame: Any, item: str) -> Any:
        counts = frame.groupby(["district", item], observed=False).size().unstack()
        return counts.div(counts.sum(axis=1), axis=0).mean()

    return pandas(folder, shares)


def svy(folder: Path, **design: Any) -> Prepared:
    """Estimate the proportions of one item; the others take the same again."""
    import svy

    data = Data(folder)
    item = data.items[0]
    sample = svy.Sample(data.polars_frame([item]), svy.Design(wgt="weight", **design))
    run = partial(sample.estimation.prop, item, drop_nulls=True)
    return run, lambda found: first_item(found.to_polars().rename({"est": "share"}), "share", "se")


@CONTEST.enter("tabulate_weighted", library="svy", environment="peers", part=1 / 40, note=ONE_ITEM)
def svy_weighted(folder: Path) -> Prepared:
    """Estimate proportions with weights."""
    return svy(folder)


@CONTEST.enter("tabulate_clustered", library="svy", environment="peers", part=1 / 40, note=ONE_ITEM)
def svy_clustered(folder: Path) -> Prepared:
    """Estimate proportions with weights, strata and clusters."""
    return svy(folder, stratum="stratum", psu="unit")
