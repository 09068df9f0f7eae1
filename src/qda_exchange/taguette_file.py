"""Writing a project that Taguette imports (`.sqlite3`): documents, and tags on highlights.

Each coder's highlights are written on their own, and the log of commands says who made each.
"""

import html
import json
import re
import sqlite3
from contextlib import closing
from itertools import accumulate
from typing import Any

from qda_exchange.model import CodedProject, complete, records
from qda_exchange.naming import MARK, Names

#: The state of Taguette's tables that is written; newer versions bring it up to date themselves.
REVISION = "db5e31a0233d"
WHEN = "2000-01-01 00:00:00.000000"
LONGEST_NAME, LONGEST_TAG = 50, 200
LOGIN = re.compile(r"[^a-z0-9._-]")
ID = "id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT"
SCHEMA = f"""
CREATE TABLE users (login VARCHAR(30) NOT NULL PRIMARY KEY, created DATETIME NOT NULL,
  hashed_password VARCHAR(192), disabled BOOLEAN NOT NULL, password_set_date DATETIME,
  language VARCHAR(10), email VARCHAR(256), email_sent DATETIME);
CREATE TABLE projects ({ID}, name VARCHAR(200) NOT NULL, description TEXT NOT NULL,
  created DATETIME NOT NULL);
CREATE TABLE project_members (project_id INTEGER NOT NULL REFERENCES projects(id),
  user_login VARCHAR(30) NOT NULL REFERENCES users(login), privileges VARCHAR(11) NOT NULL,
  PRIMARY KEY (project_id, user_login));
CREATE TABLE documents ({ID}, name VARCHAR(200) NOT NULL, description TEXT NOT NULL,
  filename VARCHAR(200) NOT NULL, created DATETIME NOT NULL,
  project_id INTEGER NOT NULL REFERENCES projects(id), text_direction VARCHAR(13) NOT NULL,
  contents TEXT NOT NULL);
CREATE TABLE commands ({ID}, date DATETIME NOT NULL,
  user_login VARCHAR(30) NOT NULL REFERENCES users(login),
  project_id INTEGER NOT NULL REFERENCES projects(id), document_id INTEGER, payload TEXT NOT NULL);
CREATE TABLE highlights ({ID}, document_id INTEGER NOT NULL REFERENCES documents(id),
  start_offset INTEGER NOT NULL, end_offset INTEGER NOT NULL, snippet TEXT NOT NULL);
CREATE TABLE tags ({ID}, project_id INTEGER NOT NULL REFERENCES projects(id),
  path VARCHAR(200) NOT NULL, description TEXT NOT NULL, UNIQUE (project_id, path));
CREATE TABLE highlight_tags (highlight_id INTEGER NOT NULL REFERENCES highlights(id),
  tag_id INTEGER NOT NULL REFERENCES tags(id), PRIMARY KEY (highlight_id, tag_id));
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
"""


def write_taguette(project: CodedProject, name: str) -> bytes:
    """Write a project that Taguette can import (SQLite); it shows 50 characters of the name.

    Sources need texts, and units places in them; see `compose`. A code with a direction is a tag
    `code:direction`; the coder of each highlight is in the log. Cases, variables and weights have
    no place in Taguette. Raises ValueError when a coded unit has no place in a text, or a code's
    name is longer than Taguette takes.

    Examples
    --------
    >>> from qda_exchange.corpus import compose
    >>> from qda_exchange.model import COLUMNS, table
    >>> applied = table({"source": ["s"], "unit": ["u"], "code": ["pace"]}, COLUMNS)
    >>> write_taguette(compose(CodedProject(applied)), "study")[:15]
    b'SQLite format 3'
    """
    project = complete(project)
    texts = dict(records(project.sources.dropna(subset="text"), ["source", "text"]))
    applied = project.applications
    lost = applied["unit"][applied["start"].isna() | ~applied["source"].isin(list(texts))]
    if len(lost):
        what = f"{len(lost)} codings have no place in a text, such as unit {lost.iloc[0]!r}"
        remedy = "call compose(project), or leave them out: Taguette has only texts"
        raise ValueError(f"{what}; {remedy}")
    for code in project.codes["code"][project.codes["code"].str.len() > LONGEST_TAG - 8]:
        raise ValueError(f"code {code!r} is longer than the {LONGEST_TAG} letters of Taguette")
    tables: dict[str, list[tuple[Any, ...]]] = {
        "alembic_version": [(REVISION,)],
        "projects": [(1, name[:LONGEST_NAME], "", WHEN)],
        "documents": _documents(texts),
    }
    tables |= _highlights(project, texts)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(SCHEMA)
        for table, rows in tables.items():
            if rows:
                marks = ",".join("?" * len(rows[0]))
                connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        connection.commit()
        return connection.serialize()


