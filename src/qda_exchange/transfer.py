"""Bringing files of coding tools in, putting them together, and taking the corpus out.

Here files are opened and written. An import is a folder of tables that appears whole or not at
all, an export a file of the same sort. Neither replaces what is there: a folder of someone's work
is not ours to overwrite.
"""

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd

import qda_exchange as exchange
from compendium import __version__, data, files
from compendium.coding.passages import NEARLY, near_misses
from qda_exchange import CodedProject, ImportedProject, RefusedFileError, Report
from qda_exchange.archive import Archive
from qda_exchange.cells import NOTICE, csv_file, long_table
from qda_exchange.corpus import segment_ids
from qda_exchange.guard import Guard
from qda_exchange.report import CHOICE
from qda_exchange.tables.mapping import propose
from qda_exchange.tables.sheets import read_csv_sheet
from qda_exchange.tables.workbooks import read_workbook

NAME = "Personalized learning in schools: coded evidence"
CORPUS = ("segments", "applications", "codebook", "speakers")
READABLE, SAMPLE = 0o755, 50
#: A coding of a passage that belongs to several cases has a row for each.
CODING = ["source", "unit", "start", "end", "coder", "code", "direction"]


def import_file(
    path: Path, output: Path | None = None, *, mapping: Path | None = None, **options: Any
) -> tuple[ImportedProject, Path]:
    """Read a file of a coding tool and write its tables into a folder.

    A folder of QualCoder counts as a file. `mapping` is a file that says what columns mean (see
    `propose_mapping`), `options` are those of `reading.read`. Raises ValueError when the file
    cannot be read or is refused, or the folder is there already or cannot be written; nothing is
    left behind then.
    """
    folder = output or Path(f"{path.stem}-import")
    _must_be_free(folder)
    meanings = None if mapping is None else _load_mapping(mapping)
    with _opened(path) as stream:
        imported = exchange.read(stream, path.name, mapping=meanings, **options)
    _write_folder(folder, imported)
    return imported, folder


def merge_files(
    paths: Sequence[tuple[str | None, Path]], output: Path, **options: Any
) -> tuple[ImportedProject, Path]:
    """Read several files, each with the name of its coder or None, and write them as one project.

    Where neither a file nor anyone says who coded, the coder is named after the file.
    """
    _must_be_free(output)
    found, report = [], Report()
    for coder, path in paths:
        with _opened(path) as stream:
            imported = exchange.read(stream, path.name, coder=coder, **options)
        applied = imported.project.applications
        if applied["coder"].isna().any():
            applied = applied.assign(coder=applied["coder"].fillna(path.stem))
            imported = replace(imported, project=replace(imported.project, applications=applied))
            imported.report.add(CHOICE, "coder named after the file", "", path.stem)
        found.append(imported)
        report.extend(imported.report, str(path))
    merged = exchange.merge(found, [str(path) for _, path in paths])
    report.extend(merged.report)
    merged = replace(merged, report=report)
    _write_folder(output, merged)
    return merged, output


def propose_mapping(path: Path, target: Path) -> None:
    """Write a proposal of what the columns of a table mean: `column`, `means`, `example`."""
    guard = Guard(path.name)
    with _opened(path) as stream:
        if stream.read(2) == b"PK":
            sheet = next(read_workbook(Archive(stream, path.name), guard))
        else:
            sheet = read_csv_sheet(stream, guard)
        rows = [row for _, row in islice(sheet.rows, SAMPLE) if sum(map(bool, row)) > 1]
    if not rows:
        raise guard.refusal("", "has no row with two cells", "this is no table; name another file")
    header, *rows = [[cell.strip() for cell in row] for row in rows]
    proposed = propose(header, rows)
    examples = [[row[at] for row in rows if at < len(row) and row[at]] for at in range(len(header))]
    table = {"column": header, "means": [proposed[name] for name in header]}
    table["example"] = [one[0] if one else "" for one in examples]
    _must_be_free(target)
    _write_file(target, csv_file(pd.DataFrame(table, dtype="str"))[0])


def describe(imported: ImportedProject, folder: Path) -> list[str]:
    """Return what a person wants to know after an import: how much, what is odd, where it is."""
    project = imported.project
    counts = {
        "codings": len(project.applications.drop_duplicates(CODING)),
        "coders": project.applications["coder"].nunique(),
        "codes": int(project.codes["codable"].sum()),
        "passages": len(project.units.drop_duplicates(["source", "unit"])),
        "cases": project.units["case"].nunique(),
        "sources": len(project.sources),
    }
    said = ", ".join(
        f"{count} {things.removesuffix('s') if count == 1 else things}"
        for things, count in counts.items()
    )
    findings = imported.report.summary().itertuples()
    lines = [f"  {row.kind}: {row.what} ({row.n})" for row in findings]
    written = f"written: {folder}, with every finding in {folder / 'report.csv'}"
    read = "" if imported.format == "merged" else "read as "
    return [f"{read}{imported.format}: {said}", *lines, written]


