"""Writing REFI-QDA: projects (`.qdpx`) and codebooks (`.qdc`).

Identifiers are derived from names, and dates are left out, so the same project gives the same
bytes.
"""

from __future__ import annotations

import io
import zipfile

import pandas as pd

from qda_exchange.model import CodedProject, complete, records
from qda_exchange.refi.document import codebook_document, project_document
from qda_exchange.refi.elements import text_name
from qda_exchange.refi.writable import check_codes, check_writable

EARLIEST = (1980, 1, 1, 0, 0, 0)
UNIX, READABLE = 3, 0o644 << 16


def write_qdpx(project: CodedProject, name: str, origin: str = "compendium") -> bytes:
    """Write a project that coding tools can open.

    Parameters
    ----------
    project
        Frames, see `CodedProject`; those left empty are filled from the long table.
    name
        The project's name.
    origin
        The program that made it.

    Returns
    -------
    bytes
        A `.qdpx` file. Equal projects give equal bytes.

    Raises
    ------
    ValueError
        When the format cannot hold the project as it is; see `check_writable`.

    Examples
    --------
    >>> from qda_exchange.model import COLUMNS, table
    >>> applied = table(
    ...     {"source": ["s"], "unit": ["u"], "code": ["pace"], "start": [0], "end": [4]}, COLUMNS
    ... )
    >>> zipfile.ZipFile(io.BytesIO(write_qdpx(CodedProject(applied), "study"))).namelist()
    ['project.qde']
    """
    project = complete(project)
    check_writable(project)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        _pack(archive, "project.qde", project_document(project, name, origin))
        for source, text in records(project.sources, ["source", "text"]):
            if text is not None:
                _pack(archive, f"sources/{text_name(source)}", text)
    return packed.getvalue()


def write_qdc(codes: pd.DataFrame, origin: str = "compendium") -> bytes:
    """Write a codebook that coding tools can open.

    Parameters
    ----------
    codes
        `code`, `parent`, `codable`, `colour`, `description`; parents before children.
    origin
        The program that made it.

    Returns
    -------
    bytes
        A `.qdc` file.

    Raises
    ------
    ValueError
        See `check_codes`.

    Examples
    --------
    >>> from qda_exchange.model import CODE_COLUMNS, table
    >>> codes = table({"code": ["pace"], "codable": [True]}, CODE_COLUMNS)
    >>> b'name="pace" isCodable="true"' in write_qdc(codes)
    True
    """
    check_codes(codes)
    return codebook_document(codes, origin).encode()


def _pack(archive: zipfile.ZipFile, name: str, content: str) -> None:
    entry = zipfile.ZipInfo(name, EARLIEST)
    entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, UNIX
    entry.external_attr = READABLE
    archive.writestr(entry, content.encode())
