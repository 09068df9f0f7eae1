"""Respondents and target population of each district, the district that is not printed included.

The response table gives four of the five surveyed districts and the total of all five. What is
missing is therefore determined: the total less the four.
"""

from __future__ import annotations

import pandas as pd

OVERALL = "Overall"


def response_counts(rates: pd.DataFrame, districts: pd.DataFrame) -> pd.DataFrame:
    """Complete the table of response rates with the one surveyed district it leaves out.

    Parameters
    ----------
    rates
        `epic_table2_response_rates`: `district`, `responses`, `target_population`, with a row
        "Overall".
    districts
        `epic_districts`: `district` and `surveyed` (true or false).

    Returns
    -------
    pandas.DataFrame
        One row per surveyed district in the order printed, the derived one last: `district`,
        `responses`, `target_population` (persons) and `derived` (true where not printed).

    Raises
    ------
    ValueError
        If there is no overall row, more than one surveyed district is missing, the printed
        districts do not add up to the total, or a district has more responses than teachers.

    Examples
    --------
    >>> rates = pd.DataFrame({"district": ["A", "Overall"], "responses": [3, 10],
    ...                       "target_population": [4, 20]})
    >>> surveyed = pd.DataFrame({"district": ["A", "B"], "surveyed": [True, True]})
    >>> print(response_counts(rates, surveyed).to_string(index=False))
    district  responses  target_population  derived
           A          3                  4    False
           B          7                 16     True
    """
    rates = rates.reset_index(drop=True)
    overall = rates[rates["district"] == OVERALL]
    if len(overall) != 1:
        raise ValueError(
            f"response rates: {len(overall)} rows named {OVERALL!r}; exactly one is needed to "
            "derive the district that is not printed"
        )
    printed = rates.loc[rates["district"] != OVERALL, ["district", "responses"]].copy()
    printed["target_population"] = rates["target_population"]
    printed["derived"] = False
    rest = {
        name: int(overall[name].iloc[0]) - int(printed[name].sum())
        for name in ("responses", "target_population")
    }
    absent = _absent_district(printed["district"].tolist(), districts)
    if absent is None and any(rest.values()):
        raise ValueError(
            f"response rates: the districts miss the overall row by {rest['responses']} responses "
            f"and {rest['target_population']} teachers, and no surveyed district is left out"
        )
    if absent is not None:
        last = pd.DataFrame([{"district": absent, "derived": True} | rest])
        printed = pd.concat([printed, last], ignore_index=True)
    return _checked(printed.reset_index(drop=True))


def _absent_district(printed: list[str], districts: pd.DataFrame) -> str | None:
    surveyed = districts.loc[districts["surveyed"].astype(str).str.lower() == "true", "district"]
    unknown = sorted(set(printed) - set(surveyed))
    if unknown:
        raise ValueError(
            f"response rates: {unknown[0]!r} is not a surveyed district of epic_districts "
            f"({', '.join(surveyed)}); correct the name in one of the two tables"
        )
    absent = [name for name in surveyed if name not in printed]
    if len(absent) > 1:
        raise ValueError(
            f"response rates: {', '.join(absent)} are not printed; only one district can be "
            "derived from the overall row"
        )
    return absent[0] if absent else None


def _checked(counts: pd.DataFrame) -> pd.DataFrame:
    for row in counts.to_dict("records"):
        if not 0 < row["responses"] <= row["target_population"]:
            how = "derived" if row["derived"] else "printed"
            raise ValueError(
                f"response rates: {row['district']} has {row['responses']} responses of "
                f"{row['target_population']} teachers ({how}); responses must be above 0 and at "
                "most the target population"
            )
    return counts.astype({"responses": int, "target_population": int, "derived": bool})
