"""The block of data holds what the table holds, and nothing that a script tag could end early."""

import json

import pandas as pd
import pytest

from bookbuilder.site import record
from bookbuilder.site.interactive import settings

NAMES = record.root() / "data" / "published" / "epic_districts.csv"
TABLE = record.root() / "results" / "tables" / "explorer_settings.csv"


def frame() -> pd.DataFrame:
    one = {"row_id": "X-1", "claim": "One", "weighting": "none", "district": "all"}
    shares = {"share": 0.12346, "lower": 0.1, "upper": 0.2, "open_lower": None, "open_upper": None}
    counts = {
        "n": 10,
        "effective": 7.6,
        "cases_for": 1,
        "cases_against": 2,
        "cases_both": 0,
        "cases_heard": 3,
    }
    labels = {"label_0.00_0.10": "silence", "label_0.00_0.25": "dissonance"}
    return pd.DataFrame([one | shares | counts | labels])


def test_a_row_becomes_an_entry() -> None:
    found = settings(frame())
    assert found["rows"] == {
        "X-1|none|all": [[0.1235, 0.1, 0.2, None, None], [10, 8, 1, 2, 0, 3], [1, 0]]
    }
    assert found["labels"] == ["dissonance", "silence"]
    assert (found["zones"], found["parts"]) == ([0.0], [0.1, 0.25])
    json.dumps(found, allow_nan=False)


def test_every_combination_of_the_record_can_be_chosen() -> None:
    found = settings(pd.read_csv(TABLE))
    study = found["weightings"][0]
    assert study == "equal district"  # what the script falls back to
    chosen = {
        f"{row}|{weighting}|{district}"
        for row in found["statements"]
        for district in found["districts"]
        for weighting in (found["weightings"] if district == "all" else [study])
    }
    assert set(found["rows"]) == chosen
    pairs = len(found["zones"]) * len(found["parts"])
    assert {len(labels) for *_, labels in found["rows"].values()} == {pairs}


def test_a_district_without_interviews_has_no_label() -> None:
    labels = pd.read_csv(TABLE).set_index("district").filter(like="label_")
    asked = pd.read_csv(NAMES).set_index("district")["case_study"]
    for district, studied in asked.items():
        if district in labels.index:
            assert labels.loc[district].eq("not interviewed").to_numpy().all() != studied
            assert labels.loc[district].eq("not interviewed").to_numpy().any() != studied


def test_the_explorer_and_the_page_by_places_give_a_district_the_same_label() -> None:
    """Davis was silent on one page and spoke on the other while each decided by itself."""
    chosen = pd.read_csv(TABLE).set_index(["district", "row_id"])
    names = pd.read_csv(NAMES).query("case_study").set_index("district")["text_name"]
    places = pd.read_csv(TABLE.with_name("labels_by_district.csv")).set_index("row_id")
    compared = 0
    for district, name in names.items():
        for row_id, cell in places[name].items():
            row = chosen.loc[(district, row_id)]
            label, _, counts = cell.split("; ")
            assert row["label_0.05_0.25"] == label
            assert counts.startswith(f"{row['cases_for']} for, {row['cases_against']} against")
            compared += 1
    assert compared == 45


def test_a_missing_column_is_refused() -> None:
    with pytest.raises(KeyError, match="share"):
        settings(frame().drop(columns="share"))
