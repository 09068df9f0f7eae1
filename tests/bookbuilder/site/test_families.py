"""Codes and districts stand where the tables put them, and former addresses lead there."""

import re
from pathlib import Path

from bookbuilder import documents
from bookbuilder.site import addresses, generated
from compendium import data

ROOT = Path(__file__).resolve().parents[3]


def shown(text: str) -> set[str]:
    """Return the exhibits that a part of a page shows."""
    return set(re.findall(r"```\{exhibit\} (\w+)", text))


def test_every_surveyed_district_has_a_section_and_a_link_to_it() -> None:
    districts = data.load("epic_districts", root=ROOT).query("surveyed")
    chapter = generated.districts()
    for name in districts["district"]:
        target = "district-" + name.lower().replace(" ", "-")
        assert f"[{name}](#{target})" in chapter
        assert f"({target})=\n## {name}\n" in chapter


def test_only_districts_with_interviews_show_voices() -> None:
    districts = data.load("epic_districts", root=ROOT).query("surveyed")
    sections = generated.districts().split("\n## ")[1:]
    voiced = [any("_teachers" in name for name in shown(section)) for section in sections]
    assert voiced == districts["case_study"].to_list()
    assert any(voiced) and not all(voiced)


def test_former_pages_lead_to_every_code_and_district() -> None:
    moved = addresses.moved()
    codes = data.load("codebook", root=ROOT)["code"]
    assert {f"notebooks/code_{code}.html" for code in codes} < set(moved)
    chapters = generated.codes() + generated.districts()
    assert not any((ROOT / "book" / page).with_suffix(".md").exists() for page in moved)
    for target in moved.values():
        _, _, anchor = target.partition("#")
        assert not anchor or f"({anchor})=" in chapters, target


def test_a_former_page_leads_on_without_scripts() -> None:
    target = addresses.moved()["notebooks/code_policy.html"]
    assert target == "../codes.html#code-policy"
    made = documents.fill("moved.html", target=target)
    assert f'content="0; url={target}"' in made
    assert f'<a href="{target}">' in made
