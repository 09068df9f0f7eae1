"""A grammar that nobody asks for is not compiled in each process."""

import subprocess
import sys

import pytest

LOADED = "import sys; print(bool(sys.modules.get('rfc3987_syntax')))"


@pytest.mark.parametrize(
    ("code", "loaded"),
    [
        ("import bookbuilder, nbformat", "False"),
        ("import nbformat", "True"),  # jsonschema, which it rests on, would do so
    ],
)
def test_notebooks_are_read_without_a_grammar_of_addresses(code: str, loaded: str) -> None:
    command = [sys.executable, "-c", f"{code}\n{LOADED}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == loaded
