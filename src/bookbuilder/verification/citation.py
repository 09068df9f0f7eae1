"""Who made the project and under which licence its software is, as `CITATION.cff` says it.

Said once, in the file that people and archives cite from, and put into an RO-Crate as entities.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bookbuilder.engine import places

FILE = "CITATION.cff"
#: Licences by their short names, as `CITATION.cff` has them.
LICENCES = "https://spdx.org/licenses/"


@dataclass(frozen=True)
class Citation:
    """What `CITATION.cff` says, as entities of JSON-LD.

    Attributes
    ----------
    authors
        Persons and organizations, in their order.
    licence
        Of the software; None where none is named, or several.
    """

    authors: list[dict[str, str]]
    licence: dict[str, str] | None


def read_citation(root: Path) -> Citation | None:
    """Read who made a project; None where nobody says so.

    Parameters
    ----------
    root
        The project's folder.

    Raises
    ------
    YamlError
        When the file is no YAML, or no list of keys.
    """
    if not (root / FILE).is_file():
        return None
    written = places.read(root / FILE, FILE, "name title and authors")
    said = {key: value.plain() for key, (_, value) in written.entries("the citation").items()}
    authors = [entity(one, n) for n, one in enumerate(said.get("authors", []), start=1)]
    short = said.get("license")
    if not isinstance(short, str):  # several are alternatives, none of them the licence
        return Citation(authors, None)
    named = {"@id": f"{LICENCES}{short}", "@type": "CreativeWork", "name": short}
    return Citation(authors, named)


def credit(crate: Any, root: Path, workflow: Any) -> None:
    """Put authors and the licence of the software into a crate.

    The authors are its publishers, too, until an archive is. The licence of the whole is that of
    the data, which the crate has from their contract.

    Parameters
    ----------
    crate
        Holds the workflow and, if the project has it, the package.
    root
        The project's folder.
    workflow
        The main entity of the crate.
    """
    said = read_citation(root)
    if not said:
        return
    authors = [crate.get(one["@id"]) or crate.add_jsonld(dict(one)) for one in said.authors]
    if authors:
        crate.root_dataset["author"] = crate.root_dataset["publisher"] = authors
        workflow["creator"] = authors
    if said.licence:
        licence = crate.add_jsonld(dict(said.licence))
        for software in filter(None, (workflow, crate.get("src/"))):
            software["license"] = licence


def entity(author: dict[str, Any], number: int) -> dict[str, str]:
    """Return an author as an entity: known by ORCID or page where there is one.

    Parameters
    ----------
    author
        An entry of `authors`: a person with names, or an organization with a name.
    number
        Its place in the list.

    Examples
    --------
    >>> entity({"family-names": "Lovelace", "given-names": "Ada"}, 1)
    {'@id': '#author-1', '@type': 'Person', 'name': 'Ada Lovelace', 'familyName': 'Lovelace',
     'givenName': 'Ada'}
    >>> entity({"name": "A Group", "website": "https://example.org"}, 2)
    {'@id': 'https://example.org', '@type': 'Organization', 'name': 'A Group'}
    """
    address = author.get("orcid") or author.get("website") or f"#author-{number}"
    if "name" in author:
        return {"@id": address, "@type": "Organization", "name": author["name"]}
    family = " ".join(author[k] for k in ("name-particle", "family-names") if author.get(k))
    given = author.get("given-names", "")
    name = f"{given} {family}".strip()
    names = {"familyName": family, "givenName": given}
    return {"@id": address, "@type": "Person", "name": name} | {k: v for k, v in names.items() if v}
