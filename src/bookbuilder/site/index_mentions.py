"""Where a page speaks of something: headings, captions, paragraphs and cells that hold its words.

A reader of an index wants the places that say something about a subject, not every place where the
word falls. So a mention in a heading or a caption is told from one in running text, and text that
only passes by is left out where a subject stands on many pages.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from docutils import nodes

from bookbuilder.site.exhibit import exhibit_caption, exhibit_figure

MANY = 8  # a subject on more pages is listed only where it matters
OFTEN = 3  # as many paragraphs, or a heading, or a caption: there it matters


@dataclass
class Mention:
    """What one page says of one subject."""

    page: str
    anchor: str = ""  # of the first place: a section; empty for the page as a whole
    matters: bool = False
    paragraphs: int = 0
    exhibits: list[str] = field(default_factory=list)


class Finder:
    """Finds the words of many subjects in one pass over a text.

    Parameters
    ----------
    words
        Words of each subject, by its key. They are found whole, in any case, with a plural s;
        one that ends in ``*`` with any ending.

    Examples
    --------
    >>> sorted(Finder({"w": ["weight"], "b": ["bootstrap*"]}).found("Weights were bootstrapped."))
    ['b', 'w']
    """

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        self._keys: dict[str, set[str]] = {}
        for key, several in words.items():
            for word in several:
                self._keys.setdefault(word.lower(), set()).add(key)
        alternatives = [_pattern(word) for word in sorted(self._keys, key=len, reverse=True)]
        self._pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(alternatives)})(?![\w-])", re.I)
        self._open = [word[:-1] for word in self._keys if word.endswith("*")]

    def found(self, text: str) -> set[str]:
        """Return the keys of the subjects that a text mentions."""
        keys: set[str] = set()
        for match in self._pattern.finditer(text.replace("’", "'")) if self._keys else ():
            keys |= self._keys_of(match[0].lower())
        return keys

    def _keys_of(self, word: str) -> set[str]:
        for form in (word, word.removesuffix("s")):
            if form in self._keys:
                return self._keys[form]
        stem = max((one for one in self._open if word.startswith(one)), key=len)
        return self._keys[f"{stem}*"]


def _pattern(word: str) -> str:
    return rf"{re.escape(word[:-1])}\w*" if word.endswith("*") else rf"{re.escape(word)}s?"


def collect(
    doctree: nodes.document,
    page: str,
    finder: Finder,
    cells_of: Callable[[str], set[str]],
) -> dict[str, Mention]:
    """Return what a page mentions, by key.

    Parameters
    ----------
    doctree
        The page as read.
    page
        Its name.
    finder
        Finds words in text.
    cells_of
        Keys that the cells of an exhibit name, given the exhibit's anchor.
    """
    found: dict[str, Mention] = {}

    def note(node: nodes.Node, keys: set[str]) -> Iterable[Mention]:
        for key in sorted(keys):
            yield found.setdefault(key, Mention(page, _section(node)))

    for node in doctree.findall(_speaks):
        if isinstance(node, exhibit_figure):
            anchor = node["ids"][0]
            caption = next(node.findall(exhibit_caption)).astext()
            for mention in note(node, finder.found(caption) | cells_of(anchor)):
                mention.matters = True
                mention.exhibits.append(anchor)
        elif not _inside_exhibit(node):
            heading = isinstance(node, nodes.title)
            for mention in note(node, finder.found(node.astext())):
                mention.matters |= heading
                mention.paragraphs += not heading
    return found


def _speaks(node: nodes.Node) -> bool:
    if isinstance(node, nodes.literal_block):
        # Commands, not the code of a notebook.
        return "console" in (node.get("language"), *node["classes"])
    return isinstance(node, (nodes.title, nodes.paragraph, nodes.term, exhibit_figure))


def chosen(mentions: Iterable[Mention]) -> list[Mention]:
    """Return the mentions that an index lists: all of few, of many those that matter.

    Parameters
    ----------
    mentions
        The mentions of one subject, one a page.

    Examples
    --------
    >>> passing = [Mention(str(i), paragraphs=1) for i in range(9)]
    >>> len(chosen(passing[:8])), len(chosen([*passing, Mention("x", matters=True)]))
    (8, 1)
    """
    found = list(mentions)
    if len(found) <= MANY:
        return found
    return [one for one in found if one.matters or one.paragraphs >= OFTEN]


def _section(node: nodes.Node) -> str:
    """Return the anchor of the section around a node; nothing for that of the whole page."""
    place = node.parent
    while place is not None:
        if isinstance(place, nodes.section):
            whole = isinstance(place.parent, nodes.document)
            return "" if whole else str(place["ids"][0])
        place = place.parent
    return ""


def _inside_exhibit(node: nodes.Node) -> bool:
    place = node.parent
    while place is not None and not isinstance(place, exhibit_figure):
        place = place.parent
    return place is not None
