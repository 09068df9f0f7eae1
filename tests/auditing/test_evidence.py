"""Evidence from comparisons, recorded values and constraints; nothing decides more than it may."""

from math import asin
from pathlib import Path

import pandas as pd
import pytest
import study_rows
from hypothesis import given
from hypothesis import strategies as st

from auditing.deciding import deciding_rows
from auditing.evidence import (
    BASES,
    UNDECIDED,
    of_cells,
    of_checks,
    of_comparisons,
)
from auditing.ledger import RANK
from auditing.reconstruction import TABLES, constraints
from compendium import data, files

ROOT = Path(__file__).parents[2]

CLAIMS = pd.DataFrame(
    {
        "claim_id": ["C-1", "C-2", "C-3"],
        "lower": [72.5, 90.0, None],
        "upper": [73.5, None, None],
        "lower_open": [False, True, False],
        "upper_open": False,
        "unit": "percent",
    }
)
BLANK = dict.fromkeys(["value", "lower", "upper", "lower_open", "upper_open", "unit", "needs"])
OPEN = BLANK | {"basis": "none", "why": None}
VALUES = ("rates.overall", "rows.overall")


def checks(claim: str = "C-1", **changed: object) -> pd.DataFrame:
    """Return checks of all claims, the others left open."""
    own = {"claim_id": claim} | BLANK | {"value": "rates.overall", "basis": "printed"}
    own |= {"why": "Counted."} | changed
    others = [{"claim_id": one} | OPEN for one in CLAIMS["claim_id"] if one != claim]
    return pd.DataFrame([own, *others])


def told(number: float, claim: str = "C-1", *, real: bool = False, **changed: object) -> pd.Series:
    found = of_checks(
        CLAIMS,
        checks(claim, **changed),
        dict.fromkeys(VALUES, number),
        constrained=["C-1"],
        from_rows=["rows"],
        voices=pd.DataFrame({"value": ["overall"], "decided": [False], "counts": ["1 of 2."]}),
        reconstructed=not real,
    )
    return found.set_index("key").loc[claim]


@pytest.mark.parametrize(
    ("value", "key", "basis", "expected"),
    [
        (72.67, "rates.overall", "printed", "reproduced"),
        (72.67, "rates.overall", "compared", "consistent"),
        (72.67, "rates.overall", "internal", "consistent"),
        (72.67, "rows.overall", "constraint", "by construction"),
        (72.5, "rates.overall", "printed", "reproduced"),
        (73.5 + 1e-9, "rates.overall", "printed", "reproduced"),
        (72.5 - 1e-9, "rates.overall", "printed", "reproduced"),
        (73.5 + 1e-4, "rates.overall", "printed", "contradicted"),
        (72.5 - 1e-4, "rates.overall", "printed", "contradicted"),
        (73.6, "rates.overall", "printed", "contradicted"),
        (73.6, "rates.overall", "compared", "contradicted"),
        (73.6, "rates.overall", "internal", "internally impossible"),
        (72.67, "rates.overall", "voices", UNDECIDED),
    ],
)
def test_what_a_value_says(value: float, key: str, basis: str, expected: str) -> None:
    assert told(value, value=key, basis=basis)["verdict"] == expected


def test_a_check_without_a_basis_keeps_its_words() -> None:
    assert told(73, "C-3", basis="none", value=None, why="Nobody says.")["why"] == "Nobody says."


def test_over_90_is_above_90() -> None:
    assert told(90.1, "C-2")["verdict"] == "reproduced"
    assert told(90.0, "C-2")["verdict"] == "contradicted"


def test_a_comparison_needs_a_reading_with_its_own_limits() -> None:
    assert told(21, "C-3", lower=0, lower_open=True)["verdict"] == "reproduced"
    assert told(0, "C-3", lower=0, lower_open=True)["verdict"] == "contradicted"
    assert told(0, "C-3", lower=0)["verdict"] == "reproduced"
    with pytest.raises(ValueError, match="row 2: C-3 has no interval"):
        told(21, "C-3")