def _documents(texts: dict[str, str]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    names = Names()
    for number, (source, text) in enumerate(texts.items(), start=1):
        short = names.free(source[:LONGEST_NAME], cut=LONGEST_NAME - 6)
        # A paragraph for each line, with the line ends between them: the text's own bytes.
        lines = (f"<p>{html.escape(line, quote=False)}</p>" for line in text.split("\n"))
        about = number, short, "", f"{short}.html", WHEN, 1, "LEFT_TO_RIGHT"
        rows.append((*about, "\n".join(lines)))
    return rows


def _highlights(project: CodedProject, texts: dict[str, str]) -> dict[str, list[tuple[Any, ...]]]:
    """Return users, tags, a highlight for each passage and coder, and the log."""
    tags, logins = _tags(project), _logins(project)
    number_of = {source: number for number, source in enumerate(texts, start=1)}
    offsets = {
        source: list(accumulate((len(letter.encode()) for letter in text), initial=0))
        for source, text in texts.items()
    }
    numbers = {tag: at for at, tag in enumerate(tags, start=1)}
    said: dict[tuple[Any, ...], dict[int, None]] = {}
    columns = ["source", "start", "end", "coder", "code", "direction"]
    for *place, code, direction in records(project.applications, columns):
        tag = numbers[code + MARK + direction if direction else code]
        said.setdefault(tuple(place), {})[tag] = None
    highlights, pairs, commands = [], [], []
    for number, ((source, start, end, coder), given) in enumerate(said.items(), start=1):
        # A passage may reach beyond the end of its text.
        first, last = (offsets[source][min(one, len(texts[source]))] for one in (start, end))
        document = number_of[source]
        snippet = f"<p>{html.escape(texts[source][start:end], quote=False)}</p>"
        highlights.append((number, document, first, last, snippet))
        pairs += [(number, tag) for tag in given]
        payload = {"type": "highlight_add", "highlight_id": number, "tags": list(given)}
        payload |= {"start_offset": first, "end_offset": last}
        commands.append((number, WHEN, logins[coder], 1, document, json.dumps(payload)))
    users = [(login, WHEN, None, 0, None, None, None, None) for login in logins.values()]
    return {
        "users": users,
        "project_members": [(1, users[0][0], "ADMIN")],
        "tags": [(at, 1, path, about) for at, (path, about) in enumerate(tags.items(), start=1)],
        "highlights": highlights,
        "highlight_tags": pairs,
        "commands": commands,
    }


def _tags(project: CodedProject) -> dict[str, str]:
    """Return descriptions by tag: codes, and codes with their directions."""
    used = project.codes[project.codes["codable"]]
    tags = {code: text or "" for code, text in records(used, ["code", "description"])}
    applied = project.applications[["code", "direction"]].drop_duplicates()
    for code, direction in records(applied, ["code", "direction"]):
        tags.setdefault(code + MARK + direction if direction else code, "")
    return tags


def _logins(project: CodedProject) -> dict[str | None, str]:
    """Return the coders' logins, in the letters that Taguette allows."""
    logins: dict[str | None, str] = {None: "unknown"}
    for coder in project.applications["coder"].dropna().unique():
        login = (LOGIN.sub("", coder.lower()) or "coder")[:15]
        while login in logins.values():
            login = f"{login}{len(logins)}"
        logins[coder] = login
    return logins
