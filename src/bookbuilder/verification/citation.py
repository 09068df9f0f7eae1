"""Who made the project and under which licence its software is, as `CITATION.cff` says it.

Said once, in the file that people and archives cite from, and put into an RO-Crate as entities.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bookbuilder.plan import yaml_lines

FILE = "CITATION.cff"
#: Licences by their short names, as `CITATION.cff` has them.
LICENCES = "https://spdx.org/licenses/"


@dataclass(frozen=True)
class Citation:
    """What `CITATION.cff` says, as entities of JSON-LD; several licences count as none."""

    authors: list[dict[str, str]]
    licence: dict[str, str] | None


def read_citation(root: Path) -> Citation:
    """Read who made a project; nobody where the file is missing.

    Raises
    ------
    YamlError
        When the file is no YAML, or no list of keys.
    """
    if not (root / FILE).is_file():
        return Citation([], None)
    top = yaml_lines.read(root / FILE, FILE, "name title and authors")
    entries = {key: value.plain() for key, (_, value) in top.entries("the citation").items()}
    authors = [entity(one, n) for n, one in enumerate(entries.get("authors", []), start=1)]
    name = entries.get("license")
    if not isinstance(name, str):  # several are alternatives, none of them the licence
        return Citation(authors, None)
    return Citation(authors, {"@id": LICENCES + name, "@type": "CreativeWork", "name": name})


def entity(author: dict[str, Any], number: int) -> dict[str, str]:
    """Return an author as an entity: known by ORCID or page, else by its number in the list.

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
    names = {"familyName": family, "givenName": author.get("given-names", "")}
    name = f"{names['givenName']} {family}".strip()
    return {"@id": address, "@type": "Person", "name": name} | {k: v for k, v in names.items() if v}