def test_a_reading_may_measure_something_else_but_not_move_the_limits() -> None:
    assert told(0, upper=0, unit="rates outside")["verdict"] == "reproduced"
    assert told(1, upper=0, unit="rates outside")["verdict"] == "contradicted"
    with pytest.raises(ValueError, match="not move what the words allow"):
        told(50, lower=0, upper=100)


@given(st.floats(-200, 200))
def test_reconstructed_rows_never_reproduce_and_never_contradict(value: float) -> None:
    try:
        assert told(value, value="rows.overall", basis="constraint")["verdict"] == "by construction"
    except ValueError as error:
        assert "they are broken and contradict nothing" in str(error)
        assert not 72.5 <= value <= 73.5


def test_collected_rows_recompute() -> None:
    of_rows = {"value": "rows.overall", "basis": "constraint", "real": True}
    assert told(73, **of_rows)["verdict"] == "reproduced"
    assert told(74, **of_rows)["verdict"] == "contradicted"
    assert told(73, **of_rows)["why"] == "Counted from the survey rows."
    beyond = "Counted from the survey rows, 2.5 outside what is printed."
    assert {told(number, **of_rows)["why"] for number in (70, 76)} == {beyond}


def test_too_few_voices_are_said_with_their_counts() -> None:
    assert told(73, basis="voices")["why"] == "Counted. 1 of 2. Too few voices."
    enough = pd.DataFrame({"value": ["overall"], "decided": [True], "counts": ["9 of 9."]})
    values = dict.fromkeys(VALUES, 73.0)
    found = of_checks(CLAIMS, checks(basis="voices"), values, voices=enough).iloc[0]
    assert (found["why"], found["verdict"]) == ("Counted. 9 of 9.", "reproduced")
    with pytest.raises(ValueError, match="no voices are counted"):
        of_checks(CLAIMS, checks(basis="voices"), dict.fromkeys(VALUES, 73.0))


@pytest.mark.parametrize("basis", ["printed", "compared", "internal"])
def test_a_value_from_the_rows_is_refused_as_evidence(basis: str) -> None:
    with pytest.raises(ValueError, match="is of a run that reads the reconstructed rows"):
        told(73, value="rows.overall", basis=basis)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"claim": "C-4"}, "row 2: no claim 'C-4'; did you mean"),
        ({"value": "rates.overal"}, "row 2: no recorded value 'rates.overal'; did you mean"),
        ({"basis": "print"}, "row 2: no basis 'print'; did you mean 'printed'"),
        ({"value": None}, "C-1 has basis printed but no value, so no evidence"),
        ({"basis": "none"}, "has basis none but the value 'rates.overall'"),
        ({"basis": "constraint"}, "does not rest on the reconstructed rows"),
    ],
)
def test_refuses_unknown_names_and_values_without_evidence(changed: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        told(73, **changed)


def test_refuses_a_claim_checked_twice_or_not_at_all() -> None:
    values = dict.fromkeys(VALUES, 73.0)
    with pytest.raises(ValueError, match="row 5: C-1 is checked twice"):
        of_checks(CLAIMS, pd.concat([checks(), checks()[:1]], ignore_index=True), values)
    with pytest.raises(ValueError, match="no check for C-2, C-3; every claim needs one"):
        of_checks(CLAIMS, checks()[:1], values)
    with pytest.raises(ValueError, match="C-2 has basis constraint, but it was no constraint"):
        told(95, "C-2", value="rows.overall", basis="constraint")


def comparison(**changed: object) -> pd.DataFrame:
    row = {"check": "bound", "subject": "R-001", "implied": "Why.", "arithmetic": "1 is 1"}
    row |= {"consistent": True, "bears_on": "E-C-001;[T: a, b];EPIC-012", "recomputes": ""}
    return pd.DataFrame([row | {"at_fault": "", "impossible": False} | changed])


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ["consistent", "consistent"]),
        ({"recomputes": "[T: a, b]"}, ["consistent", "reproduced"]),
        ({"consistent": False}, ["contradicted", "contradicted"]),
        ({"consistent": False, "impossible": True}, ["internally impossible"] * 2),
        ({"consistent": False, "at_fault": "E-C-001"}, ["contradicted", UNDECIDED]),
        ({"consistent": False, "at_fault": "E-C-001;[T: a, b]"}, ["contradicted"] * 2),
        ({"consistent": False, "at_fault": "none"}, [UNDECIDED, UNDECIDED]),
        ({"recomputes": "E-C-001;[T: a, b]"}, ["reproduced"] * 2),
        ({"consistent": pd.NA}, [UNDECIDED, UNDECIDED]),
    ],
)
def test_a_comparison_speaks_of_both_sides(changed: dict, expected: list[str]) -> None:
    found = of_comparisons(comparison(**changed))
    assert found["key"].tolist() == ["E-C-001", "[T: a, b]"]  # a segment has no verdict
    assert found["verdict"].tolist() == expected


