"""What an exhibit must have, and what is kept of it."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure
from small_project import ROOT

from compendium import context, exhibits, files
from compendium.exhibits import record

FRAME = pd.DataFrame({"district": ["Mercer", "Davis"], "rate": [0.9136, 0.5417], "n": [243, 24]})
ALT = "Bars of the response rate of two districts, Mercer above Davis."


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a run that declares one table and one figure; return its staging folder."""
    told = context.RunContext(
        run="rates",
        notebook="notebooks/rates.ipynb",
        root=str(tmp_path),
        stage=str(tmp_path),
        inputs=("rows",),
        after=("other",),
        parameters={},
        tables=("rates",),
        figures=("rates_bars",),
    )
    told.save(tmp_path / "context.json")
    monkeypatch.setenv(context.VARIABLE, str(tmp_path / "context.json"))
    monkeypatch.setattr(record, "_recorder", record._Recorder())
    return tmp_path


def table(name: str = "rates", **changed: object) -> object:
    options: dict = {"caption": "Rates ({n} teachers).", "n": 611} | changed
    return exhibits.table(FRAME, name, **options)


def bars(name: str = "rates_bars", **changed: object) -> object:
    drawn = Figure()
    drawn.subplots().bar(FRAME["district"], FRAME["rate"])
    options: dict = {"caption": "Rates ({n}).", "n": 611, "alt": ALT, "data": FRAME} | changed
    return exhibits.figure(drawn, name, **options)


def test_a_table_keeps_its_cells_and_how_to_show_them(run: Path) -> None:
    table(labels={"rate": "Rate"}, note="No weights.")
    assert pd.read_csv(run / "tables/rates.csv").equals(FRAME)
    assert context.recorded(run)["exhibits"]["rates"] == {
        "kind": "table",
        "caption": "Rates (611 teachers).",
        "n": 611,
        "note": "No weights.",
        "source": "",
        "rows": 2,
        "display": {"labels": {"rate": "Rate"}, "formats": {}, "group": None},
    }


def test_a_figure_keeps_picture_data_and_alternative_text(run: Path) -> None:
    bars(source="EPIC 2021, Figure 1", alt=ALT.replace(" rate", "\n  rate"))
    assert (run / "figures/rates_bars.svg").read_text().lstrip().startswith("<?xml")
    assert pd.read_csv(run / "figures/rates_bars.csv").equals(FRAME)
    assert context.recorded(run)["exhibits"]["rates_bars"] == {
        "kind": "figure",
        "caption": "Rates (611).",
        "alt": ALT,
        "n": 611,
        "note": "",
        "source": "EPIC 2021, Figure 1",
        "rows": 2,
    }


def test_forty_letters_are_enough_for_an_alternative_text(run: Path) -> None:
    with pytest.raises(ValueError, match="has 39 characters"):
        bars(alt="x" * 39)
    bars(alt="x" * 40)


def test_what_an_exhibit_rests_on_is_kept_and_must_be_declared(run: Path) -> None:
    other = {"exhibits": {"bars": {"kind": "figure"}}, "values": {}}
    files.write_json(run / "_build/records/other.json", other)
    table(rests_on=["rows", "other", "other.bars"])
    kept = context.recorded(run)["exhibits"]["rates"]
    assert kept["rests_on"] == ["rows", "other", "other.bars"]
    for undeclared in ("row", "rows.bars", "another.bars"):
        with pytest.raises(ValueError, match=f"rests on '{undeclared}', which run 'rates' does"):
            bars(rests_on=[undeclared])
    with pytest.raises(ValueError, match="run 'other' records no exhibit 'bar'"):
        bars(rests_on=["other.bar"])


def test_a_note_may_hold_what_ends_a_line_elsewhere(run: Path) -> None:
    note = "one\u2028two\x85three\nfour, größer"
    table(note=note)
    assert context.recorded(run)["exhibits"]["rates"]["note"] == note


def test_floats_are_kept_to_eight_places(run: Path) -> None:
    exhibits.table(pd.DataFrame({"x": [1 / 3]}), "rates", caption="({n})", n=1)
    assert (run / "tables/rates.csv").read_text() == "x\n0.33333333\n"


def test_a_value_keeps_its_unit(run: Path) -> None:
    exhibits.value("overall", 72.666666666666, "percent", "response rate")
    kept = context.recorded(run)["values"]["overall"]
    assert kept == {"value": 72.66666667, "unit": "percent", "description": "response rate"}


