"""The index of the search after some pages were rendered again.

Sphinx takes the pages that it renders again out of the index and puts them in anew; a word that no
page holds any more stays behind with an empty list of pages. A rendering from nothing has no such
word, and both must give the same bytes.
"""

import json
from pathlib import Path

from sphinx.application import Sphinx

INDEX = "searchindex.js"


def setup(app: Sphinx) -> None:
    """Tidy the index at the end of a rendering."""
    app.connect("build-finished", _tidy)


def tidied(script: str) -> str:
    """Return the script that sets the index, without the words that no page holds.

    Parameters
    ----------
    script
        A call with the index as JSON.

    Examples
    --------
    >>> tidied('Search.setIndex({"terms": {"gone": [], "kappa": 3}, "titleterms": {}})')
    'Search.setIndex({"terms": {"kappa": 3}, "titleterms": {}})'
    """
    call, _, rest = script.partition("(")
    index = json.loads(rest.rpartition(")")[0])
    for words in ("terms", "titleterms"):
        index[words] = {word: pages for word, pages in index[words].items() if pages != []}
    return f"{call}({json.dumps(index, ensure_ascii=False)})"


def _tidy(app: Sphinx, exception: Exception | None) -> None:
    path = Path(app.outdir) / INDEX
    if exception is None and path.exists():
        path.write_text(tidied(path.read_text(encoding="utf-8")), encoding="utf-8")
