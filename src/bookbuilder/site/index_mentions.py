"""Where a page speaks of something: headings, captions, paragraphs and cells that hold its words.

A reader of an index wants the places that say something about a subject, not every place where the
word falls. So a mention in a heading or a caption is told from one in running text, and text that
only passes by is left out where a subject stands on many pages.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from docutils import nodes

from bookbuilder.site.exhibit import ancestors, exhibit_caption, exhibit_figure

MAX_PAGES = 8  # a subject on more pages is listed only where it matters
MIN_PARAGRAPHS = 3  # as many, or a heading, or a caption: there it matters


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
    >>> sorted(Finder({"w": ["weight"], "b": ["bootstrap*"]}).keys_in("Weights were bootstrapped."))
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

    def keys_in(self, text: str) -> set[str]:
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


def find_mentions(
    doctree: nodes.document, page: str, finder: Finder, cells_of: Callable[[str], set[str]]
) -> dict[str, Mention]:
    """Return what a page mentions, by key.

    Parameters
    ----------
    doctree, page
        The page as read, and its name.
    finder
        Finds words in text.
    cells_of
        Keys that the cells of an exhibit name, given the exhibit's anchor.
    """
    found: dict[str, Mention] = {}

    def mentions(node: nodes.Node, keys: set[str]) -> Iterator[Mention]:
        for key in sorted(keys):
            yield found.setdefault(key, Mention(page, _section(node)))

    for node in doctree.findall(_is_searched):
        if isinstance(node, exhibit_figure):
            anchor = node["ids"][0]
            caption = next(node.findall(exhibit_caption)).astext()
            for mention in mentions(node, finder.keys_in(caption) | cells_of(anchor)):
                mention.matters = True
                mention.exhibits.append(anchor)
        elif not any(isinstance(outer, exhibit_figure) for outer in ancestors(node)):
            heading = isinstance(node, nodes.title)
            for mention in mentions(node, finder.keys_in(node.astext())):
                mention.matters |= heading
                mention.paragraphs += not heading
    return found


def choose_mentions(mentions: Iterable[Mention]) -> list[Mention]:
    """Return the mentions, one a page, that an index lists: all of few, of many those that matter.

    Examples
    --------
    >>> passing = [Mention(str(i), paragraphs=1) for i in range(9)]
    >>> len(choose_mentions(passing[:8])), len(choose_mentions(passing))
    (8, 0)
    """
    listed = list(mentions)
    if len(listed) <= MAX_PAGES:
        return listed
    return [one for one in listed if one.matters or one.paragraphs >= MIN_PARAGRAPHS]


def _is_searched(node: nodes.Node) -> bool:
    if isinstance(node, nodes.literal_block):
        # Commands, not the code of a notebook.
        return "console" in (node.get("language"), *node["classes"])
    return isinstance(node, (nodes.title, nodes.paragraph, nodes.term, exhibit_figure))


def _section(node: nodes.Node) -> str:
    """Return the anchor of the section around a node; nothing for that of the whole page."""
    sections = (outer for outer in ancestors(node) if isinstance(outer, nodes.section))
    section = next(sections, None)
    if section is None or isinstance(section.parent, nodes.document):
        return ""
    return str(section["ids"][0])
