"""Terms are linked once, at their first mention, as whole words."""

import pytest

from bookbuilder.site import glossary

KNOWN = {"weight": "Weight", "design effect": "Design effect", "effect": "Effect"}


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("The weights and a weight.", ["weights"]),
        ("A design effect has an effect.", ["design effect", "effect"]),
        ("Overweight, weight-free, weighty.", []),
        ("Weight", ["Weight"]),
        ("", []),
    ],
)
def test_split(text: str, linked: list[str]) -> None:
    pieces = glossary.split(text, dict(KNOWN))
    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, term in pieces if term] == linked


def test_a_term_is_linked_once_on_a_page() -> None:
    left = {"weight": "Weight"}
    assert glossary.split("A weight.", left)[1] == ("weight", "Weight")
    assert glossary.split("A weight.", left) == [("A weight.", "")]


def test_the_glossary_is_read_and_everyday_words_are_left_out() -> None:
    found = glossary.linked_terms()
    assert found["design effect"] == "Design effect"
    assert not glossary.EVERYDAY & set(found)
