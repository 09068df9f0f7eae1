"""The data dictionary says all that the contract says, in Markdown that renders."""

import copy
import io
import re
import warnings

import pytest
import study_rows
from docutils import nodes
from docutils.core import publish_doctree
from jinja2 import UndefinedError
from myst_parser.parsers.docutils_ import Parser

from bookbuilder import documents
from compendium import data


def dictionary(package, rows):
    return documents.fill("dictionary.md", package=package, rows=rows)


PACKAGE = data.descriptor()
ROWS = {name: 1000 + k for k, name in enumerate(data.names())}
TEXT = dictionary(PACKAGE, ROWS)


def section(name, text=TEXT):
    """Return what stands between the target of a table and the next heading of its level."""
    return re.split(r"\n##", text.split(f"(table-{name})=\n### ")[1])[0]


def render(text):
    messages = io.StringIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # docutils deprecates parts of itself
        document = publish_doctree(
            f"# Title\n\n{text}",
            parser=Parser(),
            settings_overrides={"warning_stream": messages, "myst_enable_extensions": []},
        )
    return document, messages.getvalue()


def test_it_renders_without_a_warning():
    document, messages = render(TEXT)
    assert messages == ""
    tables = list(document.findall(nodes.table))
    assert len(tables) == 1 + len(PACKAGE["resources"])


def test_a_link_to_a_table_that_is_not_there_would_warn():
    _, messages = render(TEXT + "\n[x](#table-none)\n")
    assert "table-none" in messages


@pytest.mark.parametrize("table", PACKAGE["resources"], ids=lambda table: table["name"])
def test_a_table_has_a_section_with_all_its_fields(table):
    found = section(table["name"])
    assert found.startswith(table["title"].replace("_", r"\_"))
    assert f"- **Rows**: {ROWS[table['name']]:,}" in found
    assert f"`data/{table['path']}`" in found
    for source in table["sources"]:
        assert source["title"] in found
    for field in table["schema"]["fields"]:
        assert f"\n| `{field['name']}` | " in found
    assert found.count("- **Refers to**") == len(table["schema"].get("foreignKeys", []))
    assert found.count("- **Rule**") == len(table.get("rules", []))


@study_rows.on_reconstructed
def test_reconstructed_tables_and_no_others_carry_the_mark():
    marked = {
        t["name"]
        for t in PACKAGE["resources"]
        if "{admonition} Reconstructed" in section(t["name"])
    }
    assert marked == {"roster", "responses_web", "responses_paper"}
    overview = TEXT.split("(table-")[0]
    rows = [line for line in overview.splitlines() if "| **⚠ reconstructed** |" in line]
    assert len(rows) == 3


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (
            "epic_table2_response_rates",
            "`response_rate_percent` | Response rate. Responses over target population as "
            "printed. *Number; unit: percent; 0 to 100.*",
        ),
        (
            "epic_table2_response_rates",
            "`responses` | Responses. Teachers who answered. "
            "*Whole number; unit: teachers; at least 0.*",
        ),
        (
            "codebook",
            "`category` | Category. Category that the code belongs to. *Text; one of "
            "`Pacing practice`, `Classroom conditions`, `System structures`, "
            "`Professional capacity`, `Leadership`, `Outcomes`.*",
        ),
        (
            "claims",
            "`claim_id` | Claim. Identifier of the claim. "
            "*Text; of the form `(EPIC\\|PADG\\|I4TL\\|WISE)-C-[0-9]{3}`.*",
        ),
        (
            "codebook",
            "`label` | Label. Name for tables and figures. *Text; each once.*",
        ),
        (
            "documents",
            "`month` | Month. Month of publication where it is printed. *Text; may be empty.*",
        ),
    ],
)
def test_a_field_shows_type_unit_and_limits(name, line):
    assert f"| {line} |" in section(name).splitlines()


def test_keys_references_and_rules_are_in_words():
    found = section("applications")
    assert "- **Key**: `segment_id`, `coder`, `code`" in found
    assert "- **Refers to**: `code` must be in [`codebook`](#table-codebook)" in found
    assert "- **Rule**: `rank` counts from 1 without gaps within `segment_id`, `coder`" in found
    assert "- **Rule**: `lower` is not above `upper`" in section("claims")
    assert "- **Rule**: no `teacher_id` is in [`responses_web`]" in section("responses_paper")
    assert "- **Rule**: no two rows have the same `theme`, `subtheme`" in section("padgett_themes")
    assert "- **Rule**: `levels` lists values of `level` of [`scales`]" in section("instrument")
    assert (
        section("claim_proxies").count("separated by semicolons, none of them in `supporting`") == 1
    )


def test_marks_of_markdown_in_a_description_stay_text():
    package = copy.deepcopy(PACKAGE)
    package["resources"][0]["description"] = (
        "A *star*, a `tick`, a | bar, <b>, $x$ and [no](#link)."
    )
    document, messages = render(dictionary(package, ROWS))
    assert messages == ""
    assert package["resources"][0]["description"] in document.astext()


def test_a_table_without_its_number_of_rows_is_refused():
    with pytest.raises(UndefinedError, match="claims"):
        dictionary(PACKAGE, {name: 1 for name in ROWS if name != "claims"})
