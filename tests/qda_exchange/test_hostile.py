"""Hostile files are refused: clearly, within bounded memory and time.

Each file is made here, byte by byte where no library would make it, and given to a reader that has
less memory than the file asks for.
"""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from exchange_files import PROJECT, guid, pack, qde, small_project

from qda_exchange import CodedProject, Limits, RefusedFileError, Report, read, write_qdpx
from qda_exchange.archive import Archive
from qda_exchange.overlaps import merge_overlapping

MEBIBYTE = 1024 * 1024
ENTITIES = (
    '<!DOCTYPE p [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;">]>'
)
OUTSIDE = '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
PARAMETER = '<!DOCTYPE p [<!ENTITY % x SYSTEM "http://localhost:9/x.dtd"> %x;]>'
WORKBOOK = "<workbook><sheets/></workbook>"


def entry(name: str, content: bytes = b"x", **fields: int) -> bytes:
    """Return an archive with one entry whose fields are as no library would set them."""
    stream = io.BytesIO()
    info = zipfile.ZipInfo("PLACEHOLDER")
    info.external_attr = fields.pop("external_attr", 0)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.filename = info.orig_filename = name
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("project.qde", "<Project/>")
        archive.writestr(info, content)
    packed = bytearray(stream.getvalue())
    header = packed.rfind(b"PK\x01\x02")
    for offset, value in {"flags": 8, "method": 10, "packed": 20, "size": 24}.items():
        if offset in fields:
            form = "<H" if value < 20 else "<L"
            struct.pack_into(form, packed, header + value, fields[offset])
    return bytes(packed)


def end_record(entries: int, directory: int, comment: bytes = b"") -> bytes:
    return struct.pack(
        "<4s4H2LH",
        b"PK\x05\x06",
        0,
        0,
        entries & 0xFFFF,
        entries & 0xFFFF,
        directory,
        0,
        len(comment),
    )


def many_entries() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(20_001):
            archive.writestr(f"{number}", b"")
    return stream.getvalue()


def bomb() -> bytes:
    return pack({"project.qde": "<Project/>", "sources/a.txt": b"0" * (64 * MEBIBYTE)})


def two(within: str, element: str, more: str = "") -> bytes:
    """Return a project with two things of one identifier, once in braces and capitals."""
    one = f'<{element} guid="{guid(10)}"{more}/>'
    both = one + one.replace(guid(10), "{" + guid(10).upper() + "}")
    opening = "".join(f"<{name}>" for name in within.split())
    closing = "".join(f"</{name}>" for name in reversed(within.split()))
    return qde(opening + both + closing)


def same_passages() -> bytes:
    passage = f'<PlainTextSelection guid="{guid(5)}" startPosition="0" endPosition="1"/>'
    case = f'<Cases><Case guid="{guid(3)}"><SelectionRef targetGUID="{guid(5)}"/></Case></Cases>'
    return qde(f'{case}<Sources><TextSource guid="{guid(1)}">{passage * 2}</TextSource></Sources>')


def crowd() -> bytes:
    """Every case refers to every passage's source: few bytes, millions of rows."""
    reference = f'<SourceRef targetGUID="{guid(1)}"/>'
    cases = f'<Case guid="{guid(3)}">{reference}</Case>' * 3_000
    passages = '<PlainTextSelection startPosition="0" endPosition="1"/>' * 4_000
    sources = f'<Sources><TextSource guid="{guid(1)}">{passages}</TextSource></Sources>'
    return qde(f"<Cases>{cases}</Cases>{sources}")


def million_codes() -> bytes:
    codes = "".join(f'<Code name="{number}"/>' for number in range(1_000_000))
    return pack({"project.qde": qde(f"<CodeBook><Codes>{codes}</Codes></CodeBook>")})


def same_text_often() -> bytes:
    """Many sources share one text of nine megabytes."""
    source = '<TextSource name="a" plainTextPath="internal://a.txt"/>'
    text = "".join(f"{number} " for number in range(1_300_000))
    return pack({"project.qde": qde(f"<Sources>{source * 1000}</Sources>"), "sources/a.txt": text})


def cut(content: bytes, share: float) -> bytes:
    return content[: int(len(content) * share)]


def small() -> bytes:
    return write_qdpx(small_project(), "study")


