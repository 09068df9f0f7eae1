"""The index of the search holds what a page is about, in its own words, and no code."""

from docutils import nodes
from sphinx import addnodes

from bookbuilder.site import search
from bookbuilder.site.exhibit import exhibit_caption, exhibit_figure


def page(*inside: nodes.Node) -> nodes.document:
    document = nodes.document(None, None)
    section = nodes.section("", nodes.title("", "Who agrees?"), *inside, ids=["who"])
    document += section
    return document


def test_prose_belongs_to_its_section_and_captions_to_their_exhibits() -> None:
    exhibit = exhibit_figure(ids=["exhibit-x"])
    exhibit += exhibit_caption("", "", nodes.strong("", "Table 1. "), nodes.Text("Kappa by code."))
    exhibit += nodes.paragraph("", "A note.")
    found = search.parts(
        page(
            nodes.paragraph("", "Two  readers\nagree."),
            nodes.literal_block("", "import pandas"),
            exhibit,
            nodes.paragraph("", "Mostly."),
        )
    )
    assert found == [
        ["s", "who", "Who agrees?", "Two readers agree. Mostly."],
        ["e", "exhibit-x", "Table 1", "Kappa by code."],
    ]


def test_a_term_is_a_part_of_its_own() -> None:
    term = nodes.term("", "Kappa", ids=["term-Kappa"])
    meaning = nodes.definition("", nodes.paragraph("", "Agreement beyond chance."))
    found = search.parts(page(nodes.definition_list_item("", term, meaning)))
    assert found[1:] == [["t", "term-Kappa", "Kappa", "Agreement beyond chance."]]


def test_a_term_without_an_anchor_has_that_of_its_list() -> None:
    term = nodes.term("", "Student agency")
    meaning = nodes.definition("", nodes.paragraph("", "Students choose."))
    item = nodes.definition_list_item("", term, meaning)
    found = search.parts(page(nodes.definition_list("", item, ids=["code-student-agency"])))
    assert found[1:] == [["t", "code-student-agency", "Student agency", "Students choose."]]
    item.parent["ids"] = []
    assert search.parts(item.parent.parent.parent)[1:] == []


def test_citations_leave_no_gap_in_prose() -> None:
    key = addnodes.pending_xref("", nodes.inline("", "kish1965"), refdomain="cite")
    other = addnodes.pending_xref("", nodes.inline("", "gwet2014"), refdomain="cite")
    text = nodes.paragraph("", "", nodes.Text("It is old "), key, nodes.Text(". So ("))
    text += [other, nodes.Text(") it stays .")]
    assert search.parts(page(text))[0][3] == "It is old. So it stays."


def test_a_table_is_found_by_the_headings_of_its_rows() -> None:
    exhibit = exhibit_figure(ids=["exhibit-x"])
    exhibit += exhibit_caption("", "", nodes.strong("", "Table 1. "), nodes.Text("Codes."))
    cells = "".join(
        f'<tr><th scope="{scope}">{text}</th><td>a cell</td></tr>'
        for scope, text in [
            ("rowgroup", "Classroom"),
            ("row", "Q &amp; A"),
            ("row", "EPIC-001: Joanie"),
            ("row", "<b>Coaching</b>"),
        ]
    )
    exhibit += nodes.raw("", f"<th scope='col'>Code</th>{cells}{cells}", format="html")
    rows = search.parts(page(exhibit))[1][4]
    assert rows == ["Classroom", "EPIC-001: Joanie. a cell", "Coaching"]


def test_a_row_that_tables_share_stands_once_in_the_index() -> None:
    rows: dict[str, int] = {}
    parts = [["e", "a", "Table 1", "One.", ["Pace", "Time"]], ["e", "b", "Table 2", "", ["Time"]]]
    entries = [search._entry(part, rows, False) for part in parts]
    assert list(rows) == ["Pace", "Time"]
    assert [entry[4] for entry in entries] == [[0, 1], [1]]
    assert search._entry(["s", "c", "Use", "Prose."], rows, True) == ["s", "c", "Use", ""]


def test_the_words_that_lead_to_pages_name_pages_of_the_book() -> None:
    from bookbuilder.plan import contents
    from bookbuilder.site import record

    listed = set(contents.documents(record.root()))
    assert len(search._words()) > 20
    assert set(search._words()) <= listed
