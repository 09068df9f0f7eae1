"""Remembered verdicts: never stale, never needed, never in the way."""

import subprocess
import sys

import pytest

from compendium import data

LOAD = """
import sys
from pathlib import Path
from compendium import data
print(len(data.load("applications", root=Path(sys.argv[1]))), "frictionless" in sys.modules)
"""


def load_elsewhere(root):
    """Start a process that loads a table and tells whether it had to check it."""
    return subprocess.Popen(
        [sys.executable, "-c", LOAD, str(root)], stdout=subprocess.PIPE, text=True
    )


def marks(project):
    return sorted(path.name for path in (project.root / "_build/contract").glob("*"))


def test_what_passed_is_not_checked_again(project):
    assert load_elsewhere(project.root).communicate()[0].split() == ["1352", "True"]
    assert load_elsewhere(project.root).communicate()[0].split() == ["1352", "False"]


def test_several_processes_at_once_agree(project):
    started = [load_elsewhere(project.root) for _ in range(2)]
    assert {process.communicate()[0].split()[0] for process in started} == {"1352"}
    assert len(marks(project)) == 1


def test_a_broken_file_leaves_no_verdict(project):
    project.set("applications", 17, "direction", "helpz")
    assert data.check(["applications"], root=project.root)
    assert marks(project) == []
    assert data.check(["applications"], root=project.root)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("applications", 17, "direction", "helpz"), "row 17, field direction"),
        (("codebook", 4, "code", "remediate"), "'remediation' is not a code in"),
    ],
)
def test_a_verdict_ends_with_the_bytes_it_rests_on(project, change, fault):
    assert data.check(["applications"], root=project.root) == []
    project.set(*change)
    assert fault in project.faults("applications")[0]


def test_no_verdict_while_what_a_table_refers_to_cannot_be_read(project):
    project.path("codebook").write_bytes("code,\u00e9\n".encode("latin-1"))
    for _ in range(2):
        (fault,) = project.faults("applications")
        assert fault.startswith("data/raw/coding/codebook.csv, row 1: the text is not UTF-8")


def test_a_verdict_ends_with_the_contract(project):
    assert data.check(["applications"], root=project.root) == []

    def forbid(package):
        (table,) = (one for one in package["resources"] if one["name"] == "applications")
        table["schema"]["fields"][4]["constraints"]["enum"].remove("neutral")

    project.change_contract(forbid)
    assert "'neutral' is not one of helps, hinders, mixed" in project.faults("applications")[0]


def test_a_verdict_is_not_passed_on_to_another_table(project):
    # Two tables that refer to no other, so that nothing but their names sets them apart.
    assert data.check(["padgett_themes"], root=project.root) == []
    project.write("wiseways_recommendations", project.read("padgett_themes"))
    assert project.faults("wiseways_recommendations")


def test_without_a_place_for_verdicts_tables_load_all_the_same(project):
    (project.root / "_build").write_text("a file where the folder should be", encoding="utf-8")
    assert len(data.load("codebook", root=project.root)) == 25
