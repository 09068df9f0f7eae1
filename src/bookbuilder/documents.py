"""Documents that are written once, as a template of Markdown, and come out in several forms.

The Markdown file is for a pull request: long tables are cut. The page beside it holds everything,
needs no network, and follows the reader's light or dark setting. The book takes parts in as they
are. Templates lie in `templates/`.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markdown_it import MarkdownIt

from compendium import files

CODE = re.compile(r"(`[^`]+`)")
SPECIAL = re.compile(r"([\\|<>&_\[\]])")
#: No character means anything to Markdown.
LITERAL = str.maketrans({character: f"\\{character}" for character in "\\|*_`[]<>$#"})
BLANK_LINES = re.compile(r"\n{3,}")


def write(folder: Path, name: str, title: str, **values: Any) -> tuple[Path, Path]:
    """Write a document as `index.html` and as Markdown into a folder; return both paths."""
    page, text = folder / "index.html", folder / f"{name}.md"
    files.write_text(page, to_html(render(f"{name}.md", "page", title=title, **values), title))
    files.write_text(text, render(f"{name}.md", "file", title=title, **values))
    return page, text


def render(template: str, form: str, **values: Any) -> str:
    """Return what a template says as Markdown; the form is ``page``, ``file`` or ``book``."""
    return BLANK_LINES.sub("\n\n", fill(template, form=form, **values)).strip() + "\n"


def fill(template: str, **values: Any) -> str:
    """Return a template with values put in; `jinja2.UndefinedError` when one is missing."""
    return _templates().get_template(template).render(**values)


def to_html(markdown: str, title: str) -> str:
    """Return Markdown as a page that needs nothing but itself."""
    body = MarkdownIt("commonmark").enable("table").render(markdown)
    return fill("page.html", title=title, body=body)


def escape(text: object) -> str:
    r"""Return text for a line of Markdown: only `code` and **bold** are taken for markup.

    >>> print(escape("`a<b` is **new** | y_z"))
    `a<b` is **new** \| y\_z
    """
    parts = CODE.split(" ".join(str(text).split()))
    return "".join(
        part.replace("|", r"\|") if i % 2 else SPECIAL.sub(r"\\\1", part)
        for i, part in enumerate(parts)
    )


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun, whose plural takes an s unless it is given.

    >>> count(1, "cell"), count(1200, "cell"), count(2, "run is", "runs are")
    ('1 cell', '1,200 cells', '2 runs are')
    """
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def code(values: Any) -> str:
    """Return a value, or each of a list, as code; a table would end its cell at a bare bar."""
    listed = values if isinstance(values, Iterable) and not isinstance(values, str) else [values]
    return ", ".join(f"`{str(value).replace('|', chr(92) + '|')}`" for value in listed)


@cache
def _templates() -> Environment:
    found = Environment(
        loader=PackageLoader("bookbuilder"),
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    found.filters |= {"md": escape, "code": code, "text": lambda words: words.translate(LITERAL)}
    return found
