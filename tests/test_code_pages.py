"""Every code has its entry, its category a page, and the analyst's tables name real things."""

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from bookbuilder.plan import PlanError, Run, read_plan
from bookbuilder.site import generated
from compendium import data
from compendium.data.contract import read_contract

ROOT = Path(__file__).resolve().parent.parent
LINE = re.compile(
    r"^\(code-(?P<anchor>[\w-]+)\)=\n\*\*(?P<label>[^*]+)\*\*\n: (?P<definition>.+?) "
    r"Passages: \{value\}`codes_\w+\.(?P<code>\w+)_segments`",
    re.M,
)


@pytest.fixture(scope="module")
def codebook() -> pd.DataFrame:
    return data.load("codebook", root=ROOT)


@pytest.fixture(scope="module")
def plan() -> dict[str, Run]:
    return read_plan(read_contract(ROOT))


def described(chapter: str) -> list[tuple[str, str, str, str]]:
    """Return category, code, label and definition of each entry of the chapter."""
    found = []
    for part in chapter.split("\n## ")[1:]:
        category = part.partition("\n")[0]
        for line in LINE.finditer(part):
            assert line["anchor"] == line["code"].replace("_", "-")
            found.append((category, line["code"], line["label"], line["definition"]))
    return found


def test_every_category_has_a_run(codebook: pd.DataFrame, plan: dict[str, Run]) -> None:
    pages = [run for run in plan.values() if run.notebook == "29_codes.ipynb"]
    made = [run.parameters["category"] for run in pages]
    assert made == list(codebook["category"].unique())


def test_the_chapter_lists_every_code_as_the_codebook_has_it(codebook: pd.DataFrame) -> None:
    listed = described("\n" + generated.codes())
    assert listed == list(
        codebook[["category", "code", "label", "definition"]].itertuples(index=False, name=None)
    )


def test_a_new_code_is_a_row_of_the_codebook_and_segments_that_carry_it(tmp_path: Path) -> None:
    for folder in ("data", "notebooks"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    book = tmp_path / "data/raw/coding/codebook.csv"
    book.write_text(
        book.read_text("utf-8") + "humour,Humour,Leadership,Jokes.,Jokes,Puns\n", "utf-8"
    )
    with pytest.raises(PlanError, match=r"'humour' of data/raw/coding/codebook\.csv has no row in"):
        read_plan(read_contract(tmp_path))
    coded = tmp_path / "data/raw/coding/applications.csv"
    rows = coded.read_text("utf-8")
    header, first, *_ = rows.splitlines()
    place = header.split(",").index("code")
    cells = first.split(",")
    cells[place] = "humour"
    coded.write_text(rows + ",".join(cells) + "\n", "utf-8")
    assert "codes_comedy" not in read_plan(read_contract(tmp_path))
    text = book.read_text("utf-8")
    book.write_text(text.replace("humour,Humour,Leadership", "humour,Humour,Comedy"), "utf-8")
    run = read_plan(read_contract(tmp_path))["codes_comedy"]
    assert run.parameters["category"] == "Comedy"
    assert "codes_comedy_segments" in run.tables


def test_terms_are_those_of_the_documents() -> None:
    terms = data.load("term_codes", root=ROOT).groupby("kind")["term"].agg(set)
    themes = data.load("padgett_themes", root=ROOT)
    constructs = set(data.load("padgett_table3_dimensions", root=ROOT)["construct"])
    assert terms["subtheme"] == set(themes["subtheme"].dropna())
    assert terms["construct"] - constructs == {"Outside the frame"}
    assert terms["challenge"] < set(data.load("segments", root=ROOT)["section"])


def test_every_recommendation_has_a_domain() -> None:
    domains = data.load("recommendation_domains", root=ROOT)
    advice = data.load("wiseways_recommendations", root=ROOT)
    assert set(domains["recommendation_id"]) == set(advice["recommendation_id"])
    known = set(data.load("wiseways_barriers", root=ROOT)["domain"])
    assert set(domains["domain"]) == known
