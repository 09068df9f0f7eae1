"""A page finds the parameters of its own run, and says so where there are none."""

import pytest

from bookbuilder.site import record, roles

RECORDED = {
    "policy_segments": {"run": "code_policy", "parameters": {"code": "policy", "label": "Policy"}},
    "vision_segments": {"run": "code_vision", "parameters": {"code": "vision", "label": "Vision"}},
}


@pytest.fixture(autouse=True)
def recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "exhibits", lambda: RECORDED)


@pytest.mark.parametrize(("page", "label"), [("code_policy", "Policy"), ("code_vision", "Vision")])
def test_a_page_gets_the_parameter_of_its_own_run(page: str, label: str) -> None:
    assert record.parameter(roles.run_of(f"notebooks/{page}"), "label") == label


@pytest.mark.parametrize(
    ("run", "name", "message"),
    [
        ("code_polcy", "label", "no exhibit of a run 'code_polcy' is recorded"),
        ("code_policy", "labl", "no parameter 'labl'; did you mean 'label'?"),
    ],
)
def test_what_is_not_recorded_is_refused(run: str, name: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        record.parameter(run, name)


def test_words_are_quoted_as_they_are_and_numbers_with_their_form(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = {"run.who": {"value": "most readers"}, "run.n": {"value": 1204}}
    monkeypatch.setattr(record, "values", lambda: kept)
    assert record.format_value("run.who") == "most readers"
    assert record.format_value("run.n") == "1,204"
    assert record.format_value("run.n:.1f") == "1204.0"
