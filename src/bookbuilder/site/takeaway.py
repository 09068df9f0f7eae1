"""What a reader takes away: all data, the data of every exhibit, and references to cite.

Both archives are Data Packages: the tables with the contract that says what each field means. Rows
that were collected from people stay at home.
"""

import csv
import io
import json
import os
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pybtex.database import Entry, Person, parse_file

from bookbuilder import documents
from bookbuilder.site import marked, record
from compendium import data
from compendium.context import SITE_VARIABLE

DATA, EXHIBITS = "personalized-learning-data.zip", "personalized-learning-exhibits.zip"
CITATION = Path("CITATION.cff")
THESES = {"phdthesis": "Doctoral dissertation", "mastersthesis": "Master's thesis"}
RIS = {"report": "RPRT", "phdthesis": "THES", "techreport": "RPRT"}
FIELDS = {
    "title": "TI",
    "year": "PY",
    "institution": "PB",
    "school": "PB",
    "doi": "DO",
    "url": "UR",
}


@cache
def compendium() -> Entry:
    """Return the compendium as a work to cite, as `CITATION.cff` has it."""
    cff = yaml.safe_load((record.root() / CITATION).read_text(encoding="utf-8"))
    fields = {"title": cff["title"], "year": str(_settings()["copyright"])}
    fields |= {"version": cff["version"]} | ({"url": url} if (url := address()) else {})
    return Entry("misc", fields, {"author": [Person(f"{{{cff['authors'][0]['name']}}}")]})


@cache
def _settings() -> dict[str, Any]:
    settings: dict[str, Any] = yaml.safe_load((record.root() / "_config.yml").read_text("utf-8"))
    return settings


def address() -> str:
    """Return the public address of the site, or nothing where there is none (`addresses`)."""
    return str(os.environ.get(SITE_VARIABLE) or _settings()["html"].get("baseurl", ""))


def apa(work: Entry) -> str:
    """Return a work as the American Psychological Association has it in a list of references.

    Examples
    --------
    >>> apa(Entry("report", {"title": "On {PL}: A Look", "year": "2021"},
    ...           {"author": [Person("Roe, Jo")]}))
    'Roe, J. (2021). On PL: A look.'
    """
    people = [_apa_name(person) for person in work.persons.get("author", [])]
    names = ", ".join([*people[:-1], *(f"& {name}" for name in people[-1:])]).removeprefix("& ")
    fields = work.fields
    version = f" (Version {fields['version']})" if "version" in fields else ""
    publisher = fields.get("institution") or fields.get("school") or ""
    if work.type in THESES:
        version, publisher = f" [{THESES[work.type]}, {publisher}]", ""
    url = f"https://doi.org/{fields['doi']}" if "doi" in fields else fields.get("url", "")
    parts = [
        f"{names.removesuffix('.')}. ({fields.get('year', 'n.d.')})",
        sentence_case(fields["title"]) + version,
        publisher,
        url,
    ]
    text = ". ".join(filter(None, parts)).translate(str.maketrans("", "", "{}"))
    return text if url else f"{text}."


def sentence_case(title: str) -> str:
    """Return a title with capitals only where it and its subtitle begin, and within braces.

    Examples
    --------
    >>> sentence_case("Pedal to the Metal: Advancement in {Michigan}")
    'Pedal to the metal: Advancement in {Michigan}'
    """
    pieces = re.split(r"(\{[^}]*\})", title)
    lower = "".join(piece if piece.startswith("{") else piece.lower() for piece in pieces)
    return re.sub(r"(?:^|(?<=: ))\w", lambda first: first[0].upper(), lower)


def _apa_name(person: Person) -> str:
    initials = " ".join(f"{name[0]}." for name in person.first_names + person.middle_names)
    family = " ".join(person.prelast_names + person.last_names)
    return f"{family}, {initials}" if initials else family


def ris(work: Entry) -> str:
    """Return a work as reference managers exchange it (RIS)."""
    lines = [f"TY  - {RIS.get(work.type, 'GEN')}"]
    lines += [f"AU  - {person!s}" for person in work.persons.get("author", [])]
    lines += [f"{tag}  - {work.fields[key]}" for key, tag in FIELDS.items() if key in work.fields]
    return "\n".join([*lines, "ER  - "]).translate(str.maketrans("", "", "{}"))


def references() -> str:
    """Return compendium and documents in three forms each, as MyST Markdown."""
    bibliography = parse_file(str(record.root() / "book" / "references.bib")).entries
    listed = data.load("documents", root=record.root())["document"]
    works = {"compendium": compendium()} | {key: bibliography[key] for key in listed}
    for key, work in works.items():
        work.key = key
    forms = [
        {"apa": apa(w), "BibTeX": w.to_string("bibtex"), "RIS": ris(w)} for w in works.values()
    ]
    return documents.fill("references.md", works=forms, address=address())


def exhibit_citation(entry: dict[str, Any], place: str) -> str:
    """Return how an exhibit is cited, folded, as HTML; `place` is its page and anchor."""
    if not (record.root() / CITATION).exists():
        return ""
    author, _, rest = apa(compendium()).removesuffix(address()).partition("). ")
    site = address().rstrip("/")
    where = f"{site}/{place}" if site else "not yet on the web"
    text = f"{author}). {entry['label']}. {entry['caption']} In {rest.rstrip('. ')}, {where}"
    return documents.fill("cite.html", entry=entry, text=text)


def write(folder: Path) -> None:
    """Write the archives into a folder of the finished site; their bytes follow from the files."""
    for name, files in ((DATA, _data()), (EXHIBITS, _exhibits())):
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, content in files:
                archive.writestr(zipfile.ZipInfo(path), content, zipfile.ZIP_DEFLATED)


def _data() -> Iterator[tuple[str, bytes]]:
    root = record.root()
    package = dict(data.descriptor(root))
    package["resources"] = [one for one in package["resources"] if one["origin"] != "collected"]
    yield "datapackage.json", json.dumps(package, indent=1, ensure_ascii=False).encode()
    rows = {one["name"]: len(data.load(one["name"], root=root)) for one in package["resources"]}
    yield "codebook.md", documents.fill("dictionary.md", package=package, rows=rows).encode()
    for one in package["resources"]:
        yield one["path"], (root / "data" / one["path"]).read_bytes()
    for path in filter(Path.exists, (root / CITATION, root / "LICENSE")):
        yield path.name, path.read_bytes()


def _exhibits() -> Iterator[tuple[str, bytes]]:
    listed = io.StringIO()
    rows = csv.writer(listed, lineterminator="\n")
    rows.writerow(["number", "caption", "file", "notebook", "published_in", "reconstructed"])
    for name, entry in record.exhibits().items():
        path = record.data_file(name, entry["kind"])
        text, file = path.read_text(encoding="utf-8"), f"{entry['kind']}s/{name}.csv"
        text = marked.cells(text) if entry["reconstructed"] else text
        kept = [entry[key] for key in ("notebook", "source", "reconstructed")]
        rows.writerow([entry["label"], entry["caption"], file, *kept])
        yield file, text.encode()
    yield "exhibits.csv", listed.getvalue().encode()
