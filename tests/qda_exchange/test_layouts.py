"""Tables of other tools, in every dialect of CSV, and any table by a mapping."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from commands import call
from exchange_files import pack, whats

from qda_exchange import ImportedProject, RefusedFileError, read, transfer
from qda_exchange.model import records

Table = list[list[str]]


def as_csv(*table: list[str]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerows(table)
    return written.getvalue().encode()


def said(imported: ImportedProject, *columns: str) -> list[tuple[Any, ...]]:
    return list(records(imported.project.applications, columns))


def tree(imported: ImportedProject) -> list[tuple[Any, ...]]:
    return list(records(imported.project.codes, ["code", "parent", "description"]))


HEADER = ["Color", "Document group", "Document name", "Code", "Beginning", "End", "Weight score"]
MAXQDA = [
    [*HEADER, "Segment", "Created by", "Comment"],
    ["●", "Round 1", "Lola", "Pacing > slow", "3", "3", "50", "We wait.", "Ada", "sure?"],
    ["●", "Round 1", "Lola", "Pacing > slow", "3", "3", "0", "We wait.", "Ben", ""],
    ["●", "Round 2", "Lola", "talk", "3", "3", "0", "We wait.", "Ada", ""],
]


def test_maxqda_retrieved_segments() -> None:
    imported = read(as_csv(*MAXQDA), "segments.csv")
    assert imported.format == "MAXQDA retrieved segments"
    assert said(imported, "source", "unit", "coder", "code", "weight") == [
        ("Round 1\\Lola", "Round 1\\Lola:3", "Ada", "slow", 50),
        ("Round 1\\Lola", "Round 1\\Lola:3", "Ben", "slow", 0),
        ("Round 2\\Lola", "Round 2\\Lola:3", "Ada", "talk", 0),
    ]
    assert tree(imported)[:2] == [("Pacing", None, None), ("slow", "Pacing", None)]
    assert {"memo on a coding", "column without a place in the long table"} <= set(
        whats(imported.report)
    )
    one_group = [[*row[:1], "Round 1", *row[2:]] if at else row for at, row in enumerate(MAXQDA)]
    assert set(read(as_csv(*one_group), "s.csv").project.applications["source"]) == {"Lola"}


def test_maxqda_in_german() -> None:
    german = ["Farbe", "Dokumentgruppe", "Dokumentname", "Code", "Anfang", "Ende", "Gewicht"]
    german += ["Segment", "Autor", "Kommentar"]
    imported = read(as_csv(german, *MAXQDA[1:]), "segmente.csv")
    assert said(imported, "coder", "code") == said(read(as_csv(*MAXQDA), "s.csv"), "coder", "code")


ATLAS = [
    ["ID", "Document", "Quotation Name", "Codes", "Quotation Content", "Comment", "Created by"],
    ["1:1", "D 1: Lola.docx", "We wait", "Pacing: slow\ntalk", "We wait.", "", "Ada"],
    ["1:2", "D 1: Lola.docx", "We talk", "", "We talk.", "", "Ada"],
]


def test_atlas_ti_quotations() -> None:
    imported = read(as_csv(*ATLAS), "quotations.csv")
    assert imported.format == "ATLAS.ti quotations"
    assert said(imported, "source", "unit", "coder", "code") == [
        ("Lola.docx", "1:1", "Ada", "Pacing: slow"),
        ("Lola.docx", "1:1", "Ada", "talk"),
    ]
    assert imported.project.units["text"].tolist() == ["We wait.", "We talk."]
    assert any("who made the quotation" in what for what in whats(imported.report))


def test_requal_segments() -> None:
    header = ["doc_id", "doc_name", "code_id", "code_name", "segment_start", "segment_end"]
    header += ["segment_text", "user_name"]
    imported = read(
        as_csv(header, ["1", "Lola", "1", "slow", "1", "8", "We wait.", "Ada"]), "r.csv"
    )
    assert imported.format == "requal segments"
    assert said(imported, "source", "start", "end", "unit", "coder") == [
        ("Lola", 0, 8, "Lola:0-8", "Ada")
    ]


NVIVO = [
    ["Coding Summary By File", "", "", ""],
    ["Study", "", "", ""],
    ["", "Coverage", "Number Of Coding References", "Reference Number", "Coded By Initials"],
    ["Files\\\\Lola", "", "", "", ""],
    ["Codes\\\\Pacing\\slow", "", "", "", ""],
    ["", "0.10", "2", "", ""],
    ["", "", "", "1", "AB"],
    ["We wait.", "", "", "", ""],
    ["", "", "", "2", "CD"],
    ["We wait.", "", "", "", ""],
    ["Codes\\\\talk", "", "", "", ""],
    ["", "", "", "1", "AB"],
    ["We talk.", "", "", "", ""],
]


def test_nvivo_coding_by_file() -> None:
    imported = read(as_csv(*NVIVO), "summary.csv")
    assert imported.format == "NVivo coding summary"
    assert said(imported, "source", "coder", "code") == [
        ("Lola", "AB", "slow"),
        ("Lola", "CD", "slow"),
        ("Lola", "AB", "talk"),
    ]
    assert imported.project.units["text"].tolist() == ["We wait.", "We talk."]
    assert tree(imported)[:2] == [("Pacing", None, None), ("slow", "Pacing", None)]
    assert any("initials only" in what for what in whats(imported.report))


def nvivo_text(*references: tuple[str, list[str]]) -> str:
    """Return the text of a code as NVivo 12 exports it: file by file, reference by reference."""
    lines: list[str] = []
    for file, words in references:
        some = "reference" if len(words) == 1 else "references"
        lines.append(f"Files\\\\{file} - § {len(words)} {some} coded [ 6.78% Coverage]")
        for number, one in enumerate(words, start=1):
            lines += ["", f"Reference {number} - 3.39% Coverage", "", one]
    return "\r\n".join(lines) + "\r\n"


REFERENCES = [
    ("Round one\\\\Lola", ["We wait, \r\n342 of us.", "We wait again."]),
    ("Mark", ["We wait again."]),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_nvivo_text_of_a_code(encoding: str) -> None:
    content = nvivo_text(*REFERENCES).encode(encoding)
    imported = read(content, "Slow pace.txt", coder="Ada")
    assert imported.format == "NVivo text of a code"
    applied = imported.project.applications
    assert applied[["source", "coder", "code"]].values.tolist() == [
        ["Round one\\Lola", "Ada", "Slow pace"],
        ["Round one\\Lola", "Ada", "Slow pace"],
        ["Mark", "Ada", "Slow pace"],
    ]
    words = ["We wait,\n342 of us.", "We wait again.", "We wait again."]
    assert imported.project.units["text"].tolist() == words
    assert "the code is named after the file" in whats(imported.report)


def test_nvivo_text_in_word_and_what_only_looks_like_it() -> None:
    lines = nvivo_text(*REFERENCES).splitlines()
    in_word = read(word("".join(paragraph(run(line)) for line in lines)), "Slow pace.docx")
    assert len(in_word.project.applications) == 3
    with pytest.raises(RefusedFileError, match="is no table of codings"):
        read(b"Lola - some references coded\nWe wait.\n", "Slow pace.txt")


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (
            [
                ["Name", "Description", "Files", "References"],
                ["Pacing", "How fast", "2", "5"],
                ["  slow", "Slowly", "1", "2"],
                ["talk", "", "0", "0"],
            ],
            [("Pacing", None, "How fast"), ("slow", "Pacing", "Slowly"), ("talk", None, None)],
        ),
        (
            [
                ["tag", "description", "number of highlights"],
                ["time", "When", "3"],
                ["time.slow", "Slowly", "1"],
            ],
            [("time", None, "When"), ("time.slow", "time", "Slowly")],
        ),
        (
            [["code_id", "code_name", "code_description"], ["1", "slow", "Slowly"]],
            [("slow", None, "Slowly")],
        ),
        (
            [["Code", "Definition", "Parent"], ["slow", "Slowly", "Pacing"]],
            [("Pacing", None, None), ("slow", "Pacing", "Slowly")],
        ),
    ],
    ids=["NVivo", "Taguette", "requal", "any"],
)
def test_codebooks(table: Table, codes: list[tuple[Any, ...]]) -> None:
    imported = read(as_csv(*table), "codebook.csv")
    assert imported.format == "codebook"
    assert tree(imported) == codes
    assert imported.project.applications.empty


MATRIX = [["Media", "slow", "talk"], ["Lola", "2", "0"], ["Mark", "", "1"]]
PAIRS = [["", "slow", "talk", "Totals"], ["slow", "0", "3", "3"], ["talk", "3", "0", "3"]]


def test_dedoose_matrices() -> None:
    imported = read(as_csv(*MATRIX), "matrix.csv", coder="Ada")
    assert said(imported, "source", "unit", "code", "weight", "start") == [
        ("Lola", "Lola", "slow", 2, None),
        ("Mark", "Mark", "talk", 1, None),
    ]
    assert any("who said what is lost" in what for what in whats(imported.report))
    pairs = read(as_csv(*PAIRS), "pairs.csv").project
    assert list(records(pairs.pairs, ["code", "other", "n_both"])) == [
        ("slow", "slow", 0),
        ("slow", "talk", 3),
        ("talk", "slow", 3),
        ("talk", "talk", 0),
    ]
    assert pairs.applications.empty
    with pytest.raises(RefusedFileError, match="is no table of codings"):
        read(as_csv(MATRIX[0], ["Lola", "many", "0"]), "words.csv")


def test_pairs_are_written_beside_the_other_tables(tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_bytes(as_csv(*PAIRS))
    _, folder = transfer.import_file(tmp_path / "pairs.csv", tmp_path / "in")
    assert pd.read_csv(folder / "pairs.csv")["n_both"].tolist() == [0, 3, 3, 0]
    (tmp_path / "m.csv").write_bytes(as_csv(*MATRIX))
    _, folder = transfer.import_file(tmp_path / "m.csv", tmp_path / "out")
    assert not (folder / "pairs.csv").exists()


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word(body: str, comments: str = "") -> bytes:
    root = f'<w:{{}} xmlns:w="{WORD}">{{}}</w:{{}}>'
    entries = {"word/document.xml": root.format("document", f"<w:body>{body}</w:body>", "document")}
    if comments:
        entries["word/comments.xml"] = root.format("comments", comments, "comments")
    return pack(dict(entries))


def paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def marked(number: int, *content: str) -> str:
    inner = "".join(content)
    begin, end = (f'<w:commentRange{one} w:id="{number}"/>' for one in ("Start", "End"))
    return begin + inner + end + f'<w:r><w:commentReference w:id="{number}"/></w:r>'


def comment(number: int, author: str, *lines: str) -> str:
    content = "".join(paragraph(run(line)) for line in lines)
    return f'<w:comment w:id="{number}" w:author="{author}">{content}</w:comment>'


def test_word_with_codes_as_comments() -> None:
    deleted = "<w:del><w:r><w:delText>gone </w:delText></w:r></w:del>"
    body = paragraph(run("Hello. "), marked(1, deleted, run("We wait."), run(" Often.")))
    body += marked(2, paragraph(run("We "), "<w:r><w:tab/></w:r>", run("talk.")))
    notes = comment(1, "Ada", "Codes: Pacing > slow, Weight: 3", "talk; noise")
    notes += comment(2, "Ben", "talk") + comment(3, "Ben", "nowhere")
    imported = read(word(body, notes), "Lola.docx")
    assert imported.format == "Word comments"
    assert said(imported, "source", "start", "end", "coder", "code", "weight") == [
        ("Lola", 7, 22, "Ada", "slow", 3),
        ("Lola", 7, 22, "Ada", "talk", None),
        ("Lola", 7, 22, "Ada", "noise", None),
        ("Lola", 23, 32, "Ben", "talk", None),
    ]
    assert imported.project.units["text"].tolist() == ["We wait. Often.", "We \ttalk."]
    assert imported.project.sources["text"].tolist() == ["Hello. We wait. Often.\nWe \ttalk.\n"]
    assert "comment on nothing" in whats(imported.report)


def test_word_with_a_table_of_codings() -> None:
    def row(*cells: str) -> str:
        inner = "".join(f"<w:tc>{paragraph(run(cell))}</w:tc>" for cell in cells)
        return f"<w:tr>{inner}</w:tr>"

    body = f"<w:tbl>{row('id', 'document', 'tag', 'content')}{row('1', 'Lola', 'pace', 'We wait.')}"
    imported = read(word(body + "</w:tbl>"), "h.docx", coder="Ada")
    assert said(imported, "unit", "code") == [("1", "pace")]
    with pytest.raises(RefusedFileError, match="holds no table"):
        read(word(paragraph(run("Only words."))), "words.docx")


HIGHLIGHTS = "id,document,tag,content\r\n1,Lola,Größe – „so“,We wait.\r\n"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (HIGHLIGHTS.encode(), ""),
        (("sep=;\r\n" + HIGHLIGHTS.replace(",", ";")).encode("utf-8-sig"), ""),
        (("sep=\t\r\n" + HIGHLIGHTS.replace(",", "\t")).encode("utf-16"), ""),
        (HIGHLIGHTS.encode("cp1252"), "read as Windows-1252"),
        (("sep=;\n" + HIGHLIGHTS.replace(",", ";")).encode("cp1252"), "read as Windows-1252"),
        (HIGHLIGHTS.encode("utf-16-le"), "UTF-16 without a mark"),
        (HIGHLIGHTS.encode("utf-16-be"), "UTF-16 without a mark"),
        (("Highlights of the study\r\n\r\n" + HIGHLIGHTS).encode(), ""),
    ],
)
def test_every_dialect_of_csv(content: bytes, what: str) -> None:
    imported = read(content, "h.csv", coder="Ada")
    assert said(imported, "code") == [("Größe – „so“",)]
    found = [one for one in whats(imported.report) if "UTF-16" in one or "1252" in one]
    assert [what in one for one in found] == [True] * bool(what)


WIDE = [["Interview", "Rater", "Quote", "slow", "talk", "Mood"]]
WIDE += [
    ["Lola", "Ada", "We wait.", "x", "", "grim"],
    ["Lola", "Ben", "We wait.", "1", "2", "calm"],
]


def test_any_table_by_a_mapping(tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_bytes(as_csv(*WIDE))
    asked = call(tmp_path, "import", "odd.csv")
    assert asked.returncode == 1
    assert "say what its columns mean with --map FILE" in asked.stderr
    first = call(tmp_path, "import", "odd.csv", "--map", "columns.csv")
    assert first.returncode == 1
    assert first.stdout.startswith("proposed: columns.csv")
    proposed = pd.read_csv(tmp_path / "columns.csv").set_index("column")["means"].to_dict()
    assert proposed == {
        "Interview": "source",
        "Rater": "coder",
        "Quote": "text",
        "slow": "applied",
        "talk": "applied",
        "Mood": "ignore",
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["columns.csv", "odd.csv"]
    second = call(tmp_path, "import", "odd.csv", "--map", "columns.csv")
    assert second.returncode == 0, second.stderr
    applied = pd.read_csv(tmp_path / "odd-import/applications.csv")
    assert applied[["source", "coder", "code"]].values.tolist() == [
        ["Lola", "Ada", "slow"],
        ["Lola", "Ben", "slow"],
        ["Lola", "Ben", "talk"],
    ]
    assert applied["weight"].fillna(0).tolist() == [0, 0, 2]
    assert applied["segment_id"].nunique() == 1
    assert "option --map was not used" not in second.stdout


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"Theme": "cod"}, "column 'Theme': 'cod' is no meaning; did you mean 'code'"),
        ({"Interview": "source"}, "no column is 'code', 'codes' or 'applied'"),
        ({"Nowhere": "code"}, "lacks a column that the mapping names: its header is 'Interview"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(mapping: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read(as_csv(*WIDE), "odd.csv", mapping=mapping)


def test_a_mapping_of_a_long_table() -> None:
    table = [["who", "where", "what", "said"], ["Ada", "Lola", "pace; talk", "We wait."]]
    mapping = {"who": "coder", "where": "source", "what": "codes", "said": "text"}
    imported = read(as_csv(*table), "t.csv", mapping=mapping)
    assert said(imported, "coder", "source", "code") == [
        ("Ada", "Lola", "pace"),
        ("Ada", "Lola", "talk"),
    ]


def test_options_that_nothing_uses_are_said() -> None:
    given = {"site": "school", "role": "post", "positions": "utf16", "directions": True}
    imported = read(HIGHLIGHTS.encode(), "h.csv", **given)  # type: ignore[arg-type]
    unused = [what.split(" was ")[0] for what in whats(imported.report) if "was not used" in what]
    assert unused == [f"option --{one}" for one in ("site", "role", "positions", "directions")]
    assert not [one for one in whats(read(HIGHLIGHTS.encode(), "h.csv").report) if "was not" in one]
