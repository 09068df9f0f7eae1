"""Reading a CSV file as text, or saying why it cannot be read.

What goes wrong before any cell can be judged is found here: a missing or empty file, an encoding
other than UTF-8, an unclosed quotation mark, a header other than the contract's.
"""

import csv
import io
from dataclasses import dataclass

from compendium.data.contract import Contract
from compendium.data.faults import Fault, near

MISSING, UNKNOWN = "the column is missing", "is not a column of this table"


@dataclass(frozen=True)
class Sheet:
    """The text of a table: its column labels and its rows, blank rows included."""

    file: str
    labels: list[str]
    rows: list[list[str]]

    def numbered(self) -> list[tuple[int, dict[str, str]]]:
        """Return row numbers with cells by label, for the rows of the right length."""
        width = len(self.labels)
        return [
            (number, dict(zip(self.labels, cells, strict=True)))
            for number, cells in enumerate(self.rows, start=2)
            if len(cells) == width and any(cells)
        ]

    def column(self, label: str) -> list[str]:
        """Return the distinct values of a column that are not empty, in order."""
        if label not in self.labels:
            return []
        return list(dict.fromkeys(row[label] for _, row in self.numbered() if row[label]))


#: The tables that could be read, by name.
Sheets = dict[str, Sheet]


def read_sheet(contract: Contract, name: str) -> Sheet | Fault:
    """Return the text of a table, or the fault that keeps it from being read."""
    file = contract.file(name)
    try:
        content = contract.content(name)
    except FileNotFoundError:
        return Fault(file, None, None, None, "the file is missing")
    except OSError as error:
        return Fault(file, None, None, None, f"the file cannot be read: {error.strerror}")
    try:
        # Spreadsheets put a byte order mark before UTF-8: it is no fault.
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        byte = f"byte 0x{content[error.start]:02X}"
        message = f"the text is not UTF-8 ({byte}); save it as CSV in UTF-8"
        return Fault(file, row, None, None, message)
    if not text.strip():
        return Fault(file, None, None, None, "the file is empty; it needs at least a header row")
    return _parse(file, text)


def _parse(file: str, text: str) -> Sheet | Fault:
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        message = f"the row is no valid CSV ({error}); is a quotation mark left open?"
        return Fault(file, len(rows) + 1, None, None, message)
    return Sheet(file, rows[0], rows[1:])


def check_header(sheet: Sheet, expected: list[str]) -> list[Fault]:
    """Return the faults of a header: columns missing, unknown, doubled or in another order."""
    labels = sheet.labels
    if labels == expected:
        return []
    if len(labels) == 1 and len(expected) > 1:
        for mark, word in ((";", "semicolons"), ("\t", "tabs")):
            if mark in labels[0]:
                message = f"the cells are separated by {word}; save the file with commas"
                return [Fault(sheet.file, 1, None, labels[0], message)]
    doubled = [label for i, label in enumerate(labels) if label in labels[:i]]
    unknown = [label for label in dict.fromkeys(labels) if label not in expected]
    missing = [label for label in expected if label not in labels]
    faults = [(label, "the column appears twice") for label in doubled]
    for label in unknown:
        hint = near(label, missing)
        faults.append((label, f"{UNKNOWN}{hint}"))
        if hint:
            missing = [name for name in missing if f"'{name}'" not in hint]
    faults += [(label, MISSING) for label in missing]
    if not faults:
        order = ", ".join(expected)
        message = f"the columns are in another order than the contract's: {order}"
        return [Fault(sheet.file, 1, None, None, message)]
    return [Fault(sheet.file, 1, label, label, message) for label, message in faults]
