"""The mapping: what the columns and answers of somebody's files mean, proposed and read back.

A column or an answer that has the same letters and digits as ours is taken for it. What only
resembles ours is proposed with a question mark behind it; what resembles nothing stands there with
nothing behind it. Both have to be settled by a person before anything is written.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bookbuilder.rows.sources import Source
from bookbuilder.rows.wanted import IDENTIFIER, RESPONSES, ROSTER, TABLES, Field, plain

GUESS = " (?)"
ALIKE = 0.7
CODE = re.compile(r"[A-Za-z]{0,2}(\d{1,2})")
HEAD = """\
# What the columns and answers of your files mean. Settle what ends in (?), which only resembles
# ours: take the mark away where it is right; and what has nothing behind it. Then give the same
# command again.
#   tables    roster (everybody who was asked), responses_web, responses_paper; several, if one
#             file holds several
#   columns   our field: your column. Or, where each answer has a column of its own,
#             our field: {your column: our answer}
#   answers   by scale or by field: your answer: our answer ("" where nothing was answered)
"""


@dataclass
class RowMapping:
    """A mapping as it is used.

    Parameters
    ----------
    tables
        Tables of each file.
    columns
        For each file and field the column that holds it, or a column for each answer.
    answers
        By scale or field, our answer for each of theirs.
    """

    tables: dict[str, list[str]] = field(default_factory=dict)
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)

    def open_points(self) -> list[str]:
        """Return what has still to be settled, one line each."""
        found = [f"files, {f}, tables: {', '.join(t)}" for f, t in self.tables.items() if _open(t)]
        for file, columns in self.columns.items():
            found += [
                f"files, {file}, columns, {name}: {column or 'nothing'}"
                for name, column in columns.items()
                if _open([column])
            ]
        for scale, answers in self.answers.items():
            found += [
                f"answers, {scale}, {theirs!r}: {'nothing' if ours is None else ours}"
                for theirs, ours in answers.items()
                if _open([ours])
            ]
        return found

    def text(self) -> str:
        """Return the mapping as the file that a person edits."""
        files = {
            file: {"tables": ", ".join(self.tables[file]), "columns": columns}
            for file, columns in self.columns.items()
        }
        written = yaml.safe_dump(
            {"files": files, "answers": self.answers}, sort_keys=False, allow_unicode=True, width=99
        )
        return HEAD + written.replace(": null\n", ":\n")


def _open(values: Iterable[Any]) -> bool:
    return any(v is None or (isinstance(v, str) and v.endswith(GUESS)) for v in values)


def read_mapping(path: Path, sources: list[Source], fields: list[Field]) -> RowMapping:
    """Read a mapping and hold its names against the files and the instrument.

    Raises
    ------
    ValueError
        When it is no mapping, or names a file, table, column, field or answer that is not there.
    """
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
        files, answers = read["files"], read.get("answers") or {}
        found = RowMapping(
            {f: [t.strip() for t in one["tables"].split(",")] for f, one in files.items()},
            {f: dict(one["columns"]) for f, one in files.items()},
            {str(k): {str(a): b for a, b in (v or {}).items()} for k, v in answers.items()},
        )
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"{path}: is no mapping ({error}); delete it for a new proposal") from None
    unknown = [source.name for source in sources if source.name not in found.columns]
    if unknown:
        raise ValueError(f"{path}: does not know {unknown[0]!r}; delete it for a new proposal")
    levels: dict[str, set[str]] = {}
    for one in fields:
        levels.setdefault(one.answers, set()).update(one.levels)
        levels.setdefault(one.name, set()).update(one.levels)
    _refuse(path, "answers", found.answers, levels, "the scales and fields")
    for source in sources:
        tables = [table.removesuffix(GUESS) for table in found.tables[source.name]]
        _refuse(path, f"{source.name}, tables", tables, TABLES, "the tables of the survey")
        columns = found.columns[source.name]
        _refuse(path, f"{source.name}, columns", columns, {f.name for f in fields}, "our fields")
        named = [c for value in columns.values() if value for c in _names(value)]
        _refuse(
            path,
            f"{source.name}, columns",
            named,
            source.questions,
            f"the columns of {source.name}",
        )
    for key, pairs in found.answers.items():
        ours = [v.removesuffix(GUESS) for v in pairs.values() if v]
        _refuse(path, f"answers, {key}", ours, levels[key], "our answers")
    return found


def _names(column: Any) -> list[str]:
    names = list(column) if isinstance(column, dict) else [column]
    return [str(name).removesuffix(GUESS) for name in names]


def _refuse(path: Path, place: str, values: Iterable[str], known: Iterable[str], what: str) -> None:
    known = list(known)
    for value in values:
        if value not in known:
            near = difflib.get_close_matches(str(value), known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"they are {', '.join(known)}"
            raise ValueError(f"{path}, {place}: {value!r} is not among {what}; {hint}")


def propose(sources: list[Source], fields: list[Field]) -> RowMapping:
    """Propose what the columns and answers of files mean."""
    found = RowMapping()
    for source in sources:
        found.columns[source.name] = _columns(source, fields)
    for source in sources:
        found.tables[source.name] = _tables(source, found.columns, fields)
    for source in sources:
        wanted = [f for f in fields if _belongs(f, found.tables[source.name])]
        columns = found.columns[source.name]
        found.columns[source.name] = {f.name: columns.get(f.name) for f in wanted}
        for one in wanted:
            column = columns.get(one.name)
            if one.levels and isinstance(column, str):
                pairs = found.answers.setdefault(one.answers, {})
                values = source.values(column.removesuffix(GUESS))
                pairs |= {k: v for k, v in _answers(values, one.levels).items() if k not in pairs}
    found.answers = {key: pairs for key, pairs in found.answers.items() if pairs}
    return found


def _belongs(one: Field, tables: list[str]) -> bool:
    names = {table.removesuffix(GUESS) for table in tables}
    if one.name == IDENTIFIER:
        return True
    return bool(names & set(RESPONSES)) if one.item else ROSTER in names


def _tables(
    source: Source, columns: Mapping[str, dict[str, Any]], fields: list[Field]
) -> list[str]:
    """Propose what a file holds, by the fields that were found in it."""
    items = {one.name for one in fields if one.item}
    roster = {one.name for one in fields if one.levels and not one.item}

    def holds(name: str, wanted: set[str]) -> bool:
        return 2 * len(wanted & set(columns[name])) >= len(wanted)

    answers, people = holds(source.name, items), holds(source.name, roster)
    if answers and any(holds(name, roster) and not holds(name, items) for name in columns):
        people = False  # another file lists everybody who was asked
    asked = [c for i in items & {*columns[source.name]} for c in _names(columns[source.name][i])]
    # Who is in a file of answers alone has answered; was nobody else asked? A person has to say.
    sure = any(not any(cells[column] for column in asked) for _, cells in source.rows)
    found = [ROSTER] * people + [RESPONSES["paper" in source.name.lower()]] * answers
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
                spread = _spread(source, same, one)
                found[one.name] = spread or (same[0] if sure else same[0] + GUESS)
    taken = {name for value in found.values() for name in _names(value)}
    for one in fields:
        rest = {plain(asked): c for c, asked in source.questions.items() if c not in taken}
        near = [
            match
            for word in one.words
            if one.item and one.name not in found
            for match in difflib.get_close_matches(plain(word), rest, 1, ALIKE)
        ]
        if near:
            found[one.name] = rest[near[0]] + GUESS
            taken.add(rest[near[0]])
    return found


def _pieces(column: str, asked: str) -> set[str]:
    """Return the parts of a heading that may name an item: in brackets, before and after a dash."""
    parts = [column, asked]
    for text in (column, asked):
        parts += re.split(r"\s+[-–]\s+|[\[\]]|^\w+\.\s", text)
    return {plain(part) for part in parts if plain(part)}


def _spread(source: Source, columns: list[str], one: Field) -> dict[str, str] | None:
    """Return the answer that each of several columns stands for, when all name one."""
    levels = {plain(level): level for level in one.levels}
    named = {
        column: [levels[p] for p in _pieces(column, source.questions[column]) if p in levels]
        for column in columns
    }
    if len(columns) < 2 or any(len(found) != 1 for found in named.values()):
        return None
    return {column: found[0] for column, found in named.items()}


def _answers(values: list[str], levels: tuple[str, ...]) -> dict[str, Any]:
    """Propose our answer for each of theirs that is not written as ours is."""
    same = {plain(level): level for level in levels}
    numbers = {value: int(m[1]) for value in values if (m := CODE.fullmatch(value))}
    first = min(numbers.values(), default=1)
    ranked = len(numbers) == len(values) and first in (0, 1)
    found: dict[str, Any] = {}
    for value in values:
        place = numbers.get(value, 0) - first
        near = difflib.get_close_matches(plain(value), same, 1, 0.8)
        if plain(value) in same:
            if value not in levels:
                found[value] = same[plain(value)]
        elif ranked and place < len(levels):
            found[value] = levels[place] + GUESS
        else:
            found[value] = same[near[0]] + GUESS if near else None
    return found
