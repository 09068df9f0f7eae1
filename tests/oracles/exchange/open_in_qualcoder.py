"""Open a `.qdpx` in QualCoder itself and print what it kept, as JSON.

`python open_in_qualcoder.py SOURCE FILE [DUMP]`, with a Python that has QualCoder's requirements
and SOURCE the folder `src` of its source (github.com/ccbogel/QualCoder; used: 4.0 beta, commit
c320464 of 22 August 2026). The tables are made by QualCoder's own statements, and its own class
`RefiImport` fills them; only its windows are left out. DUMP gets the database as SQL.
"""

from __future__ import annotations

import ast
import builtins
import json
import os
import shutil
import sqlite3
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

KEPT = {
    "codings": "SELECT count(*) FROM code_text WHERE cid IS NOT NULL",
    "codes": "SELECT count(*) FROM code_name",
    "categories": "SELECT count(*) FROM code_cat",
    "sources": "SELECT count(*) FROM source",
    "cases": "SELECT count(*) FROM cases",
}
BY_CODER = "SELECT owner, count(*) FROM code_text WHERE cid IS NOT NULL GROUP BY owner"


def make_tables(source: Path, connection: sqlite3.Connection) -> None:
    """Make the tables of a new project by the statements in QualCoder's source."""
    tree = ast.parse((source / "qualcoder/__main__.py").read_text(encoding="utf-8"))
    made = set()
    for node in ast.walk(tree):
        called = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "execute"
        first = node.args[0] if called and node.args else None
        statement = str(first.value) if isinstance(first, ast.Constant) else ""
        table = statement.split()[2] if statement.startswith("CREATE TABLE ") else "code_text2"
        if table not in {*made, "code_text2"}:
            connection.execute(statement)
            made.add(table)
    connection.commit()


def open_in_qualcoder(source: Path, file: Path, work: Path) -> sqlite3.Connection:
    """Let QualCoder import a file into a new project."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    sys.path.insert(0, str(source))
    builtins.__dict__["_"] = str  # QualCoder's translations
    widgets, refi = import_module("PyQt6.QtWidgets"), import_module("qualcoder.refi")
    project = work / "p.qda"
    for folder in ("documents", "images", "audio", "video"):
        (project / folder).mkdir(parents=True)
    connection = sqlite3.connect(project / "data.qda")
    make_tables(source, connection)
    copy = shutil.copy(file, work / "opened.qdpx")
    application: Any = SimpleNamespace(
        conn=connection,
        settings={"codername": "default", "directory": str(work), "ai_enable": "False"},
        project_path=str(project),
        project_name="p.qda",
        ai_models=[],
        write_config_ini=lambda *_: None,
    )
    keep_alive = widgets.QApplication([])
    widgets.QFileDialog.getOpenFileName = staticmethod(lambda *_, **__: (str(copy), True))
    refi.Message = lambda *_, **__: SimpleNamespace(exec=lambda: None)
    refi.RefiImport(application, SimpleNamespace(append=lambda _: None), "qdpx")
    del keep_alive
    connection.commit()
    return connection


def main(source: str, file: str, dump: str = "") -> None:
    with tempfile.TemporaryDirectory() as work:
        connection = open_in_qualcoder(Path(source).resolve(), Path(file).resolve(), Path(work))
        kept: dict[str, Any] = {
            name: connection.execute(query).fetchone()[0] for name, query in KEPT.items()
        }
        kept["by coder"] = dict(connection.execute(BY_CODER).fetchall())
        if dump:
            lines = "\n".join(connection.iterdump()) + "\n"
            Path(dump).write_text(lines.replace(work, "."), encoding="utf-8")
        connection.close()
    sys.stdout.write("\n" + json.dumps(kept) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