@pytest.mark.parametrize(
    ("check", "why"),
    [("list", "Counted in the text: Why."), ("bound", "Why."), ("sum", "Why.")],
)
def test_what_was_counted_in_the_text_is_said_so(check: str, why: str) -> None:
    assert of_comparisons(comparison(check=check))["why"].tolist() == [why, why]


def test_cells_met_only_where_the_print_was_not_widened() -> None:
    cells = pd.DataFrame(
        {"cell_id": ["T: a, b", "T: c, b", "T: d, b"], "table": "t", "row": ["a", "c", "d"],
         "column": "b", "derived": [None, None, "Left over."], "recomputed": [None, None, 3.0]}
    )  # fmt: skip
    for below, above in [(0.5, 2.0), (1.0, 2.5)]:
        found = of_cells(cells, constrained([1.5, 0.6], below, above))
        assert found[["key", "verdict"]].to_numpy().tolist() == [
            ["[T: a, b]", "by construction"], ["[T: d, b]", "derived"],
        ]  # fmt: skip


def constrained(achieved: list[float], below: float, above: float) -> pd.DataFrame:
    """Return constraints on two cells, the second one's print widened to the limits named."""
    return pd.DataFrame(
        {"table": "t", "row": ["a", "c"], "column": "b", "lower": 1.0, "upper": 2.0,
         "allowed_lower": [1.0, below], "allowed_upper": [2.0, above], "achieved": achieved}
    )  # fmt: skip


@pytest.mark.parametrize(("counted", "beyond"), [(0.6, "0.4"), (2.7, "0.7"), (1.5, None)])
def test_collected_rows_decide_each_cell_anew(counted: float, beyond: str | None) -> None:
    cells = pd.DataFrame(
        {"cell_id": ["T: a, b", "T: c, b"], "table": "t", "row": ["a", "c"], "column": "b",
         "derived": None, "recomputed": None}
    )  # fmt: skip
    found = of_cells(cells, constrained([1.0, counted], 1.0, 2.0), reconstructed=False)
    outside = f", {beyond} outside what is printed" if beyond else ""
    assert found[["verdict", "why"]].to_numpy().tolist() == [
        ["reproduced", "Counted from the survey rows."],
        ["contradicted" if beyond else "reproduced", f"Counted from the survey rows{outside}."],
    ]


@pytest.mark.parametrize("reconstructed", [True, False])
def test_response_rates_follow_from_the_roster_not_from_answers(reconstructed: bool) -> None:
    cells = pd.DataFrame(
        {"cell_id": ["T: a, r", "T: a, z"], "table": "t", "row": "a", "derived": None,
         "column": ["response_rate_percent", "z"], "recomputed": None}
    )  # fmt: skip
    made = constrained([1.5, 1.5], 1.0, 2.0).assign(row="a", column=cells["column"])
    assert of_cells(cells, made, reconstructed=reconstructed)["key"].tolist() == ["[T: a, z]"]


