"""What R's survey package gives, read once; see tests/oracles/survey/expected.R."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from compendium.survey import SurveyDesign, Weights, poststratify, rake

ORACLES = Path(__file__).parents[2] / "oracles" / "survey"
ANSWERS = ["strongly disagree", "disagree", "agree", "strongly agree"]
MARGINS = {
    "sex": {"female": 1000, "male": 510},
    "age": {"under 35": 430, "35 to 50": 600, "over 50": 480},
    "kind": {"primary": 470, "secondary": 720, "mixed": 320},
}
CELLS = {
    ("female", "under 35"): 290,
    ("male", "under 35"): 140,
    ("female", "35 to 50"): 400,
    ("male", "35 to 50"): 200,
    ("female", "over 50"): 310,
    ("male", "over 50"): 170,
}


def _read(name: str) -> pd.DataFrame:
    frame = pd.read_csv(ORACLES / name)
    for item in {"q1", "q2"} & set(frame.columns):
        frame[item] = pd.Categorical(frame[item], ANSWERS, ordered=True)
    return frame


@pytest.fixture(scope="session")
def one_stage() -> pd.DataFrame:
    frame = _read("one_stage.csv").assign(everyone=1510.0)
    out = (frame["age"].eq("over 50") & frame["stratum"].ne("east")) | frame["cluster"].eq("S07")
    return frame.assign(thinned=frame["weight"].mask(out, 0))


@pytest.fixture(scope="session")
def two_stage() -> pd.DataFrame:
    return _read("two_stage.csv")


@pytest.fixture(scope="session")
def frames(one_stage: pd.DataFrame, two_stage: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    return one_stage, two_stage


@pytest.fixture(scope="session")
def expected() -> pd.DataFrame:
    text = dict.fromkeys(("design", "estimator", "variable", "group", "level"), str)
    return pd.read_csv(ORACLES / "expected.csv", dtype=text, keep_default_na=False)


@pytest.fixture(scope="session")
def margins() -> dict[str, dict[str, int]]:
    return MARGINS


@pytest.fixture(scope="session")
def cells() -> dict[tuple[str, str], int]:
    return CELLS


@pytest.fixture(scope="session")
def weightings(one_stage: pd.DataFrame) -> dict[str, Weights]:
    """The weights that R made by calibration, made here."""
    return {
        "poststratified": poststratify(one_stage, ["sex", "age"], CELLS, base="weight"),
        "raked": rake(one_stage, MARGINS, base="weight"),
        "raked_by_rake": rake(one_stage, MARGINS, base="weight", standard_error="rake"),
        "raked_unweighted": rake(one_stage, MARGINS),
        "raked_bounded": rake(one_stage, MARGINS, base="weight", bounds=(0.82, 1.5)),
    }


@pytest.fixture(scope="session")
def designs(one_stage: pd.DataFrame, weightings: dict[str, Weights]) -> dict[str, SurveyDesign]:
    """The designs of expected.R under the same names."""
    schools = {"clusters": "cluster", "strata": "stratum"}
    found = {
        "simple": SurveyDesign(None),
        "simple_fpc": SurveyDesign(None, population_size="everyone"),
        "weighted": SurveyDesign("weight"),
        "stratified": SurveyDesign("weight", strata="stratum"),
        "stratified_fpc": SurveyDesign(
            "weight", strata="stratum", population_size="teachers_in_stratum"
        ),
        "clustered": SurveyDesign("weight", clusters="cluster"),
        "stratified_clustered": SurveyDesign("weight", **schools),
        "stratified_clustered_fpc": SurveyDesign(
            "weight", population_size="schools_in_stratum", **schools
        ),
        "two_stage": SurveyDesign("weight", clusters=["school", "teacher"]),
        "two_stage_fpc": SurveyDesign(
            "weight", clusters=["school", "teacher"], population_size=["schools", "teachers"]
        ),
    }
    found["zero_weights"] = SurveyDesign("thinned", **schools)
    found["zero_weights_rows"] = SurveyDesign("thinned", strata="stratum")
    margins = {name: MARGINS[name] for name in ("sex", "kind")}
    thinned = rake(one_stage, margins, base="thinned")
    found["zero_weights_raked"] = SurveyDesign(thinned, **schools)
    for name, weights in weightings.items():
        found[name] = SurveyDesign(weights, **schools)
    return {**found, "raked_unweighted": SurveyDesign(weightings["raked_unweighted"])}


@pytest.fixture(scope="session")
def digits() -> Callable[[pd.Series, pd.Series], float]:
    """Number of digits in which the worst of two series of numbers agrees."""

    def count(found: pd.Series, wanted: pd.Series) -> float:
        found, wanted = np.asarray(found, dtype=float), np.asarray(wanted, dtype=float)
        assert len(wanted) > 0
        assert np.isfinite(found).all()
        error = np.abs(found - wanted) / np.where(wanted == 0, 1, np.abs(wanted))
        return float(-np.log10(max(error.max(), 1e-17)))

    return count
