"""Writing the long table as CSV."""

from __future__ import annotations

import pandas as pd

from qda_exchange.cells import csv_file
from qda_exchange.model import COLUMNS, CodedProject, check_project, complete


def write_csv(project: CodedProject) -> bytes:
    """Write the long table as CSV, in UTF-8 with the mark by which Excel knows it.

    Parameters
    ----------
    project
        Only its applications and its units without any are written.

    Returns
    -------
    bytes
        The columns of `model.COLUMNS`. A unit without a code is a row without one. Texts that a
        spreadsheet would run get an apostrophe in front, which `read` takes off again.

    Raises
    ------
    ValueError
        When the frames do not fit together; see `check_project`.

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