ROWS = pd.DataFrame(
    {
        "claim_id": ["C-1"] * 4,
        "unit": ["percent"] * 3 + ["points"],
        "lower": [0.0, 0.0, -50.0, 0.0],
        "upper": [50.0, 60.0, 50.0, 100.0],
        "achieved": [3.5, 40.1, -45.0, 99.0],
    }
)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("largest", 40.1), ("smallest", -45.0), ("widest", -45.0), ("tightest", 3.5)],
)
def test_the_row_that_decides_is_the_one_the_rule_names(rule: str, expected: float) -> None:
    one = pd.DataFrame(
        {"claim_id": ["C-1"], "basis": ["constraint"], "unit": [None], "decides": [rule]}
    )
    assert deciding_rows(ROWS, CLAIMS, one)["achieved"].tolist() == [expected]
    with pytest.raises(ValueError, match="3 constraints in percent; say under decides which"):
        deciding_rows(ROWS, CLAIMS, one.assign(decides=None))
    with pytest.raises(ValueError, match="0 constraints in hours; give the unit"):
        deciding_rows(ROWS, CLAIMS, one.assign(unit="hours"))


def test_values_on_record_are_those_that_their_rules_name(values: dict) -> None:
    """Recompute each deciding value from the table that it is taken from.

    Collected rows may not ask a question, or withhold an answer of few persons: then there is none.
    """
    rows = pd.read_csv(ROOT / "results/tables/survey_constraints.csv")
    listed = data.load("claim_checks").query("basis == 'constraint'")
    units = data.load("claims").set_index("claim_id")["unit"]
    rules = {"largest": max, "smallest": min, "widest": lambda found: max(found, key=abs)}
    seen = set()
    for check in listed.to_dict("records"):
        name = check["claim_id"]
        unit = units[name] if pd.isna(check["unit"]) else check["unit"]
        own = rows[rows["claim_id"] == name]
        if own.empty or own["withheld"].any():
            assert study_rows.COLLECTED, name
            assert check["value"] not in values, name
            continue
        own = own.loc[own["unit"] == unit, "achieved"].tolist()
        rule = rules.get(check["decides"], lambda found: found[0])
        assert values[check["value"]]["value"] == pytest.approx(rule(own)), name
        seen.add(check["decides"])
    assert study_rows.COLLECTED or seen >= set(rules)


def test_rules_of_the_other_values(values: dict) -> None:
    table3 = data.load("epic_table3_representativeness").set_index("category")
    arcs = 2 * (table3[["sample_percent", "population_percent"]] / 100).pow(0.5).map(asin)
    sizes = arcs["sample_percent"] - arcs["population_percent"]
    two = [sizes[name] for name in ("Special Education", "Physical Education")]
    assert values["claims.under_h"]["value"] == pytest.approx(max(two))  # the nearer to zero
    claims = data.load("claims").set_index("claim_id")
    middle = (claims["lower"] + claims["upper"]) / 200
    ends = [2 * asin(middle[f"PADG-C-0{k}"] ** 0.5) for k in ("12", "13", "09")]
    two = [end - ends[2] for end in ends[:2]]
    nearest = min(two, key=lambda h: min(h, 0.2 - h))
    assert values["claims.dropout_h"]["value"] == pytest.approx(nearest)


@pytest.fixture(scope="module")
def values() -> dict:
    return files.read_json(ROOT / "results/values.json")


def test_bases_lead_to_known_verdicts() -> None:
    assert {word for basis in BASES.values() for word in basis} <= set(RANK)


def test_every_claim_of_the_ledger_has_a_check_and_only_constraints_are_by_construction() -> None:
    claims, listed = data.load("claims"), data.load("claim_checks")
    bound = constraints({name: data.load(name) for name in TABLES})["claim_id"].dropna()
    assert set(listed["claim_id"]) == set(claims.loc[claims["left_out"].isna(), "claim_id"])
    assert set(listed.loc[listed["basis"] == "constraint", "claim_id"]) <= set(bound)
