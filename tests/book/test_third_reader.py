"""A person's coding beside those of A and B: rows in three files, and the pages show it."""

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
CODING = "data/raw/coding"
#: What each page must hold afterwards, as an expression over the names of its notebook.
PAGES = {
    "21_intercoder_agreement": "list(by_rule) + list(stance) + list(everyone['kind'])",
    "31_sensitivity": "list(by_reading)",
    "30_joint_display": "list(pairs) + list(changes['readers'])",
}
EXPECTED = {
    "21_intercoder_agreement": {"Reader A", "Reader B", "Reader Kim", "Most", "Kim", "person"},
    "31_sensitivity": {"checked", "both", "majority", "either", "A", "B", "Kim", "by codes"},
    "30_joint_display": {"A", "B", "Kim", "A and B, alike"},
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project to which Kim, who read the EPIC report only, has been added."""
    root = tmp_path_factory.mktemp("project")
    for folder in ("data", "notebooks", "results"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("runs"))
    add(root, "readers", lambda rows: rows.tail(1).assign(reader="Kim", kind="person"))
    add(root, "stances", lambda rows: some(rows[rows["reader"] == "B"]).assign(reader="Kim"))
    add(root, "applications", codes_of_kim)
    return root


def add(root: Path, name: str, make) -> None:
    path = root / CODING / f"{name}.csv"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    pd.concat([rows, make(rows)]).to_csv(path, index=False)


def some(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sample(frac=0.8, random_state=1)


def codes_of_kim(rows: pd.DataFrame) -> pd.DataFrame:
    """What A gave to the report, less a fifth, and a tenth of it in another direction."""
    kept = some(rows[rows["coder"].eq("A") & rows["segment_id"].str.startswith("EPIC")])
    kept = kept.sort_index().assign(coder="Kim")
    kept["rank"] = (kept.groupby("segment_id").cumcount() + 1).astype(str)
    moved = random.Random(1).sample(list(kept.index), len(kept) // 10)
    kept.loc[moved, "direction"] = "neutral"
    return kept


@pytest.mark.parametrize("notebook", PAGES)
def test_the_pages_show_a_third_reader(project: Path, notebook: str) -> None:
    cells = json.loads((project / "notebooks" / f"{notebook}.ipynb").read_text(encoding="utf-8"))
    code = ["".join(cell["source"]) for cell in cells["cells"] if cell["cell_type"] == "code"]
    code.append(f"print('FOUND', '|'.join(map(str, {PAGES[notebook]})))")
    ran = subprocess.run(
        [sys.executable, "-c", "\n".join(code)],
        cwd=project,
        env={**os.environ, "MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    found = set(ran.stdout.rpartition("FOUND ")[2].strip().split("|"))
    assert found >= EXPECTED[notebook]


def test_without_that_reader_the_pages_do_not() -> None:
    """The record, which these pages made of A and B alone, holds no such column."""
    kept = pd.read_csv(ROOT / "results/tables/labels_by_reading.csv")
    assert {"A", "B"} <= set(kept) and not {"Kim", "majority"} & set(kept)
