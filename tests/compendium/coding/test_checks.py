"""Every fault is named with row, column, value and way out; sound frames pass."""

import pandas as pd
import pytest

from compendium.coding.checks import check_applications, check_codes, check_segments

CODES = ["pace", "policy", "time"]


def test_sound_frames_pass(applications, segments):
    check_applications(applications, codes=CODES, segments=segments)
    check_segments(segments, ["document", "speaker"])


def test_the_evidence_passes(evidence):
    codes = evidence["codebook"]["code"]
    check_applications(evidence["applications"], codes=codes, segments=evidence["segments"])


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("code", "polisy", "row 3, column code: 'polisy' is not in the codebook; did you mean"),
        ("code", None, "row 3, column code: empty"),
        ("direction", "helpz", "row 3, column direction: 'helpz' is not a direction"),
        ("coder", None, "row 3, column coder: empty"),
        ("code", "pace", "row 3: the application segment_id 'S2', coder 'A', code 'pace' is there"),
        ("rank", 3, "segment_id 'S2', coder 'A', column rank: [1, 3] must run"),
        ("rank", 1, "segment_id 'S2', coder 'A', column rank: [1, 1] must run"),
        ("rank", 0, "segment_id 'S2', coder 'A', column rank: [0, 1] must run"),
    ],
)
def test_one_fault_is_named(applications, segments, column, value, message):
    applications.loc[3, column] = value
    with pytest.raises(ValueError, match="applications: 1 fault") as error:
        check_applications(applications, codes=CODES, segments=segments)
    assert message in str(error.value)


def test_an_unknown_segment(applications, segments):
    applications.loc[5, "segment_id"] = "S9"
    with pytest.raises(ValueError, match="row 5, column segment_id: 'S9' is not among"):
        check_applications(applications, segments=segments)


def test_all_faults_come_at_once(applications, segments):
    applications.loc[0, "code"] = "pase"
    applications.loc[5, "direction"] = "up"
    applications.loc[7, "rank"] = 5
    with pytest.raises(ValueError, match="3 faults") as error:
        check_applications(applications, codes=CODES, segments=segments)
    assert all(word in str(error.value) for word in ("'pase'", "'up'", "[1, 5]"))


def test_a_flood_of_faults_is_cut_short():
    flood = pd.DataFrame({"segment_id": ["S1"] * 50, "code": ["x"] * 50})
    with pytest.raises(ValueError, match="and 29 more"):
        check_applications(flood)


def test_a_missing_column_names_those_present(applications):
    with pytest.raises(ValueError, match="no column code; the columns are segment_id, coder"):
        check_codes(applications.drop(columns="code"))


def test_one_wrong_code_in_many_rows_is_one_fault(applications):
    with pytest.raises(ValueError, match="row 0, 1, 2, 4, column code: 'pace' is not in"):
        check_codes(applications, ["policy", "time"])


def test_segments_listed_twice_or_without_document(segments):
    with pytest.raises(ValueError, match="row 4, column segment_id: 'S1' is there twice"):
        check_segments(pd.concat([segments, segments.head(1)], ignore_index=True))
    segments.loc[2, "document"] = None
    with pytest.raises(ValueError, match="row 2, column document: empty"):
        check_segments(segments, ["document"])


def test_rows_of_a_value_are_counted_beyond_the_first_five():
    rows = pd.DataFrame({"segment_id": [f"S{i}" for i in range(6)], "code": "pase"})
    with pytest.raises(ValueError, match="row 0, 1, 2, 3, 4 and 1 more, column code: 'pase'"):
        check_codes(rows, ["pace"])
    with pytest.raises(ValueError, match="row 0, 1, 2, 3, 4, column code: 'pase'"):
        check_codes(rows.head(5), ["pace"])
