"""Reading the files that survey tools export: CSV, Excel, SPSS and Stata, every cell as text.

Qualtrics puts three rows above the answers, which are recognised by the third. SPSS and Stata keep
codes and their labels apart; a code that has a label is read as that. What a file declares to be
missing is empty.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

IMPORT_ID = '{"ImportId"'
STATISTICS = {".sav": "SPSS", ".zsav": "SPSS", ".dta": "Stata"}
READERS = (".csv", ".txt", ".tsv", ".xlsx", *STATISTICS)


@dataclass(frozen=True)
class Source:
    """One file as it was read.

    `tool` is what it comes from, `questions` what each column asks (its own name where the file
    says no more), `rows` the number of each row in the file (of the case, in SPSS and Stata) with
    its cells by column.
    """

    name: str
    tool: str
    questions: dict[str, str]
    rows: list[tuple[int, dict[str, str]]]

    def values(self, column: str) -> list[str]:
        """Return the distinct cells of a column that are not empty, in order."""
        return list(dict.fromkeys(cells[column] for _, cells in self.rows if cells[column]))


def read_source(path: Path) -> Source:
    """Read a file; ValueError when it is of no kind that can be read, broken, or holds no rows."""
    kind = path.suffix.lower()
    if kind not in READERS:
        raise ValueError(f"{path}: cannot read a file of this kind; give {', '.join(READERS)}")
    if not path.is_file():
        raise FileNotFoundError(2, "there is no such file", str(path))
    found = _statistics_file(path, STATISTICS[kind]) if kind in STATISTICS else _table(path)
    if not found.rows:
        raise ValueError(f"{path}: holds no rows below its heading")
    return found


def _table(path: Path) -> Source:
    """Read CSV or Excel: take the heading off, name columns that share one apart."""
    from qda_exchange.archive import Archive
    from qda_exchange.guard import Guard
    from qda_exchange.tables.sheets import read_csv_sheet
    from qda_exchange.tables.workbooks import read_workbook

    guard, excel = Guard(path.name), path.suffix.lower() == ".xlsx"
    with path.open("rb") as stream:
        sheets = read_workbook(Archive(stream, path.name), guard) if excel else ()
        named = [(one.place, list(one.rows)) for one in sheets or [read_csv_sheet(stream, guard)]]
    filled = {place: [row for row in rows if any(row[1])] for place, rows in named}
    filled = {place: rows for place, rows in filled.items() if rows}
    if len(filled) > 1:
        listed = ", ".join(filled)
        raise ValueError(f"{path}: has several sheets ({listed}); save the one with the rows alone")
    nothing: tuple[int, list[str]] = (1, [])
    rows = next(iter(filled.values()), [nothing])
    columns: list[str] = []
    for place, cell in enumerate(rows[0][1], start=1):
        label = " ".join(cell.split()) or f"column {place}"
        columns.append(f"{label} ({place})" if label in columns else label)
    asked, first, small = columns, 1, {column.casefold() for column in columns}
    tool = "LimeSurvey" if small & {"submitdate", "lastpage"} else "a table"
    tool = "Google Forms" if columns[:1] and columns[0].casefold() == "timestamp" else tool
    if any(cell.startswith(IMPORT_ID) for _, row in rows[2:3] for cell in row):
        asked, tool, first = [" ".join(cell.split()) for cell in rows[1][1]], "Qualtrics", 3
    guesses = "; ".join(guard.report.frame()["what"])  # on how the letters are encoded
    width, found = len(columns), []
    for number, row in rows[first:]:
        if any(row[width:]):
            raise ValueError(
                f"{path}, row {number}: has {len(row)} cells, the heading {width}; look for a "
                "separator or a quote too many"
            )
        cells = [cell.strip() for cell in row] + [""] * (width - len(row))
        found.append((number, dict(zip(columns, cells, strict=False))))
    questions = {c: q or c for c, q in zip(columns, asked + [""] * width, strict=False)}
    return Source(path.name, f"{tool} ({guesses})" if guesses else tool, questions, found)


def _statistics_file(path: Path, tool: str) -> Source:
    import pyreadstat

    read = pyreadstat.read_dta if tool == "Stata" else pyreadstat.read_sav
    try:
        frame, meta = read(str(path))
    except Exception as error:
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
    return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()
