"""Terms of the glossary in the text: each page links the first mention, with the meaning in it.

Authors write plain words. As a page is read, the first time a term of the glossary stands in a
paragraph it becomes a link to its entry; as it is written, the link gets the meaning as its title,
which `book/_static/terms.js` shows as a card on hover and on focus.
"""

import re
from functools import cache

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from bookbuilder.site import record
from bookbuilder.site.exhibit import ancestors, exhibit_figure
from bookbuilder.site.roles import cross_reference
from bookbuilder.site.search import prose, tidy

GLOSSARY = "glossary"
#: Terms whose word has an everyday meaning too often to be linked by itself.
EVERYDAY = {"code", "contract", "run", "silence"}
#: Text inside of these stays as it is.
NOT_LINKED = (
    *(nodes.reference, nodes.title, nodes.literal, nodes.strong, nodes.caption),
    *(addnodes.pending_xref, addnodes.glossary, exhibit_figure),
)


@cache
def linked_terms() -> dict[str, str]:
    """Return the terms of the glossary that are linked, by their lower case."""
    path = record.root() / "book" / f"{GLOSSARY}.md"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    inside = "".join(re.findall(r"```\{glossary\}\n(.*?)```", text, flags=re.S))
    terms = {line.strip() for line in inside.splitlines() if line[:1].strip()}
    return {term.lower(): term for term in terms if term.lower() not in EVERYDAY}


def split(text: str, left: dict[str, str]) -> list[tuple[str, str]]:
    """Cut text at the first mention of each term that is left, and take it off what is left.

    `left` has the terms that the page has not linked yet, by their lower case. Returned are the
    pieces in order, each with the term that it mentions or nothing.

    Examples
    --------
    >>> split("Weights and a weight.", {"weight": "Weight"})
    [('Weights', 'Weight'), (' and a weight.', '')]
    """
    pieces, at = [], 0
    if left:
        longest_first = "|".join(map(re.escape, sorted(left, key=len, reverse=True)))
        words = re.compile(rf"(?<![\w-])({longest_first})s?(?![\w-])", re.I)
        for match in words.finditer(text):
            if term := left.pop(match[1].lower(), ""):
                pieces += [(text[at : match.start()], ""), (match[0], term)]
                at = match.end()
    return [piece for piece in [*pieces, (text[at:], "")] if piece[0]]


def _link_terms(app: Sphinx, doctree: nodes.document) -> None:
    page = app.env.docname
    left = {} if page == GLOSSARY else dict(linked_terms())
    for text in list(doctree.findall(nodes.Text)):
        parents = list(ancestors(text))
        in_paragraph = any(isinstance(node, nodes.paragraph) for node in parents)
        if in_paragraph and not any(isinstance(node, NOT_LINKED) for node in parents):
            pieces = split(text.astext(), left)
            if any(term for _, term in pieces):
                text.parent.replace(text, [_node(words, term, page) for words, term in pieces])


def _node(words: str, term: str, page: str) -> nodes.Node:
    if not term:
        return nodes.Text(words)
    text = nodes.inline(words, words, classes=["xref", "std", "std-term"])
    return cross_reference("term", term, text, page)


def _add_meanings(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for link in doctree.findall(nodes.reference):
        term = link.get("refid" if docname == GLOSSARY else "refuri", "").rpartition("#")[2]
        meaning = _meanings(app).get(term) if term.startswith("term-") else None
        if meaning and isinstance(link.next_node(), nodes.Element):
            link["reftitle"] = meaning
            link.children[0]["classes"] = ["xref", "std", "std-term"]


@cache
def _meanings(app: Sphinx) -> dict[str, str]:
    """Return the meaning of each term as plain text, by the anchor of its entry."""
    if GLOSSARY not in app.env.found_docs:
        return {}
    entries = app.env.get_doctree(GLOSSARY).findall(nodes.definition_list_item)
    return {
        anchor: tidy(prose(entry.children[-1].children[0]))  # its first paragraph
        for entry in entries
        for anchor in entry.children[0]["ids"]
    }


def setup(app: Sphinx) -> None:
    """Connect to the reading and the writing of pages."""
    app.connect("doctree-read", _link_terms)
    app.connect("doctree-resolved", _add_meanings)
