"""The compendium's own corpus goes out and comes back whole."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from exchange_files import sort

from compendium import data
from qda_exchange import (
    CodedProject,
    applications_of,
    codebook_of,
    codes_of,
    from_corpus,
    read,
    write_csv,
    write_qdc,
    write_qdpx,
)


@pytest.fixture(scope="module")
def tables(project_root: Path) -> dict[str, pd.DataFrame]:
    names = ("segments", "applications", "codebook", "speakers")
    return {name: data.load(name, root=project_root) for name in names}


@pytest.fixture(scope="module")
def corpus(tables: dict[str, pd.DataFrame]) -> CodedProject:
    return from_corpus(**tables)


@pytest.fixture(scope="module")
def returned(corpus: CodedProject) -> CodedProject:
    imported = read(write_qdpx(corpus, "corpus"), "corpus.qdpx")
    assert not len(imported.report.frame().query("kind != 'choice'"))
    return imported.project


def test_applications_come_back_with_rank_and_direction(
    returned: CodedProject, tables: dict[str, pd.DataFrame]
) -> None:
    pd.testing.assert_frame_equal(sort(applications_of(returned)), sort(tables["applications"]))


def test_the_codebook_comes_back(
    corpus: CodedProject, returned: CodedProject, tables: dict[str, pd.DataFrame]
) -> None:
    pd.testing.assert_frame_equal(codebook_of(returned.codes), tables["codebook"])
    codes = read(write_qdc(corpus.codes), "corpus.qdc").project.codes
    pd.testing.assert_frame_equal(codebook_of(codes), tables["codebook"])


def test_every_segment_comes_back_with_its_words_and_people(
    returned: CodedProject, corpus: CodedProject, tables: dict[str, pd.DataFrame]
) -> None:
    texts = returned.sources.set_index("source")["text"]
    units = returned.units.drop_duplicates("unit").set_index("unit")
    for segment in tables["segments"].itertuples():
        unit = units.loc[segment.segment_id]
        assert texts[unit["source"]][unit["start"] : unit["end"]] == segment.summary
    people = ["unit", "case", "site", "role"]
    pd.testing.assert_frame_equal(sort(returned.units[people]), sort(corpus.units[people]))


def test_the_long_table_is_the_corpus(
    corpus: CodedProject, tables: dict[str, pd.DataFrame]
) -> None:
    back = read(write_csv(corpus), "corpus.csv").project
    pd.testing.assert_frame_equal(sort(applications_of(back)), sort(tables["applications"]))
    assert set(back.units["unit"]) == set(tables["segments"]["segment_id"])


def test_what_does_not_fit_together_is_refused(tables: dict[str, pd.DataFrame]) -> None:
    broken = tables["applications"].replace({"code": {"policy": "polcy"}})
    with pytest.raises(ValueError, match="'polcy' is not in the codebook; did you mean 'policy'"):
        from_corpus(**{**tables, "applications": broken})
    with pytest.raises(ValueError, match="segments: no column summary"):
        from_corpus(**{**tables, "segments": tables["segments"].drop(columns="summary")})


def test_a_codebook_with_gaps_and_lines_comes_back() -> None:
    codebook = pd.DataFrame(
        {
            "code": ["a", "b"],
            "label": ["Label: twice", "B"],
            "category": ["one", "two"],
            "definition": ["First line.\nSecond line.", None],
            "include": [None, "only this"],
            "exclude": [None, None],
        },
        dtype="str",
    )
    pd.testing.assert_frame_equal(codebook_of(codes_of(codebook)), codebook)
    split = codebook.assign(definition=["First.\nInclude: more", None])
    with pytest.raises(ValueError, match="row 0, column definition: a line begins with the name"):
        codes_of(split)
