"""Co-occurrence by sparse product, against intersections of Python sets."""

from itertools import product

import pandas as pd
import pytest

from compendium.coding.cases import with_cases
from compendium.coding.pairs import co_occurrence
from compendium.coding.reconciliation import reconcile


@pytest.mark.parametrize(("unit", "column"), [("segment", "segment_id"), ("case", "case")])
def test_against_sets(evidence, unit, column):
    coded = with_cases(reconcile(evidence["applications"]), evidence["segments"])
    codes = [*evidence["codebook"]["code"], "never"]
    carriers = {code: set(coded.loc[coded["code"] == code, column].dropna()) for code in codes}
    table = co_occurrence(coded, unit, codes).set_index(["code", "other"])
    assert list(table.index) == list(product(codes, codes))
    for (code, other), row in zip(table.index, table.to_dict("records"), strict=True):
        both, union = carriers[code] & carriers[other], carriers[code] | carriers[other]
        assert row["n_both"] == len(both)
        assert (row["n_code"], row["n_other"]) == (len(carriers[code]), len(carriers[other]))
        if union:
            assert row["jaccard"] == pytest.approx(len(both) / len(union), abs=1e-15)
        else:
            assert pd.isna(row["jaccard"])


def test_two_coders_on_one_segment_do_not_count_twice(applications):
    table = co_occurrence(applications).set_index(["code", "other"])["n_both"]
    assert table[("pace", "pace")] == 2
    assert table[("pace", "policy")] == table[("policy", "pace")] == 1


def test_an_unknown_code_is_refused(applications):
    with pytest.raises(ValueError, match="'time' is not in the codebook"):
        co_occurrence(applications, codes=["pace", "policy"])


def test_codes_are_sorted_unless_named():
    applied = pd.DataFrame({"segment_id": ["S1", "S1"], "code": ["time", "pace"]})
    assert co_occurrence(applied)["code"].tolist() == ["pace", "pace", "time", "time"]
    assert co_occurrence(applied, codes=["time", "pace"])["code"].iloc[0] == "time"
