"""Bootstrap of tables: clusters drawn anew within strata, two hundred times."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from contest import Contest, Prepared

from survey.data import Data, first_item

CONTEST = Contest()
REPLICATES = 200


def ours(folder: Path, weights: Any) -> Prepared:
    """Tabulate all items in all replicates."""
    from compendium.survey import SurveyDesign, bootstrap

    data = Data(folder)
    design = SurveyDesign(weights, strata="stratum", clusters="unit")
    run = partial(bootstrap, data.answer_frame(), data.items, design, replicates=REPLICATES)
    return run, lambda table: first_item(table, "share")  # the errors are random


@CONTEST.enter("bootstrap")
def ours_weighted(folder: Path) -> Prepared:
    """Resample with a column of weights."""
    return ours(folder, "weight")


@CONTEST.enter("bootstrap_study")
def ours_as_the_study(folder: Path) -> Prepared:
    """Resample with the study's weights, which differ from item to item."""
    from compendium.survey import equal_group_weights

    return ours(folder, partial(equal_group_weights, group="district"))


@CONTEST.enter(
    "bootstrap",
    library="svy",
    environment="peers",
    part=8 / 40,
    note="eight of the forty items; its replicate weights are made beforehand and not counted",
)
def svy_weighted(folder: Path) -> Prepared:
    """Estimate items with replicate weights."""
    import svy

    data = Data(folder)
    items = data.items[:8]
    design = svy.Design(wgt="weight", stratum="stratum", psu="unit")
    sample = svy.Sample(data.polars_frame(items), design)
    prop = sample.weighting.create_bs_wgts(REPLICATES, rstate=1).estimation.prop

    def run() -> Any:
        return [prop(item, method="replication", drop_nulls=True) for item in items]

    return run, lambda found: {"share": found[0].to_polars()["est"]}


@CONTEST.enter(
    "bootstrap_study",
    library="svy",
    environment="peers",
    part=2 / 40,
    note="two of the forty items, each a design with replicate weights of its own; weights given",
)
def svy_as_the_study(folder: Path) -> Prepared:
    """Make replicate weights for each item, then estimate it."""
    import polars as pl
    import svy

    data = Data(folder)
    frame = data.polars_frame(data.items[:2])
    frames = {
        item: frame.drop_nulls(item).with_columns(weight=1 / pl.len().over("district"))
        for item in data.items[:2]
    }
    design = svy.Design(wgt="weight", stratum="stratum", psu="unit")

    def run() -> Any:
        found = []
        for item, one in frames.items():
            sample = svy.Sample(one, design).weighting.create_bs_wgts(REPLICATES, rstate=1)
            found.append(sample.estimation.prop(item, method="replication"))
        return found

    return run, lambda found: {"share": found[0].to_polars()["est"]}
