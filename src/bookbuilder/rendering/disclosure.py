"""The gate before publishing: nothing in the finished site may point to a person.

It reads what a visitor would get, the pages and the files they offer, after the site is built and
before it is put in place. What the documents themselves print and the compendium shows as printed
is let through where `data/published/disclosure_exceptions.csv` says why; the page `disclosure`
shows what was let through, with the reason.
"""

import csv
import html
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pandas as pd

from auditing import disclosure
from bookbuilder import documents
from compendium import data, files
from compendium.data.contract import DESCRIPTOR
from compendium.text import nearest

EXCEPTIONS = Path("data/published/disclosure_exceptions.csv")
PAGE, PLACEHOLDER = "disclosure.html", "<!-- what the gate read -->"
READABLE = (".csv", ".json", ".svg", ".txt", ".md")
PERSON_COLUMNS = {"teacher_id", "pupil_id", "participant_id", "person_id"}
COUNT_COLUMNS = ("responses", "respondents", "population", "target_population")
QUASI_IDENTIFIERS = ("district", "gender", "department", "race_ethnicity", "grade_level", "school")
SHARE_COLUMNS = {"population_percent": "target_population", "sample_percent": "responses"}
PRINTED_TOTALS = Path("data/published/epic_table2_response_rates.csv")
#: Columns of a table of shares of survey answers.
ANSWERS = ("item_id", "n", "share")
WHOLE_NUMBER = re.compile(r"([0-9]+(\.0)?)?")
MARKUP = re.compile(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", re.DOTALL)


class Gate:
    """The gate of a project; it reads `results/` at once, which can be done before rendering.

    `threshold` is the smallest count of persons, or group of rows about persons, to publish. A
    download that is a copy of a result is read once.
    """

    def __init__(self, root: Path) -> None:
        self.root, self.threshold = root, data.disclosure_threshold(root)
        self.totals, self.holds_answers = _printed_totals(root), _holds_answers(root)
        self.offered: set[str] = set()
        self.hashes: set[str] = set()
        self.found = list(self._read(root, "results"))

    def check(self, site: Path) -> None:
        """Read a rendered site, and put what was let through into its page `disclosure`.

        Raises ValueError with a line for each finding that nothing lets through; and when an
        exception names a file that is not offered, or gives no reason.
        """
        pages = {
            page.relative_to(site).as_posix(): html.unescape(MARKUP.sub(" ", _text(page)))
            for page in sorted(site.rglob("*.html"))
        }
        texts = _identifiers(pages, "text of the page")
        found = pd.concat([texts, *self.found, *self._read(site, "_downloads")], ignore_index=True)
        self.offered |= {Path(page).name for page in pages}
        exceptions = self._exceptions()
        reasons = [
            next((one["reason"] for one in exceptions if _covers(one, *finding)), None)
            for finding in found[["place", "check", "subject"]].itertuples(index=False)
        ]
        found["reason"] = pd.Series(reasons, dtype=object)
        refused = [
            f"{row['place']}: {row['check']} '{row['value']}' ({row['subject']}); "
            f"{row['message']}, or say in {EXCEPTIONS} why it may be published"
            for row in found[found["reason"].isna()].to_dict("records")
        ]
        if refused:
            raise ValueError("\n".join(refused))
        groups = found.groupby(["place", "check", "reason"], sort=False)
        shown = documents.render(
            "disclosure.html",
            "book",
            pages=len(pages),
            files=len(self.hashes),
            threshold=self.threshold,
            found=len(found),
            rows=[(*group, part.to_dict("records")) for group, part in groups],
        )
        page = site / PAGE
        if page.exists():
            files.write_text(page, _text(page).replace(PLACEHOLDER, shown))

    def _read(self, base: Path, folder: str) -> Iterator[pd.DataFrame]:
        """Yield what is found in the files of a folder that are no copies of files read before."""
        texts = {}
        for path in sorted(path for path in (base / folder).rglob("*") if path.is_file()):
            self.offered.add(path.name)
            if path.suffix in READABLE and (digest := files.sha256(path)) not in self.hashes:
                self.hashes.add(digest)
                texts[path.relative_to(base).as_posix()] = _text(path)
        visible = {
            place: MARKUP.sub(" ", text.split("<svg", 1)[-1]) if place.endswith(".svg") else text
            for place, text in texts.items()
        }
        yield _identifiers(visible, "text of the file")
        for place, text in texts.items():
            if place.endswith(".csv"):
                yield from (found.assign(place=place) for found in self._in_table(text))

    def _in_table(self, text: str) -> Iterator[pd.DataFrame]:
        rows = csv.DictReader(text.splitlines())
        table = pd.DataFrame(list(rows), columns=list(rows.fieldnames or ()))
        known = [column for column in table if column in QUASI_IDENTIFIERS]
        # Percentages can stand under the name of a count; a count is a whole number in every row.
        counts = [c for c in table if c in COUNT_COLUMNS and all(map(_is_count, table[c]))]
        shares = {column: base for column, base in self.totals.items() if column in table}
        numbers = table.assign(**{c: pd.to_numeric(table[c], "coerce") for c in [*counts, *shares]})
        named = [c for c in table.columns[:2] if c not in (*counts, *shares)]
        if known and PERSON_COLUMNS & {*table}:
            yield disclosure.k_anonymity(table, known, k=self.threshold)
        elif counts or shares:
            yield disclosure.small_cells(numbers, counts, label=named, threshold=self.threshold)
            yield disclosure.small_shares(numbers, shares, label=named, threshold=self.threshold)
        # Of a draw, nobody is behind the answers.
        if self.holds_answers and {*ANSWERS} <= {*table} and "reconstruction" not in table:
            yield self._answers(table)

    def _answers(self, table: pd.DataFrame) -> pd.DataFrame:
        """Find shares of survey answers behind which few are, or few who answered otherwise."""
        n, share = (pd.to_numeric(table[column], "coerce") for column in ANSWERS[1:])
        counts = {"answered so": (n * share).round(), "answered otherwise": (n - n * share).round()}
        label = [column for column in ("item_id", "group", "base") if column in table]
        found = disclosure.small_cells(
            table.assign(**counts), list(counts), label=label, threshold=self.threshold
        )
        return found.assign(check="small share", message="withhold it (few_persons)")

    def _exceptions(self) -> list[dict[str, str]]:
        path = self.root / EXCEPTIONS
        listed = list(csv.DictReader(_text(path).splitlines())) if path.exists() else []
        for number, row in enumerate(listed, start=2):
            where = f"{EXCEPTIONS}, row {number}"
            if "*" not in row["file"] and row["file"] not in self.offered:
                hint = nearest(row["file"], self.offered)
                raise ValueError(f"{where}: no file '{row['file']}' is offered; {hint}")
            if not row["reason"]:
                raise ValueError(f"{where}: '{row['file']}' is let through; say why")
        return listed


def _covers(exception: dict[str, str], place: str, check: str, subject: str) -> bool:
    named = fnmatch(Path(place).name, exception["file"]) and check == exception["check"]
    return named and exception["subject"] in ("", subject)


def _identifiers(texts: dict[str, str], subject: str) -> pd.DataFrame:
    found = disclosure.identifiers(texts)
    return found.assign(place=found["subject"], subject=subject)


def _printed_totals(root: Path) -> dict[str, int]:
    """Return the persons behind the columns of percentages, from the printed totals."""
    path = root / PRINTED_TOTALS
    rows = csv.DictReader(_text(path).splitlines()) if path.exists() else []
    totals = [row for row in rows if row["district"] == "Overall"]
    return {share: int(totals[0][base]) for share, base in SHARE_COLUMNS.items()} if totals else {}


def _holds_answers(root: Path) -> bool:
    """Say whether people gave the answers that the project holds; nobody is behind others."""
    if not (root / DESCRIPTOR).exists():
        return False
    return any(table["origin"] == "collected" for table in data.descriptor(root)["resources"])


def _is_count(cell: str | None) -> bool:
    return WHOLE_NUMBER.fullmatch(cell or "") is not None


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
