"""Exact limits of shares: against hand arithmetic, enumeration and every draw."""

from itertools import product

import pandas as pd
import pytest

from auditing.reconstruction import Plan
from auditing.reconstruction.limits import share_limits


@pytest.fixture(scope="module")
def weightings(plan: Plan) -> pd.DataFrame:
    counts = plan.counts.set_index("district")
    return pd.DataFrame({"equal": 1.0, "none": counts["responses"]}, index=counts.index)


@pytest.fixture(scope="module")
def limits(plan: Plan, weightings: pd.DataFrame) -> pd.DataFrame:
    return share_limits(plan, weightings).set_index(["item_id", "weighting"])


def test_equal_districts_give_back_what_is_printed(limits: pd.DataFrame) -> None:
    row = limits.loc[("EPIC-I-007", "equal")]
    assert row.tolist() == pytest.approx([0.855, 0.865], abs=1e-4)


def test_no_weights_by_hand(plan: Plan, limits: pd.DataFrame) -> None:
    # "More than half" of equally weighted districts leaves half of one district's weight to spare
    # five times over: the largest district may be all against, the next half so.
    responses = plan.counts["responses"].sort_values(ascending=False).tolist()
    against = 0.0
    spare = len(responses) / 2
    for teachers in responses:
        part = min(1.0, spare)
        against, spare = against + part * teachers, spare - part
    lowest = 1 - against / sum(responses)
    row = limits.loc[("EPIC-I-010", "none")]
    assert row.tolist() == pytest.approx([lowest, 1], abs=1e-3)


def test_agrees_with_every_corner_of_one_item(plan: Plan, limits: pd.DataFrame) -> None:
    # Approximately 80 percent, nothing else: at a corner all districts but one are at 0 or 1.
    responses = plan.counts["responses"].to_numpy()
    found = []
    for mean in (0.775, 0.825):
        for free in range(5):
            for ends in product((0.0, 1.0), repeat=4):
                shares = [*ends[:free], 5 * mean - sum(ends), *ends[free:]]
                if 0 <= shares[free] <= 1:
                    found.append(responses @ shares / responses.sum())
    row = limits.loc[("EPIC-I-009", "none")]
    assert row.tolist() == pytest.approx([min(found), max(found)], abs=1e-4)


def test_no_draw_lies_outside(plan: Plan, weightings: pd.DataFrame, limits: pd.DataFrame) -> None:
    for seed in (1, 2):
        drawn = plan.draw(seed)
        rows = pd.concat([drawn.responses_web, drawn.responses_paper]).merge(drawn.roster)
        for item in plan.instrument.itertuples():
            hit = rows[item.column].isin(item.levels.split(";")).where(rows[item.column].notna())
            share = hit.groupby(rows["district"]).mean().astype(float)
            for name, weights in weightings.items():
                value = (share * weights).sum() / weights.sum()
                lower, upper = limits.loc[(item.item_id, name)]
                assert lower - 1e-4 <= value <= upper + 1e-4


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda w: w.iloc[1:], "each once"),
        (lambda w: w.rename(index={"Mercer": "Merser"}), "Merser"),
        (lambda w: -w, "column equal"),
        (lambda w: w * float("nan"), "column equal"),
        (lambda w: w * 0, "not all 0"),
    ],
)
def test_refuses(plan: Plan, weightings: pd.DataFrame, change, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        share_limits(plan, change(weightings))
