"""Who made a project: read from its file, faults named."""

from pathlib import Path

import pytest

from bookbuilder.verification import citation


def test_the_compendium_says_who_made_it(project_root: Path) -> None:
    said = citation.read_citation(project_root)
    assert all(one["@id"] and one["name"] for one in said.authors)
    assert said.authors
    assert said.licence == {
        "@id": "https://spdx.org/licenses/BSD-3-Clause",
        "@type": "CreativeWork",
        "name": "BSD-3-Clause",
    }


def test_a_project_that_does_not_say(tmp_path: Path) -> None:
    assert citation.read_citation(tmp_path) == citation.Citation([], None)
    (tmp_path / citation.FILE).write_text("title: Marks\n")
    assert citation.read_citation(tmp_path) == citation.Citation([], None)


@pytest.mark.parametrize(
    ("text", "fault"),
    [("title: Marks\nauthors: [\n", "no YAML file"), ("- Marks\n", "'key: value' lines")],
)
def test_a_file_that_is_no_citation_is_named_with_its_line(
    tmp_path: Path, text: str, fault: str
) -> None:
    (tmp_path / citation.FILE).write_text(text)
    with pytest.raises(ValueError, match=rf"CITATION.cff, line \d: .*{fault}"):
        citation.read_citation(tmp_path)


def test_a_particle_belongs_to_the_family_name() -> None:
    named = {"family-names": "Gogh", "name-particle": "van", "given-names": "V."}
    assert citation.entity(named, 1)["familyName"] == "van Gogh"
    assert citation.entity({"family-names": "Plato"}, 2) == {
        "@id": "#author-2",
        "@type": "Person",
        "name": "Plato",
        "familyName": "Plato",
    }
