"""A grammar that nobody asks for is not compiled in each process."""

import subprocess
import sys

import pytest

LOADED = "import sys; print('rfc3987_syntax' in sys.modules)"


@pytest.mark.parametrize(
    ("code", "loaded"),
    [
        ("from bookbuilder.imports import lean\nwith lean(): import nbformat", "False"),
        ("import nbformat", "True"),  # jsonschema, which it rests on, would do so
    ],
)
def test_notebooks_are_read_without_a_grammar_of_addresses(code: str, loaded: str) -> None:
    command = [sys.executable, "-c", f"{code}\n{LOADED}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == loaded
