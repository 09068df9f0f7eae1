"""Exchange with the tools that people code in.

`read` takes the bytes of any file that a coding tool has written and returns frames and a report of
everything odd or dropped; `merge` puts the files of several coders together; `write_...` take
frames and return bytes. No file is opened here. `model` says what a project is; `guard`, `archive`,
`markup` and `databases.safe` keep hostile files at bay; `positions` finds out how a file counts;
`refi` reads and writes the standard, `tables` and `databases` read the rest.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qda_exchange.cells import write_csv
    from qda_exchange.corpus import (
        applications_of,
        codebook_of,
        codes_of,
        compose,
        from_corpus,
        segments_of,
    )
    from qda_exchange.guard import Limits, RefusedFileError
    from qda_exchange.merging import merge
    from qda_exchange.model import COLUMNS, CodedProject
    from qda_exchange.reading import ImportedProject, read
    from qda_exchange.refi.writing import write_qdc, write_qdpx
    from qda_exchange.report import Report
    from qda_exchange.taguette_file import write_taguette

#: What is offered, and where: looked up when asked for, so that commands start without pandas.
_NAMES = "COLUMNS CodedProject ImportedProject Limits RefusedFileError Report applications_of "
_NAMES += "codebook_of codes_of compose from_corpus merge read segments_of write_csv write_qdc "
_NAMES += "write_qdpx write_taguette"
_MODULES = ("corpus", "merging", "reading", "guard", "refi.writing", "cells", "taguette_file")
#: What a project can be written as: a REFI-QDA project or codebook, a Taguette project, a table.
FORMATS = ("qdpx", "qdc", "taguette", "csv")


def __getattr__(name: str) -> Any:
    for module in _MODULES if name in _NAMES.split() else ():
        found = import_module(f"{__name__}.{module}")
        if hasattr(found, name):
            return getattr(found, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
