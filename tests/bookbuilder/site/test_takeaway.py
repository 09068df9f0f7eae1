"""References in the forms that readers need, and archives that follow from the files alone."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from pybtex.database import Entry, Person

from bookbuilder.site import takeaway

WORK = Entry(
    "techreport",
    {"title": "On {PL}", "year": "2019", "institution": "An Institute", "doi": "10.1/x"},
    {"author": [Person("LeBlanc, Eva"), Person("{A Body}")]},
)


def test_apa_has_initials_and_an_ampersand() -> None:
    wanted = "LeBlanc, E., & A Body. (2019). On PL. An Institute. https://doi.org/10.1/x"
    assert takeaway.apa(WORK) == wanted


def test_apa_has_titles_in_sentence_case_and_says_what_is_a_thesis() -> None:
    fields = {"title": "Leading {PL}: A View From {Georgia}", "year": "2022", "school": "A School"}
    thesis = Entry("phdthesis", fields, {"author": [Person("Padgett, C. S. L.")]})
    wanted = "Padgett, C. S. L. (2022). Leading PL: A view from Georgia [Doctoral dissertation, "
    assert takeaway.apa(thesis) == f"{wanted}A School]."
    assert "[" not in takeaway.apa(WORK)


def test_an_exhibit_is_cited_with_its_address_where_there_is_one(monkeypatch) -> None:
    entry = {"label": "Table 1", "caption": "Codes.", "kind": "table", "source": ""}
    assert "not yet on the web" in takeaway.exhibit_citation(entry, "a.html#b")
    monkeypatch.setenv(takeaway.SITE_VARIABLE, "https://book.example.org")
    takeaway.compendium.cache_clear()
    cited = takeaway.exhibit_citation(entry, "a.html#b")
    assert cited.count("https://book.example.org") == 1
    assert "), https://book.example.org/a.html#b</p>" in cited
    assert "no address on the web" not in takeaway.references()
    takeaway.compendium.cache_clear()


def test_ris_has_one_author_a_line_and_an_end() -> None:
    assert takeaway.documents.fill("ris.txt", work=WORK).splitlines() == [
        "TY  - RPRT",
        "AU  - LeBlanc, Eva",
        "AU  - A Body",
        "TI  - On PL",
        "PY  - 2019",
        "PB  - An Institute",
        "DO  - 10.1/x",
        "ER  - ",
    ]


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archives")
    takeaway.write(folder)
    return folder


def test_the_data_are_a_package_whose_tables_are_all_there(archives: Path) -> None:
    with zipfile.ZipFile(archives / takeaway.DATA) as archive:
        package = json.loads(archive.read("datapackage.json"))
        assert {one["path"] for one in package["resources"]} < set(archive.namelist())
        assert {"codebook.md", "LICENSE", "CITATION.cff"} < set(archive.namelist())


def test_rows_collected_from_people_stay_at_home(tmp_path: Path, monkeypatch) -> None:
    real = takeaway.data.descriptor

    def collected(root: Path) -> dict:
        package = json.loads(json.dumps(real(root)))
        package["resources"][0]["origin"] = "collected"
        return package

    first = real(takeaway.record.root())["resources"][0]["path"]
    monkeypatch.setattr(takeaway.data, "descriptor", collected)
    takeaway.write(tmp_path)
    with zipfile.ZipFile(tmp_path / takeaway.DATA) as archive:
        assert first not in archive.namelist()
        assert first not in archive.read("datapackage.json").decode()


def test_every_exhibit_is_listed_with_its_file(archives: Path) -> None:
    import pandas as pd

    with zipfile.ZipFile(archives / takeaway.EXHIBITS) as archive:
        listed = pd.read_csv(io.BytesIO(archive.read("exhibits.csv")))
        assert set(listed["file"]) | {"exhibits.csv"} == set(archive.namelist())
        assert len(listed) == len(takeaway.record.exhibits())


def test_the_same_files_make_the_same_bytes(archives: Path, tmp_path: Path) -> None:
    takeaway.write(tmp_path)
    for name in (takeaway.DATA, takeaway.EXHIBITS):
        assert (tmp_path / name).read_bytes() == (archives / name).read_bytes()


def test_compendium_and_documents_can_be_copied_in_three_forms() -> None:
    made = takeaway.references()
    works = 1 + len(takeaway.data.load("documents", root=takeaway.record.root()))
    assert made.count(":::{dropdown} BibTeX\n```text\n@") == works
    assert made.count(":::{dropdown} RIS\n```text\nTY  - ") == works
    assert "Padgett, C. S. L. (2022)." in made
