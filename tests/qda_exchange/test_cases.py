"""Small files that came from troubles in practice, each with the right value.

`oracles/exchange/cases` holds them; beside each stands a twin that shows what the check would see
otherwise.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from exchange_files import ORACLES, pack, whats

from compendium.coding.agreement.tables import agreement_by_character, agreement_by_code
from compendium.coding.cases import with_cases
from compendium.coding.pairs import co_occurrence
from compendium.coding.passages import match_passages
from compendium.coding.saturation import saturation
from compendium.coding.tallies import tally
from qda_exchange import (
    CodedProject,
    ImportedProject,
    applications_of,
    merge,
    read,
    segments_of,
)

CASES = ORACLES / "exchange/cases"
SLOW = "Pace is slow."


def case(name: str, **options: Any) -> ImportedProject:
    return read((CASES / name).read_bytes(), name, **options)


def changed(name: str, *changes: tuple[str, str]) -> bytes:
    """Return a case with the project changed."""
    archive = zipfile.ZipFile(io.BytesIO((CASES / name).read_bytes()))
    entries: dict[str, str | bytes] = {one: archive.read(one) for one in archive.namelist()}
    document = archive.read("project.qde").decode()
    for old, new in changes:
        assert old in document
        document = document.replace(old, new)
    return pack({**entries, "project.qde": document})


def words(project: CodedProject) -> list[str]:
    return project.units["text"].tolist()


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("crlf_raw", "characters"),
        ("crlf_fold", "characters-lf"),
        ("emoji_u16", "utf16"),
        ("emoji_cp", "characters"),
    ],
)
@pytest.mark.parametrize("origin", ["NVivo", "MAXQDA", "ATLAS.ti", "QualCoder", "some other"])
@pytest.mark.parametrize("named", [True, False])
def test_positions_give_the_words(name: str, rule: str, origin: str, named: bool) -> None:
    before = {"emoji_u16": "NVivo", "emoji_cp": "ATLAS.ti"}.get(name, "MAXQDA")
    changes = [(f'origin="{before}"', f'origin="{origin}"')]
    changes += [] if named else [(f'name="{SLOW}"', 'name=""')]
    imported = read(changed(f"{name}.qdpx", *changes), f"{name}.qdpx")
    assert words(imported.project) == [SLOW]
    found = imported.report.frame().query("kind == 'choice'")
    assert found["what"].tolist() == [f"positions counted as {rule}: this fits the file best"]
    assert "1 of the 1 passages" in found["detail"].iloc[0]
    text = imported.project.sources["text"].iloc[0]
    row = imported.project.applications.iloc[0]
    assert text[row["start"] : row["end"]] == SLOW
    assert "\r" not in text


def test_positions_as_asked_would_give_other_words() -> None:
    asked = case("crlf_raw.qdpx", positions="characters-lf")
    assert words(asked.project) != [SLOW]
    assert "positions counted as characters-lf: as asked" in whats(asked.report)
    assert (
        case("i1298.qdpx", positions="utf16")
        .report.frame()["what"]
        .tolist()[-1]
        .startswith("option --positions was not used")
    )


def test_a_quotation_that_stands_twice_is_one_passage() -> None:
    imported = case("atlaspdf.qdpx")
    assert len(imported.project.applications) == len(imported.project.units) == 1
    assert words(imported.project) == [SLOW]
    same = "03967b76-d809-5847-b57f-fa065983f524"
    other = same.replace("03967b76", "00000000")
    apart = changed(
        "atlaspdf.qdpx", (f'<PDFSelection guid="{same}"', f'<PDFSelection guid="{other}"')
    )
    assert len(read(apart, "apart.qdpx").project.units) == 2


def test_one_coders_same_code_on_overlapping_spans_counts_once() -> None:
    imported = case("i1298.qdpx")
    assert len(imported.project.applications) == len(imported.project.units) == 1
    assert "one coder's same code on overlapping passages counts once" in whats(imported.report)
    # Two coders, or two codes, stay two; and so do passages that only touch.
    assert len(case("span.qdpx").project.applications) == 30
    touching = changed(
        "i1298.qdpx",
        ('startPosition="0" endPosition="22"', 'startPosition="23" endPosition="25"'),
    )
    assert len(read(touching, "touching.qdpx").project.applications) == 2


def test_coders_who_select_differently_are_compared_by_character() -> None:
    project = case("span.qdpx").project
    applied, segments = applications_of(project), segments_of(project)
    lengths = project.sources.set_index("source")["text"].str.len()
    table = agreement_by_character(applied, segments, lengths, ["A"], replicates=0)
    values = table[table["code"] == "A"].set_index("coefficient")["value"]
    assert values["percent_agreement"] == pytest.approx(0.997, abs=5e-4)
    assert values["krippendorff_alpha"] == pytest.approx(0.991, abs=5e-4)
    with pytest.warns(UserWarning, match="8 pairs of passages"):
        plain = agreement_by_code(applied, segments, ["A"], replicates=0)
    assert plain.set_index("coefficient")["value"]["percent_agreement"] < 0.5


def test_names_with_a_colon_are_codes() -> None:
    codes = [
        "Attitude",
        *(f"Attitude:{one}" for one in ("positive", "negative", "mixed", "neutral")),
    ]
    imported = case("colon.qdpx")
    assert imported.project.codes["code"].tolist() == codes
    assert imported.project.applications["direction"].isna().all()
    asked = case("colon.qdpx", directions=True).project
    assert asked.codes["code"].tolist() == codes[:3]
    assert set(asked.applications["direction"].dropna()) == {"mixed", "neutral"}


def test_a_file_without_users_takes_the_coder_named() -> None:
    assert case("nouser.qdpx", coder="Ada").project.applications["coder"].tolist() == ["Ada"]
    nobody = case("nouser.qdpx")
    assert nobody.project.applications["coder"].isna().all()
    assert any("who made them: name the coder" in what for what in whats(nobody.report))
    assert any(
        "the coder named was not used" in one for one in whats(case("span.qdpx", coder="X").report)
    )


def test_two_coders_of_taguette_meet_on_the_same_words() -> None:
    files = [case("t_ada.csv", coder="Ada"), case("t_ben.csv", coder="Ben")]
    merged = merge(files, ["t_ada.csv", "t_ben.csv"]).project
    applied, segments = applications_of(merged), segments_of(merged)
    assert len(segments) == 3
    codes = sorted(set(applied["code"]))
    table = agreement_by_code(applied, segments, codes, replicates=0)
    values = table.set_index("coefficient")["value"]
    assert values["percent_agreement"].eq(1).all()
    assert values["krippendorff_alpha"].eq(1).all()
    # Other words in one file: one highlight each that the other has not.
    other = (CASES / "t_ben.csv").read_text(encoding="utf-8").replace("We wait.", "We waited.")
    apart = merge([files[0], read(other.encode(), "t_ben.csv", coder="Ben")]).project
    assert len(segments_of(apart)) == 4


def test_regions_of_pictures_and_recordings_keep_their_ids() -> None:
    project = case("qc_img.csv").project
    assert len(project.units) == 5
    pairs = co_occurrence(applications_of(project))
    assert pairs[pairs["code"] != pairs["other"]]["n_both"].sum() == 0
    text = (
        (CASES / "qc_img.csv")
        .read_text(encoding="utf-8")
        .replace("image", "words")
        .replace("a/v", "words")
    )
    assert len(read(text.encode(), "words.csv").project.units) < 5


def test_a_report_by_case_keeps_its_files() -> None:
    project = case("qc_case.csv").project
    assert len(project.units) == 2
    assert project.units[["source", "case"]].values.tolist() == [
        ["interview1.txt", "Ada"],
        ["interview2.txt", "Ada"],
    ]


def test_units_named_alike_in_two_documents_are_two() -> None:
    project = case("long.csv").project
    assert len(project.units) == 5
    assert project.units["unit"].nunique() < 5
    applied = applications_of(project)
    segments = segments_of(project)
    assert segments["segment_id"].is_unique
    assert applied[applied["code"] == "pace"]["segment_id"].nunique() == 4


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.iterdir()))
def test_what_was_read_fits_the_functions_of_the_study(name: str) -> None:
    project = case(name, coder="Ada").project
    applied, segments = applications_of(project), segments_of(project)
    joined = with_cases(applied, segments)
    assert len(joined) == len(applied)
    assert tally(joined)["n"].sum() == joined["segment_id"].groupby(joined["code"]).nunique().sum()
    assert set(co_occurrence(joined)["code"]) == set(applied["code"])
    assert len(match_passages(applied, segments, 1).segments) == len(segments)
    if joined["case"].notna().any():
        assert saturation(joined, base_size=1, run_length=1, n_orders=0).base_codes
