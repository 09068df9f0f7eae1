"""Import a `.sqlite3` into Taguette itself and print what it kept, as JSON.

`python open_in_taguette.py FILE [DUMP [CSV]]`, with a Python that has Taguette (used: `pip install
taguette==1.5.2`). Its own `copy_project` does the import, its own writer the CSV of highlights. For
every highlight Taguette's own extraction of the document is held against the snippet that we
wrote. DUMP gets Taguette's database as SQL.
"""

from __future__ import annotations

import io
import json
import sqlite3
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

KEPT = {
    "codings": "SELECT count(*) FROM highlight_tags",
    "highlights": "SELECT count(*) FROM highlights",
    "tags": "SELECT count(*) FROM tags",
    "documents": "SELECT count(*) FROM documents",
}


def main(file: str, dump: str = "", table: str = "") -> None:
    names = ("database", "export", "extract", "convert")
    database, export, extract, convert = (import_module(f"taguette.{name}") for name in names)
    with tempfile.TemporaryDirectory() as work:
        target = Path(work) / "taguette.sqlite3"
        given = database.connect(f"sqlite:///{Path(file).resolve()}")()
        taken = database.connect(f"sqlite:///{target}")()
        taken.add(database.User(login="admin"))
        taken.commit()
        project = database.copy_project(given, taken, 1, "admin")
        taken.commit()
        documents = {one.id: one.contents for one in taken.query(database.Document).all()}
        otherwise = 0
        for one in taken.query(database.Highlight).all():
            part = extract.extract(documents[one.document_id], one.start_offset, one.end_offset)
            ours, theirs = (convert.html_to_plaintext(x).split() for x in (one.snippet, part))
            otherwise += ours != theirs
        written = io.StringIO(newline="")
        export.highlights_csv(taken, project, "", written)
        taken.close()
        connection = sqlite3.connect(target)
        kept: dict[str, Any] = {
            name: connection.execute(query).fetchone()[0] for name, query in KEPT.items()
        }
        kept["extracted otherwise"] = otherwise
        if dump:
            Path(dump).write_text("\n".join(connection.iterdump()) + "\n", encoding="utf-8")
        if table:
            Path(table).write_text(written.getvalue(), encoding="utf-8", newline="")
        connection.close()
    sys.stdout.write("\n" + json.dumps(kept) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
