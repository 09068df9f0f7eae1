"""Writing REFI-QDA: projects (`.qdpx`) and codebooks (`.qdc`).

Identifiers are derived from names, and dates are left out, so the same project gives the same
bytes. What was written is read again at once: a project that would not come back as it is, is
refused.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from operator import eq

import pandas as pd

from compendium.coding.checks import raise_faults
from qda_exchange.model import (
    CODE_COLUMNS,
    COLUMNS,
    UNIT_TYPES,
    CodedProject,
    check_project,
    complete,
    records,
)
from qda_exchange.refi.document import codebook_document, project_document
from qda_exchange.refi.elements import text_name
from qda_exchange.refi.structure import is_kind

EARLIEST = (1980, 1, 1, 0, 0, 0)
UNIX, READABLE = 3, 0o644 << 16
#: What XML 1.0 cannot hold, however it is written.
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
DEEPEST = 90


def write_qdpx(project: CodedProject, name: str, origin: str = "compendium") -> bytes:
    """Write a project (`.qdpx`) that coding tools can open; equal projects give equal bytes.

    Raises ValueError when the frames do not fit together (see `check_project`), or the format
    cannot hold them: a character that XML has not, a source that is no text, a passage without a
    place, a code applied for one case of a passage and not for another. Every row that would be
    lost or changed is named.

    Examples
    --------
    >>> from qda_exchange.model import table
    >>> applied = table(
    ...     {"source": ["s"], "unit": ["u"], "code": ["pace"], "start": [0], "end": [4]}, COLUMNS
    ... )
    >>> zipfile.ZipFile(io.BytesIO(write_qdpx(CodedProject(applied), "study"))).namelist()
    ['project.qde']
    """
    project = complete(project)
    check_project(project)
    _check_codes(project.codes)
    raise_faults("project", list(_unwritable(project)))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        _pack(archive, "project.qde", project_document(project, name, origin))
        for source, text in records(project.sources, ["source", "text"]):
            if text is not None:
                _pack(archive, f"sources/{text_name(source)}", text)
    _check_comes_back(project, packed.getvalue())
    return packed.getvalue()


def write_qdc(codes: pd.DataFrame, origin: str = "compendium") -> bytes:
    """Write a codebook (`code`, `parent`, `codable`, `colour`, `description`) as a `.qdc` file.

    Raises ValueError when it is empty, a code is there twice or would be named otherwise after
    reading, a parent is not there before its child, or codes are nested too deep.
    """
    from qda_exchange.reading import read

    _check_codes(codes)
    written = codebook_document(codes, origin).encode()
    back = read(written, "codebook").project
    raise_faults("codes", list(_differences("codes", codes, back.codes, list(CODE_COLUMNS))))
    return written


def _pack(archive: zipfile.ZipFile, name: str, content: str) -> None:
    entry = zipfile.ZipInfo(name, EARLIEST)
    entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, UNIX
    entry.external_attr = READABLE
    archive.writestr(entry, content.encode())


def _check_codes(codes: pd.DataFrame) -> None:
    if codes.empty:
        raise ValueError("codes: none; a codebook in REFI-QDA has at least one code.")
    faults: list[str] = []
    depths: dict[str | None, int] = {}
    for row, (code, parent) in zip(codes.index, records(codes, ["code", "parent"]), strict=True):
        if code in depths:
            faults.append(f"row {row}: {code!r} is there before")
        if parent is not None and parent not in depths:
            what = f"{parent!r} is not among the codes above it; list parents first"
            faults.append(f"row {row}, column parent: {what}")
        depths[code] = depths.get(parent, 0) + 1
    deepest = max(depths.values())
    if deepest > DEEPEST:
        faults.append(f"codes are nested {deepest} deep, the limit is {DEEPEST}")
    raise_faults("codes", faults)


def _unwritable(project: CodedProject) -> Iterator[str]:
    """Yield what the format has no place for, with what can be done about it."""
    for name in ("applications", "units", "codes", "sources", "variables"):
        frame = getattr(project, name)
        # Texts are files of their own, which may hold more than XML can.
        for column in frame.columns[frame.dtypes == "str"].drop("text", errors="ignore"):
            texts = frame[column].dropna()
            for row, value in texts[texts.str.contains(FORBIDDEN)].items():
                what = "has a character that XML cannot hold; remove it"
                yield f"{name}, row {row}, column {column}: {value[:40]!r} {what}"
    sources, units = project.sources, project.units
    for row, name in sources["source"][sources["source"].duplicated()].items():
        yield f"sources, row {row}: {name!r} is there before"
    for row, kind in sources["kind"][sources["kind"] != "text"].items():
        yield f"sources, row {row}, column kind: {kind!r} cannot be written; leave its rows out"
    for row, unit in units["unit"][
        units["start"].isna() & (units["unit"] != units["source"])
    ].items():
        yield f"units, row {row}: {unit!r} has no start and end; call compose(project) first"
    for row, kind in project.variables["type"].items():
        if not is_kind(str(kind), "typeOfVariableType"):
            yield f"variables, row {row}, column type: {kind!r} is no type of the standard"


def _check_comes_back(project: CodedProject, packed: bytes) -> None:
    """Raise when a project that was written would be read as another."""
    from qda_exchange.reading import read

    back = read(packed, "what was written", positions="characters").project
    faults: list[str] = []
    for name, columns in (
        ("sources", ["source", "text"]),
        ("codes", list(CODE_COLUMNS)),
        ("units", list(UNIT_TYPES)),
        ("applications", list(COLUMNS)),
    ):
        before, after = getattr(project, name), getattr(back, name)
        faults = faults or list(_differences(name, before, after, columns))
    raise_faults("project", faults)


def _differences(
    name: str, before: pd.DataFrame, after: pd.DataFrame, columns: list[str]
) -> Iterator[str]:
    """Yield the rows that do not come back, each beside the row that came in its place."""
    kept, written = set(records(after, columns)), set(records(before, columns))
    came = kept - written
    for row, values in zip(before.index, records(before, columns), strict=True):
        if values not in kept:
            alike = max(came, key=lambda one: sum(map(eq, one, values)), default=())
            changed = [
                f"{column} {_shown(ours)} would be read back as {_shown(theirs)}"
                for column, ours, theirs in zip(columns, values, alike, strict=False)
                if ours != theirs
            ]
            yield f"{name}, row {row}: {'; '.join(changed) or 'would be lost'}"
    if came and written <= kept:
        extra = zip(columns, next(iter(came)), strict=True)
        said = ", ".join(f"{column} {_shown(value)}" for column, value in extra if value)
        why = "codes and cases hold for all of a passage"
        yield f"{name}: a row would come back that is not there ({said}); {why}"


def _shown(value: object) -> str:
    return repr(value[:40] + "…" if isinstance(value, str) and len(value) > 40 else value)
