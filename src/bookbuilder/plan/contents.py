"""The book's table of contents, and whether plan, notebooks and pages are complete.

A notebook that no run executes, a run that the book does not show and an item that no table holds
are mistakes that would otherwise show late, or never: each is one sentence before anything runs.
"""

import fnmatch
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bookbuilder.plan import families, yaml_lines
from bookbuilder.plan.run import PLAN, Run
from compendium.data.contract import Contract

BOOK = Path("book")
TOC = BOOK / "_toc.yml"


def entries(root: Path) -> list[str]:
    """Return what the table of contents lists: documents without suffix, and patterns of them."""
    top = yaml_lines.read(root / TOC, TOC.as_posix(), "name a root and the chapters")
    return list(_documents(top.plain()))


def documents(root: Path) -> list[str]:
    """Return the documents of the book in reading order; a pattern stands for what it matches."""
    return _expanded(root, entries(root))


def captions(root: Path) -> dict[str, str]:
    """Return the caption of the part of the book that each document belongs to."""
    top = yaml_lines.read(root / TOC, TOC.as_posix(), "name a root and the chapters").plain()
    captioned = [part for part in top.get("parts") or () if "caption" in part]
    return {
        document: part["caption"]
        for part in captioned
        for document in _expanded(root, list(_documents(part)))
    }


def _expanded(root: Path, listed: list[str]) -> list[str]:
    found: list[str] = []
    for entry in listed:
        if "*" not in entry:
            found.append(entry)
            continue
        there = [*(root / BOOK).glob(f"{entry}.md"), *(root / BOOK).glob(f"{entry}.ipynb")]
        names = [path.relative_to(root / BOOK).with_suffix("").as_posix() for path in there]
        found += [name for name in sorted(names) if name not in found]
    return found


def faults(runs: Mapping[str, Run], contract: Contract) -> list[str]:
    """Return a sentence for everything that plan, notebooks, pages and instrument lack."""
    root = contract.root
    found = []
    if (root / TOC).is_file():
        listed = entries(root)
        for run in runs.values():
            page = run.shown_on or run.page.relative_to(BOOK).with_suffix("").as_posix()
            patterns = (entry for entry in listed if "*" in entry)
            if page not in listed and not any(fnmatch.fnmatch(page, one) for one in patterns):
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
    tables = {
        name: {field["name"] for field in described["schema"]["fields"]}
        for name, described in contract.resources.items()
        if name.startswith("responses")
    }
    instrument = families.read(contract, "instrument", "instrument")
    wanted = {row["column"] for row in instrument if row.get("column")}
    return [
        f"{contract.file('instrument')} lists '{name}', a column that no table of responses has: "
        f"add it to {' or '.join(map(contract.file, tables))} and to their fields in the contract, "
        "or take the row out"
        for name in sorted(wanted - set().union(*tables.values(), set()))
    ]


def _documents(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key in ("root", "file", "glob"):
            if key in node:
                yield node[key]
        for key in ("parts", "chapters", "sections"):
            yield from _documents(node.get(key, []))
    elif isinstance(node, list):
        for one in node:
            yield from _documents(one)
