"""Files and frames that the tests of the exchange share."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pandas as pd

from qda_exchange import COLUMNS, CodedProject, Report
from qda_exchange.markup import Element
from qda_exchange.model import CODE_COLUMNS, SOURCE_COLUMNS, UNIT_COLUMNS, table
from qda_exchange.refi.nodes import root_node

ORACLES = Path(__file__).resolve().parent / "oracles"
PROJECT = '<Project xmlns="urn:QDA-XML:project:1.0" name="p">{}</Project>'
FRAMES = ("applications", "units", "codes", "sources")


def pack(entries: dict[str, str | bytes]) -> bytes:
    """Return an archive of entries given by name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return stream.getvalue()


def guid(number: int) -> str:
    """Return an identifier."""
    return f"00000000-0000-0000-0000-{number:012d}"


def qde(content: str) -> bytes:
    """Return a project with some content."""
    return PROJECT.format(content).encode()


def sort(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame in an order of its own, so that frames are compared as sets of rows."""
    return frame.sort_values(list(frame.columns), kind="stable").reset_index(drop=True)


def whats(report: Report) -> list[str]:
    """Return the sorts of findings of a report."""
    return report.summary()["what"].tolist()


def small_project() -> CodedProject:
    """Return a project in which every field is used: two coders, cases at sites, weights."""
    units = table(
        {
            "source": ["Lola", "Lola", "Lola", "Mark", "Mark"],
            "case": ["Lola", "Lola", "Ada", None, None],
            "site": ["Lehigh", "Lehigh", "Mercer", None, None],
            "role": ["teacher", "teacher", "leader", "authors", None],
            "start": [0, 9, 9, 0, 4],
            "end": [8, 17, 17, 4, 6],
            "unit": ["L-1", "L-2", "L-2", "M-1", "M-2"],
        },
        UNIT_COLUMNS,
    )
    codings = pd.DataFrame(
        {
            "unit": ["L-1", "L-1", "L-1", "L-2", "L-2", "M-1"],
            "coder": ["A", "A", "B", "A", "B", None],
            "code": ["Pace\\slow", "talk & <more>", "Pace\\slow", "Talk\\slow"]
            + ["talk & <more>"] * 2,
            "direction": ["hinders", None, "helps", "mixed", "neutral", "helps"],
            "weight": [1.0, None, 2.5, None, None, 0.1],
        }
    )
    codes = {
        "code": ["Pace", "Pace\\slow", "Talk", "Talk\\slow", "talk & <more>"],
        "parent": [None, "Pace", None, "Talk", None],
        "codable": [False, True, False, True, True],
        "colour": [None, "#00ff00", None, None, "#abc"],
        "description": ["A folder", 'It says "slow".\nTwo lines.', None, None, None],
    }
    texts = {"source": ["Lola", "Mark"], "kind": "text", "text": ["We wait. We talk.", "Slow 😀"]}
    return CodedProject(
        table(units.merge(codings, on="unit"), COLUMNS),
        units,
        table(codes, CODE_COLUMNS),
        table(texts, SOURCE_COLUMNS),
    )


def validate(element: Element) -> Report:
    """Check a whole document against the standard; an empty report says that it keeps to it."""
    report = Report()
    root_node(element, report, "document").skip()
    return report
