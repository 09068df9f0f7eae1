"""Every code has its page, its line in the chapter, and the analyst's tables name real things."""

import re
from pathlib import Path

import pandas as pd
import pytest

from bookbuilder.plan import Run, read_plan
from bookbuilder.rendering import site
from compendium import data

ROOT = Path(__file__).resolve().parent.parent
LINE = re.compile(
    r"^- \[(?P<label>[^]]+)\]\(notebooks/code_(?P<code>\w+)\.ipynb\) "
    r"\(segments: \{value\}`code_(\w+)\.segments`,\n"
    r"  persons: \{value\}`code_(\w+)\.persons`\)\. (?P<definition>.+)$",
    re.M,
)


@pytest.fixture(scope="module")
def codebook() -> pd.DataFrame:
    return data.load("codebook", root=ROOT)


@pytest.fixture(scope="module")
def plan() -> dict[str, Run]:
    return read_plan(ROOT, data.names(root=ROOT))


def described(chapter: str) -> list[tuple[str, str, str, str]]:
    """Return category, code, label and definition of each line of the chapter."""
    found = []
    for part in chapter.split("\n## ")[1:]:
        category = part.partition("\n")[0]
        for line in LINE.finditer(part):
            assert {line[3], line[4]} == {line["code"]}, "the numbers are of the code itself"
            found.append((category, line["code"], line["label"], line["definition"]))
    return found


def test_every_code_has_a_run_with_its_label(codebook: pd.DataFrame, plan: dict[str, Run]) -> None:
    pages = [run for run in plan.values() if run.notebook == "29_code_page.ipynb"]
    made = [(run.name, run.parameters["code"], run.parameters["label"]) for run in pages]
    assert made == [(f"code_{c.code}", c.code, c.label) for c in codebook.itertuples()]


def test_the_chapter_lists_every_code_as_the_codebook_has_it(codebook: pd.DataFrame) -> None:
    listed = described((ROOT / "book/codes.md").read_text(encoding="utf-8"))
    assert listed == list(
        codebook[["category", "code", "label", "definition"]].itertuples(index=False, name=None)
    )


def test_the_pages_follow_their_chapter(codebook: pd.DataFrame) -> None:
    shown = site.toc_files(ROOT)
    after = shown.index("codes") + 1
    wanted = [f"notebooks/code_{code}" for code in codebook["code"]]
    assert shown[after : after + len(wanted)] == wanted


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
