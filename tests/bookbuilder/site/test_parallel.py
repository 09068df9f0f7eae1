"""Few pages are made in one process, many in as many as the build has."""

from types import SimpleNamespace

import pytest

from bookbuilder.site import parallel
from compendium.context import PROCESSES_VARIABLE


@pytest.mark.parametrize(
    ("pages", "expected"), [(1, 1), (parallel.MIN_PAGES - 1, 1), (parallel.MIN_PAGES, 3)]
)
def test_only_many_pages_are_shared_out(pages, expected, monkeypatch) -> None:
    monkeypatch.setenv(PROCESSES_VARIABLE, "3")
    app = SimpleNamespace(parallel=None)
    parallel.set_processes(app, [f"page{number}" for number in range(pages)])
    assert app.parallel == expected


def test_without_a_word_from_the_build_there_is_one_process(monkeypatch) -> None:
    monkeypatch.delenv(PROCESSES_VARIABLE, raising=False)
    app = SimpleNamespace(parallel=None)
    parallel.set_processes(app, range(100))
    assert app.parallel == 1
