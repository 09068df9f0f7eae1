"""Which source files of the package a notebook rests on.

A helper that changes makes exactly those notebooks stale that use it. Imports are followed in the
text (nothing is executed): what a notebook imports from the package, what those modules import from
it, and so on.
"""

import ast
import contextlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from bookbuilder.engine import notebook
from compendium import files

#: The folder that holds our packages, and their names.
SOURCE = Path(__file__).parents[2]
PACKAGES = ("auditing", "bookbuilder", "compendium", "qda_exchange")


def notebook_helpers(path: Path) -> list[Path]:
    """Return the package's source files that a notebook rests on, sorted.

    Parameters
    ----------
    path
        Path of the notebook.

    Raises
    ------
    NotebookError
        When the file is no notebook.
    """
    return list(_helpers(tuple(notebook.code(path))))


@cache
def _helpers(cells: tuple[str, ...]) -> tuple[Path, ...]:
    """Return what some code rests on; many runs share a notebook."""
    return tuple(closure({name for text in cells for name in _cell_imports(text)}))


def hashes(paths: list[Path]) -> dict[str, str]:
    """Return the hash of source files of the package, by their name in it."""
    return {p.relative_to(SOURCE).as_posix(): files.sha256(p) for p in paths}


def _cell_imports(code: str) -> set[str]:
    """Return what a cell imports; one with a mistake or a magic line is read line by line.

    The mistake is the kernel's to report, when the notebook runs.
    """
    try:
        return _imports(code, package="")
    except SyntaxError:
        found: set[str] = set()
        for line in code.splitlines():
            if line.lstrip().startswith(("import ", "from ")):
                with contextlib.suppress(SyntaxError):
                    found |= _imports(line.strip(), package="")
        return found


def closure(modules: set[str]) -> list[Path]:
    """Return the source files of modules of the package and of all that they import from it."""
    seen: set[Path] = set()
    waiting = set(modules)
    while waiting:
        path = _file(waiting.pop())
        if path is None or path in seen:
            continue
        seen.add(path)
        waiting |= _module_imports(path)
    return sorted(seen)


@cache
def _module_imports(path: Path) -> frozenset[str]:
    inside = path.relative_to(SOURCE).with_suffix("")
    package = ".".join(inside.parts[:-1])
    return frozenset(_imports(path.read_text(encoding="utf-8"), package))


def _imports(code: str, package: str) -> set[str]:
    """Return the modules of the package that some code may import, parents included."""
    found: set[str] = set()
    for node in _statements(ast.parse(code).body):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parents, base] if base else parents)
            found |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return {
        ".".join(parts[:length])
        for name in found
        if (parts := name.split("."))[0] in PACKAGES
        for length in range(1, len(parts) + 1)
    }


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements with those inside of them; no import stands inside of an expression."""
    for node in body:
        yield node
        for name in ("body", "orelse", "finalbody"):
            yield from _statements(getattr(node, name, ()))
        for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
            yield from _statements(part.body)


@cache
def _file(module: str) -> Path | None:
    base = SOURCE.joinpath(*module.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    return None
