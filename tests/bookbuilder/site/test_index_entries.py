"""The index has an entry for everything the project names, once, and none that leads nowhere."""

import pytest

from bookbuilder.site import glossary, index_entries
from bookbuilder.site.index_entries import (
    Entry,
    author_year,
    check,
    entries,
    first_letter,
    markdown,
)
from compendium import data


def named(kind: str) -> set[str]:
    return {entry.name for entry in entries() if entry.kind == kind}


def test_every_term_code_table_and_document_has_an_entry() -> None:
    assert set(glossary.all_terms()) < named("")
    assert named("code") == set(data.load("codebook")["label"])
    assert named("data table") == {f"`{name}`" for name in data.names()}
    assert named("document") == set(data.load("documents")["short_name"])
    assert "Mercer" in named("district")
    assert "Cohen (1960)" in named("work cited")


def test_entries_are_in_alphabetical_order() -> None:
    names = [entry.name.lower().strip("`") for entry in entries()]
    assert names == sorted(names)


def test_every_letter_has_a_jump_and_a_section() -> None:
    text = markdown(entries())
    for one in {first_letter(entry.name) for entry in entries()}:
        assert f"[{one}](#index-{one.lower()})" in text
        assert text.count(f"\n(index-{one.lower()})=\n## {one}\n") == 1


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([Entry("Raking"), Entry("Raking")], "'Raking' stands twice"),
        ([Entry("Margins", see="Rakin")], "see 'Rakin', which is no entry"),
    ],
)
def test_a_faulty_index_is_refused(found: list[Entry], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        check(found)


def test_the_same_name_of_another_kind_is_no_fault() -> None:
    check([Entry("Codebook"), Entry("`codebook`", "data table")])


@pytest.mark.parametrize(
    ("author", "shown"),
    [
        ("Kish, L.", "Kish (1965)"),
        ("{Wise Ways}", "Wise Ways (1965)"),
        ("Deming, W. E. and Stephan, F. F.", "Deming and Stephan (1965)"),
        ("de Wolf, P. and Kish, L. and Giessing, S.", "de Wolf and others (1965)"),
    ],
)
def test_works_are_named_by_author_and_year(author: str, shown: str) -> None:
    from pybtex.database import parse_string

    work = parse_string(f"@book{{x, author = {{{author}}}, year = {{1965}}}}", "bibtex")
    assert author_year(work.entries["x"]) == shown


def test_anchors_are_all_different() -> None:
    slugs = [entry.slug for entry in index_entries.entries()]
    assert len(set(slugs)) == len(slugs)
