import pytest

from auditing.reconstruction import Settings, constraints, prepare
from auditing.reconstruction.claim_constraints import claims_not_asked
from auditing.reconstruction.readings import READINGS


def test_each_constraint_has_an_identity_and_a_source(plan):
    table = plan.constraints
    assert table["constraint_id"].is_unique
    sourced = table["claim_id"].notna() | table["table"].notna() | (table["basis"] == "structure")
    assert sourced.all()
    assert (table["lower"] <= table["upper"]).all()
    assert (table["allowed_lower"] <= table["lower"]).all()
    assert (table["allowed_upper"] >= table["upper"]).all()


def test_every_cell_of_the_two_tables_is_a_constraint(plan, tables):
    cells = plan.constraints["table"].value_counts()
    assert cells["epic_table3_representativeness"] == 3 * 29
    assert cells["epic_table2_response_rates"] == 3 * 5 + 2  # and the derived district's counts


def test_every_printed_bound_of_an_item_is_a_constraint(plan, tables):
    items = tables["epic_items"].dropna(subset=["lower", "upper"])
    shares = plan.constraints[plan.constraints["kind"] == "share"].set_index("items")
    for item in items.to_dict("records"):
        bounds = shares.loc[[item["item_id"]], ["lower", "upper"]].to_numpy().tolist()
        assert [item["lower"], item["upper"]] in bounds, item["item_id"]


def test_readings_name_real_claims_and_say_why(tables):
    known = set(tables["claims"]["claim_id"])
    read = {reading.claim_id for reading in READINGS}
    assert read <= known
    for reading in READINGS:
        assert reading.bounds is None or reading.why, reading.claim_id


def test_only_contradictory_cells_are_widened(plan):
    table = plan.constraints
    below = table["allowed_lower"] < table["lower"]
    wide = table[below | (table["allowed_upper"] > table["upper"])]
    assert len(wide) == 19
    assert set(wide["row"].str.partition(" / ")[0]) == {"Race", "Teacher Grade Level"}


def test_settings_reach_the_constraints(tables):
    table = constraints(tables, Settings(in_line_points=4.0))
    lines = table[table["kind"] == "deviation"]
    assert set(lines["upper"]) == {4.0}


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("claims", lambda t: t[t["claim_id"] != "EPIC-C-057"], "EPIC-C-057 has 0 rows"),
        (
            "claims",
            lambda t: t.assign(lower=t["lower"].where(t["claim_id"] != "EPIC-C-057", 99.0)),
            r"EPIC-C-057 has the interval \[99.0, 86.5\]",
        ),
        (
            "epic_items",
            lambda t: t.assign(lower=t["lower"].where(t["item_id"] != "EPIC-I-007", 80.0)),
            r"EPIC-I-007 has the interval \(80.0, 86.5\), but EPIC-C-057 has \(85.5, 86.5\)",
        ),
    ],
)
def test_tables_that_do_not_fit_together_are_refused(tables, name, change, message):
    with pytest.raises(ValueError, match=message):
        prepare({**tables, name: change(tables[name])})


def test_a_missing_table_is_named(tables):
    with pytest.raises(ValueError, match="'scales' is missing"):
        prepare({name: table for name, table in tables.items() if name != "scales"})


def test_a_question_that_was_not_asked_is_no_constraint(tables):
    asked = tables["instrument"][tables["instrument"]["item_id"] != "EPIC-I-007"]
    assert "EPIC-C-057" in claims_not_asked(asked)
    assert not claims_not_asked(tables["instrument"])
    every = constraints(tables)
    fewer = constraints(tables | {"instrument": asked})
    about = every["items"].fillna("").str.split(";").map(lambda items: "EPIC-I-007" in items)
    assert set(fewer["constraint_id"]) == set(every.loc[~about, "constraint_id"])