def test_words_are_kept_beside_numbers_and_are_none(run: Path) -> None:
    exhibits.words("most", "most readers", "whose codes count")
    kept = context.recorded(run)["values"]["most"]
    assert kept == {"value": "most readers", "unit": "words", "description": "whose codes count"}
    with pytest.raises(ValueError, match="value 'most' is recorded twice"):
        exhibits.value("most", 1, "readers", "x")
    values = {"most": kept, "top": {"value": 5, "unit": "marks"}}
    files.write_json(run / "_build/records/other.json", {"values": values})
    assert exhibits.values_of("other") == {"top": 5}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: (table(), table()), "exhibit 'rates' is recorded twice"),
        (lambda: table("rate"), "not among the tables .* did you mean 'rates'"),
        (lambda: bars("rates"), "not among the figures"),
        (lambda: table("Rates"), "not lower snake case"),
        (lambda: table(caption="Rates."), "the caption does not say n"),
        (
            lambda: table(labels={"rat": "Rate"}),
            "no column 'rat'; did you mean 'rate'",
        ),
        (lambda: table(columns=["rates"]), "^columns: the table has no column 'rates'"),
        (lambda: table(group="place"), "^group: the table has no column 'place'"),
        (lambda: table(columns=["n"], labels={"x": "X"}), "^labels: the table has no column 'x'"),
        (lambda: bars(alt=""), "alternative text has 0 characters"),
        (lambda: bars(alt="A bar chart."), "alternative text has 12 characters"),
        (lambda: exhibits.value("Rate", 1, "share", "x"), "not lower snake case"),
        (lambda: exhibits.value("rate", float("nan"), "share", "x"), "only finite numbers"),
        (lambda: [exhibits.value("rate", 1, "share", "x") for _ in "ab"], "recorded twice"),
    ],
)
def test_refuses(run: Path, call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_outside_a_run_exhibits_show_and_leave_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(context.VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    shown = [table(), table()]  # a cell may be run twice in JupyterLab
    bundle = shown[1]._repr_mimebundle_()  # type: ignore[attr-defined]
    assert "Mercer" in bundle["text/html"]
    assert bundle["text/markdown"] == "```{exhibit} rates\n```"
    assert list(tmp_path.iterdir()) == []


def test_values_of_another_run_must_be_declared(run: Path) -> None:
    path = run / "_build/records/other.json"
    files.write_json(path, {"values": {"top": {"value": 5, "unit": "marks"}}})
    assert exhibits.values_of("other") == {"top": 5}
    with pytest.raises(ValueError, match=r"needs the line\n  after: \["):
        exhibits.values_of("another")
    path.unlink()
    with pytest.raises(FileNotFoundError, match="compendium run other"):
        exhibits.values_of("other")


def test_a_table_of_another_run_is_read_as_it_was_recorded(run: Path) -> None:
    record = {"exhibits": {"rates": {"kind": "table"}, "bars": {"kind": "figure"}}, "values": {}}
    files.write_json(run / "_build/records/other.json", record)
    files.write_text(run / "results/tables/rates.csv", "weighting,rate\nnone,0.5\n,\n")
    found = exhibits.table_of("other", "rates")
    assert found["weighting"].tolist()[0] == "none"  # a word, not a missing cell
    assert found.iloc[1].isna().all()
    with pytest.raises(ValueError, match="records no table 'rate'; did you mean 'rates'"):
        exhibits.table_of("other", "rate")
    with pytest.raises(ValueError, match="records no table 'bars'"):
        exhibits.table_of("other", "bars")
    with pytest.raises(ValueError, match=r"needs the line\n  after: \["):
        exhibits.table_of("another", "rates")


def test_a_file_keeps_no_noise_of_the_last_bits() -> None:
    noisy = pd.DataFrame({"share": pd.Series([0.1 + 0.2, 1e-17], dtype=object), "gap": [-0.0, 2.0]})
    assert record.csv_text(noisy) == "share,gap\n0.3,0.0\n0.0,2.0\n"


def sentences(alt: str) -> int:
    return len(re.findall(r"[.!?](?=\s|$)", alt))


def test_alternative_texts_say_the_finding_in_two_sentences() -> None:
    kept = json.loads((ROOT / "results" / "exhibits.json").read_text(encoding="utf-8"))
    long = {
        name: entry["alt"] for name, entry in kept.items() if sentences(entry.get("alt", "")) > 2
    }
    assert not long


def test_an_alternative_text_that_tells_all_its_data_is_found() -> None:
    assert sentences(ALT) == 1
    assert sentences(f"{ALT} 86.5% give time. Others do not.") == 3