def zip64(entries: int | None = None, *, record: bool = True) -> bytes:
    """Return a small project with the larger end record of archives above 4 GiB."""
    content = small()
    end = content.rindex(b"PK\x05\x06")
    _, _, _, _, count, size, start, _ = struct.unpack("<4s4H2LH", content[end:])
    count = count if entries is None else entries
    large = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end if record else 7, 1)
    small_end = end_record(0xFFFF, 2**32 - 1)[:16] + b"\xff\xff\xff\xff\x00\x00"
    return content[:end] + (large if record else b"") + locator + small_end


CODEBOOK = '<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>{}</Codes></CodeBook>'
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "zip bomb": (bomb, r"entry sources/a.txt: .* more than 250 times as much \(a zip bomb\)"),
    "bomb that lies about its size": (
        lambda: entry("project2.qde", b"0" * (8 * MEBIBYTE), size=10),
        "holds 2 project files|cannot be unpacked",
    ),
    "bomb of entries": (many_entries, "holds 20001 files, the limit is 20000"),
    "contents of four gigabytes": (
        lambda: b"PK\x03\x04" + end_record(1, 2**32 - 1),
        "no readable archive.*[Bb]ad offset|bytes of contents",
    ),
    "large archive without its record": (lambda: zip64(record=False), "no readable archive"),
    "one text a thousand times": (same_text_often, "above the limit of 128 MiB"),
    "path upwards": (lambda: entry("../../evil.qde"), "its name leads out of the archive"),
    "path upwards, Windows": (lambda: entry("..\\evil.qde"), "its name leads out"),
    "path upwards, hidden": (lambda: entry("sources/x/../../../evil"), "its name leads out"),
    "absolute path": (lambda: entry("/etc/passwd"), "its name leads out"),
    "absolute path, Windows": (lambda: entry("C:\\evil.txt"), "its name leads out"),
    "path with a zero": (lambda: entry("a.txt\x00../../evil"), "its name leads out"),
    "symbolic link": (
        lambda: entry("link", b"/etc", external_attr=0o120777 << 16),
        "symbolic link",
    ),
    "encrypted": (lambda: entry("secret", flags=1), "is encrypted; export it again without"),
    "unknown packing": (lambda: entry("odd", method=14), "is packed by method 14"),
    "no project": (lambda: pack({"a.txt": "x"}), "holds 0 project files"),
    "two projects": (lambda: pack({"a.qde": "x", "b.qde": "x"}), "holds 2 project files"),
    "archive cut off": (lambda: cut(small(), 0.5), "or is cut off"),
    "archive cut off at its end": (lambda: small()[:-3], "or is cut off"),
    "archive cut at its start": (lambda: b"PK" + small()[700:], "cannot be unpacked|no readable"),
    "archive with a changed byte": (
        lambda: small().replace(b"\x00\x00project.qde", b"\x00\x00prOject.qde", 1),
        "cannot be unpacked",
    ),
    "empty": (lambda: b"", "holds no table"),
    "entities that expand": ((ENTITIES + PROJECT.format("&c;")).encode, "document type"),
    "entity from outside": ((OUTSIDE + PROJECT.format("&x;")).encode, "document type"),
    "parameter entity": ((PARAMETER + PROJECT.format("")).encode, "document type"),
    "document type alone": (lambda: b"<!DOCTYPE Project><Project/>", "line 1: declares a document"),
    "entities in an archive": (
        lambda: pack({"project.qde": ENTITIES + PROJECT.format("&c;")}),
        "entry project.qde, line 1: declares a document type",
    ),
    "entities in a workbook": (
        lambda: pack({"xl/workbook.xml": WORKBOOK, "xl/sharedStrings.xml": ENTITIES + "<sst/>"}),
        "entry xl/sharedStrings.xml, line 1: declares a document type",
    ),
    "entity that nothing declares": (lambda: qde("&evil;"), "undefined entity"),
    "Latin letters as UTF-8": (lambda: qde("Größe").decode().encode("latin-1"), "not well-formed"),
    "unknown encoding": (lambda: b'<?xml version="1.0" encoding="ebcdic-x"?><Project/>', "decoded"),
    "encoding of many bytes": (
        lambda: b'<?xml version="1.0" encoding="gb2312"?><Project/>',
        "deco",
    ),
    "encoding that runs code": (
        lambda: b'<?xml version="1.0" encoding="zip"?><Project/>',
        "decoded",
    ),
    "zero bytes in XML": (lambda: b"<Project>\x00</Project>", "not well-formed"),
    "XML cut off": (
        lambda: cut(qde("<Users></Users>"), 0.8),
        "not well-formed.*line|line.*not well",
    ),
    "a million codes": (
        million_codes,
        r"entry project.qde|line .*more codes than the limit of 20000",
    ),
    "deep nesting": (
        lambda: CODEBOOK.format("<Code>" * 200 + "</Code>" * 200).encode(),
        "nests elements deeper than the limit of 100",
    ),
    "nesting without an end": (
        lambda: b"<CodeBook><Codes>" + b"<Code>" * 300_000,
        "nests elements",
    ),
    "attribute of megabytes": (
        lambda: b'<CodeBook origin="' + b"a" * (3 * MEBIBYTE) + b'"/>',
        "has a tag longer than the limit of 1048576 bytes",
    ),
    "a million attributes": (
        lambda: b"<CodeBook " + b" ".join(b'a%d="1"' % n for n in range(300_000)) + b"/>",
        "has a tag longer",
    ),
    "two codes of one identifier": (
        lambda: two("CodeBook Codes", "Code", ' name="a" isCodable="true"'),
        "two codes share the identifier",
    ),
    "two coders of one identifier": (
        lambda: two("Users", "User"),
        "two coders share the identifier",
    ),
    "two sources of one identifier": (
        lambda: two("Sources", "TextSource"),
        "two sources share the identifier",
    ),
    "two variables of one identifier": (
        lambda: two("Variables", "Variable", ' name="a" typeOfVariable="Text"'),
        "two variables share",
    ),
    "case of two passages of one identifier": (same_passages, "two passages share the identifier"),
    "every case in every passage": (crowd, "codings times the cases .* are 12000000, the limit"),
    "table in two encodings": (
        lambda: b"id,document,tag,content\n1,d,Gr\xc3\xb6\xdfe,x\n",
        "neither UTF-8 nor Windows-1252 throughout; save it as CSV UTF-8",
    ),
    "table in no encoding": (lambda: b"id,document,tag,content\n1,d,\x81\x8d,x\n", "neither UTF-8"),
    "table with zero bytes": (
        lambda: b"id,document,tag,content\n1,d,\x00,x\n",
        "line 2: holds zero",
    ),
    "quote without an end": (
        lambda: b'id,document,tag,content\n1,d,t,"' + b"x\n" * 600_000,
        "row 2, line .*cannot be read as CSV",
    ),
    "line without an end": (
        lambda: b"id,document,tag,content\n" + b"x" * (2 * MEBIBYTE),
        "line 2: is longer than any line may be",
    ),
    "a million columns": (lambda: b"id," + b"a," * 400_000, "row 1: has 400002 columns, the limit"),
}


