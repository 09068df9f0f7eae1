"""The example that a researcher starts from: two coders' files, and the notebook on them."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from compendium.coding.agreement import agreement_by_character, agreement_by_code
from compendium.coding.cases import with_cases
from compendium.coding.pairs import co_occurrence
from compendium.coding.passages import match_passages
from compendium.coding.reconciliation import reconcile
from compendium.coding.saturation import saturation
from compendium.coding.tallies import roll_up, tally
from qda_exchange import applications_of, codebook_of, merge, read, segments_of

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "notebooks/examples"
HEAD = "id,document,tag,content\n"


def script() -> Any:
    spec = importlib.util.spec_from_file_location("make_pace", EXAMPLES / "make_pace.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def study():
    files = [
        read((EXAMPLES / f"pace_{name}.qdpx").read_bytes(), name, coder=name)
        for name in ("ada", "ben")
    ]
    return merge(files).project


def test_the_files_are_what_the_script_writes():
    for name, content in script().files().items():
        assert (EXAMPLES / name).read_bytes() == content


def test_the_files_hold_what_was_selected(study):
    made = script()
    applied = applications_of(study).merge(segments_of(study), on="segment_id")
    for coder, selected in {"Ada": made.ADA, "Ben": made.BEN}.items():
        of_coder = applied[applied["coder"] == coder]
        found = set(of_coder[["document", "summary", "code"]].itertuples(index=False, name=None))
        assert found == {(who, words, c) for who, words, codes in selected for c in codes.split()}
        places = of_coder[["document", "district", "speaker_role"]].drop_duplicates("document")
        assert {row[0]: tuple(row[1:]) for row in places.to_numpy().tolist()} == made.PEOPLE


def test_imported_columns_fit_every_function_as_they_come(study):
    applications, segments = applications_of(study), segments_of(study)
    codebook = codebook_of(study.codes)
    codes = list(codebook["code"])
    matched = match_passages(applications, segments)
    by_code = agreement_by_code(*matched[:2], codes, replicates=0)
    lengths = study.sources.set_index("source")["text"].str.len()
    by_character = agreement_by_character(applications, segments, lengths, codes, replicates=0)
    for table in (by_code, by_character):
        assert table["value"].notna().all()
    coded = with_cases(reconcile(matched.applications, segments=matched.segments), segments)
    assert tally(coded, unit="case")["base"].iloc[0] == 6
    assert co_occurrence(coded, "overlap")["n_both"].sum() > len(codes)
    assert roll_up(coded, codebook)["cases_with_children"].max() == 6
    assert saturation(coded, base_size=2).curve["codes"].iloc[-1] == len(codes)


class Elsewhere:
    """The notebook's cells, with other files than its own."""

    def __init__(self) -> None:
        path = ROOT / "notebooks/53_own_coding.ipynb"
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        self.cells = {c["id"]: "".join(c["source"]) for c in cells if c["cell_type"] == "code"}

    def run(self, **parameters: str) -> dict[str, Any]:
        names: dict[str, Any] = {}
        for name, source in self.cells.items():
            exec(source, names)
            if name == "parameters":
                assert set(parameters) <= set(names)
                names.update(parameters)
        return names


def test_changing_two_file_names_is_enough(tmp_path):
    """Taguette: no places, no cases, other ids in each file, and nobody named."""
    for name, first in (("ada", 1), ("ben", 11)):
        rows = [f"{first},Lola,pace,We wait.", f"{first + 1},Lola,pace,Pace is slow."]
        rows += [f"{first + 2},Mila,time.waiting,We move on."]
        (tmp_path / f"{name}.csv").write_text(HEAD + "\n".join(rows) + "\n")
    names = Elsewhere().run(
        first_file=str(tmp_path / "ada.csv"),
        second_file=str(tmp_path / "ben.csv"),
    )
    assert names["code"] == "pace"
    assert names["agreement"]["passage_krippendorff_alpha"].tolist() == [1, 1]
    assert names["disputed"].empty
    counts = names["wide"].set_index("code")[["passages", "persons"]]
    assert counts.to_numpy().tolist() == [[2, 1], [1, 1]]
    assert names["counted"].loc["Ada"].tolist() == [2, 3, 3]


def test_an_unknown_code_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="no code 'pase'; choose one of own_pace, class_pace"):
        Elsewhere().run(code="pase")


def test_decisions_are_counted(study, tmp_path):
    names = Elsewhere().run()
    (tmp_path / "none.csv").write_text("segment_id,code,decision\n")
    without = Elsewhere().run(settled_file=str(tmp_path / "none.csv"))
    settled = pd.read_csv(EXAMPLES / "pace_ada.settled.csv")
    applied = settled[settled["decision"] == "apply"]
    assert len(names["agreed"]) == len(without["agreed"]) + len(applied)
    assert set(names["agreed"]["decided_by"]) == {"rule", "adjudication"}
