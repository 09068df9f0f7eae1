"""Taking out of an executed notebook what differs from run to run: times, addresses, random ids."""

import re
from typing import Any

# Each begins with what is rarely there: a search for a boundary would stop at every word.
ADDRESS = re.compile(r"at 0x(?<=\bat 0x)[0-9a-fA-F]+")
#: What pandas draws at random for a styled table.
STYLED = re.compile(r"T_(?<=\bT_)[0-9a-f]{5}(?=_|\b)")


def tidy(notebook: Any) -> None:
    """Change an executed notebook, in place, so that the same run gives the same bytes."""
    names: dict[str, str] = {}
    notebook.metadata.pop("papermill", None)
    notebook.metadata.pop("widgets", None)
    injected = any("injected-parameters" in c.metadata.get("tags", []) for c in notebook.cells)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        tags = cell.metadata.get("tags", [])
        if "injected-parameters" in tags:
            cell["id"] = "injected-parameters"
            cell.source = cell.source.removeprefix("# Parameters\n")
        elif injected and "parameters" in tags:
            cell.metadata["tags"] = [*tags, "remove-cell"]
        for output in cell.get("outputs", []):
            if "text" in output:
                output["text"] = _settled(output["text"], names)
            shown: dict[str, Any] = output.get("data", {})
            for kind in shown.keys() & {"text/plain", "text/html"}:
                shown[kind] = _settled(shown[kind], names)


def _settled(text: str, names: dict[str, str]) -> str:
    """Replace addresses of objects, and name styled tables by their order in the notebook.

    >>> _settled("<object object at 0x7f3a2c0d5b60>", {})
    '<object object at 0x0>'
    >>> _settled('<table id="T_0c1f2"><td id="T_0c1f2_row0_col0">', {"T_aaaaa": "T_0"})
    '<table id="T_1"><td id="T_1_row0_col0">'
    """
    text = ADDRESS.sub("at 0x0", text)
    return STYLED.sub(lambda found: names.setdefault(found[0], f"T_{len(names)}"), text)
