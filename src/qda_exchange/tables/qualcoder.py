"""QualCoder's coding report as CSV: a row per coding.

The columns are `File` (or `Case`, or `File/case`), `Coder`, `Coded` (the words), `Id`, `Codename`,
`Coded_Memo`, then a `Category` for each level above the code, the nearest first, then variables of
files and cases if they were asked for. Places in the text are not in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from qda_exchange.model import CodedProject
from qda_exchange.report import CHOICE, DEVIATION, DROPPED
from qda_exchange.tables.building import Table, Unit, cell
from qda_exchange.tables.sheets import Sheet

FIRST = ("file", "case", "file/case")
NEEDED = ("coder", "coded", "id", "codename")
MEMO, CATEGORY = "coded_memo", "category"


def is_qualcoder(header: Sequence[str]) -> bool:
    """Say whether a header is that of QualCoder's coding report.

    Examples
    --------
    >>> is_qualcoder(["File", "Coder", "Coded", "Id", "Codename", "Coded_Memo", "Category"])
    True
    """
    lower = [name.lower() for name in header]
    return bool(lower) and lower[0] in FIRST and set(lower) >= set(NEEDED)


def read_qualcoder(sheet: Sheet, into: Table) -> CodedProject:
    """Read a coding report.

    Parameters
    ----------
    sheet
        The export.
    into
        Collects the rows.

    Returns
    -------
    CodedProject
        Codings of the same words in the same file are one unit, named by the first of their ids.
        Words that one coder gave one code twice stand at two places, so they are two units.

    Examples
    --------
    >>> from qda_exchange.guard import Guard
    >>> header = ["File", "Coder", "Coded", "Id", "Codename", "Coded_Memo"]
    >>> rows = [(2, ["Lola", "A", "We wait.", "ctid:1", "pace", ""])]
    >>> rows += [(3, ["Lola", "B", "We wait.", "ctid:2", "pace", ""])]
    >>> read_qualcoder(Sheet("", header, iter(rows)), Table(Guard("x"))).units["unit"].tolist()
    ['ctid:1']
    """
    lower = [name.lower() for name in sheet.header]
    at = {name: lower.index(name) for name in (*NEEDED, MEMO) if name in lower}
    at |= {"first": 0, **into.people(sheet.header)}
    above = [place for place, name in enumerate(lower) if name == CATEGORY][::-1]
    into.drop_columns(sheet.header, {*at.values(), *above})
    into.guard.report.add(
        CHOICE, "the format has no places in the text: the same words are one unit"
    )
    if lower[0] == "file/case":
        into.guard.report.add(CHOICE, "the file or the case is not said: read as the file")
    passages = _Passages()
    paths: dict[str, tuple[str, ...]] = {}
    for number, row in sheet.rows:
        name, code, coder, words = (cell(row, at, one) for one in ("id", "codename", *NEEDED[:2]))
        if not code or not name:
            into.guard.report.add(
                DROPPED, "row without a code or an id", f"row {number}", words or ""
            )
            continue
        if memo := cell(row, at, MEMO):
            into.guard.report.add(DROPPED, "memo on a coding", f"row {number}", memo)
        path = tuple(row[place].strip() for place in above if row[place].strip())
        if paths.setdefault(code, path) != path:
            into.guard.report.add(
                DEVIATION, "code in two categories, the first taken", code, str(path)
            )
        first = cell(row, at, "first")
        source, case = (None, first) if lower[0] == "case" else (first, None)
        site, role = cell(row, at, "site"), cell(row, at, "role")
        place = passages.name(name, first, words, coder, code)
        unit = into.add_unit(Unit(source, case, site, role, None, None, place), words)
        into.apply(unit, (*paths[code], code), coder)
    return into.project()


class _Passages:
    """Which unit a coding belongs to: the words say it, and how often a coder coded them so."""

    def __init__(self) -> None:
        self._often: Counter[tuple[str | None, ...]] = Counter()
        self._first: dict[tuple[str | None, str | None, int], str] = {}

    def name(
        self, name: str, file: str | None, words: str | None, coder: str | None, code: str
    ) -> str:
        """Return the name of the unit: the id of the first coding of these words."""
        key = (file, words, coder, code)
        self._often[key] += 1
        return self._first.setdefault((file, words, self._often[key]), name)
