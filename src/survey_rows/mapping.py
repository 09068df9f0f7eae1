"""The mapping: what the columns and answers of somebody's files mean, proposed and read back.

What has the same letters and digits as ours is taken for it. What only resembles ours is proposed
with a question mark behind it, and what resembles nothing has nothing behind it: both have to be
settled by a person before anything is written.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from compendium.text import nearest
from survey_rows.sources import Source
from survey_rows.wanted import IDENTIFIER, RESPONSES, ROSTER, TABLES, Field, plain

GUESS = " (?)"
ALIKE = 0.7
CODE = re.compile(r"[A-Za-z]{0,2}(\d{1,2})(?:\.0+)?")
HEAD = """\
# What the columns and answers of your files mean. Settle what ends in (?), which only resembles
# ours: take the mark away where it is right; and what has nothing behind it. Then give the same
# command again.
#   tables    roster (everybody who was asked), responses_web, responses_paper; several, if one
#             file holds several
#   columns   our field: your column. Or, where each answer has a column of its own,
#             our field: {your column: our answer}. Take out the line of a question that your
#             survey did not ask: it then has no answers
#   answers   by scale or by field: your answer: our answer ("" where nothing was answered)
"""


class _Words(yaml.SafeLoader):
    """Reads every scalar as text, `yes` and `1` as well, but nothing as nothing."""


_Words.yaml_implicit_resolvers = {
    first: [one for one in found if one[0].endswith((":null", ":merge"))]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass
class RowMapping:
    """A mapping: tables of each file, its column (or columns) by field, our answer for theirs."""

    tables: dict[str, list[str]] = field(default_factory=dict)
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)

    def open_points(self) -> list[str]:
        """Return what has still to be settled, one line each."""
        points = [(f"files, {f}, tables", one) for f, of in self.tables.items() for one in of]
        for file, columns in self.columns.items():
            for name, column in columns.items():
                each = [*column, *column.values()] if isinstance(column, dict) else [column]
                points += [(f"files, {file}, columns, {name}", one) for one in each]
        for scale, answers in self.answers.items():
            points += [(f"answers, {scale}, {theirs!r}", ours) for theirs, ours in answers.items()]
        return [
            f"{place}: {'nothing' if one is None else one}"
            for place, one in points
            if one is None or one.endswith(GUESS)
        ]

    def text(self) -> str:
        """Return the mapping as the file that a person edits."""
        tables = {file: ", ".join(of) for file, of in self.tables.items()}
        files = {f: {"tables": tables[f], "columns": of} for f, of in self.columns.items()}
        whole = {"files": files, "answers": self.answers}
        written = yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=99)
        return HEAD + written.replace(": null\n", ":\n")


def read_mapping(path: Path, sources: list[Source], fields: list[Field]) -> RowMapping:
    """Read a mapping and hold its names against the files and the instrument.

    ValueError when it is no mapping, or names a file, table, column, field or answer that is not
    there, or one column for two fields.
    """
    try:
        read = yaml.load(path.read_text(encoding="utf-8"), _Words)
        files, answers = read["files"], read.get("answers") or {}
        found = RowMapping(
            {f: [t.strip() for t in one["tables"].split(",")] for f, one in files.items()},
            {f: dict(one["columns"]) for f, one in files.items()},
            {key: dict(pairs or {}) for key, pairs in answers.items()},
        )
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        told = " ".join(str(error).split())
        raise ValueError(f"{path}: is no mapping ({told}); delete it for a new proposal") from None
    levels: dict[str, set[str]] = {}
    for one in fields:
        for key in (one.answers, one.name):
            levels.setdefault(key, set()).update(one.levels)
    for source in sources:
        if source.name not in found.columns:
            raise ValueError(f"{path}: does not know {source.name!r}; delete it for a new proposal")
        place, columns = f"{path}, {source.name}", found.columns[source.name]
        named = [name for column in columns.values() if column for name in names(column)]
        _refuse(f"{place}, tables", found.tables[source.name], TABLES, "the tables of the survey")
        _refuse(f"{place}, columns", columns, [f.name for f in fields], "our fields")
        _refuse(f"{place}, columns", named, source.questions, f"the columns of {source.name}")
        twice = {name for name in named if named.count(name) > 1}
        if twice:
            raise ValueError(f"{place}, columns: {twice.pop()!r} stands for two fields; keep one")
        for name, column in columns.items():
            if isinstance(column, dict):
                _refuse(f"{place}, columns, {name}", column.values(), levels[name], "its answers")
    _refuse(f"{path}, answers", found.answers, levels, "the scales and fields")
    for key, pairs in found.answers.items():
        _refuse(f"{path}, answers, {key}", pairs.values(), levels[key], "our answers")
    return found


def names(column: Any) -> list[str]:
    """Return the column, or the columns, that a field is mapped to."""
    several = column if isinstance(column, dict) else [column]
    return [str(name).removesuffix(GUESS) for name in several]


def _refuse(place: str, values: Iterable[Any], known: Iterable[str], what: str) -> None:
    known = list(known)
    for value in values:
        if value and str(value).removesuffix(GUESS) not in known:
            raise ValueError(
                f"{place}: {value!r} is not among {what}; {nearest(str(value), known)}"
            )


def propose(sources: list[Source], fields: list[Field]) -> RowMapping:
    """Propose what the columns and answers of files mean."""
    found = RowMapping()
    matched = {source.name: _columns(source, fields) for source in sources}
    for source in sources:
        columns, tables = matched[source.name], _tables(source, matched, fields)
        held = {table.removesuffix(GUESS) for table in tables}
        wanted = [
            one
            for one in fields
            if one.name == IDENTIFIER or (held & {*RESPONSES} if one.item else ROSTER in held)
        ]
        found.tables[source.name] = tables
        found.columns[source.name] = {one.name: columns.get(one.name) for one in wanted}
        for one in wanted:
            column = columns.get(one.name)
            if one.levels and isinstance(column, str):
                values = source.values(column.removesuffix(GUESS))
                known = found.answers.setdefault(one.answers, {})
                found.answers[one.answers] = _answers(values, one.levels) | known
    found.answers = {key: pairs for key, pairs in found.answers.items() if pairs}
    return found


def _tables(source: Source, matched: dict[str, dict[str, Any]], fields: list[Field]) -> list[str]:
    """Propose what a file holds, by the fields that were found in it."""
    items = {one.name for one in fields if one.item}
    roster = {one.name for one in fields if one.levels and not one.item}

    def holds(name: str, wanted: set[str]) -> bool:
        return 2 * len(wanted & {*matched[name]}) >= len(wanted)

    own = matched[source.name]
    answers, people = holds(source.name, items), holds(source.name, roster)
    if answers and any(holds(name, roster) and not holds(name, items) for name in matched):
        people = False  # another file lists everybody who was asked
    asked = [column for item in items & {*own} for column in names(own[item])]
    # Who is in a file of answers alone has answered; was nobody else asked? A person has to say.
    sure = any(not any(cells[column] for column in asked) for _, cells in source.rows)
    found = [ROSTER] * people + [RESPONSES["paper" in source.name.casefold()]] * answers
    found = found or [ROSTER]
    return found if people != answers or (people and sure) else [*found[:-1], found[-1] + GUESS]


def _columns(source: Source, fields: list[Field]) -> dict[str, Any]:
    """Find the column of each field: by the same letters, by answers as columns, by likeness."""
    found: dict[str, Any] = {}
    pieces = {column: _pieces(column, asked) for column, asked in source.questions.items()}
    for one in fields:
        for word in map(plain, one.words):
            same = [c for c, said in pieces.items() if word in said and c not in found.values()]
            if same and one.name not in found:
                sure = len(same) == 1 and (one.name != IDENTIFIER or word == plain(IDENTIFIER))
                alone = same[0] if sure else same[0] + GUESS
                found[one.name] = _spread(same, pieces, one) or alone
    taken = {column for value in found.values() for column in names(value)}
    rest = {plain(asked): c for c, asked in source.questions.items() if c not in taken}
    for one in fields:
        for word in one.words if one.item and one.name not in found else ():
            for match in difflib.get_close_matches(plain(word), rest, 1, ALIKE):
                found.setdefault(one.name, rest.pop(match) + GUESS)
    return found


def _pieces(column: str, asked: str) -> set[str]:
    """Return the parts of a heading that may name an item: in brackets, before and after a dash."""
    texts = [column, asked]
    parts = [part for text in texts for part in re.split(r"\s+[-–]\s+|[\[\]]|^\w+\.\s", text)]
    return {plain(part) for part in texts + parts} - {""}


def _spread(same: list[str], pieces: dict[str, set[str]], one: Field) -> dict[str, str] | None:
    """Return the answer that each of several columns stands for, when all name one."""
    named = {c: [level for level in one.levels if plain(level) in pieces[c]] for c in same}
    if len(same) < 2 or any(len(found) != 1 for found in named.values()):
        return None
    return {column: found[0] for column, found in named.items()}


def _answers(values: list[str], levels: tuple[str, ...]) -> dict[str, Any]:
    """Propose our answer for each of theirs that is not written as ours is."""
    same = {plain(level): level for level in levels}
    codes = {value: int(match[1]) for value in values if (match := CODE.fullmatch(value))}
    ranks = dict(enumerate(levels, start=0 if 0 in codes.values() else 1))
    found: dict[str, Any] = {}
    for value in values:
        near = difflib.get_close_matches(plain(value), same, 1, 0.8)
        guess = ranks.get(codes[value]) if value in codes else same[near[0]] if near else None
        found[value] = same.get(plain(value), guess and guess + GUESS)
    return {value: ours for value, ours in found.items() if value != ours}
