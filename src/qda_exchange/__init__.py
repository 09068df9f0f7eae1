"""Exchange with the tools that people code in.

`read` takes the bytes of any file that a coding tool has written (REFI-QDA projects and codebooks,
tables of Dedoose, Taguette and QualCoder, the long table itself) and returns frames and a report
of everything odd or dropped. `write_qdpx`, `write_qdc` and `write_csv` take frames and return
bytes. No file is opened here.

The way through: `model` says what a project is; `limits`, `archive` and `markup` keep hostile files
at bay; `refi` reads and writes the standard, `tables` reads the rest; `corpus` turns the
compendium's own frames into a project.
"""

from qda_exchange.composing import compose
from qda_exchange.corpus import (
    applications_of,
    codebook_of,
    codes_of,
    from_corpus,
)
from qda_exchange.limits import Limits, RefusedFileError
from qda_exchange.model import COLUMNS, CodedProject
from qda_exchange.reading import ImportedProject, read
from qda_exchange.refi.writing import write_qdc, write_qdpx
from qda_exchange.report import Report
from qda_exchange.tables.canonical import write_csv

__all__ = [
    "COLUMNS",
    "FORMATS",
    "CodedProject",
    "ImportedProject",
    "Limits",
    "RefusedFileError",
    "Report",
    "applications_of",
    "codebook_of",
    "codes_of",
    "compose",
    "from_corpus",
    "read",
    "write_csv",
    "write_qdc",
    "write_qdpx",
]

#: What the corpus can be written as: a REFI-QDA project, its codebook, the long table.
FORMATS = ("qdpx", "qdc", "csv")
