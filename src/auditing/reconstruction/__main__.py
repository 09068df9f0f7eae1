"""Write a reconstruction of the survey rows: `python -m auditing.reconstruction`.

The only part of the package that touches files. Tables come through their contract, rows are
checked against every constraint before anything is written, each file takes its place in one
step, and files that exist are kept unless `--force` is given. The instrument and its scales are
inputs, written by hand; they are not touched.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from auditing.reconstruction import (
    DEFAULT_SEED,
    TABLES,
    Reconstruction,
    Settings,
    prepare,
    refuse_broken,
    verify,
)
from compendium import context, files
from compendium.data import load


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw, check and write; return the exit status."""
    given = _parser().parse_args(arguments)
    try:
        root = Path(given.root).resolve() if given.root else context.project_root()
        output = Path(given.output) if given.output else root / "data" / "raw" / "survey"
        paths = {n: output / f"{n}.csv" for n in ("roster", "responses_web", "responses_paper")}
        _refuse_existing(list(paths.values()), given.force)
        plan = prepare({name: load(name, root) for name in TABLES}, _settings(given))
        drawn = plan.draw(given.seed)
        checked = verify(drawn.frames, plan.constraints)
        refuse_broken(checked, plan.constraints)  # before anything is written
        for name, path in paths.items():
            frame = drawn.frames[name]
            frame.insert(1, "origin", "reconstructed")
            files.write_text(path, frame.to_csv(index=False, lineterminator="\n"))
        _summarise(drawn, checked, output)
    except (ValueError, FileNotFoundError, FileExistsError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    defaults = Settings()
    parser = argparse.ArgumentParser(
        prog="python -m auditing.reconstruction",
        description="Reconstruct survey rows that agree with the printed numbers, and write "
        "roster.csv, responses_web.csv and responses_paper.csv. The same seed gives the same "
        "bytes.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="what chance starts from")
    parser.add_argument("--output", help="folder to write to (data/raw/survey when not given)")
    parser.add_argument("--root", help="folder of the project (found from here when not given)")
    parser.add_argument("--force", action="store_true", help="replace files that exist")
    parser.add_argument(
        "--item-nonresponse",
        type=float,
        default=defaults.item_nonresponse,
        help="chance that a respondent leaves an item out (assumption)",
    )
    parser.add_argument(
        "--paper-share",
        type=float,
        default=defaults.paper_share,
        help="share of the respondents on paper (assumption)",
    )
    parser.add_argument(
        "--exchange",
        action="append",
        default=[],
        metavar="GROUP",
        help="take the two percentage columns of this group of Table 3 as exchanged",
    )
    return parser


def _settings(given: argparse.Namespace) -> Settings:
    return Settings(
        item_nonresponse=given.item_nonresponse,
        paper_share=given.paper_share,
        exchanged=tuple(given.exchange),
    )


def _refuse_existing(paths: list[Path], force: bool) -> None:
    existing = [path.as_posix() for path in paths if path.exists()]
    if existing and not force:
        raise FileExistsError(
            f"{', '.join(existing)} exist and are kept; give --force to replace them, or "
            "--output for another folder"
        )


def _summarise(drawn: Reconstruction, checked: pd.DataFrame, output: Path) -> None:
    rows = ", ".join(f"{name} {len(frame)}" for name, frame in drawn.frames.items())
    print(f"{output.as_posix()}: {rows} rows")
    print(
        f"{len(checked)} constraints checked from the rows: {int(checked['as_printed'].sum())} as "
        f"printed, {int((~checked['as_printed']).sum())} within the smallest relaxation"
    )
    for row in drawn.report[drawn.report["kind"] == "base"].itertuples():
        print(f"{row.row}: {row.reason}")


if __name__ == "__main__":
    sys.exit(main())
