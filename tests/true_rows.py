"""Rows as the study's authors might hold them, simulated, and exported as people's tools do.

Other shares than the printed ones, a few answers missing, other numbers of respondents, identifiers
of any form.
"""

import csv
import io
import json
import shutil
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyreadstat

ROOT = Path(__file__).resolve().parent.parent
TABLES = ("roster", "responses_web", "responses_paper")
ITEMS = "Please say how far you agree"


def read(root: Path, name: str) -> pd.DataFrame:
    """Return a table of the survey as text."""
    return pd.read_csv(root / f"data/raw/survey/{name}.csv", dtype=str, keep_default_na=False)


def simulate(root: Path = ROOT, seed: int = 42, dropped: int = 7) -> dict[str, pd.DataFrame]:
    """Return roster and responses of other people than the reconstructed ones, without origin."""
    random = np.random.default_rng(seed)
    frames = {name: read(root, name).drop(columns="origin") for name in TABLES}
    instrument, scales = read(root, "instrument"), read(root, "scales")
    scales = scales.assign(position=scales["position"].astype(int)).sort_values("position")
    levels = scales.groupby("scale")["level"].agg(list)
    drawn = {c: random.dirichlet(np.full(len(levels[s]), 3.0))
             for c, s in zip(instrument["column"], instrument["scale"], strict=True)}  # fmt: skip
    names = {t: f"R_{i * 7919 % 100003:05d}x" for i, t in enumerate(frames["roster"]["teacher_id"])}
    for name, frame in frames.items():
        if name != "roster":
            for item in instrument.itertuples():
                answers = random.choice(levels[item.scale], len(frame), p=drawn[item.column])
                frame[item.column] = np.where(random.random(len(frame)) < 0.04, "", answers)
        frame["teacher_id"] = frame["teacher_id"].map(names)
    web = frames["responses_web"]
    frames["responses_web"] = web[dropped:].reset_index(drop=True)
    return frames


def written(frames: dict[str, pd.DataFrame]) -> dict[str, str]:
    """Return the files that ought to come of rows: the same, with their origin."""
    done = {}
    for name, rows in frames.items():
        frame = rows.copy()
        frame.insert(1, "origin", "collected")
        done[name] = frame.to_csv(index=False, lineterminator="\n")
    return done


def questions(root: Path = ROOT) -> dict[str, str]:
    """Return the wording of each item, by its column in the responses."""
    printed = pd.read_csv(root / "data/published/epic_items.csv").set_index("item_id")["wording"]
    return {
        item.column: printed.get(item.item_id, item.label)
        for item in read(root, "instrument").itertuples()
    }


def _codes(root: Path) -> dict[str, dict[str, int]]:
    scales = read(root, "scales")
    position = scales["position"].astype(int)
    codes = {
        scale: dict(zip(of["level"], position[of.index], strict=True))
        for scale, of in scales.groupby("scale")
    }
    instrument = read(root, "instrument")
    return {i.column: codes[i.scale] for i in instrument.itertuples()}


def qualtrics(frame: pd.DataFrame, path: Path) -> Path:
    """Write answers with the three heading rows of Qualtrics, labels in capitals."""
    asked = questions()
    names = {c: f"Q{n}_1" for n, c in enumerate(frame.columns[1:], start=5)}
    head = ["StartDate", "Status", "ResponseId", *names.values(), "teacher_id"]
    second = ["Start Date", "Response Type", "Response ID",
              *(f"{ITEMS}. - {asked[c]}" for c in names), "Teacher"]  # fmt: skip
    third = [json.dumps({"ImportId": name, "timeZone": "America/Detroit"}) for name in head]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([head, second, third])
    for number, row in enumerate(frame.itertuples(index=False)):
        answers = [cell.title() for cell in row[1:]]
        writer.writerow(["2020-11-03 09:12:44", "IP Address", f"R_{number}", *answers, row[0]])
    path.write_bytes(b"\xef\xbb\xbf" + out.getvalue().encode())
    return path


def limesurvey(frame: pd.DataFrame, path: Path) -> Path:
    """Write answers as LimeSurvey does: codes with the question, one item in several columns."""
    asked, spread = questions(), frame.columns[1]
    levels = list(_codes(ROOT)[spread])
    heads = {c: f"G01Q{n:02d}. {asked[c]}" for n, c in enumerate(frame.columns[2:], start=2)}
    out = pd.DataFrame(
        {"submitdate": "2020-11-03", "lastpage": "3", "teacher_id": frame["teacher_id"]}
    )
    for level in levels:
        out[f"{spread}[{level}]"] = frame[spread].eq(level).map({True: "Yes", False: "No"})
    for column, head in heads.items():
        out[head] = frame[column].str.upper()
    out.to_csv(path, index=False, sep=";", encoding="utf-8")
    return path


def google_forms(frame: pd.DataFrame, path: Path) -> Path:
    """Write answers as Google Forms does: whole questions above, items of a grid in brackets."""
    asked = questions()
    out = frame.rename(columns={c: f"{ITEMS} [{asked[c]}]" for c in frame.columns[1:]})
    out.insert(0, "Timestamp", "11/3/2020 9:12:44")
    out.to_csv(path, index=False)
    return path


def excel(frame: pd.DataFrame, path: Path) -> Path:
    """Write a workbook, the wording of each question above its answers."""
    book = openpyxl.Workbook()
    book.active.append([questions().get(c, c) for c in frame.columns])
    for row in frame.itertuples(index=False):
        book.active.append([cell or None for cell in row])
    book.save(path)
    return path


def coded(frame: pd.DataFrame, path: Path) -> Path:
    """Write an SPSS or Stata file: numeric codes with value labels, questions as labels."""
    codes, asked, out = _codes(ROOT), questions(), frame.copy()
    labels = {}
    for column in frame.columns[1:]:
        own = codes.get(column) or {v: k for k, v in enumerate(frame[column].unique(), start=1)}
        out[column] = frame[column].map(own).astype("float64")
        labels[column] = {code: level for level, code in own.items()}
    named = {c: asked.get(c, c) for c in frame.columns}
    if path.suffix == ".dta":
        named = {c: text[:80] for c, text in named.items()}  # the most that Stata keeps
        pyreadstat.write_dta(out, str(path), column_labels=named, variable_value_labels=labels)
    else:
        pyreadstat.write_sav(out, str(path), column_labels=named, variable_value_labels=labels)
    return path


#: A writer of each kind of file, and how the file ends.
EXPORTS = {
    "qualtrics": (qualtrics, ".csv"),
    "limesurvey": (limesurvey, ".csv"),
    "google_forms": (google_forms, ".csv"),
    "excel": (excel, ".xlsx"),
    "spss": (coded, ".sav"),
    "stata": (coded, ".dta"),
}


def export(kind: str, frames: dict[str, pd.DataFrame], folder: Path) -> list[Path]:
    """Write rows as files of one kind: web, paper, and roster (as a table, or coded as well)."""
    write, ending = EXPORTS[kind]
    folder.mkdir(parents=True, exist_ok=True)
    paths = [write(frames[f"responses_{m}"], folder / f"{m}{ending}") for m in ("web", "paper")]
    if write is coded:
        return [*paths, coded(frames["roster"], folder / f"roster{ending}")]
    frames["roster"].to_csv(folder / "roster.csv", index=False)
    return [*paths, folder / "roster.csv"]


def copy_data(root: Path, target: Path) -> Path:
    """Copy the data of a project, to bring rows into."""
    shutil.copytree(root / "data", target / "data")
    return target
