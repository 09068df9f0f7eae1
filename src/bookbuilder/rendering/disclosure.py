"""The gate before publishing: nothing in the finished site may point to a person.

It reads what a visitor would get, the pages and the files they offer, after the site is built and
before it is put in place. What the documents themselves print and the compendium shows as printed
is let through where `data/published/disclosure_exceptions.csv` says why.
"""

import csv
import html
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from auditing import disclosure
from compendium import data
from compendium.data.contract import DESCRIPTOR
from compendium.text import nearest

EXCEPTIONS = Path("data/published/disclosure_exceptions.csv")
DOWNLOADS, RESULTS = "_downloads", "results"  # of the site, and of the project
READABLE = (".csv", ".json", ".svg", ".txt", ".md")
THRESHOLD = 5
PERSON_COLUMNS = ("teacher_id", "pupil_id", "participant_id", "person_id")
COUNT_COLUMNS = ("responses", "respondents", "population", "target_population")
QUASI_IDENTIFIERS = ("district", "gender", "department", "race_ethnicity", "grade_level", "school")
SHARE_COLUMNS = {"population_percent": "target_population", "sample_percent": "responses"}
PRINTED_TOTALS = Path("data/published/epic_table2_response_rates.csv")
#: Columns of a table of shares of survey answers.
ANSWERS = ("item_id", "n", "share")
WHOLE_NUMBER = re.compile(r"[0-9]+(\.0)?")
MARKUP = re.compile(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", re.DOTALL)


@dataclass(frozen=True)
class DisclosureReport:
    """What the gate read and found.

    Findings have the columns place, check, subject, value, limit, message, and reason: why one may
    be published all the same, None where nothing says so. A download that is a copy of a result
    counts once; `threshold` is the smallest count of persons, or group of rows about persons, to
    publish.
    """

    findings: pd.DataFrame
    pages: int
    files: int
    threshold: int

    @property
    def violations(self) -> pd.DataFrame:
        """The findings that nothing lets through."""
        return self.findings[self.findings["reason"].isna()].reset_index(drop=True)


@dataclass(frozen=True)
class ReadResults:
    """What the gate read and found in `results/`, which no rendering changes.

    Findings have no reasons yet. A download with one of the hashes is a copy.
    """

    findings: list[pd.DataFrame]
    hashes: frozenset[bytes]
    threshold: int


def read_results(root: Path) -> ReadResults:
    """Read the results that the site offers, which can be done before it is rendered."""
    threshold = read_threshold(root)
    found = _readable_files(root, RESULTS)
    return ReadResults(list(_files(root, found.values(), threshold)), frozenset(found), threshold)


def inspect(root: Path, site: Path, results: ReadResults | None = None) -> DisclosureReport:
    """Read a rendered site and the files it offers, and list what could point to a person.

    `results` is what was read of `results/` before, read now by default. Raises ValueError when an
    exception names a file that is not offered, or gives no reason.
    """
    known = results or read_results(root)
    downloads = _readable_files(site, DOWNLOADS)
    others = [one for digest, one in downloads.items() if digest not in known.hashes]
    offered = [*known.findings, *_files(root, others, known.threshold)]
    together = pd.concat([_texts(site), *offered], ignore_index=True)
    excepted = _exceptions(root, site)
    reasons = [
        next((why for *rule, why in excepted if _covers(rule, place, check, about)), None)
        for place, check, about in together[["place", "check", "subject"]].itertuples(index=False)
    ]
    findings = together.assign(reason=pd.Series(reasons, dtype=object))
    pages = sum(1 for _ in site.rglob("*.html"))
    return DisclosureReport(findings, pages, len(known.hashes) + len(others), known.threshold)


def read_threshold(root: Path) -> int:
    """Return the smallest count of persons that may be published.

    `pyproject.toml` has it in the table ``tool.compendium`` under ``disclosure-threshold``;
    ValueError when it is not a whole number of at least two.
    """
    path = root / "pyproject.toml"
    settings = tomllib.loads(_read(path)) if path.exists() else {}
    found = settings.get("tool", {}).get("compendium", {}).get("disclosure-threshold", THRESHOLD)
    if not isinstance(found, int) or found < 2:
        raise ValueError(
            f"pyproject.toml, tool.compendium, disclosure-threshold: '{found}' is not a whole "
            "number of at least 2"
        )
    return found


def _covers(rule: Sequence[str], place: str, check: str, about: str) -> bool:
    file, of, subject = rule
    return fnmatch(Path(place).name, file) and check == of and subject in ("", about)


def sentences(found: pd.DataFrame) -> list[str]:
    """Return one line for each violation."""
    return [
        f"{row['place']}: {row['check']} '{row['value']}' ({row['subject']}); {row['message']}, "
        f"or say in {EXCEPTIONS} why it may be published"
        for row in found.to_dict("records")
    ]


def _texts(site: Path) -> pd.DataFrame:
    pages = {
        page.relative_to(site).as_posix(): html.unescape(MARKUP.sub(" ", _read(page)))
        for page in sorted(site.rglob("*.html"))
    }
    found = disclosure.identifiers(pages)
    return found.assign(place=found["subject"], subject="text of the page")


def _files(
    root: Path, offered: Iterable[tuple[str, Path]], threshold: int
) -> Iterator[pd.DataFrame]:
    bases, real = _printed_totals(root), _holds_answers(root)
    texts = {place: (path, _read(path)) for place, path in offered}
    found = disclosure.identifiers({place: _visible(*one) for place, one in texts.items()})
    yield found.assign(place=found["subject"], subject="text of the file")
    for place, (path, text) in texts.items():
        if path.suffix == ".csv":
            answers = _answers(text, threshold) if real else ()
            yield from (
                one.assign(place=place) for one in (*_table(text, bases, threshold), *answers)
            )


def _readable_files(base: Path, folder: str) -> dict[bytes, tuple[str, Path]]:
    """Return the offered files of a folder that can be read by their hash, copies once."""
    readable = [one for one in _offered(base, folder) if one[1].suffix in READABLE]
    return {sha256(one[1].read_bytes()).digest(): one for one in readable}


def _offered(base: Path, folder: str) -> Iterator[tuple[str, Path]]:
    for path in sorted((base / folder).rglob("*")):
        if path.is_file():
            yield path.relative_to(base).as_posix(), path


def _visible(path: Path, text: str) -> str:
    return MARKUP.sub(" ", text.split("<svg", 1)[-1]) if path.suffix == ".svg" else text


def _printed_totals(root: Path) -> dict[str, int]:
    """Return the persons behind the columns of percentages, from the printed totals."""
    path = root / PRINTED_TOTALS
    rows = csv.DictReader(_read(path).splitlines()) if path.exists() else []
    totals = [row for row in rows if row["district"] == "Overall"]
    return {share: int(totals[0][base]) for share, base in SHARE_COLUMNS.items()} if totals else {}


def _table(text: str, bases: dict[str, int], threshold: int) -> Iterator[pd.DataFrame]:
    rows = list(csv.DictReader(text.splitlines()))
    columns = list(rows[0]) if rows else []
    table = pd.DataFrame(rows, columns=columns)
    known = [column for column in columns if column in QUASI_IDENTIFIERS]
    if known and set(columns) & set(PERSON_COLUMNS):
        yield disclosure.k_anonymity(table, known, k=threshold)
        return
    shares = {column: base for column, base in bases.items() if column in columns}
    # Percentages can stand under the name of a count; a count is a whole number in every row.
    counts = [c for c in columns if c in COUNT_COLUMNS and all(map(_is_count, table[c]))]
    for column in [*counts, *shares]:
        table[column] = pd.to_numeric(table[column], errors="coerce")
    named = [c for c in columns[:2] if c not in counts and c not in shares]
    if counts:
        yield disclosure.small_cells(table, counts, label=named, threshold=threshold)
    if shares:
        yield disclosure.small_shares(table, shares, label=named, threshold=threshold)


def _holds_answers(root: Path) -> bool:
    """Say whether people gave the answers that the project holds; nobody is behind others."""
    if not (root / DESCRIPTOR).exists():
        return False
    return any(table["origin"] == "collected" for table in data.descriptor(root)["resources"])


def _answers(text: str, threshold: int) -> Iterator[pd.DataFrame]:
    """Find shares of survey answers behind which few persons are, or few who answered otherwise."""
    table = pd.DataFrame(list(csv.DictReader(text.splitlines())))
    if {*ANSWERS} <= {*table} and "reconstruction" not in table:  # of a draw, nobody is behind it
        n, share = (pd.to_numeric(table[column], errors="coerce") for column in ANSWERS[1:])
        counts = {"answered so": (n * share).round(), "answered otherwise": (n - n * share).round()}
        label = [column for column in ("item_id", "group", "base") if column in table]
        found = disclosure.small_cells(
            table.assign(**counts), list(counts), label=label, threshold=threshold
        )
        yield found.assign(check="small share", message="withhold it (few_persons)")


def _is_count(cell: str) -> bool:
    return not cell or WHOLE_NUMBER.fullmatch(cell) is not None


def _exceptions(root: Path, site: Path) -> list[tuple[str, str, str, str]]:
    path = root / EXCEPTIONS
    if not path.exists():
        return []
    found = [*_offered(site, DOWNLOADS), *_offered(root, RESULTS)]
    offered = {path.name for _, path in found} | {page.name for page in site.rglob("*.html")}
    listed: list[tuple[str, str, str, str]] = []
    for number, row in enumerate(csv.DictReader(_read(path).splitlines()), start=2):
        _check_exception(row, number, offered)
        listed.append((row["file"], row["check"], row["subject"], row["reason"]))
    return listed


def _check_exception(row: dict[str, Any], number: int, offered: set[str]) -> None:
    if "*" not in row["file"] and row["file"] not in offered:
        hint = nearest(row["file"], offered)
        raise ValueError(f"{EXCEPTIONS}, row {number}: no file '{row['file']}' is offered; {hint}")
    if not row["reason"]:
        raise ValueError(f"{EXCEPTIONS}, row {number}: '{row['file']}' is let through; say why")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
