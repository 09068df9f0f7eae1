"""Projects that are SQLite databases: QualCoder, Taguette, RQDA, requal."""

from contextlib import closing
from typing import BinaryIO

from qda_exchange.collecting import Collector
from qda_exchange.databases import qualcoder, r_programs, taguette
from qda_exchange.databases.safe import MAGIC, Database
from qda_exchange.guard import Guard
from qda_exchange.model import CodedProject

__all__ = ["MAGIC", "read_database"]

#: Name, the tables by which a project is known, its reader.
PROGRAMS = (
    ("QualCoder project", {"code_text", "code_name", "source"}, qualcoder.read),
    ("Taguette project", {"highlights", "highlight_tags", "tags", "documents"}, taguette.read),
    ("RQDA project", {"coding", "freecode", "source"}, r_programs.read_rqda),
    ("requal project", {"segments", "codes", "documents"}, r_programs.read_requal),
)


def read_database(stream: BinaryIO, guard: Guard) -> tuple[CodedProject, str]:
    """Read a project, and return it with the name of its program."""
    with closing(Database(stream, guard)) as database:
        for name, tables, read in PROGRAMS:
            if tables <= database.tables:
                into = Collector(guard)
                return into.project(read(database, into)), name
        found = ", ".join(sorted(database.tables))[:200] or "none"
        problem = f"is a database of no known program: its tables are {found}"
        raise guard.refusal("", problem, "known are projects of QualCoder, Taguette, RQDA, requal")
