"""Reading REFI-QDA: what files in the wild hold, leniently; every departure said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from exchange_files import ORACLES, guid, pack, qde, whats

from qda_exchange import ImportedProject, Limits, RefusedFileError, read
from qda_exchange.report import DROPPED

CODES = (
    f'<CodeBook><Codes><Code guid="{guid(1)}" name="pace" isCodable="true"/>'
    f'<Code guid="{guid(2)}" name="talk" isCodable="true"/></Codes></CodeBook>'
)
USERS = f'<Users><User guid="{guid(10)}" name="Ada"/></Users>'


def coding(code: int = 1, more: str = f'creatingUser="{guid(10)}"') -> str:
    return f'<Coding guid="{guid(900)}" {more}><CodeRef targetGUID="{guid(code)}"/></Coding>'


def selection(
    start: object, end: object, content: str = "", number: int = 50, more: str = ""
) -> str:
    return (
        f'<PlainTextSelection guid="{guid(number)}" startPosition="{start}" endPosition="{end}" '
        f"{more}>{content}</PlainTextSelection>"
    )


def source(content: str, text: str = "We wait. We talk.", more: str = "") -> str:
    plain = f"<PlainTextContent>{text}</PlainTextContent>"
    head = f'<Sources><TextSource guid="{guid(40)}" name="Lola" {more}>'
    return f"{head}{plain if text else ''}{content}</TextSource></Sources>"


def read_project(content: str) -> ImportedProject:
    return read(qde(content), "study.qde")


@pytest.fixture(scope="module")
def everything() -> ImportedProject:
    return read((ORACLES / "refi/base.qde").read_bytes(), "base.qde")


def test_every_kind_of_source_is_read(everything: ImportedProject) -> None:
    rows = everything.project.applications[["source", "code", "coder", "start", "end", "unit"]]
    assert rows.astype("object").where(rows.notna(), None).values.tolist() == [
        ["Lola.txt", "slow", "00000000-0000-0000-0000-00000000000b", 0, 8, "P1"],
        ["Lola.txt", "talk", None, None, None, "Lola.txt"],
        ["plan.pdf", "talk", None, None, None, "plan.pdf:page 3 1,2,3,4"],
        ["Lola.m4a / t", "slow", None, 0, 7, "Lola.m4a / t:0-7"],
        ["Lola.m4a", "talk", None, 100, 900, "Lola.m4a:100-900"],
    ]
    sources = everything.project.sources
    assert dict(zip(sources["source"], sources["kind"], strict=True)) == {
        "Lola.txt": "text",
        "plan.pdf": "pdf",
        "wall.jpg": "picture",
        "Lola.m4a": "audio",
        "Lola.m4a / t": "transcript",
        "class.mp4": "video",
    }
    assert sources.set_index("source")["text"]["plan.pdf"] == "Plan for all"


def test_cases_bring_site_and_weights_come_from_notes(everything: ImportedProject) -> None:
    applied = everything.project.applications
    assert applied["case"].fillna("-").tolist() == ["Lola", "-", "-", "-", "Lola"]
    assert applied["site"].fillna("-").tolist() == ["Lehigh", "Mercer", "-", "-", "Lehigh"]
    assert applied["weight"].fillna(0).tolist() == [2.5, 0, 0, 0, 0]


def test_every_variable_is_kept(everything: ImportedProject) -> None:
    variables = everything.project.variables
    assert variables["type"].tolist() == [
        *("Text", "Integer", "Boolean", "Float", "Date", "DateTime"),
        "Text",
    ]
    assert variables["of"].tolist() == ["case"] * 6 + ["source"]


def test_all_that_has_no_place_is_listed(everything: ImportedProject) -> None:
    dropped = everything.report.summary().query("kind == 'dropped'")["what"].tolist()
    for what in ("Link", "Set", "Graph"):
        assert f"{what} without a place in the long table" in dropped
    assert {"note (memo)", "note on a code", "description of a passage"} <= set(dropped)
    assert "description of the project" in dropped
    assert not len(everything.report.frame().query("kind == 'deviation'"))


def test_uncoded_passages_are_units(everything: ImportedProject) -> None:
    coded = set(everything.project.applications["unit"])
    units = set(everything.project.units["unit"])
    assert units - coded == {"plan.pdf:5-8", "wall.jpg:1,2,3,4", "class.mp4:1-2"}


@pytest.mark.parametrize(
    "name", ["project.qde", "Project.QDE", "My study.qde", "export/project.qde"]
)
def test_the_project_file_may_have_any_name(name: str) -> None:
    content = qde(USERS + CODES + source(selection(0, 8, coding())))
    imported = read(pack({name: content}), "study.qdpx")
    assert imported.project.applications["code"].tolist() == ["pace"]
    assert ("project file within a folder" in whats(imported.report)) == ("/" in name)


@pytest.mark.parametrize("folder", ["sources", "Sources", "SOURCES"])
@pytest.mark.parametrize("scheme", ["internal://", "internal:/", ""])
def test_texts_are_found_whatever_their_folder_is_called(folder: str, scheme: str) -> None:
    content = qde(source("", text="", more=f'plainTextPath="{scheme}{guid(7).upper()}.txt"'))
    archive = {"project.qde": content, f"{folder}/{guid(7)}.TXT": "\ufeffWir warten. Grüße"}
    assert read(pack(archive), "s.qdpx").project.sources["text"].tolist() == ["Wir warten. Grüße"]


def test_a_line_end_is_one_character() -> None:
    content = source(selection(4, 7, coding()), text="", more='plainTextPath="internal://t.txt"')
    archive = {"p.qde": qde(USERS + CODES + content), "sources/t.txt": "one\r\ntwo\rsix\n"}
    project = read(pack(archive), "s.qdpx").project
    text, row = project.sources["text"].iloc[0], project.applications.iloc[0]
    assert text == "one\ntwo\nsix\n"
    assert text[row["start"] : row["end"]] == "two"


def test_positions_count_characters_not_bytes_or_halves() -> None:
    project = read_project(USERS + CODES + source(selection(2, 6, coding()), text="😀 wait"))
    row = project.project.applications.iloc[0]
    assert project.project.sources["text"].iloc[0][row["start"] : row["end"]] == "wait"
    assert "positions counted as characters: this fits the file best" in whats(project.report)


def test_files_outside_the_archive_are_not_looked_for() -> None:
    content = qde(source("", text="", more='plainTextPath="absolute:///etc/hostname"'))
    imported = read(pack({"p.qde": content, "sources/hostname": "no"}), "s.qdpx")
    assert imported.project.sources["text"].isna().all()
    assert "text that is not in the file" in whats(imported.report)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (("urn:QDA-XML:project:1.0", "urn:QDA-XML:project:0:10"), "namespace of the standard"),
        (("<Users>", "<Sets/><Users>"), "elements out of order"),
        (("<Users>", "<Sets/><Users>"), "element without what it must hold"),
        (("<Users>", "<Extra/><Users>"), "element that the standard does not know"),
        ((' name="Ada"', ' name="Ada" mail="a"'), "attribute that the standard does not know"),
        (('isCodable="true"', 'isCodable="yes"'), "attribute that is no boolean"),
        (('name="pace"', ""), "attribute missing"),
        (
            ('startPosition="0" endPosition="8"', 'startPosition="8" endPosition="0"'),
            "turned round",
        ),
        (('endPosition="8"', 'endPosition="0"'), "passage of no length"),
        (('endPosition="8"', 'endPosition="99"'), "beyond the end of its text"),
        ((f'<User guid="{guid(10)}" name="Ada"/>', f'<User guid="{guid(11)}"/>'), "not among"),
        ((f'Coding guid="{guid(900)}" creatingUser="{guid(10)}"', "Coding"), "attribute missing"),
    ],
)
def test_departures_are_accepted_and_said(change: tuple[str, str], what: str) -> None:
    content = qde(USERS + CODES + source(selection(0, 8, coding()))).decode()
    assert change[0] in content
    imported = read(content.replace(*change, 1).encode(), "study.qde")
    assert len(imported.project.applications) == 1
    assert any(what in one for one in whats(imported.report)), whats(imported.report)
    assert not len(read(content.encode(), "study.qde").report)


def test_a_passage_that_runs_backwards_is_turned_round() -> None:
    applied = read_project(USERS + CODES + source(selection(8, 3, coding()))).project.applications
    assert applied[["start", "end"]].values.tolist() == [[3, 8]]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (selection("x", 8, coding()), "passage without a start and an end"),
        (selection(-3, 8, coding()), "passage without a start and an end"),
        (selection(0, "9" * 40, coding()), "passage without a start and an end"),
        (selection(0, 8, coding(code=3)), "coding with a code that is not there"),
        (selection(0, 8, f'<Coding guid="{guid(3)}"/>'), "element without what it must hold"),
    ],
)
def test_what_cannot_be_understood_is_dropped_and_said(content: str, what: str) -> None:
    imported = read_project(USERS + CODES + source(content))
    assert imported.project.applications.empty
    assert what in whats(imported.report)


def test_a_coding_twice_counts_once() -> None:
    imported = read_project(USERS + CODES + source(selection(0, 8, coding() + coding())))
    assert len(imported.project.applications) == 1
    assert "same coding twice: a coder applies a code to a unit once" in whats(imported.report)


def test_passages_at_one_place_are_one_unit() -> None:
    two = selection(0, 8, coding(1), 50) + selection(0, 8, coding(2), 51)
    applied = read_project(USERS + CODES + source(two)).project.applications
    assert applied["unit"].tolist() == ["Lola:0-8"] * 2


def test_a_name_that_repeats_the_words_is_no_name() -> None:
    named = selection(0, 8, coding(1), 50, 'name="We wait."')
    named += selection(9, 17, coding(1), 51, 'name="answer 2"')
    applied = read_project(USERS + CODES + source(named)).project.applications
    assert applied["unit"].tolist() == ["Lola:0-8", "answer 2"]


def test_the_maker_of_a_passage_stands_in_for_a_coder() -> None:
    content = selection(0, 8, coding(more=""), more=f'creatingUser="{{{guid(10).upper()}}}"')
    imported = read_project(USERS + CODES + source(content))
    assert imported.project.applications["coder"].tolist() == ["Ada"]
    assert any("maker taken" in what for what in whats(imported.report))


def test_two_coders_of_one_name_stay_two() -> None:
    users = USERS.replace("</Users>", f'<User guid="{guid(11)}" name="Ada"/></Users>')
    codings = coding() + coding().replace(guid(10), guid(11))
    imported = read_project(users + CODES + source(selection(0, 8, codings)))
    assert imported.project.applications["coder"].tolist() == ["Ada", "Ada (2)"]
    assert "two coders of one name: a number tells them apart" in whats(imported.report)


def test_site_and_role_may_have_other_names() -> None:
    variables = (
        f'<Variables><Variable guid="{guid(20)}" name="School" typeOfVariable="Text"/></Variables>'
        f'<Cases><Case guid="{guid(30)}"><VariableValue><VariableRef targetGUID="{guid(20)}"/>'
        f'<TextValue>Winslow</TextValue></VariableValue><SourceRef targetGUID="{guid(40)}"/></Case>'
        "</Cases>"
    )
    content = qde(USERS + CODES + variables + source(selection(0, 8, coding())))
    left = read(content, "study.qde")
    assert left.project.applications["site"].isna().all()
    assert left.report.frame()["detail"].str.contains("there are: School").any()
    named = read(content, "study.qde", site="school").project.applications
    assert named["site"].tolist() == ["Winslow"]
    assert named["case"].isna().all()


def test_directions_are_read_from_names_only_when_asked() -> None:
    flat = CODES.replace('name="talk"', 'name="pace:hinders"')
    content = qde(USERS + flat + source(selection(0, 8, coding(2))))
    plain, asked = read(content, "s.qde"), read(content, "s.qde", directions=True)
    assert plain.project.applications["code"].tolist() == ["pace:hinders"]
    assert plain.project.applications["direction"].isna().all()
    assert asked.project.applications[["code", "direction"]].values.tolist() == [
        ["pace", "hinders"]
    ]
    assert asked.project.codes["code"].tolist() == ["pace"]


def test_a_direction_whose_code_is_not_there_brings_its_code() -> None:
    alone = CODES.replace('name="talk"', 'name="noise:hinders"')
    content = qde(USERS + alone + source(selection(0, 8, coding(2))))
    asked = read(content, "s.qde", directions=True).project
    assert asked.applications[["code", "direction"]].values.tolist() == [["noise", "hinders"]]
    assert asked.codes["code"].tolist() == ["pace", "noise"]


@pytest.mark.parametrize("mark", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_codebook_is_read_in_any_honest_encoding(mark: str) -> None:
    text = f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes><Code guid="{guid(1)}" name="Größe" '
    text += 'isCodable="false"/></Codes></CodeBook>'
    imported = read(text.encode(mark), "codes.qdc")
    assert imported.project.codes[["code", "codable"]].values.tolist() == [["Größe", False]]
    assert not len(imported.report)


def test_each_limit_holds() -> None:
    content = (ORACLES / "refi/base.qde").read_bytes()
    things = ["codes", "people", "variables", "sources", "cases", "references", "units"]
    for name in [*things, "applications", "elements", "nesting", "unpacked_bytes", "text_bytes"]:
        with pytest.raises(RefusedFileError, match=r"the limit of 0|the limit is 0"):
            read(content, "base.qde", limits=replace(Limits(), **{name: 0}))
    assert len(read(content, "base.qde", limits=replace(Limits(), codes=3)).project.codes) == 3


def test_the_report_lists_up_to_its_limit_and_counts_the_rest() -> None:
    content = qde(CODES.replace("/>", '><NoteRef targetGUID="x"/></Code>'))
    listed = read(content, "s.qde", limits=Limits(listed=1)).report
    frame = listed.frame()
    assert frame[frame["kind"] == DROPPED]["detail"].tolist() == [
        "pace",
        "and 1 more, not listed one by one",
    ]
    assert listed.summary().set_index("what")["n"]["note on a code"] == 2


def test_a_code_that_stands_for_a_case_is_that_case() -> None:
    # NVivo lists each case among the codes too, and codes passages with it.
    cases = f'<Cases><Case guid="{guid(2)}" name="Lola R."/></Cases>'
    content = selection(0, 8, coding(1) + coding(2))
    imported = read_project(USERS + CODES + cases + source(content))
    applied = imported.project.applications
    assert applied[["code", "case"]].values.tolist() == [["pace", "Lola R."]]
    assert imported.project.codes["code"].tolist() == ["pace"]
    assert "code that stands for a case: read as that case" in whats(imported.report)
    other = cases.replace(guid(2), guid(30))
    applied = read_project(USERS + CODES + other + source(content)).project.applications
    assert applied["code"].tolist() == ["pace", "talk"]
    assert applied["case"].isna().all()


def region(page: int, number: int = 60, words: str = "We wait.") -> str:
    box = 'firstX="1" firstY="2" secondX="3" secondY="4"'
    said = f'<Representation guid="{guid(70 + page)}"><PlainTextContent>{words}</PlainTextContent>'
    return (
        f'<PDFSelection guid="{guid(number)}" page="{page}" {box}>{said}</Representation>'
        f"{coding()}</PDFSelection>"
    )


def pdf(content: str) -> str:
    return f'<Sources><PDFSource guid="{guid(40)}" name="plan.pdf">{content}</PDFSource></Sources>'


def test_a_quotation_over_two_pages_is_one_passage() -> None:
    imported = read_project(USERS + CODES + pdf(region(1) + region(2)))
    assert len(imported.project.units) == len(imported.project.applications) == 1
    assert imported.project.units["text"].tolist() == ["We wait."]
    apart = read_project(USERS + CODES + pdf(region(1) + region(2, 61)))
    assert len(apart.project.units) == 2


def test_words_of_passages_come_along() -> None:
    imported = read_project(USERS + CODES + source(selection(0, 8, coding()) + selection(9, 17)))
    assert imported.project.units["text"].tolist() == ["We wait.", "We talk."]
    long = read(
        qde(USERS + CODES + source(selection(0, 8, coding()))), "s.qde", limits=Limits(passage=7)
    )
    assert long.project.units["text"].isna().all()
    assert any("too long to be repeated" in what for what in whats(long.report))