@cache
def made(name: str) -> bytes:
    return HOSTILE[name][0]()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_way_out(name: str) -> None:
    with pytest.raises(RefusedFileError, match=HOSTILE[name][1]) as refused:
        read(made(name), "study.qdpx")
    assert str(refused.value).startswith("study.qdpx")
    assert refused.value.remedy
    assert len(str(refused.value)) < 600


CHILD = """
import resource, sys
from qda_exchange import RefusedFileError, read
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
for path in sys.argv[1:]:
    try:
        with open(path, "rb") as stream:
            read(stream, "study")
    except RefusedFileError:
        continue
    sys.exit(f"{path} was read")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_refusing_takes_little_memory(tmp_path: Path) -> None:
    for name in HOSTILE:
        (tmp_path / name.replace(" ", "-")).write_bytes(made(name))
    paths = sorted(str(path) for path in tmp_path.iterdir())
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 40 * MEBIBYTE
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *paths], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    kibibytes = int(done.stdout) * (1 if sys.platform != "darwin" else 1 / 1024)
    assert kibibytes < 400 * 1024
    assert sorted(str(path) for path in tmp_path.iterdir()) == paths


def test_harmless_twins_are_read() -> None:
    # What a limit refuses is read below it, so that each refusal has its reason.
    for entries in (None, 2**40):
        assert read(zip64(entries), "study.qdpx").project.codes["code"].size
    latin = "id,document,tag,content\n1,d,Größe,x\n".encode("latin-1")
    assert read(latin, "h.csv").project.codes["code"].tolist() == ["Größe"]
    assert read(small(), "study.qdpx").project.codes["code"].size
    deep = CODEBOOK.format("<Code>" * 98 + "</Code>" * 98).encode()
    assert len(read(deep, "codes.qdc").project.codes) == 98
    assert read(b'<CodeBook origin="' + b"a" * 1000 + b'"/>', "codes.qdc").project.codes.empty
    prefixed = b"self-extracting" + small()
    assert Archive(io.BytesIO(prefixed), "x").names
    commented = io.BytesIO(small())
    with zipfile.ZipFile(commented, "a") as archive:
        archive.comment = b"a comment " * 100
    assert read(commented.getvalue(), "study.qdpx").project.codes["code"].size


def test_an_entry_is_read_no_further_than_it_says() -> None:
    content = entry("big.txt", b"0" * (8 * MEBIBYTE), size=10)
    archive = Archive(io.BytesIO(content), "study.qdpx")
    with pytest.raises(RefusedFileError, match=r"big\.txt: cannot be unpacked"):
        archive.content("big.txt")


def test_what_is_unpacked_is_bounded_over_all_entries() -> None:
    content = pack({"a": "x" * 600, "b": "y" * 600})
    limits = replace(Limits(), unpacked_bytes=1000)
    archive = Archive(io.BytesIO(content), "study.qdpx", limits)
    archive.stream("a").read()
    with pytest.raises(RefusedFileError, match="entry b: brings what has to be unpacked above"):
        archive.stream("b")


def test_a_large_project_takes_memory_in_proportion(tmp_path: Path) -> None:
    """A hundred thousand coded passages, each as long as the text: no memory or time for each."""
    path = tmp_path / "large.qdpx"
    path.write_bytes(large_project(100_000))
    code = CHILD.replace("read(stream", "n = len(read(stream").replace(
        '"study")', '"study").project.applications)'
    )
    code = code.replace('sys.exit(f"{path} was read")', "print(n)")
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    rows, kibibytes = map(int, done.stdout.split())
    assert rows == 100_000
    assert kibibytes < 110 * 1024


def test_many_overlapping_passages_take_time_in_proportion() -> None:
    """Twenty thousand pairs of overlapping passages of one coder: no search for each."""
    start = pd.Series(range(20_000)).repeat(2).to_numpy() * 40
    end = start + 30 + (pd.Series(range(40_000)).to_numpy() % 2)
    rows = {"source": "s", "coder": "A", "code": "c", "start": start, "end": end}
    rows |= {"unit": [f"u{one}" for one in range(40_000)]}
    report, begun = Report(), time.process_time()
    merged = merge_overlapping(CodedProject.of(applications=rows, units=rows), report)
    assert time.process_time() - begun < 5
    assert len(merged.applications) == len(merged.units) == len(report) == 20_000
    assert (merged.applications["end"] - merged.applications["start"]).eq(31).all()
    assert merged.units["unit"].iloc[:2].tolist() == ["u1", "u3"]


def large_project(passages: int) -> bytes:
    """Return a project in which each of a thousand coders gives each of a hundred codes once."""
    text = " ".join(map(str, range(300_000)))
    users = "".join(f'<User guid="{guid(10**6 + n)}" name="u{n}"/>' for n in range(1000))
    codes = "".join(f'<Code guid="{guid(n)}" name="c{n}" isCodable="true"/>' for n in range(100))
    selections = "".join(
        f'<PlainTextSelection guid="{guid(2 * 10**6 + n)}" startPosition="{n}" '
        f'endPosition="{len(text)}" name="said by all">'
        f'<Coding guid="{guid(10**7 + n)}" creatingUser="{guid(10**6 + n // 100)}">'
        f'<CodeRef targetGUID="{guid(n % 100)}"/></Coding></PlainTextSelection>'
        for n in range(passages)
    )
    content = f"<Users>{users}</Users><CodeBook><Codes>{codes}</Codes></CodeBook><Sources>"
    content += f'<TextSource guid="{guid(9)}" name="s" plainTextPath="internal://s.txt">'
    content += f"{selections}</TextSource></Sources>"
    return pack({"project.qde": qde(content), "sources/s.txt": text})
