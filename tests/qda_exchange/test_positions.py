"""What positions mean: held against Python's own encodings, decided by evidence, never guessed."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest
from exchange_files import PROJECT, guid, pack, whats
from hypothesis import given
from hypothesis import strategies as st

from qda_exchange import ImportedProject, RefusedFileError, read
from qda_exchange.positions import RULES, Text

LETTERS = st.text(st.sampled_from("ab \n\r😀𝄞ä"), max_size=30)


def counted(text: str, place: int, rule: str) -> int:
    """Count the characters before a place as a program does."""
    wide, pairs = RULES[rule]
    before = text[:place] if pairs else text[:place].replace("\r\n", "\n")
    return len(before.encode("utf-16-le", "surrogatepass")) // 2 if wide else len(before)


@pytest.mark.parametrize("rule", RULES)
@given(text=LETTERS, ends=st.tuples(st.integers(0, 30), st.integers(0, 30)))
def test_a_rule_finds_the_words_back(rule: str, text: str, ends: tuple[int, int]) -> None:
    start, end = sorted(min(one, len(text)) for one in ends)
    # Nobody marks half a line end.
    start -= text[start - 1 : start + 1] == "\r\n"
    end -= text[end - 1 : end + 1] == "\r\n"
    positions = np.array([counted(text, start, rule), counted(text, end, rule)])
    read_back = Text(text)
    first, last = read_back.place(positions, rule).tolist()
    words = text[start:end].replace("\r\n", "\n").replace("\r", "\n")
    assert read_back.folded[first:last] == words
    assert read_back.plain == (text.isascii() and "\r\n" not in text) or "ä" in text


def project(text: str, passages: list[tuple[int, int]], origin: str = "", name: str = "") -> bytes:
    """Return an archive with a text and unnamed passages, each coded once."""
    coding = f'<Coding guid="{guid(8)}" creatingUser="{guid(9)}"><CodeRef targetGUID="{guid(1)}"/>'
    selections = "".join(
        f'<PlainTextSelection guid="{guid(100 + at)}" name="{name}" startPosition="{start}" '
        f'endPosition="{end}">{coding}</Coding></PlainTextSelection>'
        for at, (start, end) in enumerate(passages)
    )
    content = f'<Users><User guid="{guid(9)}" name="Ada"/></Users><CodeBook><Codes>'
    content += f'<Code guid="{guid(1)}" name="pace" isCodable="true"/></Codes></CodeBook><Sources>'
    content += f'<TextSource guid="{guid(2)}" name="s" plainTextPath="internal://s.txt">'
    content += f"{selections}</TextSource></Sources>"
    document = PROJECT.format(content).replace("<Project ", f'<Project origin="{origin}" ', 1)
    return pack({"project.qde": document, "sources/s.txt": text})


LINES = [f"Line {number} tells 😀 of pace\r\n" for number in range(40)]
TEXT = "".join(LINES)


def sentences(rule: str) -> list[tuple[int, int]]:
    """Return where each line stands, as a program counts."""
    firsts = [len("".join(LINES[:number])) for number in range(40)]
    return [
        (counted(TEXT, first, rule), counted(TEXT, first + len(line) - 2, rule))
        for first, line in zip(firsts, LINES, strict=True)
    ]


def chosen(imported: ImportedProject) -> str:
    return next(what for what in whats(imported.report) if what.startswith("positions counted"))


@pytest.mark.parametrize("rule", RULES)
def test_a_project_is_read_by_the_rule_that_fits(rule: str) -> None:
    imported = read(project(TEXT, sentences(rule)), "study.qdpx")
    assert chosen(imported) == f"positions counted as {rule}: this fits the file best"
    assert imported.project.units["text"].tolist() == [line.strip() for line in LINES]
    detail = imported.report.frame().set_index("what")["detail"][chosen(imported)]
    assert detail.startswith("40 of the 40 passages that depend on it begin and end between words")


@pytest.mark.parametrize("rule", RULES)
def test_a_few_careless_passages_change_nothing(rule: str) -> None:
    passages = [(start + 1, end - 1) if n % 10 == 3 else (start, end)
                for n, (start, end) in enumerate(sentences(rule))]  # fmt: skip
    imported = read(project(TEXT, passages), "study.qdpx")
    assert chosen(imported).startswith(f"positions counted as {rule}:")


def test_a_tie_is_refused_with_both_readings() -> None:
    # No blanks between words: every way of counting fits as badly.
    tied = project("😀一二三四五六七", [(2, 5)])
    with pytest.raises(RefusedFileError, match=r"'二三四' or '一二三'; say which with --positions"):
        read(tied, "study.qdpx")
    asked = read(tied, "study.qdpx", positions="utf16")
    assert asked.project.units["text"].tolist() == ["一二三"]
    assert chosen(asked) == "positions counted as utf16: as asked"
    alike = read(project("一二三四五六七", [(2, 5)]), "study.qdpx")
    assert alike.project.units["text"].tolist() == ["三四五"]
    with pytest.raises(ValueError, match="'bytes' is not one of characters, utf16"):
        read(tied, "study.qdpx", positions="bytes")


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        ("NVivo 14", "一二三"),
        ("ATLAS.ti", "二三四"),
        ("QualCoder-3.6", "二三四"),
        ("MAXQDA", "二三四"),
    ],
)
def test_in_a_tie_the_program_decides(origin: str, words: str) -> None:
    imported = read(project("😀一二三四五六七", [(2, 5)], origin), "study.qdpx")
    assert imported.project.units["text"].tolist() == [words]
    assert "counts so" in chosen(imported)


def test_names_that_repeat_the_words_decide_a_tie() -> None:
    text = "😀" + "一二三四五六七八九十" * 3
    named = project(text, [(2, 12)], "NVivo", name=text[2:12])
    assert read(named, "study.qdpx").project.units["text"].tolist() == [text[2:12]]


def test_a_source_that_fits_another_rule_is_said() -> None:
    whole, part = (
        project(TEXT, sentences("utf16")),
        project(TEXT, sentences("characters")[:8]),
    )
    assert "check its words" not in " ".join(whats(read(whole, "study.qdpx").report))
    odd = source(part).replace(guid(2), guid(3)).replace('name="s"', 'name="odd"')
    document = document_of(whole).replace("</Sources>", odd.removeprefix("<Sources>"))
    imported = read(pack({"project.qde": document, "sources/s.txt": TEXT}), "study.qdpx")
    found = imported.report.frame()
    said = found[found["what"].str.contains("better: check its words")]
    assert said["place"].tolist() == ["odd"]


def document_of(packed: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(packed)).read("project.qde").decode()


def source(packed: bytes) -> str:
    document = document_of(packed)
    return document[document.index("<Sources>") : document.index("</Sources>") + 10]
