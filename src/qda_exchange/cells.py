"""Cells that a spreadsheet would run, and CSV files that it can read.

A cell that begins with `=`, `+`, `-` or `@` is a formula to Excel and LibreOffice, and a formula
can fetch and send. In every CSV file that is written such a text gets an apostrophe in front, which
spreadsheets hide; numbers stay numbers. The long table is read back without it.
"""

import io
import re

import pandas as pd

from qda_exchange.model import COLUMNS, CodedProject, check_project, complete

#: What makes a text a formula, also in the wide letters of East Asia; apostrophes before it are
#: ours or someone's, and one more keeps them apart.
RUN = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
MARK = "'"
NOTICE = "cells that a spreadsheet would run as a formula begin with an apostrophe now"


def neutralised(text: str) -> str:
    """Return a text that no spreadsheet runs."""
    return MARK + text if RUN.match(text) else text


def restored(text: str) -> str:
    """Return a text as it was before `neutralised`."""
    return text[1:] if text.startswith(MARK) and RUN.match(text) else text


def csv_file(frame: pd.DataFrame) -> tuple[bytes, int]:
    """Return a frame as CSV for spreadsheets and programs, and how many cells were neutralised.

    UTF-8 with the mark by which Excel knows it, one header row, empty where nothing is known.
    """
    safe, count = {}, 0
    for column in frame.columns:
        values = frame[column]
        if values.dtype == "str":
            values = values.map(neutralised, na_action="ignore")
            count += int((values != frame[column])[values.notna()].sum())
        safe[column] = values
    written = io.StringIO()
    pd.DataFrame(safe, columns=frame.columns).to_csv(written, index=False, lineterminator="\n")
    return written.getvalue().encode("utf-8-sig"), count


def write_csv(project: CodedProject) -> bytes:
    """Write the long table as CSV, with a row without a code for each unit that nobody coded.

    Texts that a spreadsheet would run get an apostrophe in front, which `read` takes off again.
    Raises ValueError when the frames do not fit together.

    Examples
    --------
    >>> from qda_exchange.model import table
    >>> applied = table({"source": ["a"], "unit": ["1"], "code": ["=pace"]}, COLUMNS)
    >>> write_csv(CodedProject(applied)).decode("utf-8-sig").splitlines()[1]
    "a,,,,,'=pace,,,1,,"
    """
    return csv_file(long_table(project))[0]


def long_table(project: CodedProject) -> pd.DataFrame:
    """Return the long table, with a row without a code for each unit that nobody coded."""
    project = complete(project)
    check_project(project)
    applied, key = project.applications, ["source", "start", "end", "unit"]
    coded = project.units[key].merge(applied[key].drop_duplicates(), how="left", indicator=True)
    bare = project.units[(coded["_merge"] == "left_only").to_numpy()]
    return pd.concat([applied, bare.reindex(columns=list(COLUMNS)).astype(COLUMNS)])
