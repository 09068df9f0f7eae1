"""A build killed as a power cut would do it, again and again, at moments that nobody chose.

Whatever stands in results/ afterwards is the former or the new content, each file whole, and one
undisturbed build makes what a build makes that nobody ever killed.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from compare_folders import first_difference
from faults import MADE, build, fix_data, torn
from ready import Ready
from small_project import Recording

from bookbuilder.engine import engine

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills a process group")

KILLS = 6
#: Longest that a build is given to live, in seconds: about what a whole one takes.
LONGEST = 6.0

#: Builds the project named first, with its book or without, and is killed just before what is
#: named second takes its place; or, told to, halfway through writing into that place.
KILLED = """\
import signal
from pathlib import Path
root, name, how = sys.argv[1:]
replace = Path.replace
def killing(self, target):
    if Path(target).name == name:
        if how == "tear":
            Path(target).write_bytes(self.read_bytes()[:9])
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(self, target)
Path.replace = killing
engine.build(Path(root), display=Recording(), with_site=how == "site")
"""


IMPORTS = f"""\
sys.path.insert(0, {str(Path(__file__).resolve().parents[1])!r})
from bookbuilder.engine import engine, runner, tasks
from bookbuilder.kernels import execute
from small_project import Recording"""


@pytest.fixture(scope="module")
def builders() -> Iterator[Ready]:
    """Return what forks processes to build, and to be killed."""
    made = Ready(IMPORTS)
    yield made
    made.end()


def kill_at(builders: Ready, root: Path, name: str, how: str = "kill") -> None:
    log = root / "killed.log"
    status = builders.run(KILLED, [str(root), name, how], log)
    assert status == -signal.SIGKILL, f"{name}: {log.read_text()}"


def killed_after(root: Path, seconds: float, kernels: str) -> bool:
    """Start a whole build and kill it with all it has started; say whether it was still at work."""
    command = [sys.executable, "-m", "bookbuilder.cli", "--root", str(root), "build"]
    process = subprocess.Popen(
        [*command, "--kernels", kernels], start_new_session=True, stdout=subprocess.DEVNULL
    )
    try:
        assert process.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        return True
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return False


def test_killed_again_and_again_at_random_moments(
    built_once: Path, changed_once: Path, tmp_path: Path
) -> None:
    drawn, kills = random.Random(2021), 0
    root = stale(changed_once, built_once, tmp_path / "0")
    while kills < KILLS:
        seconds = drawn.uniform(0, LONGEST)
        if killed_after(root, seconds, drawn.choice(["fresh", "forked"])):
            kills += 1
        else:  # it was done sooner, and the next would find nothing to do
            root = stale(changed_once, built_once, tmp_path / str(kills))
        assert torn(root, built_once, changed_once) == [], f"killed after {seconds:.3f} s"
    assert not engine.build(root, display=Recording()).failed
    assert first_difference(built_once, root, (*MADE, "_build/html")) is None
    assert not list(root.rglob("*.tmp"))


def stale(built: Path, wanted: Path, place: Path) -> Path:
    """Return a copy of a built project with the data of another."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(built, place, symlinks=True)
    shutil.copyfile(wanted / "data/raw/marks.csv", place / "data/raw/marks.csv")
    return place


def test_killed_before_each_file_takes_its_place(
    builders: Ready, built: Path, built_once: Path, changed_once: Path
) -> None:
    fix_data(built)
    for name in ("marks_table.csv", "values.json"):  # the first and the last
        kill_at(builders, built, name)
        assert torn(built, built_once, changed_once) == [], name
        assert engine.status(built, with_site=False).outcomes["record"].state == "stale"
    assert not build(built).failed
    assert first_difference(changed_once, built, MADE) is None
    assert not list(built.rglob("*.tmp"))


def test_what_is_written_in_its_place_is_found_torn_and_still_made_again(
    builders: Ready, built: Path, built_once: Path, changed_once: Path
) -> None:
    fix_data(built)
    kill_at(builders, built, "marks_table.csv", "tear")
    assert torn(built, built_once, changed_once) == ["results/tables/marks_table.csv"]
    assert not build(built).failed
    assert first_difference(changed_once, built, MADE) is None


def test_killed_between_the_former_book_and_the_new_one(
    builders: Ready, built: Path, built_once: Path
) -> None:
    with (built / "book/index.md").open("a") as chapter:
        chapter.write("\nOne sentence more.\n")
    kill_at(builders, built, "html", "site")
    assert not (built / "_build/html").exists()
    assert not build(built).failed  # which renders no book, and gives back the former one
    assert first_difference(built_once, built, ["_build/html"]) is None
