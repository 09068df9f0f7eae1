"""A real rebuild of a small project elsewhere: it passes, and every planted difference fails it."""

import json
import zipfile
from pathlib import Path

import pytest
from repositories import begin, commit, git
from small_project import Recording, make_project

from bookbuilder import cli, documents
from bookbuilder.engine import engine
from bookbuilder.verification import certificate_page, ro_crate, verify
from bookbuilder.verification.verify import Verification
from compendium import files

DATE = "2026-01-01T00:00:00+00:00"
ORCID = "https://orcid.org/0000-0002-1825-0097"
CITATION = f"""\
cff-version: 1.2.0
title: Marks
license: BSD-3-Clause
authors:
  - {{family-names: Lovelace, given-names: Ada, orcid: "{ORCID}"}}
  - name: A group
"""


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the small project, built, with its record committed."""
    root = make_project(tmp_path_factory.mktemp("repository") / "project")
    (root / "CITATION.cff").write_text(CITATION)
    (root / "src").mkdir()
    (root / "src/code.py").write_text("x = 1\n")
    report = engine.build(root, display=Recording(), with_site=False)
    assert not report.failed, report.failed
    begin(root)
    return root


@pytest.fixture(scope="module")
def done(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Verification:
    """Return the verification of the unchanged record, beside unfinished work in the tree."""
    table = repository / "results/tables/marks_table.csv"
    kept = table.read_bytes()
    table.write_text("pupil,mark\nada,1\n")  # not committed: none of the check's business
    found = verify.verify(repository, tmp_path_factory.mktemp("elsewhere"), say=lambda _: None)
    assert table.read_text() == "pupil,mark\nada,1\n"
    table.write_bytes(kept)
    return found


def test_the_record_is_reproduced(done: Verification) -> None:
    assert done.passed, done
    assert done.differences.unexplained == []
    assert done.uncommitted == ["results/tables/marks_table.csv"]
    assert certificate_page.outcome(done).startswith("**Reproduced**: 1 tables, 0 figures")


def test_every_planted_difference_fails(repository: Path, tmp_path: Path) -> None:
    root = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(repository), str(root))
    values = files.read_json(root / "results/values.json")
    values["marks.top"]["value"] = 6
    files.write_json(root / "results/values.json", values)
    (root / "results/tables/marks_table.csv").write_text("pupil,mark\nada,5\nben,2\n")
    (root / "results/tables/old.csv").write_text("a\n1\n")
    known = "- {place: results/tables/marks_table.csv, row: ben, column: mark, value: '3', "
    unused = "- {place: results/values.json, row: gone, column: value, value: '1', reason: a tie}\n"
    (root / "notebooks/deviations.yml").write_text(
        f"{known}reason: a pupil was marked again}}\n{unused}"
    )
    commit(root)
    found = verify.verify(root, tmp_path / "elsewhere", say=lambda _: None)
    assert not found.passed
    assert {(d.kind, d.file, d.row) for d in found.differences.unexplained} == {
        ("value", "results/values.json", "marks.top"),
        ("missing", "results/tables/old.csv", ""),
    }
    ((accepted, entry),) = found.differences.accepted
    assert (accepted.before, accepted.after) == ("2", "3")
    assert entry.reason == "a pupil was marked again"
    lines = "\n".join(verify.summary(found))
    assert "differs: results/values.json, marks.top, value: 6 -> 5" in lines
    assert "2 -> 3 (a pupil was marked again)" in lines
    assert "nothing differs any more at results/values.json, gone, value: take the" in lines
    html = documents.to_html(certificate_page.document(found, date=DATE))
    assert "Not reproduced" in html
    assert "a pupil was marked again" in html


def test_a_failing_build_and_a_missing_record_fail(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(repository), str(root))
    (root / "data/raw/marks.csv").write_text("pupil,mark\nada,seven\n")
    git(root, "rm", "-qr", "results")
    commit(root)
    assert cli.main(["--root", str(root), "verify"]) == 1
    said = capsys.readouterr().out
    assert "the build failed" in said
    assert "differs: results/tables/marks_table.csv: missing" in said
    text = (root / "_build/certificate/certificate.md").read_text()
    assert "'seven' is not a whole number" in text


def test_the_certificate_names_inputs_versions_and_outcomes(done: Verification) -> None:
    document = certificate_page.document(done, date=DATE, checked_by="Ada")
    for text in (documents.to_html(document), documents.to_markdown(document)):
        assert files.sha256(done.copy / "data/raw/marks.csv") in text
        assert done.commit in text
        assert all(word in text for word in (DATE, "Ada", "papermill", "Marks of 2 pupils."))


def test_the_crate_is_described_and_the_same_twice(
    done: Verification, repository: Path, tmp_path: Path
) -> None:
    document = certificate_page.document(done, date=DATE)
    files.write_text(
        repository / certificate_page.FOLDER / "index.html", documents.to_html(document)
    )
    archive = ro_crate.write_crate(done, repository, tmp_path / "one", date=DATE)
    first = archive.read_bytes()
    with zipfile.ZipFile(archive) as packed:
        graph = json.loads(packed.read("ro-crate-metadata.json"))["@graph"]
        entries = {one["@id"]: one for one in graph}
        for name in packed.namelist():
            described = {name, *(f"{folder.as_posix()}/" for folder in Path(name).parents)}
            assert name == "ro-crate-metadata.json" or described & set(entries) - {"./"}, name
        assert not [name for name in packed.namelist() if "__pycache__" in name]
        held = {name: packed.read(name) for name in packed.namelist()}
    root = entries["./"]
    profiles = {one["@id"] for one in root["conformsTo"]}
    assert "https://w3id.org/ro/wfrun/workflow/0.5" in profiles
    assert root["mainEntity"] == {"@id": "notebooks/runs.yml"}
    assert "ComputationalWorkflow" in entries["notebooks/runs.yml"]["@type"]
    marks = entries["#run-marks"]
    assert marks["instrument"] == {"@id": "notebooks/marks.ipynb"}
    assert {one["@id"] for one in marks["object"]} == {"data/raw/marks.csv", "#marks-factor"}
    made = ["results/tables/marks_table.csv", "book/notebooks/marks.ipynb"]
    assert [one["@id"] for one in marks["result"]] == made
    assert held["results/tables/marks_table.csv"] == done.rebuilt["results/tables/marks_table.csv"]
    assert ro_crate.write_crate(done, repository, tmp_path / "two", date=DATE).read_bytes() == first


def test_an_interrupted_archive_is_not_taken_for_one(
    done: Verification, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.write_text(repository / certificate_page.FOLDER / "index.html", "<!doctype html>")
    archive = ro_crate.write_crate(done, repository, tmp_path / "one", date=DATE)
    former, write = archive.read_bytes(), zipfile.ZipFile.writestr

    def interrupted(self: zipfile.ZipFile, entry: zipfile.ZipInfo, content: bytes) -> None:
        write(self, entry, content)
        if entry.filename.startswith("data/"):
            raise KeyboardInterrupt

    monkeypatch.setattr(zipfile.ZipFile, "writestr", interrupted)
    with pytest.raises(KeyboardInterrupt):
        ro_crate.write_crate(done, repository, tmp_path / "two" / "crate", date=DATE)
    assert archive.read_bytes() == former


def test_the_crate_loads_back_and_meets_the_profile(
    done: Verification, repository: Path, tmp_path: Path
) -> None:
    from rocrate.rocrate import ROCrate

    files.write_text(repository / certificate_page.FOLDER / "index.html", "<!doctype html>")
    (done.copy / "README.md").write_text("# Small\n")
    archive = ro_crate.write_crate(done, repository, tmp_path / "c", date=DATE, checked_by="Ada")
    loaded = ROCrate(archive)
    assert loaded.get("README.md")["about"].id == "./"
    root = loaded.root_dataset
    assert {one.id for one in root["conformsTo"]} >= set(ro_crate.PROFILES)
    assert loaded.mainEntity.id == "notebooks/runs.yml"
    assert all(root.get(word) for word in ("name", "description", "datePublished", "license"))
    assert root["license"]["name"] == "CC0"
    for whole, role in ((root, "author"), (root, "publisher"), (loaded.mainEntity, "creator")):
        assert [(one.id, one.type, one["name"]) for one in whole[role]] == [
            (ORCID, "Person", "Ada Lovelace"),
            ("#author-2", "Organization", "A group"),
        ]
    for software in (loaded.mainEntity, loaded.get("src/")):
        assert software["license"].id == "https://spdx.org/licenses/BSD-3-Clause"
    actions = [one for one in loaded.get_entities() if one.type == "CreateAction"]
    assert {one.id for one in actions} == {one.id for one in root["mentions"]}
    assert {one.id for one in actions} == {"#rebuild", "#run-marks", "#run-double"}
    for one in actions:  # what the profile asks of each, and recommends
        kinds = one["instrument"].type
        assert {"SoftwareSourceCode", "ComputationalWorkflow"} & set(kinds)
        assert one["instrument"]["name"]
        assert one["instrument"]["version"] == done.commit
        assert all(one.get(word) for word in ("name", "description", "result", "actionStatus"))
        assert (one["endTime"], one["agent"]["name"]) == (DATE, "Ada")
        for entity in (*one.get("object", []), *one["result"]):
            assert entity.type in ("File", "PropertyValue"), entity
    for entity in loaded.data_entities:
        assert entity.type == "Dataset" or entity["sha256"]
