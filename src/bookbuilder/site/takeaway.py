"""What a reader takes away: all data, the data of every exhibit, and references to cite.

Both archives are Data Packages: the tables with the contract that says what each field means. Rows
that were collected from people stay at home.
"""

import csv
import io
import json
import os
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pybtex.database import Entry, Person, parse_file
from pybtex.richtext import Text

from bookbuilder import documents
from bookbuilder.site import marked, record
from compendium import data
from compendium.context import SITE_VARIABLE

DATA, EXHIBITS = "personalized-learning-data.zip", "personalized-learning-exhibits.zip"
CITATION = Path("CITATION.cff")


@cache
def compendium() -> Entry:
    """Return the compendium as a work to cite, as `CITATION.cff` has it."""
    cff = yaml.safe_load((record.root() / CITATION).read_text(encoding="utf-8"))
    settings = yaml.safe_load((record.root() / "_config.yml").read_text(encoding="utf-8"))
    fields = {"title": cff["title"], "year": str(settings["copyright"]), "version": cff["version"]}
    if url := os.environ.get(SITE_VARIABLE) or settings["html"].get("baseurl"):
        fields["url"] = url.rstrip("/")
    return Entry("misc", fields, {"author": [Person(f"{{{cff['authors'][0]['name']}}}")]})


def apa(work: Entry) -> str:
    """Return a work as the American Psychological Association has it in a list of references.

    Examples
    --------
    >>> apa(Entry("report", {"title": "On {PL}: A Look"}, {"author": [Person("Roe, Jo")]}))
    'Roe, J. (n.d.). On PL: A look.'
    """
    parts = map(Text.from_latex, work.fields["title"].split(": "))
    title = ": ".join(str(part.capitalize()) for part in parts)
    return documents.fill("apa.txt", work=work, title=title)


def references() -> str:
    """Return compendium and documents in three forms each, as MyST Markdown."""
    bibliography = parse_file(str(record.root() / "book" / "references.bib")).entries
    listed = data.load("documents", root=record.root())["document"]
    works = {"compendium": compendium()} | {key: bibliography[key] for key in listed}
    for key, work in works.items():
        work.key = key
    forms = [(apa(one), one.to_string("bibtex"), one) for one in works.values()]
    return documents.fill("references.md", works=forms, book=compendium())


def exhibit_citation(entry: dict[str, Any], place: str) -> str:
    """Return how an exhibit is cited, folded, as HTML; `place` is its page and anchor."""
    if not (record.root() / CITATION).exists():
        return ""
    address = compendium().fields.get("url", "")
    author, _, rest = apa(compendium()).removesuffix(address).partition("). ")
    where = f"{address}/{place}" if address else "not yet on the web"
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
