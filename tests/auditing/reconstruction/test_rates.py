import pandas as pd
import pytest

from auditing.reconstruction.rates import response_counts


def test_the_district_that_is_not_printed_is_what_is_left(tables):
    counts = response_counts(tables["epic_table2_response_rates"], tables["epic_districts"])
    last = counts.iloc[-1]
    assert last.tolist() == ["Lehigh", 98, 173, True]
    assert counts["responses"].sum() == 444
    assert counts["target_population"].sum() == 611
    assert not counts["derived"].iloc[:-1].any()


def _without_lehigh(tables):
    districts = tables["epic_districts"]
    return districts[districts["district"] != "Lehigh"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda r, d: (r[r["district"] != "Overall"], d), "0 rows named 'Overall'"),
        (lambda r, d: (r, d[d["district"] != "Lehigh"]), "miss the overall row by 98 responses"),
        (lambda r, d: (r[r["district"] != "Mercer"], d), "Lehigh, Mercer are not printed"),
        (lambda r, d: (r.replace({"Mercer": "Mercier"}), d), "'Mercier' is not a surveyed"),
        (lambda r, d: (r.replace({444: 340}), d), "Lehigh has -6 responses of 173 .*derived"),
        (lambda r, d: (r.replace({59: 81}), d), "Williams-Battier has 81 responses of 80"),
    ],
)
def test_impossible_rates_are_refused(tables, change, message):
    rates, districts = change(tables["epic_table2_response_rates"], tables["epic_districts"])
    with pytest.raises(ValueError, match=message):
        response_counts(rates, districts)


def test_nothing_is_derived_when_every_district_is_printed(tables):
    rates = tables["epic_table2_response_rates"].copy()
    lehigh = pd.DataFrame({"district": ["Lehigh"], "responses": [98], "target_population": [173]})
    counts = response_counts(pd.concat([rates, lehigh]), tables["epic_districts"])
    assert not counts["derived"].any()
    assert len(counts) == 5
