"""Changes of a data file are counted in rows, matched by the key of the contract."""

from pathlib import Path

import pytest

from bookbuilder.verification.data_changes import data_change

PATH = "data/raw/marks.csv"
BEFORE = b"pupil,mark\nada,5\nben,3\n"


@pytest.mark.parametrize(
    ("after", "rows", "said"),
    [
        (b"pupil,mark\nada,6\nben,3\n", 1, "1 row of 2"),
        (b"pupil,mark\nada,6\nben,4\n", 2, "2 rows of 2"),
        (b"pupil,mark\nben,3\n", 1, "1 row of 2"),
        (b"pupil,mark\nada,5\nben,3\ncyd,1\n", 1, "1 row of 2"),
        (b"pupil,mark\nida,5\nben,3\n", 1, "1 row of 2"),
        (b"pupil,mark\nben,3\nada,5\n", 0, "changed: the rows in another order"),
        (b'pupil,mark\n"ada",5\nben,3\n', 0, "other bytes, the same cells"),
        (b"pupil,mark\nada,5.0\nben,3\n", 0, "changed: mark from whole numbers to numbers"),
        (b"pupil\nada\nben\n", 0, "marks.csv changed: mark: column removed"),
        (b"pupil,mark,x\nada,6,1\nben,3,1\n", 1, "changed: x: column added, 1 row of 2"),
        (b"pupil,mark\nad\xe9,5\n", 0, "data/raw/marks.csv cannot be read as a table"),
        (b"pupil,mark\nada,5\nada,3\n", 1, "1 row of 2"),  # a key twice: rows by their order
    ],
)
def test_rows_are_counted(project: Path, after: bytes, rows: int, said: str) -> None:
    found = data_change(PATH, BEFORE, after, project)
    assert found.changed_rows == rows
    assert said in str(found)


def test_a_file_outside_the_contract_is_matched_by_its_own_first_columns(project: Path) -> None:
    found = data_change("data/notes.csv", b"a,b\nx,1\ny,2\n", b"a,b\ny,2\nx,3\n", project)
    assert [(d.row, d.after) for d in found.differences if d.row] == [("x", "3")]
