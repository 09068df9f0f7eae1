"""Rare combinations and identifiers are found, and their harmless twins go through."""

import pandas as pd
import pytest

from auditing.disclosure import identifiers, k_anonymity


def test_a_rare_combination_is_found_though_each_attribute_is_common() -> None:
    rows = [("A", "x")] * 5 + [("B", "y")] * 5 + [("A", "y")] * 1
    frame = pd.DataFrame(rows, columns=["district", "grade"])
    assert k_anonymity(frame, ["district", "grade"])["subject"].tolist() == ["district A, grade y"]
    assert k_anonymity(frame, ["district"]).empty
    assert not k_anonymity(frame.replace("x", None), ["grade"], k=7).empty


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("mail ada.l@school.example.org now", "e-mail address"),
        ("call (517) 355-0123", "telephone number"),
        ("call +1 517-355-0123.", "telephone number"),
        ("record 123456789 of the file", "identifying number"),
    ],
)
def test_identifiers_are_found(text: str, kind: str) -> None:
    assert identifiers({"page": text})["check"].tolist() == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "share 0.123456789", "doi 10.57709/28960541", "#123456789", "1,479,706 students",
        "2019-2022", "sha256 9c8a6641e7cb0b4d", "at 12 o'clock", "a@b",
    ],
)  # fmt: skip
def test_numbers_that_identify_nobody_pass(text: str) -> None:
    assert identifiers({"page": text}).empty


def test_refuses_what_would_check_nothing() -> None:
    frame = pd.DataFrame({"n": [1]})
    with pytest.raises(ValueError, match="quasi_identifiers is empty"):
        k_anonymity(frame, [])
    with pytest.raises(ValueError, match="no column none; the table has n"):
        k_anonymity(frame, ["none"])
    with pytest.raises(ValueError, match="threshold 1 protects nobody"):
        k_anonymity(frame, ["n"], k=1)
