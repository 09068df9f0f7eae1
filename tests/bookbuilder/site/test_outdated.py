"""A page is outdated when its text or what the record holds under its names has changed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bookbuilder.site import outdated, record

ENTRY = {"kind": "table", "run": "rates", "source": ""}
RUN = {
    "notebook": "notebooks/10_rates.ipynb",
    "parameters": {},
    "inputs": [],
    "after": [],
    "package_version": "0.1.0",
}
CACHES = (record.exhibits, record.values, record.claims)


class Book:
    """A record and pages to change."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.exhibits = {"mine": dict(ENTRY), "other": ENTRY | {"run": "else"}}
        self.values = {"rates.top": {"value": 1}, "else.top": {"value": 2}}
        self.claims = "kind,id,place,verdict,exhibit\nclaim,EPIC-C-001,x,reproduced,mine\n"
        (root / "results/tables").mkdir(parents=True)
        for name in self.exhibits:
            (root / f"results/tables/{name}.csv").write_text("a\n1\n")
        self.pages = {name: root / f"{name}.md" for name in ("shows", "quotes", "apart", "list")}
        self.pages["notebooks/rates"] = root / "rates.ipynb"
        self.write("shows", "```{exhibit} mine\n```")
        self.write("quotes", "It is {value}`else.top:.1f`, so.")
        self.write("apart", "The mining of others.")
        self.write("list", "```{bibliography}\n```")
        self.write("notebooks/rates", "{own}`top`")

    def write(self, page: str, text: str) -> None:
        """Give a page another text."""
        self.pages[page].write_text(text)

    def digests(self) -> dict[str, str]:
        """Return the hashes of the pages as they are now."""
        results = self.root / "results"
        (results / "claims.csv").write_text(self.claims)
        (results / "exhibits.json").write_text(json.dumps(self.exhibits))
        (results / "runs.json").write_text(json.dumps(dict.fromkeys(("rates", "else"), RUN)))
        (results / "values.json").write_text(json.dumps(self.values))
        for cache in CACHES:
            cache.cache_clear()
        return outdated.digests(self.pages)


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Book:
    made = Book(tmp_path)
    monkeypatch.setattr(record, "root", lambda: tmp_path)
    yield made
    for cache in CACHES:
        cache.cache_clear()


def change_cells(book: Book) -> None:
    (book.root / "results/tables/mine.csv").write_text("a\n2\n")


def change_caption(book: Book) -> None:
    book.exhibits["mine"]["caption"] = "Other"


def change_verdict(book: Book) -> None:
    book.claims = book.claims.replace("reproduced", "contradicted")


def change_number(book: Book) -> None:
    book.values["else.top"] = {"value": 3}


def change_own_number(book: Book) -> None:
    book.values["rates.top"] = {"value": 3}


def change_text(book: Book) -> None:
    book.write("apart", "Other words.")


def change_nothing(book: Book) -> None:
    pass


@pytest.mark.parametrize(
    ("change", "pages"),
    [
        (change_nothing, set()),
        (change_cells, {"shows", "notebooks/rates"}),
        (change_caption, {"shows", "notebooks/rates"}),
        (change_verdict, {"shows", "notebooks/rates"}),
        (change_number, {"quotes"}),
        (change_own_number, {"notebooks/rates"}),
        (change_text, {"apart"}),
    ],
)
def test_exactly_the_pages_that_rest_on_it_change(
    book: Book, change: Callable[[Book], None], pages: set[str]
) -> None:
    before = book.digests()
    change(book)
    after = book.digests()
    assert {page for page in before if before[page] != after[page]} == pages
    assert after["list"] == "", "what lists others is always made again"
