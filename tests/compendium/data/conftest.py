"""A copy of the project's data that a test may break."""

import csv
import json

import pytest
import study_rows

from compendium import data


class Project:
    """The data folder of a project, with the means to spoil it."""

    def __init__(self, root):
        self.root = root
        study_rows.copy_data(root)

    def path(self, name):
        return self.root / "data" / data.resource(name, root=self.root)["path"]

    def file(self, name):
        return f"data/{data.resource(name, root=self.root)['path']}"

    def read(self, name):
        with self.path(name).open(encoding="utf-8", newline="") as stream:
            return list(csv.reader(stream))

    def write(self, name, rows):
        with self.path(name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(rows)

    def set(self, name, row, field, value):
        """Put a value into a cell; rows count as in a spreadsheet, the header being row 1."""
        rows = self.read(name)
        rows[row - 1][rows[0].index(field)] = value
        self.write(name, rows)

    def faults(self, *names):
        return [str(fault) for fault in data.check(names or None, root=self.root)]

    def change_contract(self, change):
        path = self.root / "data/datapackage.json"
        package = json.loads(path.read_text(encoding="utf-8"))
        change(package)
        path.write_text(json.dumps(package, indent=2), encoding="utf-8")


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)
