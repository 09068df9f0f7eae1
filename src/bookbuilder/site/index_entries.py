"""What the general index lists: terms, subjects, codes, districts, documents, works, data tables.

Nearly all of it is known from elsewhere: the glossary, the codebook, the contract, the references,
the record. Only subjects that none of these names, and words that point to another entry, are
written down, in `book/index_terms.yml`. Where each entry stands is found in the pages themselves,
see `bookbuilder.site.index_links`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from docutils import nodes

from bookbuilder.site import glossary, record
from compendium import data, files

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


def letter(name: str) -> str:
    """Return the letter under which a name stands.

    Examples
    --------
    >>> letter("masi"), letter("`roster`")
    ('M', 'R')
    """
    return next(character for character in name if character.isalpha()).upper()


@cache
def entries() -> tuple[Entry, ...]:
    """Return the entries of this project's index, in alphabetical order.

    Raises
    ------
    ValueError
        When two entries have the same name and kind, or one refers to an entry that is not there.
    """
    found = [*_terms(), *_subjects(), *_codes(), *_districts(), *_works(), *_tables()]
    checked(found)
    return tuple(sorted(found, key=lambda entry: (entry.name.lower().strip("`"), entry.kind)))


def checked(found: Iterable[Entry]) -> None:
    """Refuse an index with a double entry or a reference into the void.

    Parameters
    ----------
    found
        The entries.

    Raises
    ------
    ValueError
        With the name of the entry and what to do.

    Examples
    --------
    >>> checked([Entry("Raking"), Entry("Margins", see="Raking")])
    >>> checked([Entry("Margins", see="Rakin")])
    Traceback (most recent call last):
    ValueError: index entry 'Margins' says see 'Rakin', which is no entry; mend index_terms.yml
    """
    met: set[str] = set()
    found = list(found)
    for entry in found:
        if entry.slug in met:
            raise ValueError(f"index entry '{entry.name}' stands twice; take it out of {TERMS}")
        met.add(entry.slug)
    names = {entry.name for entry in found}
    for entry in found:
        if entry.see and entry.see not in names:
            raise ValueError(
                f"index entry '{entry.name}' says see '{entry.see}', which is no entry; "
                f"mend {TERMS}"
            )


def markdown(found: Iterable[Entry]) -> str:
    """Return the index as MyST Markdown: letters to jump to, then a section for each.

    Parameters
    ----------
    found
        The entries, in order.

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
    letters = list(dict.fromkeys(letter(entry.name) for entry in found))
    jumps = " ".join(f"[{one}](#index-{one.lower()})" for one in letters)
    lines = [":::{div} index-letters", jumps, ":::"]
    for one in letters:
        lines += ["", f"(index-{one.lower()})=", f"## {one}", "", f"```{{index-entries}} {one}"]
        lines += ["```"]
    return "\n".join(lines)


def _terms() -> Iterator[Entry]:
    for term in glossary.glossary():
        # A term with an everyday meaning is found in its own place only.
        words = () if term.lower() in glossary.EVERYDAY else (term,)
        yield Entry(term, words=words, page=glossary.GLOSSARY, anchor=term)


def _subjects() -> Iterator[Entry]:
    path = record.root() / "book" / TERMS
    written: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    for name, words in written["subjects"].items():
        yield Entry(name, words=tuple(words))
    for name, other in written["see"].items():
        yield Entry(name, see=other)
    for command in written["commands"]:
        yield Entry(command, kind="command", words=(command,))


def _codes() -> Iterator[Entry]:
    for code in data.load("codebook", root=record.root()).itertuples():
        page = f"notebooks/code_{code.code}"
        names = (str(code.label), str(code.code))
        yield Entry(str(code.label), "code", words=names[:1], cells=names, page=page)


def _districts() -> Iterator[Entry]:
    for run, parameters in _runs().items():
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
    said = " and ".join(names) if len(names) < 3 else f"{names[0]} and others"
    return f"{said} ({work.fields['year']})"


def _tables() -> Iterator[Entry]:
    for table in files.read_json(record.root() / "data" / "datapackage.json")["resources"]:
        name = table["name"]
        anchor = f"table-{nodes.make_id(name)}"
        yield Entry(f"`{name}`", "data table", page="data_dictionary", anchor=anchor, key=name)


def _runs() -> dict[str, dict[str, Any]]:
    return {entry["run"]: entry["parameters"] for entry in record.exhibits().values()}
