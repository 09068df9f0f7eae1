"""What the book says depends on the survey rows in place: reconstructed or collected, which items.

A sentence that holds only while the rows are reconstructed stands within `{only} not collected`,
its counterpart within `{only} collected`: the directive is Sphinx's own, the tag is set here by
what the tables say of their origin. So is the sentence at the foot of every page. What rests on
questions that other rows may not have stands within `{asked}`, which names them.

The record in `results/` stays as the runs made it: other runs read it, `verify` compares it to the
byte, and whether an exhibit is marked is known only when all runs are. So the mark is put into the
copies that the book offers: a column in the CSV, words in the picture, and the name of the file.
"""

import csv
import io
import re
from textwrap import wrap

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.docutils import SphinxDirective

from bookbuilder import documents
from bookbuilder.site import record
from compendium import data

TAG = "collected"
FOOT = "<p>The survey rows are a reconstruction, marked wherever they show.</p>"
ORIGIN = "reconstructed"
WORDS = "Rests on reconstructed survey rows, not on the study's own."
SIZE = re.compile(r'height="([\d.]+)pt" viewBox="0 0 ([\d.]+) ([\d.]+)"')
LINE = 16  # points below the picture for a line of the words
LETTER = 6.6  # points of one of its letters
NOT_ASKED = "The survey rows in place hold no answers to {}, so this part is left out."
NOT_SHOWN = "The survey rows in place hold no answers to {}, so the page leaves that out."
WITHHELD = "Too few persons stand behind an answer to {}, so this part is left out."
VALUE = re.compile(r"\{value\}`([\w.]+)")


def cells(text: str) -> str:
    r"""Add a column that says where the rows come from.

    Examples
    --------
    >>> cells('item,share\n"a, b",0.5\n')
    'item,share,origin\n"a, b",0.5,reconstructed\n'
    """
    heading, *rows = csv.reader(io.StringIO(text))
    column = "origin" if "origin" not in heading else "exhibit_origin"
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([[*heading, column], *([*row, ORIGIN] for row in rows)])
    return out.getvalue()


def picture(text: str) -> str:
    """Add the words below a picture; ValueError when it does not say its size as ours do.

    Examples
    --------
    >>> svg = '<svg width="340pt" height="50pt" viewBox="0 0 340 50"><g/></svg>'
    >>> picture(svg)[:56]
    '<svg width="340pt" height="84pt" viewBox="0 0 340 84"><g'
    """
    size = SIZE.search(text)
    if size is None:
        raise ValueError("the picture says no height and viewBox; it cannot be marked")
    width, height = float(size[2]), float(size[3])
    lines = wrap(f"⚠ {WORDS}", int((width - 12) / LETTER))
    strip = LINE * len(lines) + 2
    taller = f"{height + strip:g}"
    text = text.replace(size[0], f'height="{taller}pt" viewBox="0 0 {size[2]} {taller}"', 1)
    head, end, tail = text.rpartition("</svg>")
    sizes = {"width": width, "height": height, "strip": strip, "step": LINE}
    return head + documents.fill("marked.svg", lines=lines, **sizes) + end + tail


class AskedDirective(SphinxDirective):
    """Show the content where all the questions that it names were asked; else say which was not.

    One may also have been asked, but be answered so that a share would show few persons: then the
    numbers that the content quotes are not on record. Without content it only says which of the
    questions that a page is about were not asked.
    """

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the content, or the sentence that stands in its place."""
        named = self.arguments[0].split()
        asked = set(data.load("instrument", record.root())["item_id"])
        missing = [item for item in named if item not in asked]
        recorded = record.values().keys() >= {*VALUE.findall("\n".join(self.content))}
        if not missing and (recorded or not self.env.app.tags.has(TAG)):
            return self.parse_content_to_nodes()
        wording = data.load("epic_items", record.root()).set_index("item_id")["wording"]
        said = [f"*{wording[item].rstrip('.')}* ({item})" for item in missing or named]
        items = " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)
        not_asked = NOT_ASKED if self.content else NOT_SHOWN
        return self.parse_text_to_nodes((not_asked if missing else WITHHELD).format(items))


def _tell(app: Sphinx, config: Config) -> None:
    """Tell Sphinx where the rows come from as soon as its settings are read."""
    tables = data.descriptor(record.root())["resources"]
    if all(table["origin"] != ORIGIN for table in tables):
        app.tags.add(TAG)
    else:
        footer = config.html_theme_options.get("extra_footer", "")
        config.html_theme_options["extra_footer"] = footer + FOOT


def setup(app: Sphinx) -> None:
    """Register the directive, and connect to the reading of settings."""
    app.add_directive("asked", AskedDirective)
    app.connect("config-inited", _tell)
