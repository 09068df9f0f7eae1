"""The command that writes the rows, run as a user runs it."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import study_rows

from auditing.reconstruction import DEFAULT_SEED
from auditing.reconstruction.__main__ import main
from compendium import context
from compendium.data import load

NAMES = ("roster.csv", "responses_web.csv", "responses_paper.csv")


def contents(folder: Path) -> list[bytes]:
    return [(folder / name).read_bytes() for name in NAMES]


@study_rows.on_reconstructed
def test_drawn_rows_are_as_the_contract_loads_them(drawn):
    for name, frame in drawn.frames.items():
        committed = load(name)
        assert set(committed["origin"]) == {"reconstructed"}
        pd.testing.assert_frame_equal(frame, committed.drop(columns="origin"))


@study_rows.on_reconstructed
def test_another_process_with_another_hash_seed_writes_the_same_bytes(tmp_path):
    command = [sys.executable, "-m", "auditing.reconstruction", "--output", str(tmp_path)]
    environment = os.environ | {"PYTHONHASHSEED": "5"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert "177 constraints checked from the rows: 158 as printed" in done.stdout
    assert contents(tmp_path) == contents(context.project_root() / "data" / "raw" / "survey")


def test_files_that_exist_are_kept_unless_forced(tmp_path, capsys):
    (tmp_path / NAMES[1]).write_text("mine")
    assert main(["--output", str(tmp_path), "--seed", "1"]) == 1
    assert "exist and are kept; give --force" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == [NAMES[1]]
    assert (tmp_path / NAMES[1]).read_text() == "mine"
    assert main(["--output", str(tmp_path), "--seed", "1", "--force"]) == 0
    assert {p.name for p in tmp_path.iterdir()} == set(NAMES)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (["--exchange", "Grade"], "'Grade' is unknown"),
        (["--item-nonresponse", "1.5"], "item_nonresponse is 1.5"),
        (["--item-nonresponse", "0.99"], "lower it"),
    ],
)
def test_a_mistake_ends_with_a_sentence_and_no_file(tmp_path, capsys, option, message):
    assert main(["--output", str(tmp_path), *option]) == 1
    assert message in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_the_default_seed_is_stated_in_the_help(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    assert str(DEFAULT_SEED) in capsys.readouterr().out
