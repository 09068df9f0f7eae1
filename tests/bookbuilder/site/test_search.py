"""The index of the search holds what a page is about, in its own words, and no code."""

from docutils import nodes

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


def test_the_words_that_lead_to_pages_name_pages_of_the_book() -> None:
    from bookbuilder.plan import contents
    from bookbuilder.site import record

    listed = set(contents.entries(record.root()))
    assert len(search._words()) > 20
    assert set(search._words()) <= listed
