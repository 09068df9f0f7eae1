"""A case is one person in one document, by the register of speakers or by role."""

import pandas as pd
import pytest

from compendium.coding.cases import segment_cases, split_multiple, with_cases


def test_by_role_only_individuals_are_cases(segments):
    found = segment_cases(segments)["case"]
    assert found.isna().tolist() == [False, False, True, True]
    assert found.dropna().unique().tolist() == ["a/Maya"]


def test_the_same_name_in_two_documents_is_two_cases(segments):
    segments.loc[2, ["speaker", "speaker_role"]] = ["Maya", "teacher"]
    assert segment_cases(segments)["case"].nunique() == 2


def test_a_named_group_speaks_for_its_members(segments, speakers):
    rows = segment_cases(segments, speakers)
    assert rows["case"].dropna().tolist() == ["a/Maya", "a/Maya", "b/Mark", "b/Spencer"]
    assert rows["segment_id"].tolist() == ["S1", "S2", "S3", "S4", "S4"]


def test_with_cases_keeps_every_application(applications, segments, speakers):
    applications.loc[7, "segment_id"] = "S4"
    applications.loc[7, "rank"] = 1
    joined = with_cases(applications, segments, speakers)
    assert len(joined) == len(applications) + 1
    assert joined.query("segment_id == 'S4'")["case"].tolist() == ["b/Mark", "b/Spencer"]
    by_role = with_cases(applications, segments)
    pd.testing.assert_frame_equal(by_role[applications.columns], applications)


def test_the_register_of_the_evidence_covers_every_speaker(evidence):
    rows = segment_cases(evidence["segments"], evidence["speakers"])
    people = {
        f"{row.document}/{name}"
        for row in evidence["speakers"].dropna().itertuples()
        for name in row.participants.split(";")
    }
    assert set(rows["case"].dropna()) <= people
    assert set(rows["segment_id"]) == set(evidence["segments"]["segment_id"])


def test_a_speaker_that_the_register_does_not_know(segments, speakers):
    segments.loc[0, "speaker"] = "Maja"
    with pytest.raises(ValueError, match=r"row 0, column speaker: 'Maja'.*did you mean 'Maya'"):
        with_cases(pd.DataFrame({"segment_id": ["S1"], "code": ["x"]}), segments, speakers)


def test_a_register_with_a_speaker_twice(segments, speakers):
    with pytest.raises(ValueError, match="row 3: a speaker that is there before"):
        segment_cases(segments, pd.concat([speakers, speakers.head(1)], ignore_index=True))


def test_bad_input(applications, segments):
    with pytest.raises(ValueError, match="'S1' is not among the segments"):
        with_cases(applications, segments.drop(index=0))
    with pytest.raises(ValueError, match="already has the column"):
        with_cases(with_cases(applications, segments), segments)
    segments.loc[1, "speaker_role"] = None
    with pytest.raises(ValueError, match="row 1, column speaker_role: empty"):
        segment_cases(segments)


def test_a_cell_with_several_districts_becomes_several_rows():
    frame = pd.DataFrame({"segment_id": ["S1", "S2", "S3"], "district": ["M; L", "L", None]})
    split = split_multiple(frame, "district")
    assert split["segment_id"].tolist() == ["S1", "S1", "S2", "S3"]
    assert split["district"].fillna("").tolist() == ["M", "L", "L", ""]


def test_segments_that_know_their_cases_keep_them(applications):
    known = pd.DataFrame(
        {"segment_id": ["S1", "S2", "S2", "S3"], "case": ["Ada", "Ada", "Ben", None]}
    )
    joined = with_cases(applications, known)
    assert len(joined) == len(applications) + 3
    assert set(joined.query("segment_id == 'S2'")["case"]) == {"Ada", "Ben"}
    assert joined.query("segment_id == 'S3'")["case"].isna().all()
    with pytest.raises(ValueError, match="row 4: a segment and case there before"):
        with_cases(applications, pd.concat([known, known.head(1)], ignore_index=True))


def test_any_column_of_the_segments_clashes(applications, segments):
    for column in ("document", "speaker"):
        with pytest.raises(ValueError, match=rf"already has the column\(s\) {column} of"):
            with_cases(applications.assign(**{column: "x"}), segments)
