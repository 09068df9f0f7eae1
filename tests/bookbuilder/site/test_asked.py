"""What rests on questions of the survey is shown, or a sentence says why it is not."""

import csv
import io
import re
from pathlib import Path

import pytest
import true_rows
from sphinx.application import Sphinx

from bookbuilder.site import marked, record, roles

ITEMS = sorted(true_rows.questions())
IDS = [column.upper().replace("_", "-") for column in ITEMS]
PAGE = """\
# Page

::::{{asked}} {items}
Of the teachers, {{value}}`run.share:.0f` percent agree.

:::{{dropdown}} Solution
Nothing else.
:::
::::

The rest.
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return true_rows.copy_data(true_rows.ROOT, tmp_path_factory.mktemp("asked"))


@pytest.fixture
def shown(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that renders a page, with an item left out of the instrument or none."""

    def render(
        items: str,
        *,
        without: str = "",
        recorded: bool = True,
        real: bool = False,
        text: str = PAGE,
    ) -> str:
        path = project / "data/raw/survey/instrument.csv"
        whole = (true_rows.ROOT / "data/raw/survey/instrument.csv").read_text(encoding="utf-8")
        kept = [row for row in whole.splitlines() if not without or not row.startswith(without)]
        path.write_text("\n".join(kept) + "\n", encoding="utf-8")
        values = {"run.share": {"value": 65.2}} if recorded else {}
        monkeypatch.setattr(record, "root", lambda: project)
        monkeypatch.setattr(record, "values", lambda: values)
        (tmp_path / "index.md").write_text(text.format(items=items), encoding="utf-8")
        settings = {"extensions": ["myst_parser", "sphinx_design"],
                    "myst_enable_extensions": ["colon_fence"]}  # fmt: skip
        made = tmp_path / "html"
        told = io.StringIO()
        app = Sphinx(tmp_path, None, made, made, "html", settings, status=None, warning=told)
        if real:
            app.tags.add(marked.TAG)
        marked.setup(app)
        roles.setup(app)
        app.build(force_all=True)
        assert "index.md" not in told.getvalue()
        page = re.search(r"<h1>.*The rest", (made / "index.html").read_text("utf-8"), re.DOTALL)
        assert page
        return " ".join(re.sub("<[^>]+>", "", page[0]).split())

    return render


def test_every_question_of_the_survey_may_be_taken_out(shown) -> None:
    with (true_rows.ROOT / "data/raw/survey/instrument.csv").open(encoding="utf-8") as stream:
        ids = [row["item_id"] for row in csv.DictReader(stream)]
    assert ids == IDS
    for item in ids:
        told = shown(item, without=item)
        assert f"({item}), so this part is left out." in told
        assert "65" not in told and told.endswith("The rest")


def test_without_content_it_says_only_what_was_not_asked(shown) -> None:
    empty = "# Page\n\n:::{{asked}} {items}\n:::\n\nThe rest.\n"
    both = "EPIC-I-009 EPIC-I-010"
    told = shown(both, without="EPIC-I-010", text=empty)
    assert "no answers to Students may go on to new material" in told
    assert "(EPIC-I-010), so the page leaves that out." in told
    assert "EPIC-I-009" not in told
    assert "no answers" not in shown(both, text=empty)


def test_several_questions_are_listed(shown) -> None:
    told = shown(" ".join(IDS[:3]), recorded=False, real=True)
    listed = r"\(EPIC-I-001\), [^,]*\(EPIC-I-002\) and [^,]*\(EPIC-I-003\), so this part"
    assert re.search(listed, told)


def test_what_was_asked_is_shown(shown) -> None:
    told = shown("EPIC-I-007 EPIC-I-008")
    assert "Of the teachers, 65 percent agree." in told
    assert "left out" not in told


def test_only_the_missing_one_of_several_is_named(shown) -> None:
    told = shown("EPIC-I-007 EPIC-I-008", without="EPIC-I-008")
    assert "EPIC-I-008" in told and "EPIC-I-007" not in told


def test_a_share_of_collected_rows_that_is_not_recorded_is_withheld(shown) -> None:
    told = shown("EPIC-I-007", recorded=False, real=True)
    assert "Too few persons stand behind an answer to" in told
