"""The function reference: pages that Sphinx fills from docstrings, and what those rest on.

Such a page names a module before the functions that it shows; the functions may come from any
module of the same package.
"""

import re
from pathlib import Path

import compendium

SOURCE = Path(compendium.__file__).parents[1]
MODULE = re.compile(r"^\.\. currentmodule:: ([\w.]+)$", re.M)


def sources(text: str) -> list[Path]:
    """Return the source files that a page takes docstrings from.

    Parameters
    ----------
    text
        The text of a page of the book.

    Examples
    --------
    >>> found = sources(".. currentmodule:: compendium.survey.weights")
    >>> sorted({path.parent.name for path in found}), sources("No functions here.")
    (['survey'], [])
    """
    modules = [SOURCE.joinpath(*name.split(".")) for name in MODULE.findall(text)]
    folders = {module if module.is_dir() else module.parent for module in modules}
    return sorted({path for folder in folders for path in folder.rglob("*.py")})