def export_corpus(root: Path, kind: str, output: Path | None = None) -> tuple[Path, list[str]]:
    """Write a folder's coded corpus as one of `FORMATS`; return the file, and what to know of it.

    Raises ValueError when the kind is unknown, the file is there already or cannot be written, or
    the data break their contract.
    """
    if kind not in exchange.FORMATS:
        raise ValueError(f"format: {kind!r} is not one of {', '.join(exchange.FORMATS)}.")
    path = output or Path(f"compendium.{'sqlite3' if kind == 'taguette' else kind}")
    _must_be_free(path)
    project, origin, neutralised = load_corpus(root), f"compendium {__version__}", 0
    if kind == "csv":
        content, neutralised = csv_file(long_table(project))
    elif kind == "qdc":
        content = exchange.write_qdc(project.codes, origin)
    elif kind == "taguette":
        content = exchange.write_taguette(project, NAME)
    else:
        content = exchange.write_qdpx(project, NAME, origin)
    _write_file(path, content)
    return path, [f"{neutralised} {NOTICE}"] if neutralised else []


def load_corpus(root: Path) -> CodedProject:
    """Return the coded corpus as a project to exchange."""
    segments, applications, codebook, speakers = (data.load(name, root=root) for name in CORPUS)
    return exchange.from_corpus(segments, applications, codebook, speakers)


def _opened(path: Path) -> BinaryIO:
    try:
        return (path / "data.qda" if path.is_dir() else path).open("rb")
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
        problem = "is a folder without a project of QualCoder" if path.is_dir() else problem
        raise RefusedFileError(str(path), "", problem, "name a file") from None


def _load_mapping(path: Path) -> dict[str, str]:
    with _opened(path) as stream:
        rows = [row for _, row in read_csv_sheet(stream, Guard(path.name)).rows if any(row)]
    return {row[0].strip(): row[1].strip().lower() for row in rows[1:] if len(row) > 1 and row[1]}


def _must_be_free(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise ValueError(f"{path}: is there already; remove it, or name another with --output")


def _note_near_misses(project: CodedProject, report: Report) -> None:
    """Warn of passages of two coders that nearly coincide, which comparisons take for two."""
    applied, segments = exchange.applications_of(project), exchange.segments_of(project)
    if applied["coder"].nunique() < 2:
        return
    try:
        pairs = near_misses(applied, segments.drop_duplicates("segment_id"))
    except ValueError as error:
        report.add(CHOICE, "passages of two coders were not compared", "", str(error))
        return
    what = f"pairs of passages by two coders share {NEARLY:.0%} of their text and count as two: "
    for pair in pairs.itertuples():
        detail = f"{pair.coders}: {pair.segment_id}; {pair.other_coders}: {pair.other}"
        report.add(
            CHOICE, what + "match them by overlap before comparing", str(pair.document), detail
        )


def _write_folder(folder: Path, imported: ImportedProject) -> None:
    """Write the tables beside the folder's place and put them there in one step."""
    _note_near_misses(imported.project, imported.report)
    project, made, neutralised = imported.project, None, 0
    names = ["applications", "units", "codes", "sources", "variables"]
    tables = {name: getattr(project, name) for name in [*names, *["pairs"] * len(project.pairs)]}
    for name in ("applications", "units"):
        tables[name] = tables[name].copy()
        tables[name].insert(0, "segment_id", segment_ids(project, tables[name]))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
        for name, frame in tables.items():
            content, count = csv_file(frame)
            (made / f"{name}.csv").write_bytes(content)
            neutralised += count
        if neutralised:
            imported.report.add(CHOICE, NOTICE, times=neutralised)
        (made / "report.csv").write_bytes(csv_file(imported.report.frame())[0])
        made.chmod(READABLE)
        _must_be_free(folder)
        os.rename(made, folder)  # noqa: PTH104 - fails, as it should, on a folder with content
    except OSError as error:
        raise _unwritable(folder, error) from None
    finally:
        if made:
            shutil.rmtree(made, ignore_errors=True)


def _write_file(path: Path, content: bytes) -> None:
    try:
        files.write_bytes(path, content)
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> ValueError:
    reason = error.strerror or str(error)
    return ValueError(f"{path}: cannot be written ({reason}); name another place with --output")
