"""What is installed is held against the lock; each way to differ is named, and nothing else."""

from pathlib import Path

import pytest

from bookbuilder import environment


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of packages that comes first on the import path."""
    first = tmp_path / "packages"
    for name in ("Big_Thing-1.2.0.dist-info", "small-3.0.dist-info"):
        (first / name).mkdir(parents=True)
    monkeypatch.syspath_prepend(str(first))
    return first


def write_lock(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "requirements.lock"
    path.write_text("".join(f"{line} \\\n    --hash=sha256:00\n" for line in lines))
    return path


@pytest.mark.parametrize("line", ["big-thing==1.2.0", "Big.Thing[extra]==1.2", "small==3.0"])
def test_what_the_lock_has_is_no_difference(folder: Path, tmp_path: Path, line: str) -> None:
    assert environment.differences(write_lock(tmp_path, line)) == []
    assert environment.sentence(write_lock(tmp_path, line)) == ""


@pytest.mark.parametrize(
    ("line", "difference"),
    [
        ("big-thing==1.3.0", "big-thing 1.2.0 is installed, the lock has 1.3.0"),
        ("small==3.0.post1", "small 3.0 is installed, the lock has 3.0.post1"),
        ("no-such-package==1", "no-such-package is missing, the lock has 1"),
        ("small==4 ; python_version >= '3'", "small 3.0 is installed, the lock has 4"),
    ],
)
def test_a_difference_is_named(folder: Path, tmp_path: Path, line: str, difference: str) -> None:
    lock = write_lock(tmp_path, "big-thing==1.2.0" if "small" in line else "small==3.0", line)
    assert environment.differences(lock) == [difference]
    said = environment.sentence(lock)
    assert said.startswith(f"1 package differs from requirements.lock: {difference}. `make -B")


def test_what_is_for_other_machines_is_left_out(folder: Path, tmp_path: Path) -> None:
    lines = ("small==4 ; python_version < '3'", "no-such-package==1 ; os_name == 'other'")
    assert environment.differences(write_lock(tmp_path, *lines)) == []


def test_a_package_installed_twice_is_named(folder: Path, tmp_path: Path) -> None:
    (folder / "small-2.9.dist-info").mkdir()
    (found,) = environment.differences(write_lock(tmp_path, "small==3.0"))
    assert found == "small 2.9 and 3.0 are installed, the lock has 3.0"


def test_a_package_that_an_earlier_folder_hides_does_not_count(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "earlier/small-4.0.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(tmp_path / "earlier"))
    assert environment.differences(write_lock(tmp_path, "small==4.0")) == []


def test_many_differences_are_counted(folder: Path, tmp_path: Path) -> None:
    said = environment.sentence(write_lock(tmp_path, *(f"package-{n}==1" for n in range(8))))
    assert said.startswith("8 packages differ from requirements.lock: package-0 is missing")
    assert "the lock has 1 and 3 more. " in said


def test_these_tests_run_with_what_the_lock_has(project_root: Path) -> None:
    lock = project_root / "requirements.lock"
    assert environment.sentence(lock) == ""
    assert len(environment.locked_versions(lock.read_text())) > 100
