"""The journey "use the true rows": from files of a survey tool to the finished book, in a copy.

The copy is built once, some minutes on a slow machine; what may be added to or left out of the
questionnaire is tried on top of it.
"""

import csv
import html
import json
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
import true_rows

#: Pages on the software or on this journey, and words in their general sense.
GENERAL = ("api", "true_rows", "rebuild", "glossary", "general_index", "genindex", "search")
FORBIDDEN = re.compile(
    r"reconstructed|is a reconstruction|by construction|report's own; its answers are not", re.I
)
LEFT_OUT = shutil.ignore_patterns(
    ".venv", ".git", "html", "jupyter_execute", ".doctrees", ".*_cache", "__pycache__"
)


def run(root: Path, *arguments: str) -> str:
    """Give a command of `compendium` in a project; it must succeed."""
    own = os.environ | {"PYTHONPATH": str(root / "src"), "COMPENDIUM_ROOT": str(root)}
    command = [sys.executable, "-m", "bookbuilder.cli", *arguments]
    done = subprocess.run(command, cwd=root, env=own, capture_output=True, text=True, check=False)
    told = [line for line in done.stdout.splitlines() if not line.startswith(("✓", "results/"))]
    assert done.returncode == 0, "\n".join([*told, done.stderr])
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project with rows taken in from Qualtrics, and its book rendered."""
    folder = tmp_path_factory.mktemp("journey")
    root = folder / "project"
    shutil.copytree(true_rows.ROOT, root, ignore=LEFT_OUT)
    if "collected" in set(true_rows.read(root, "roster")["origin"]):
        pytest.skip("the rows in place are collected: they have made the journey themselves")
    files = true_rows.export("qualtrics", true_rows.simulate(root), folder / "mine")
    run(root, "rows", *map(str, files))
    run(root, "build")
    return root


class Text(HTMLParser):
    """What a reader of a page sees or hears: text, alternative texts, titles; no code."""

    VOID = ("img", "br", "meta", "link", "input", "hr", "source", "path", "wbr", "col")

    def __init__(self) -> None:
        super().__init__()
        self.hidden, self.found = 0, []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        spoken = ["alt", "content", "aria-label"]
        if tag != "a":  # the title of a link to the glossary is a definition
            spoken.append("title")
        self.found += [given[k] for k in spoken if given.get(k)]
        code = "highlight" in (given.get("class") or "").split() or tag in ("script", "style")
        if (self.hidden or code) and tag not in self.VOID:
            self.hidden += 1

    def handle_endtag(self, tag):
        if self.hidden and tag not in self.VOID:
            self.hidden -= 1

    def handle_data(self, data):
        if not self.hidden:
            self.found.append(data)


def seen(page: Path) -> str:
    parser = Text()
    parser.feed(page.read_text(encoding="utf-8"))
    return html.unescape(" ".join(" ".join(parser.found).split()))


def pages(root: Path) -> dict[str, str]:
    site = root / "_build/html"
    found = {
        p.relative_to(site).as_posix(): p for p in site.rglob("*.html") if "_static" not in p.parts
    }
    return {name: seen(p) for name, p in found.items() if not Path(name).name.startswith(GENERAL)}


def table(root: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(root / f"results/tables/{name}.csv")


def figure(root: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(root / f"results/figures/{name}.csv")


def test_no_page_says_that_rows_are_reconstructed(built):
    told = {
        name: text[max(0, m.start() - 60) : m.end() + 30]
        for name, text in pages(built).items()
        if (m := FORBIDDEN.search(text))
    }
    assert told == {}


def test_the_search_finds_such_words_where_they_are(tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<p>Fine.</p><img alt="It is reconstructed."><div class="highlight">x</div>')
    assert FORBIDDEN.search(seen(page))
    page.write_text('<p>Fine.</p><div class="highlight"><p>reconstructed</p></div><p>Good.</p>')
    assert seen(page) == "Fine. Good."


def test_nothing_on_offer_is_marked(built):
    offered = [p.name for p in (built / "_build/html").rglob("*_reconstructed.*")]
    exhibits = json.loads((built / "results/exhibits.json").read_text(encoding="utf-8"))
    assert not offered
    assert not [name for name, entry in exhibits.items() if entry["reconstructed"]]


def test_constraints_are_predictions(built):
    claims = table(built, "ledger_verdicts").set_index("claim_id")
    cells = table(built, "ledger_cells")
    assert "by construction" not in {*claims["verdict"], *cells["verdict"]}
    checks = pd.read_csv(built / "data/published/claim_checks.csv").set_index("claim_id")
    decided = claims.loc[checks.index[checks["basis"] == "constraint"]]
    counts = decided["verdict"].value_counts()
    assert counts["contradicted"] > 5  # the simulated answers are none of the study's
    assert counts["reproduced"] > 0  # districts and who was asked are
    wrong = decided[decided["verdict"] == "contradicted"]
    assert wrong["why"].str.contains("outside what is printed").any()
    met = table(built, "survey_constraints")
    assert (met.loc[met["standing"] == "missed", "beyond"] >= 0).all()
    assert set(met["standing"]) == {"as printed", "missed", "withheld: few persons"}


def test_shares_have_sampling_intervals_in_place_of_printed_bounds(built):
    rows = pd.concat(true_rows.read(built, name) for name in true_rows.TABLES[1:])
    district = true_rows.read(built, "roster").set_index("teacher_id")["district"]
    answered = rows[rows["epic_i_001"] != ""]
    agree = answered["epic_i_001"].isin(["agree", "strongly agree"])
    share = agree.groupby(answered["teacher_id"].map(district)).mean().mean()
    display = table(built, "joint_display").set_index("item_id").loc["EPIC-I-001"]
    assert display["share"] == pytest.approx(share, abs=1e-6)
    assert display["lower"] < share < display["upper"] < display["lower"] + 0.25
    same = table(built, "content_tailoring_estimates").set_index("item_id").loc["EPIC-I-001"]
    assert same["share"] == pytest.approx(share, abs=1e-6)
    settings = table(built, "explorer_settings").query("district == 'all'")
    assert (settings["upper"] - settings["lower"]).max() < 0.3


def test_other_numbers_of_respondents_are_said_to_differ(built):
    rates = table(built, "epic_table2").set_index("district")
    assert rates.loc["Overall", "responses"] == 437
    assert rates.loc["Overall", "standing"] == "print has 444 of 611"
    assert "437 answered" in pages(built)["notebooks/response_rates.html"]
    assert "444 answers from 611" in pages(built)["notebooks/response_rates.html"]


def test_few_persons_are_withheld_with_a_second_share_of_the_line(built):
    limits = table(built, "survey_limits").query("group != 'all' and weighting == 'equal district'")
    few = limits[limits["remark"] == "withheld: few persons"]
    assert "Davis Charter" in set(few["group"])
    assert few[["limit_lower", "limit_upper", "n"]].isna().all(axis=None)
    assert few.groupby("item_id").size().min() >= 2
    shown = limits.dropna(subset=["n"])
    persons = shown["n"] * shown["limit_lower"]
    fewer = pd.concat([persons, shown["n"] - persons], axis=1).min(axis=1).round()
    assert not fewer.between(1, 4).any()
    davis = figure(built, "profile_davis_charter_items").set_index("item_id")
    assert davis.loc[few.query("group == 'Davis Charter'")["item_id"], "share"].isna().all()


@pytest.fixture
def asked_otherwise(built, tmp_path):
    """Return a copy of the built project whose questionnaire may be changed."""
    root = tmp_path / "project"
    shutil.copytree(built, root, ignore=LEFT_OUT)
    return root


def change(root: Path, name: str, how) -> None:
    path = root / f"data/raw/survey/{name}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = how(list(csv.DictReader(stream)))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_one_more_question_and_one_that_a_district_did_not_answer(asked_otherwise):
    root = asked_otherwise
    new = {"item_id": "OWN-1", "column": "own_1", "label": "Feel prepared", "scale": "agreement"}
    new |= {"scale_assumed": "false", "answer": "agree", "levels": "agree;strongly agree"}
    change(root, "instrument", lambda rows: [*rows, new])
    place = true_rows.read(root, "roster").set_index("teacher_id")["district"]
    given = ["agree", "disagree", "strongly agree", "strongly disagree"]
    for name in true_rows.TABLES[1:]:
        change(root, name, lambda rows: [
            row | {"own_1": given[i % 4]}
            | ({"epic_i_003": ""} if place[row["teacher_id"]] == "Davis Charter" else {})
            for i, row in enumerate(rows)
        ])  # fmt: skip
    run(root, "build", "--no-site")
    shares = table(root, "weighting_estimates").set_index("label")
    assert shares.loc["Feel prepared"].str.contains(" to ").sum() == 4
    own = figure(root, "profile_mercer_items").set_index("item_id")
    assert own.loc["OWN-1", "share"] == pytest.approx(0.5, abs=0.05)
    assert own.loc["OWN-1", ["print_lower", "print_upper", "claims"]].isna().all()
    silent = figure(root, "profile_davis_charter_items").set_index("item_id")
    assert silent.loc["EPIC-I-003", "remark"] == "nobody answered"
    assert (
        "nobody answered in Davis Charter"
        in shares.loc["Often adjust the course to students", "none"]
    )


def take_out(root: Path, *columns: str) -> None:
    """Take questions out of the instrument and of the rows."""
    change(root, "instrument", lambda rows: [r for r in rows if r["column"] not in columns])
    for name in true_rows.TABLES[1:]:
        change(root, name, lambda rows: [
            {k: v for k, v in row.items() if k not in columns} for row in rows
        ])  # fmt: skip


def test_questions_that_pages_quote_taken_out_and_a_higher_threshold(asked_otherwise):
    root = asked_otherwise
    take_out(root, "epic_i_002", "epic_i_006", "epic_i_014")
    settings = root / "pyproject.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("disclosure-threshold = 5", "disclosure-threshold = 20"))
    run(root, "build")
    out = {"EPIC-I-002", "EPIC-I-006", "EPIC-I-014"}
    assert not out & set(table(root, "survey_limits")["item_id"])
    assert not out & set(table(root, "joint_display")["item_id"].dropna())
    claims = table(root, "ledger_verdicts").set_index("claim_id")
    assert set(claims["verdict"]) >= {"not checkable", "contradicted"}
    found = pages(root)
    told = found["notebooks/findings.html"]
    assert "(EPIC-I-006), so this part is left out." in told
    assert "(EPIC-I-014), so this part is left out." in told
    assert "The survey rows in place do not ask it" in found["index.html"]
    assert not [name for name, page in found.items() if re.search(r"\bnan\b", page)]
    rates = table(root, "epic_table2").set_index("district")
    assert rates.loc["Davis Charter", "standing"] == "withheld: few persons"
    assert rates["responses"].isna().sum() == 2  # one alone could be worked out
    assert "an undisclosed number of 24 teachers" in found["districts.html"]


def test_all_questions_of_a_chapter_taken_out(asked_otherwise):
    """What remains are two statements on pace: the other chapters say that nothing was asked."""
    out = [f"epic_i_{number:03}" for number in range(1, 16) if number not in {7, 8}]
    take_out(asked_otherwise, *out)
    run(asked_otherwise, "build", "--no-site")
    values = json.loads((asked_otherwise / "results/values.json").read_text(encoding="utf-8"))
    assert "not asked" in values["findings.content_title"]["value"]
    for name in ("content_tailoring", "competencies", "professional_development"):
        assert table(asked_otherwise, f"{name}_estimates").empty
    assert len(table(asked_otherwise, "remediation_advancement_estimates")) == 2
