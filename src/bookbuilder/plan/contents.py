"""The book's table of contents, and whether plan, notebooks and pages are complete.

A notebook that no run executes, a run that the book does not show and an item that no table holds
are mistakes that would otherwise show late, or never: each is one sentence before anything runs.
"""

import fnmatch
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from bookbuilder.plan import families, yaml_lines
from bookbuilder.plan.run import PLAN, Run
from compendium.data.contract import Contract

BOOK = Path("book")
TOC = BOOK / "_toc.yml"


class Entry(NamedTuple):
    """What the contents list: a document without suffix or a pattern, its short title, its part."""

    name: str
    title: str
    part: str


def entries(root: Path) -> list[Entry]:
    """Return the entries of the table of contents in reading order."""
    top = yaml_lines.read(root / TOC, TOC.as_posix(), "name a root and the chapters")
    return list(_entries(top.plain(), ""))


def documents(root: Path) -> dict[str, Entry]:
    """Return the documents of the book in reading order; a pattern stands for what it matches."""
    found: dict[str, Entry] = {}
    for entry in entries(root):
        names = [entry.name]
        if "*" in entry.name:
            there = (p for s in ("md", "ipynb") for p in (root / BOOK).glob(f"{entry.name}.{s}"))
            names = sorted(p.relative_to(root / BOOK).with_suffix("").as_posix() for p in there)
        for name in names:
            found.setdefault(name, entry)
    return found


def _entries(node: Any, part: str) -> Iterator[Entry]:
    if isinstance(node, list):
        for one in node:
            yield from _entries(one, part)
    elif isinstance(node, dict):
        part = node.get("caption", part)
        for key in ("root", "file", "glob"):
            if key in node:
                yield Entry(node[key], node.get("title", ""), part)
        for key in ("parts", "chapters", "sections"):
            yield from _entries(node.get(key, []), part)


def faults(runs: Mapping[str, Run], contract: Contract) -> list[str]:
    """Return a sentence for everything that plan, notebooks, pages and instrument lack."""
    root = contract.root
    found = []
    if (root / TOC).is_file():
        listed = [entry.name for entry in entries(root)]
        for run in runs.values():
            page = run.shown_on or run.page.relative_to(BOOK).with_suffix("").as_posix()
            if not any(fnmatch.fnmatch(page, name) for name in listed):
                found.append(
                    f"run '{run.name}' has no page: add '- file: {page}' to {TOC.as_posix()}"
                )
    used = {run.notebook for run in runs.values()}
    found += [
        f"notebooks/{path.name} is in no run: declare one in {PLAN}, or delete it"
        for path in sorted((root / "notebooks").glob("*.ipynb"))
        if path.name not in used
    ]
    return found + _unanswered_items(contract)


def _unanswered_items(contract: Contract) -> list[str]:
    """Name the columns that the instrument lists and no table of responses has."""
    if "instrument" not in contract.resources:
        return []
    tables = [name for name in contract.resources if name.startswith("responses")]
    answered = {f["name"] for name in tables for f in contract.resources[name]["schema"]["fields"]}
    instrument = families.read(contract, "instrument", "instrument")
    wanted = {row["column"] for row in instrument if row.get("column")}
    return [
        f"{contract.file('instrument')} lists '{name}', a column that no table of responses has: "
        f"add it to {' or '.join(map(contract.file, tables))} and to their fields in the contract, "
        "or take the row out"
        for name in sorted(wanted - answered)
    ]
