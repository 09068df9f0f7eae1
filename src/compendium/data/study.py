"""The tables of the study as analyses begin with them, already put together."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from compendium.context import project_root
from compendium.data.loading import load

if TYPE_CHECKING:
    import pandas as pd


def load_survey() -> pd.DataFrame:
    """Return the teacher survey: one row for each respondent, roster first, then the answers.

    Reads ``roster``, ``responses_web`` and ``responses_paper``. Where the rows come from is said by
    ``resource("roster")["origin"]``.

    Examples
    --------
    >>> rows = load_survey()
    >>> "district" in rows, rows["teacher_id"].is_unique
    (True, True)
    """
    import pandas as pd  # here: slow, and who only asks about the contract needs none of it

    answers = pd.concat([load("responses_web"), load("responses_paper")]).drop(columns="origin")
    roster = load("roster").drop(columns="origin")
    return roster.merge(answers, on="teacher_id", validate="one_to_one")


def disclosure_threshold(root: Path | None = None) -> int:
    """Return the smallest count of persons that may be published, 5 where nothing says otherwise.

    `pyproject.toml` has it in the table ``tool.compendium`` under ``disclosure-threshold``;
    ValueError when it is not a whole number of at least two. A run that asks for it declares that
    file under ``files``.

    Examples
    --------
    >>> disclosure_threshold()
    5
    """
    path = (root or project_root()) / "pyproject.toml"
    settings = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    found = settings.get("tool", {}).get("compendium", {}).get("disclosure-threshold", 5)
    if not isinstance(found, int) or found < 2:
        raise ValueError(
            f"pyproject.toml, tool.compendium, disclosure-threshold: '{found}' is not a whole "
            "number of at least 2"
        )
    return found


def load_people(documents: Collection[str] | None = None) -> pd.DataFrame:
    """Return the persons whom documents (all by default) name, as the cases of the coding.

    The columns are those of ``participants`` with `site` for its district, and `case`
    (``document/participant``). ValueError when no person is listed for a document.

    Examples
    --------
    >>> load_people(["epic2021pedal"]).loc[0, ["case", "site"]].tolist()
    ['epic2021pedal/Lola', 'Lehigh']
    """
    people = load("participants").rename(columns={"district": "site"})
    people["case"] = people["document"] + "/" + people["participant"]
    return people if documents is None else _of_documents(people, documents, "participants")


def load_coding(document: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the segments of one document and the codes that readers applied to them.

    ValueError when no segment is of that document.

    Examples
    --------
    >>> segments, applications = load_coding("wiseways6832")
    >>> set(applications["segment_id"]) <= set(segments["segment_id"])
    True
    """
    segments = _of_documents(load("segments"), [document], "segments")
    applications = load("applications")
    return segments, applications[applications["segment_id"].isin(segments["segment_id"])]


def _of_documents(table: pd.DataFrame, documents: Collection[str], name: str) -> pd.DataFrame:
    known = set(table["document"])
    missing = sorted(set(documents) - known)
    if missing:
        listed = ", ".join(sorted(known))
        raise ValueError(f"{name} has no row of document '{missing[0]}'; it has {listed}")
    return table[table["document"].isin(documents)]
