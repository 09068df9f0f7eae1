"""The gate reads pages and offered files; a planted violation stops the build."""

from pathlib import Path

import pytest

from bookbuilder.rendering import disclosure, site
from compendium import files


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Return a small site with a page and a file that identify nobody."""
    page = "<p>444 of 611 teachers</p><script>var a = 'x@example.org'</script>"
    files.write_text(tmp_path / "html/index.html", page)
    table = "district,responses\nA,13\nB,0\n"
    files.write_text(tmp_path / "html/_downloads/ab12/rates.csv", table)
    return tmp_path / "html"


def found(root: Path, made: Path) -> list[str]:
    try:
        disclosure.Gate(root).check(made)
    except ValueError as error:
        return str(error).splitlines()
    return []


def test_a_clean_site_passes(tmp_path: Path, made: Path) -> None:
    assert found(tmp_path, made) == []


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        ("html/page.html", "<p>ask ada@example.org</p>", "page.html: e-mail address"),
        ("html/_downloads/a/x.csv", "district,responses\nA,3\n", "x.csv: small cell '3'"),
        ("html/_downloads/a/x.csv", "who,note\n1,call 517-355-0123\n", "telephone number"),
        ("results/tables/x.csv", "teacher_id,district\nT1,A\n", "x.csv: k-anonymity '1'"),
        ("results/figures/x.svg", "<svg><text>123456789</text></svg>", "identifying number"),
    ],
)
def test_a_planted_violation_is_found(
    tmp_path: Path, made: Path, path: str, text: str, message: str
) -> None:
    files.write_text(tmp_path / path, text)
    (line,) = found(tmp_path, made)
    assert message in line
    assert "disclosure_exceptions.csv why it may be published" in line


def test_percentages_under_the_name_of_a_count_are_none(tmp_path: Path, made: Path) -> None:
    files.write_text(tmp_path / "results/tables/x.csv", "group,population\nA,0.7\nB,46.4\n")
    assert found(tmp_path, made) == []


def test_a_printed_percentage_that_implies_few_persons_is_found(tmp_path: Path, made: Path) -> None:
    totals = "district,responses,target_population\nOverall,444,611\n"
    files.write_text(tmp_path / disclosure.PRINTED_TOTALS, totals)
    files.write_text(tmp_path / "results/tables/t3.csv", "group,sample_percent\nA,0.2\nB,40\n")
    (line,) = found(tmp_path, made)
    assert "t3.csv: small share '1' (sample_percent of A)" in line


@pytest.mark.parametrize(
    ("origin", "cells", "told"),
    [
        ("collected", "I-1,A,13,0.23", "small share '3.0' (answered so of I-1, A)"),
        ("collected", "I-1,A,13,0.92", "small share '1.0' (answered otherwise of I-1, A)"),
        ("collected", "I-1,A,13,0.5", ""),
        ("collected", "I-1,A,13,1.0", ""),
        ("collected", "I-1,A,,", ""),
        ("reconstructed", "I-1,A,13,0.23", ""),
    ],
)
def test_a_share_of_answers_that_shows_few_persons_is_found(
    tmp_path: Path, made: Path, origin: str, cells: str, told: str
) -> None:
    table = {"name": "rows", "path": "rows.csv", "origin": origin, "schema": {"fields": []}}
    package = {"origins": {"collected": "", "reconstructed": ""}, "resources": [table]}
    files.write_json(tmp_path / "data/datapackage.json", package)
    files.write_text(tmp_path / "results/tables/x.csv", f"item_id,group,n,share\n{cells}\n")
    lines = found(tmp_path, made)
    assert len(lines) == bool(told)
    assert all(told in line for line in lines)


def test_an_exception_lets_one_thing_through_and_no_other(tmp_path: Path, made: Path) -> None:
    files.write_text(tmp_path / "results/tables/x.csv", "district,responses\nA,3\nB,2\n")
    heading = "file,check,subject,reason\n"
    files.write_text(
        tmp_path / disclosure.EXCEPTIONS, heading + "x.csv,small cell,responses of A,as printed\n"
    )
    (line,) = found(tmp_path, made)
    assert "responses of B" in line


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("rate.csv,small cell,,as printed", "row 2: no file 'rate.csv'.*mean 'rates.csv'"),
        ("rates.csv,small cell,,", "row 2: 'rates.csv' is let through; say why"),
    ],
)
def test_an_exception_for_nothing_or_without_reason_is_refused(
    tmp_path: Path, made: Path, row: str, message: str
) -> None:
    files.write_text(tmp_path / disclosure.EXCEPTIONS, f"file,check,subject,reason\n{row}\n")
    with pytest.raises(ValueError, match=message):
        disclosure.Gate(tmp_path).check(made)


@pytest.mark.parametrize(("threshold", "lines"), [(2, 0), (5, 1)])
def test_the_threshold_is_the_projects(
    tmp_path: Path, made: Path, threshold: int, lines: int
) -> None:
    files.write_text(tmp_path / "results/tables/x.csv", "district,responses\nA,3\n")
    told = f"[tool.compendium]\ndisclosure-threshold = {threshold}\n"
    files.write_text(tmp_path / "pyproject.toml", told)
    assert len(found(tmp_path, made)) == lines


def test_a_threshold_that_hides_nothing_is_refused(tmp_path: Path, made: Path) -> None:
    files.write_text(tmp_path / "pyproject.toml", "[tool.compendium]\ndisclosure-threshold = 1\n")
    with pytest.raises(ValueError, match="'1' is not a whole number of at least 2"):
        disclosure.Gate(tmp_path).check(made)


def test_the_page_shows_what_was_let_through(tmp_path: Path, made: Path) -> None:
    files.write_text(tmp_path / "results/tables/x.csv", "district,responses\nA & B,3\n")
    rule = "file,check,subject,reason\nx.csv,small cell,,printed by the document\n"
    files.write_text(tmp_path / disclosure.EXCEPTIONS, rule)
    files.write_text(made / disclosure.PAGE, f"<h1>Gate</h1>{disclosure.PLACEHOLDER}")
    disclosure.Gate(tmp_path).check(made)
    text = (made / disclosure.PAGE).read_text()
    assert "<strong>2</strong> pages and <strong>2</strong> files" in text
    assert '<td data-label="What (persons)"><div>responses of A &amp; B (3)</div></td>' in text
    assert '<td data-label="Why shown"><div>printed by the document</div></td>' in text


def test_a_planted_violation_fails_the_build_and_keeps_the_old_site(rendered: Path) -> None:
    page = rendered / "_build/html/index.html"
    shown = page.read_bytes()
    (rendered / "results/tables/planted.csv").write_text("district,responses\nA,3\n")
    with pytest.raises(ValueError, match=r"planted\.csv: small cell '3'"):
        site.build(rendered)
    assert page.read_bytes() == shown
