"""Write the Excel files of this folder, as Dedoose and Taguette would, with a library of its own.

Run in an environment of its own: `pip install openpyxl==3.1.5`, then `python make_workbooks.py`.
The tests read them with the package's reader and expect the rows below.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CODES = ["Pacing\\slow", "Pacing\\fast", "talk: in class"]
EXCERPTS = [
    ["Lola.docx", "12-40", "Ada", "We wait.", {"Pacing\\slow": 3, "talk: in class": None}],
    ["Lola.docx", "12-40", "Ben", "We wait.", {"Pacing\\slow": 2.5}],
    ["Mark.docx", "", "Ada", "Größe, with\na line end", {"Pacing\\fast": None}],
    ["Mark.docx", "77-112", "Ada", "Nothing coded", {}],
]


def dedoose() -> Any:
    book = import_module("openpyxl").Workbook()
    book.active.title = "Cover"
    book.active.append(["Exported by hand"])
    sheet = book.create_sheet("Excerpts")
    header = ["Media Title", "Excerpt Range", "Excerpt Creator", "Excerpt Date", "Excerpt Copy"]
    header += ["Codes Applied Combined", "District"]
    header += [f"Code: {code} {part}" for code in CODES for part in ("Applied", "Range", "Weight")]
    sheet.append(header)
    for media, span, creator, copy, applied in EXCERPTS:
        row = [media, span, creator, 45000, copy, ", ".join(applied), "Lehigh"]
        for code in CODES:
            # Dedoose keeps a default weight beside codes that were not applied.
            row += [code in applied, "0-5", applied.get(code) if code in applied else 1]
        sheet.append(row)
    return book


def taguette() -> Any:
    rich = import_module("openpyxl.cell.rich_text")
    bold = import_module("openpyxl.cell.text").InlineFont(b=True)
    wait = rich.CellRichText("We ", rich.TextBlock(bold, "wait"), ".")
    book = import_module("openpyxl").Workbook()
    sheet = book.active
    sheet.title = "highlights"
    sheet.append(["id", "document", "tag", "content"])
    sheet.append([1, "Lola.html", "pace", wait])
    sheet.append([1, "Lola.html", "pace.slow", wait])
    sheet.append([2, "Lola.html", None, "untagged"])
    return book


if __name__ == "__main__":
    dedoose().save(HERE / "dedoose.xlsx")
    taguette().save(HERE / "taguette.xlsx")
