"""Made-up respondents: margins to rake to, answers with gaps, a design of strata and clusters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

LEVELS = {"sex": 2, "district": 5, "grade": 6, "subject": 10}  # 600 cells
ANSWERS = list("abcdef")
STRATA, UNITS = 20, 2000


def make(folder: Path, rows: int, items: int) -> None:
    """Make the data of a task: columns as arrays of codes, and the totals to rake to."""
    random = np.random.default_rng(20210501)
    weight = random.uniform(0.5, 2, rows)
    unit = random.integers(0, UNITS, rows, dtype=np.int16)
    unit[:UNITS] = np.arange(UNITS)  # no stratum without units, however few the rows
    np.save(folder / "weight.npy", weight)
    np.save(folder / "unit.npy", unit)
    totals = {}
    for name, size in LEVELS.items():
        codes = random.integers(0, size, rows, dtype=np.int8)
        np.save(folder / f"{name}.npy", codes)
        totals[name] = np.bincount(codes, weight * random.uniform(0.7, 1.3, size)[codes])
    sizes = {name: (sums * rows / sums.sum()).tolist() for name, sums in totals.items()}
    (folder / "totals.json").write_text(json.dumps(sizes))
    chances = np.array([0.05, 0.1, 0.15, 0.2, 0.2, 0.2, 0.1])  # the first: no answer
    for item in range(items):
        codes = random.choice(7, rows, p=chances).astype(np.int8) - np.int8(1)
        np.save(folder / f"item{item:02}.npy", codes)


class Data:
    """The data of a task, in the shapes that libraries want."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.items = sorted(path.stem for path in folder.glob("item*.npy"))
        self.totals = json.loads((folder / "totals.json").read_text())
        self.labels = {
            name: [f"{name} {code}" for code in range(size)] for name, size in LEVELS.items()
        }

    def codes(self, name: str) -> Any:
        """Return the codes of a column, or the weights."""
        return np.load(self.folder / f"{name}.npy")

    def margins(self) -> dict[str, dict[str, float]]:
        """Return the totals to rake to, by column and label."""
        return {
            name: dict(zip(labels, self.totals[name], strict=True))
            for name, labels in self.labels.items()
        }

    def margin_frame(self) -> Any:
        """Return the columns of the margins and the weights as a pandas frame."""
        import pandas as pd

        columns = {
            name: pd.Categorical.from_codes(self.codes(name), labels)
            for name, labels in self.labels.items()
        }
        return pd.DataFrame({**columns, "weight": self.codes("weight")})

    def answer_frame(self) -> Any:
        """Return answers, weights, district, stratum and unit as a pandas frame."""
        import pandas as pd

        def categorical(codes: Any, labels: Any) -> Any:
            return pd.Categorical.from_codes(codes, labels)

        unit = self.codes("unit")
        stratum = (unit // (UNITS // STRATA)).astype(np.int8)
        return pd.DataFrame(
            {
                **{item: categorical(self.codes(item), ANSWERS) for item in self.items},
                "weight": self.codes("weight"),
                "district": categorical(self.codes("district"), self.labels["district"]),
                "unit": categorical(unit, range(UNITS)),
                "stratum": categorical(stratum, range(STRATA)),
            }
        )

    def polars_frame(self, items: list[str]) -> Any:
        """Return the margins, the design and some items as a polars frame."""
        import polars as pl

        unit = self.codes("unit")
        columns: dict[str, Any] = {
            name: pl.Series(labels)[self.codes(name).astype(np.int64)].cast(pl.Enum(labels))
            for name, labels in self.labels.items()
        }
        for item in items:
            answers = pl.Series([None, *ANSWERS])[self.codes(item).astype(np.int64) + 1]
            columns[item] = answers.cast(pl.Categorical)
        design = {"weight": self.codes("weight"), "unit": unit, "stratum": unit // 100}
        return pl.DataFrame({**columns, **design})

    def polars_answers(self) -> Any:
        """Return answers, weights and district as a polars frame."""
        import polars as pl

        def enum(name: str, labels: list[str], first: int = 0) -> Any:
            codes = self.codes(name).astype(np.int64) + first
            return pl.Series([None, *labels][1 - first :])[codes].cast(pl.Enum(labels))

        columns = {item: enum(item, ANSWERS, 1) for item in self.items}
        district = enum("district", self.labels["district"])
        return pl.DataFrame({**columns, "weight": self.codes("weight"), "district": district})


def first_item(table: Any, *columns: str) -> dict[str, Any]:
    """Pick columns of the first item of a table, to compare."""
    return {name: np.asarray(table[name])[: len(ANSWERS)] for name in columns}
