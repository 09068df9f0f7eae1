"""What the general index lists: terms, subjects, codes, districts, documents, works, data tables.

Nearly all of it is known from elsewhere: the glossary, the codebook, the contract, the references,
the record. Only subjects that none of these names, and words that point to another entry, are
written down, in `book/index_terms.yml`. Where each entry stands is found in the pages themselves,
see `bookbuilder.site.index_links`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from docutils import nodes

from bookbuilder.site import glossary, record
from compendium import data

TERMS = "index_terms.yml"


@dataclass(frozen=True)
class Entry:
    """One line of the index.

    `words` are looked for in the text of pages, `cells` in the cells of tables; `page` and `anchor`
    say where the subject has its own place; `see` names another entry instead.
    """

    name: str
    kind: str = ""
    words: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    page: str = ""
    anchor: str = ""
    key: str = ""  # of a work cited, or of a data table
    see: str = ""

    @property
    def slug(self) -> str:
        """Return the anchor of the entry in the index."""
        return f"index-{nodes.make_id(f'{self.kind} {self.name}'.strip())}"


def first_letter(name: str) -> str:
    """Return the letter under which a name stands.

    Examples
    --------
    >>> first_letter("masi"), first_letter("`roster`")
    ('M', 'R')
    """
    return next(character for character in name if character.isalpha()).upper()


@cache
def entries() -> tuple[Entry, ...]:
    """Return the entries of this project's index, in alphabetical order; errors as in `check`."""
    found = [*_terms(), *_subjects(), *_codes(), *_districts(), *_works(), *_tables()]
    check(found)
    return tuple(sorted(found, key=lambda entry: (entry.name.lower().strip("`"), entry.kind)))


def check(listed: Sequence[Entry]) -> None:
    """Refuse an index with a double entry or a reference into the void.

    Raises
    ------
    ValueError
        With the name of the entry and what to do.

    Examples
    --------
    >>> check([Entry("Raking"), Entry("Margins", see="Raking")])
    >>> check([Entry("Margins", see="Rakin")])
    Traceback (most recent call last):
    ValueError: index entry 'Margins' says see 'Rakin', which is no entry; mend index_terms.yml
    """
    slugs = Counter(entry.slug for entry in listed)
    names = {entry.name for entry in listed}
    for entry in listed:
        if slugs[entry.slug] > 1:
            raise ValueError(f"index entry '{entry.name}' stands twice; take it out of {TERMS}")
        if entry.see and entry.see not in names:
            raise ValueError(
                f"index entry '{entry.name}' says see '{entry.see}', which is no entry; "
                f"mend {TERMS}"
            )


def markdown(listed: Iterable[Entry]) -> str:
    """Return the index as MyST Markdown: letters to jump to, then a section for each.

    Examples
    --------
    >>> print(markdown([Entry("Raking")]))
    :::{div} index-letters
    [R](#index-r)
    :::
    <BLANKLINE>
    (index-r)=
    ## R
    <BLANKLINE>
    ```{index-entries} R
    ```
    """
    letters = list(dict.fromkeys(first_letter(entry.name) for entry in listed))
    jumps = " ".join(f"[{one}](#index-{one.lower()})" for one in letters)
    sections = [
        f"\n(index-{one.lower()})=\n## {one}\n\n```{{index-entries}} {one}\n```" for one in letters
    ]
    return "\n".join([":::{div} index-letters", jumps, ":::", *sections])


def _terms() -> Iterator[Entry]:
    for term in glossary.all_terms():
        everyday = term.lower() in glossary.EVERYDAY  # found in its own place only
        yield Entry(term, words=() if everyday else (term,), page=glossary.GLOSSARY, anchor=term)


def _subjects() -> Iterator[Entry]:
    listed = yaml.safe_load((record.root() / "book" / TERMS).read_text(encoding="utf-8"))
    for name, words in listed["subjects"].items():
        yield Entry(name, words=tuple(words))
    for name, other in listed["see"].items():
        yield Entry(name, see=other)
    for command in listed["commands"]:
        yield Entry(command, kind="command", words=(command,))


def _codes() -> Iterator[Entry]:
    for code in data.load("codebook", root=record.root()).itertuples():
        page = f"notebooks/code_{code.code}"
        names = (str(code.label), str(code.code))
        yield Entry(str(code.label), "code", words=names[:1], cells=names, page=page)


def _districts() -> Iterator[Entry]:
    runs = {entry["run"]: entry["parameters"] for entry in record.exhibits().values()}
    for run, parameters in runs.items():
        if "district" in parameters and run.startswith("district_"):
            name = str(parameters["district"])
            yield Entry(name, "district", words=(name,), cells=(name,), page=f"notebooks/{run}")


def _works() -> Iterator[Entry]:
    from pybtex.database import parse_file

    documents = data.load("documents", root=record.root()).set_index("document")["short_name"]
    works = parse_file(str(record.root() / "book" / "references.bib")).entries
    for key, work in works.items():
        if key in documents.index:
            yield Entry(str(documents[key]), "document", page="sources", key=key)
        else:
            yield Entry(author_year(work), "work cited", key=key)


def author_year(work: Any) -> str:
    """Return a work as a text names it: last names and year."""
    people = work.persons.get("author") or work.persons.get("editor", [])
    names = [" ".join([*one.prelast_names, *one.last_names]).strip("{}") for one in people]
    named = " and ".join(names) if len(names) < 3 else f"{names[0]} and others"
    return f"{named} ({work.fields['year']})"


def _tables() -> Iterator[Entry]:
    for name in data.names(record.root()):
        anchor = f"table-{nodes.make_id(name)}"
        yield Entry(f"`{name}`", "data table", page="data_dictionary", anchor=anchor, key=name)
