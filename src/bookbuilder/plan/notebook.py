"""Reading a notebook as its author wrote it: cells, parameters, code.

Cells are counted from the top of what the author sees, from 1 and of every kind. An executed copy
has one more, in which papermill puts the run's parameters; `number` leaves it out. Whatever an
author may have broken is named with the notebook and the cell.
"""

import ast
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

PARAMETERS = "parameters"
PLAIN = "each line must assign a plain value, such as level = 0.95"


class NotebookError(ValueError):
    """A notebook cannot be read as it stands; names it, the cell, and what to do."""


def cells(path: Path) -> list[dict[str, Any]]:
    """Return the cells of a notebook; NotebookError when the file is none."""
    place = _place(path)
    try:
        found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
        if all(isinstance(cell["source"], str | list) for cell in found):
            return found
    except UnicodeDecodeError:
        raise NotebookError(f"{place}: the text is not UTF-8; save it in JupyterLab") from None
    except json.JSONDecodeError as error:
        raise NotebookError(
            f"{place}, line {error.lineno}: this is no notebook, its JSON is broken ({error.msg}); "
            "take it back from version control, or save it anew in JupyterLab"
        ) from None
    except (KeyError, TypeError):
        pass
    raise NotebookError(
        f"{place}: this is no notebook of format 4, it has no list of cells; "
        "open it in JupyterLab and save it"
    )


def source(cell: dict[str, Any]) -> str:
    """Return the text of a cell, which a notebook keeps whole or by lines."""
    return "".join(cell["source"])


def parameters(path: Path) -> dict[str, Any]:
    """Return the parameters of a notebook with their defaults.

    They are the assignments of literals in its one cell tagged ``parameters``; NotebookError when
    there are two such cells, or a line of it is anything else.
    """
    tagged = _tagged(cells(path))
    if len(tagged) > 1:
        numbers = " and ".join(str(number) for number, _ in tagged)
        raise NotebookError(
            f"{_place(path)}: cells {numbers} are both tagged 'parameters'; keep the tag on one"
        )
    found: dict[str, Any] = {}
    for number, cell in tagged:
        place = f"{_place(path)}, cell {number}"
        try:
            statements = ast.parse(source(cell)).body
        except SyntaxError as error:
            fault = f"'{(error.text or '').strip()}' is no Python ({error.msg})"
            raise NotebookError(f"{place}, line {error.lineno}: {fault}; {PLAIN}") from None
        for statement in statements:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    with suppress(ValueError):  # what is no literal
                        found[name] = ast.literal_eval(value)
                        continue
            fault = f"the parameters cell holds '{ast.unparse(statement)}'"
            raise NotebookError(f"{place}, line {statement.lineno}: {fault}; {PLAIN}")
    return found


def number(path: Path, index: int) -> int:
    """Return which cell of a notebook, counted from 1, a cell of its executed copy is.

    `index` is its position, from 0, in a copy into which papermill has put parameters.
    """
    tagged = _tagged(cells(path))
    return index + 1 - sum(number <= index for number, _ in tagged[:1])


def content(path: Path) -> str:
    """Return what a notebook says, as one text: kinds, texts and tags of its cells.

    What JupyterLab writes besides when it saves a notebook (outputs, counts, the kernel's name and
    version) is left out: none of it changes what a run makes.
    """
    kept = []
    for cell in cells(path):
        metadata = cell.get("metadata", {})
        shown = [metadata.get(key) for key in ("tags", "mystnb")]
        kept.append([cell["cell_type"], source(cell), *shown])
    return json.dumps(kept)


def _tagged(found: list[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    return [
        (number, cell)
        for number, cell in enumerate(found, start=1)
        if PARAMETERS in cell.get("metadata", {}).get("tags", [])
    ]


def _place(path: Path) -> str:
    return f"notebooks/{path.name}"
