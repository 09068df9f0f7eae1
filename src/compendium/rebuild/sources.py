"""Which source files of the package a notebook rests on.

A helper that changes makes exactly those notebooks stale that use it. Imports are followed in the
text (nothing is executed): what a notebook imports from the package, what those modules import from
it, and so on.
"""

import ast
import json
from functools import cache
from pathlib import Path

import compendium

PACKAGE = Path(compendium.__file__).parent


def notebook_helpers(notebook: Path) -> list[Path]:
    """Return the package's source files that a notebook rests on, sorted.

    Parameters
    ----------
    notebook
        Path of the notebook.
    """
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    return closure(_imports(code, package=""))


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
    inside = path.relative_to(PACKAGE.parent).with_suffix("")
    package = ".".join(inside.parts[:-1])
    return frozenset(_imports(path.read_text(encoding="utf-8"), package))


def _imports(code: str, package: str) -> set[str]:
    """Return the modules of the package that some code may import, parents included."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(code)):
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
        if (parts := name.split("."))[0] == "compendium"
        for length in range(1, len(parts) + 1)
    }


def _file(module: str) -> Path | None:
    base = PACKAGE.parent.joinpath(*module.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    return None
