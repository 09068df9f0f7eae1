"""Bringing files of coding tools in, and taking the corpus out.

Here files are opened and written. An import is a folder of tables that appears whole or not at
all, an export a file of the same sort. Neither replaces what is there: a folder of someone's work
is not ours to overwrite.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pandas as pd

from compendium import __version__, data, files
from qda_exchange import (
    FORMATS,
    CodedProject,
    ImportedProject,
    RefusedFileError,
    from_corpus,
    read,
    write_csv,
    write_qdc,
    write_qdpx,
)

NAME = "Personalized learning in schools: coded evidence"
CORPUS = ("segments", "applications", "codebook", "speakers")
READABLE = 0o755
#: A coding of a passage that belongs to several cases has a row for each.
CODING = ["source", "unit", "start", "end", "coder", "code", "direction"]


def import_file(
    path: Path,
    output: Path | None = None,
    *,
    site: str = "site",
    role: str = "role",
    coder: str | None = None,
) -> tuple[ImportedProject, Path]:
    """Read a file of a coding tool and write its tables into a folder.

    Parameters
    ----------
    path
        A REFI-QDA project or codebook, or a table of Dedoose, Taguette or QualCoder.
    output
        The folder to make; by default the file's name with `-import` behind, here.
    site, role, coder
        See `coding.exchange.read`.

    Returns
    -------
    tuple
        What was read, and the folder: `applications.csv` (the long table), `units.csv`,
        `codes.csv`, `sources.csv`, `variables.csv`, `report.csv`.

    Raises
    ------
    ValueError
        When the file cannot be read or is refused, or the folder is there already or cannot be
        written. Nothing is left behind then.
    """
    folder = output or Path(f"{path.stem}-import")
    _must_be_free(folder)
    try:
        with path.open("rb") as stream:
            imported = read(stream, path.name, site=site, role=role, coder=coder)
    except OSError as error:
        raise RefusedFileError(
            str(path), "", f"cannot be read ({error.strerror})", "name a file"
        ) from None
    _write_folder(folder, _tables(imported))
    return imported, folder


def describe(imported: ImportedProject, folder: Path) -> list[str]:
    """Return what a person wants to know after an import: how much, what is odd, where it is."""
    project, findings = imported.project, imported.report.summary()
    counts = {
        "codings": len(project.applications.drop_duplicates(CODING)),
        "coders": project.applications["coder"].nunique(),
        "codes": int(project.codes["codable"].sum()),
        "passages": project.units["unit"].nunique(),
        "cases": project.units["case"].nunique(),
        "sources": len(project.sources),
    }
    said = ", ".join(f"{count} {things}" for things, count in counts.items())
    lines = [f"read as {imported.format}: {said}"]
    lines += [f"  {row.kind}: {row.what} ({row.n})" for row in findings.itertuples()]
    return [*lines, f"written: {folder}, with every finding in {folder / 'report.csv'}"]


def export_corpus(root: Path, kind: str, output: Path | None = None) -> Path:
    """Write the coded corpus for another tool.

    Parameters
    ----------
    root
        The project's folder.
    kind
        `qdpx` (a project), `qdc` (its codebook) or `csv` (the long table).
    output
        The file to make; by default `compendium.KIND`, here.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    ValueError
        When the kind is unknown, the file is there already or cannot be written, or the data
        break their contract.
    """
    if kind not in FORMATS:
        raise ValueError(f"format: {kind!r} is not one of {', '.join(FORMATS)}.")
    path = output or Path(f"compendium.{kind}")
    _must_be_free(path)
    content = _written(load_corpus(root), kind)
    try:
        files.write_bytes(path, content)
    except OSError as error:
        raise _unwritable(path, error) from None
    return path


def load_corpus(root: Path) -> CodedProject:
    """Return the coded corpus as a project to exchange."""
    segments, applications, codebook, speakers = (data.load(name, root=root) for name in CORPUS)
    return from_corpus(segments, applications, codebook, speakers)


def _written(project: CodedProject, kind: str) -> bytes:
    origin = f"compendium {__version__}"
    if kind == "qdpx":
        return write_qdpx(project, NAME, origin)
    return write_qdc(project.codes, origin) if kind == "qdc" else write_csv(project)


def _tables(imported: ImportedProject) -> dict[str, pd.DataFrame]:
    project = imported.project
    return {
        "applications": project.applications,
        "units": project.units,
        "codes": project.codes,
        "sources": project.sources,
        "variables": project.variables,
        "report": imported.report.frame(),
    }


def _must_be_free(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise ValueError(f"{path}: is there already; remove it, or name another with --output")


def _write_folder(folder: Path, tables: dict[str, pd.DataFrame]) -> None:
    """Write the tables beside the folder's place and put them there in one step."""
    made = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
        for name, frame in tables.items():
            frame.to_csv(made / f"{name}.csv", index=False, lineterminator="\n")
        made.chmod(READABLE)
        _must_be_free(folder)
        os.rename(made, folder)  # noqa: PTH104 - fails, as it should, on a folder with content
    except OSError as error:
        raise _unwritable(folder, error) from None
    finally:
        if made:
            shutil.rmtree(made, ignore_errors=True)


def _unwritable(path: Path, error: OSError) -> ValueError:
    reason = error.strerror or str(error)
    return ValueError(f"{path}: cannot be written ({reason}); name another place with --output")
