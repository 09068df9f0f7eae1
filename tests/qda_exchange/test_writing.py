"""Writing REFI-QDA: valid by the published schema, the same bytes again, nothing lost."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pandas as pd
import pytest
from exchange_files import FRAMES, small_project, sort, validate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compendium.coding.checks import DIRECTIONS
from qda_exchange import (
    COLUMNS,
    CodedProject,
    Report,
    compose,
    read,
    write_csv,
    write_qdc,
    write_qdpx,
)
from qda_exchange.markup import parse
from qda_exchange.model import (
    CODE_COLUMNS,
    SOURCE_COLUMNS,
    UNIT_COLUMNS,
    VARIABLE_COLUMNS,
    table,
)
from qda_exchange.naming import code_names, split_direction
from qda_exchange.refi.writing import FORBIDDEN


def document(packed: bytes) -> bytes:
    return zipfile.ZipFile(io.BytesIO(packed)).read("project.qde")


def assert_same(before: CodedProject, after: CodedProject) -> None:
    for name in FRAMES:
        one, other = getattr(before, name), getattr(after, name)
        if name == "units":
            one, other = one.drop(columns="text"), other.drop(columns="text")
        pd.testing.assert_frame_equal(sort(one), sort(other), obj=name)


def test_nothing_is_lost_and_the_file_is_valid() -> None:
    project = small_project()
    packed = write_qdpx(project, "study")
    imported = read(packed, "study.qdpx")
    assert_same(project, imported.project)
    assert not len(validate(parse(io.BytesIO(document(packed)), "study")))
    assert not len(imported.report.frame().query("kind != 'choice'"))


def test_codes_of_a_unit_keep_their_order() -> None:
    project = small_project()
    applied = project.applications[project.applications["unit"] == "L-1"][::-1]
    turned = replace(project, applications=applied.reset_index(drop=True))
    read_back = read(write_qdpx(turned, "study"), "study.qdpx").project.applications
    assert read_back["code"].tolist() == applied["code"].tolist()


def test_equal_projects_give_equal_bytes() -> None:
    assert write_qdpx(small_project(), "study") == write_qdpx(small_project(), "study")
    codes = small_project().codes
    assert write_qdc(codes) == write_qdc(codes.copy())


def test_the_archive_is_laid_out_as_the_standard_says() -> None:
    archive = zipfile.ZipFile(io.BytesIO(write_qdpx(small_project(), "study")))
    names = archive.namelist()
    assert names[0] == "project.qde"
    assert len(names) == 3
    assert all(name.startswith("sources/") and name.endswith(".txt") for name in names[1:])
    assert archive.read(names[1]).decode() == "We wait. We talk."
    assert f'plainTextPath="internal://{names[1].removeprefix("sources/")}"'.encode() in document(
        write_qdpx(small_project(), "study")
    )


def test_a_direction_is_a_sub_code_and_a_weight_a_note() -> None:
    text = document(write_qdpx(small_project(), "study")).decode()
    assert 'name="Pace\\slow:hinders"' in text
    assert "<PlainTextContent>2.5</PlainTextContent>" in text


def test_a_codebook_comes_back() -> None:
    codes = small_project().codes
    written = write_qdc(codes)
    assert not len(validate(parse(io.BytesIO(written), "codes")))
    pd.testing.assert_frame_equal(read(written, "codes.qdc").project.codes, codes)


def test_variables_of_cases_and_sources_come_back() -> None:
    rows = [
        ("case", "Lola", "years", "Integer", "12"),
        ("case", "Lola", "subject", "Text", "maths & more"),
        ("source", "Mark", "date", "Date", "2021-05-01"),
    ]
    variables = table(pd.DataFrame(rows, columns=list(VARIABLE_COLUMNS)), VARIABLE_COLUMNS)
    project = replace(small_project(), variables=variables)
    packed = write_qdpx(project, "study")
    assert not len(validate(parse(io.BytesIO(document(packed)), "study")))
    after = read(packed, "study.qdpx").project.variables
    kept = after[~after["variable"].isin(["site", "role"])]
    pd.testing.assert_frame_equal(sort(kept), sort(variables))


def test_the_long_table_comes_back_from_csv() -> None:
    project = small_project()
    imported = read(write_csv(project), "long.csv")
    assert imported.format == "long table"
    pd.testing.assert_frame_equal(sort(imported.project.applications), sort(project.applications))
    pd.testing.assert_frame_equal(sort(imported.project.units), sort(project.units))


def test_excerpts_without_a_text_are_composed() -> None:
    excerpts = (
        b'id,document,tag,content\n1,Lola,pace,"We\r wait."\n2,Lola,talk,\n3,Mark,pace,Slow.\n'
    )
    project = compose(read(excerpts, "highlights.csv", coder="Ada").project)
    assert project.sources["text"].tolist() == ["We\n wait.\n\n[2]", "Slow."]
    assert_same(project, read(write_qdpx(project, "study"), "study.qdpx").project)
    assert compose(project).sources["text"].tolist() == project.sources["text"].tolist()


def changed(**columns: object) -> CodedProject:
    """Return the small project with the first application changed."""
    project = small_project()
    applied = project.applications.copy()
    for column, value in columns.items():
        applied[column] = applied[column].astype("object")
        applied.loc[0, column] = value
    return replace(project, applications=applied.astype(COLUMNS))


def with_units(**columns: object) -> CodedProject:
    project = small_project()
    units, applied = project.units.copy(), project.applications.copy()
    for column, value in columns.items():
        units.loc[units["unit"] == "L-1", column] = value
        applied.loc[applied["unit"] == "L-1", column] = value
    return replace(project, units=units, applications=applied)


def with_codes(**columns: object) -> CodedProject:
    codes = small_project().codes.copy()
    for column, value in columns.items():
        codes.loc[1, column] = value
    return replace(small_project(), codes=codes)


def with_source(**columns: object) -> CodedProject:
    sources = small_project().sources.copy()
    for column, value in columns.items():
        sources.loc[0, column] = value
    return replace(small_project(), sources=sources)


def twice(name: str) -> CodedProject:
    frame = getattr(small_project(), name)
    return replace(small_project(), **{name: pd.concat([frame, frame[:1]], ignore_index=True)})


@pytest.mark.parametrize(
    ("project", "message"),
    [
        (changed(code="Pace\\slwo"), r"row 0, column code: .* did you mean 'Pace\\slow'"),
        (changed(code=None), "row 0, column code: empty"),
        (changed(unit=None), "row 0, column unit: empty"),
        (changed(source="Lol"), "row 0, column source: 'Lol' is not among"),
        (changed(direction="hindrs"), "did you mean 'hinders'"),
        (changed(coder=""), "row 0, column coder: an empty text"),
        (changed(weight=float("inf")), "row 0, column weight: inf is no finite number"),
        (changed(start=None), "no span"),
        (changed(end=10**15), "no span"),
        (changed(coder="A\x01"), "character that XML cannot hold"),
        (changed(coder="A\ud800"), "character that XML cannot hold"),
        (changed(case="Mark"), "row 0: case 'Mark' would be read back as 'Lola'"),
        (with_units(unit="We wait."), "would be read back as 'Lola:0-8'"),
        (with_units(unit="L-2"), "would be read back as 'Lola:0-8'"),
        (with_units(start=9, end=17), "row 2: unit 'L-2' would be read back as 'L-1'"),
        (with_units(start=pd.NA, end=pd.NA), "has no start and end; call compose"),
        (with_codes(code="slow"), r"'Pace.*slow' is not in the codebook; did you mean"),
        (with_codes(parent="Pause"), "'Pause' is not among the codes above it"),
        (with_codes(description="\x0b"), "character that XML cannot hold"),
        (with_source(kind="pdf"), "kind: 'pdf' cannot be written"),
        (
            with_source(text="We\r\nwait."),
            r"text 'We\\r\\nwait.' would be read back as 'We\\nwait.'",
        ),
        (with_source(text="\ufeffWe wait."), "would be read back as 'We wait.'"),
        (twice("codes"), "row 5: 'Pace' is there before"),
        (twice("sources"), "sources, row 2: 'Lola' is there before"),
        (twice("applications"), "row 8: an application that is there before"),
    ],
)
def test_what_would_not_come_back_is_refused(project: CodedProject, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        write_qdpx(project, "study")


def test_a_code_for_one_of_two_cases_is_refused() -> None:
    project = small_project()
    applied = project.applications
    one = applied[~((applied["unit"] == "L-2") & (applied["case"] == "Ada"))]
    with pytest.raises(
        ValueError, match=r"come back that is not there \(source 'Lola', case 'Ada'"
    ):
        write_qdpx(replace(project, applications=one.reset_index(drop=True)), "study")


def test_a_case_of_a_whole_source_reaches_no_passage_of_another() -> None:
    units = table(
        {"source": "Lola", "unit": ["p", "Lola"], "case": ["Lola", "Ada"], "start": [0, None]},
        UNIT_COLUMNS,
    )
    units["end"] = units["start"]
    applied = table(units.assign(code="pace"), COLUMNS)
    with pytest.raises(ValueError, match=r"not there .*case 'Ada'.*unit 'p'"):
        write_qdpx(CodedProject(applied, units), "study")
    same = units.assign(case="Ada")
    project = CodedProject(table(same.assign(code="pace"), COLUMNS), same)
    packed = write_qdpx(project, "study")
    assert not len(validate(parse(io.BytesIO(document(packed)), "study")))
    after = read(packed, "s.qdpx").project.applications
    pd.testing.assert_frame_equal(sort(after), sort(project.applications))


def test_codes_nested_too_deep_are_refused() -> None:
    names = [f"c{number}" for number in range(91)]
    codes = table({"code": names, "parent": [None, *names[:-1]], "codable": True}, CODE_COLUMNS)
    with pytest.raises(ValueError, match="nested 91 deep, the limit is 90"):
        write_qdc(codes)
    assert len(read(write_qdc(codes[:90]), "codes.qdc").project.codes) == 90
    with pytest.raises(ValueError, match="none"):
        write_qdc(codes[:0])


LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00")
NAMES = st.text(LETTERS, min_size=1, max_size=12).filter(
    lambda name: name == name.strip() and not FORBIDDEN.search(name) and "\\" not in name
)
CODE_NAMES = NAMES.filter(lambda name: not split_direction(name)[1])


@st.composite
def projects(draw: st.DrawFn) -> CodedProject:
    """Draw a project: a tree of codes, texts, passages, cases, codings."""
    own = draw(st.lists(CODE_NAMES, min_size=1, max_size=6))
    parents = [draw(st.integers(-1, number - 1)) for number in range(len(own))]
    names = code_names(own, parents, Report())
    # A number that tells siblings apart becomes part of the name.
    codes = table(
        {
            "code": names,
            "parent": [names[parent] if parent >= 0 else None for parent in parents],
            "codable": True,
            "description": [draw(st.none() | NAMES) for _ in names],
        },
        CODE_COLUMNS,
    )
    source_names = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    texts = {name: draw(st.text(LETTERS, max_size=40)).lstrip("\ufeff") for name in source_names}
    people = st.tuples(*[st.none() | NAMES] * 3)
    units, applied = [], []
    for number in range(draw(st.integers(1, 6))):
        source = draw(st.sampled_from(source_names))
        start = number * 5
        unit = {"source": source, "start": start, "end": start + draw(st.integers(0, 4))}
        unit["unit"] = f"unit-{number}"
        whos = draw(st.lists(people, min_size=1, max_size=2, unique=True))
        whos = whos if len(whos) == 1 else [who for who in whos if any(who)]
        codings = draw(
            st.lists(
                st.tuples(
                    st.none() | NAMES,
                    st.sampled_from(names),
                    st.none() | st.sampled_from(DIRECTIONS),
                ),
                unique=True,
                max_size=3,
            )
        )
        weight = draw(st.none() | st.floats(allow_nan=False, allow_infinity=False))
        for case, site, role in whos:
            person = {"case": case, "site": site, "role": role}
            units.append(unit | person)
            for coder, code, direction in codings:
                coding = {"coder": coder, "code": code, "direction": direction, "weight": weight}
                applied.append(unit | person | coding)
    texts_frame = {"source": source_names, "kind": "text", "text": [texts[n] for n in source_names]}
    return CodedProject(
        table(applied, COLUMNS),
        table(units, UNIT_COLUMNS),
        codes,
        table(texts_frame, SOURCE_COLUMNS),
    )


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(projects())
def test_any_project_comes_back_and_is_valid(project: CodedProject) -> None:
    packed = write_qdpx(project, "study")
    assert not len(validate(parse(io.BytesIO(document(packed)), "study")))
    assert_same(project, read(packed, "study.qdpx").project)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(projects())
def test_any_long_table_comes_back_from_csv(project: CodedProject) -> None:
    after = read(write_csv(project), "long.csv").project.applications
    pd.testing.assert_frame_equal(sort(after), sort(project.applications))
