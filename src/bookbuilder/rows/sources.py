"""Reading the files that survey tools export: CSV, Excel, SPSS and Stata, every cell as text.

Qualtrics puts three rows above the answers, which are recognised by the third. SPSS and Stata keep
codes and their labels apart; a code that has a label is read as that. What a file declares to be
missing is empty.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

IMPORT_ID = '{"ImportId"'
READERS = (".csv", ".txt", ".tsv", ".xlsx", ".sav", ".zsav", ".dta")


@dataclass(frozen=True)
class Source:
    """One file as it was read.

    Parameters
    ----------
    name
        The name of the file, without its folder.
    tool
        What it comes from, in words.
    questions
        For each column the question that it answers; its own name where the file says no more.
    rows
        Number of the row in the file (of the case, in SPSS and Stata) and its cells by column.
    """

    name: str
    tool: str
    questions: dict[str, str]
    rows: list[tuple[int, dict[str, str]]]

    def values(self, column: str) -> list[str]:
        """Return the distinct cells of a column that are not empty, in order."""
        return list(dict.fromkeys(cells[column] for _, cells in self.rows if cells[column]))


def read_source(path: Path) -> Source:
    """Read a file.

    Raises
    ------
    ValueError
        When it is of no kind that can be read, is not what its name says, or holds no rows.
    OSError
        When it is not there.
    """
    kind = path.suffix.lower()
    if kind not in READERS:
        raise ValueError(f"{path}: cannot read a file of this kind; give {', '.join(READERS)}")
    if not path.is_file():
        raise FileNotFoundError(2, "there is no such file", str(path))
    if kind in (".sav", ".zsav", ".dta"):
        found = _statistics_file(path, "Stata" if kind == ".dta" else "SPSS")
    else:
        rows = _excel(path) if kind == ".xlsx" else _csv(path)
        found = _table(path.name, [(number, row) for number, row in rows if any(row)])
    if not found.rows:
        raise ValueError(f"{path}: holds no rows below its heading")
    return found


def _csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    from qda_exchange.guard import Guard
    from qda_exchange.tables.sheets import read_csv_sheet

    with path.open("rb") as stream:
        yield from read_csv_sheet(stream, Guard(path.name)).rows


def _excel(path: Path) -> Iterator[tuple[int, list[str]]]:
    from zipfile import BadZipFile

    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError) as error:
        raise ValueError(f"{path}: is no Excel workbook ({error}); export it again") from None
    if len(book.sheetnames) > 1:
        listed = ", ".join(book.sheetnames)
        raise ValueError(f"{path}: has several sheets ({listed}); save the one with the rows alone")
    for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
        yield number, [_text(cell) for cell in row]


def _table(name: str, rows: list[tuple[int, list[str]]]) -> Source:
    """Take the heading off; name columns that share one apart."""
    if not rows:
        return Source(name, "", {}, [])
    columns: list[str] = []
    for place, heading in enumerate(rows[0][1], start=1):
        label = heading.strip() or f"column {place}"
        columns.append(f"{label} ({place})" if label in columns else label)
    questions, tool, first = columns, "a table", 1
    if len(rows) > 2 and any(cell.startswith(IMPORT_ID) for cell in rows[2][1]):
        questions, tool, first = rows[1][1], "Qualtrics", 3
    elif columns[0].lower() == "timestamp":
        tool = "Google Forms"
    elif {"submitdate", "lastpage"} & {column.lower() for column in columns}:
        tool = "LimeSurvey"
    wide = [(number, [*row, *[""] * len(columns)]) for number, row in rows[first:]]
    return Source(
        name,
        tool,
        {c: " ".join(q.split()) or c for c, q in zip(columns, questions, strict=False)},
        [(n, {c: v.strip() for c, v in zip(columns, r, strict=False)}) for n, r in wide],
    )


def _statistics_file(path: Path, tool: str) -> Source:
    import pyreadstat

    read = pyreadstat.read_dta if tool == "Stata" else pyreadstat.read_sav
    try:
        frame, meta = read(str(path))
    except (pyreadstat.ReadstatError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: is no {tool} file that can be read ({error})") from None
    labels = {
        column: {_text(code): str(label).strip() for code, label in known.items()}
        for column, known in meta.variable_value_labels.items()
    }
    rows = []
    for number, record in enumerate(frame.to_dict("records"), start=1):
        cells = {str(column): _text(value) for column, value in record.items()}
        rows.append((number, {c: labels.get(c, {}).get(v, v) for c, v in cells.items()}))
    asked = {c: (q or c).strip() for c, q in meta.column_names_to_labels.items()}
    return Source(path.name, tool, asked, rows)


def _text(value: Any) -> str:
    """Return a cell as text: whole numbers without a point, what is missing as nothing."""
    if value is None or value != value:  # noqa: PLR0124 - only what is not a number differs so
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()
