"""What may be said of one district, decided in one place for every page that says it.

Documents spell a district in several ways, so the names come from one table. A share of which only
limits are known enters as these limits, never as the share that a reconstruction happened to draw.
"""

import numpy as np
import pandas as pd

from compendium.survey.intervals import fixed_share, share_interval
from compendium.text import nearest
from compendium.triangulation.gather import Evidence, gather_evidence


def bounded_estimates(
    limits: pd.DataFrame, *, level: float = 0.95, fixed: float = 0.05
) -> pd.DataFrame:
    """Make estimates of shares of which only limits are known.

    The interval is the sampling interval of the lower limit below, and of the upper limit above
    (Horowitz and Manski 2000, JASA 95(449)), so that it covers whatever lies between. It is
    Wilson's, with the effective sample size.

    Parameters
    ----------
    limits : DataFrame
        Columns item_id, answer, limit_lower, limit_upper (shares in [0, 1]), n (answers) and
        design_effect (missing for 1); other columns are kept.
    level : float
        Confidence level of the sampling interval.
    fixed : float
        Limits no further apart than this fix the share, which is then the middle between them.

    Returns
    -------
    DataFrame
        The rows with share (missing where it is not fixed), lower and upper.

    Examples
    --------
    >>> limits = pd.DataFrame({
    ...     "item_id": ["I-1", "I-2"], "answer": "agree", "limit_lower": [0.5, 0.64],
    ...     "limit_upper": [1.0, 0.66], "n": 100, "design_effect": [1.0, 1.0]})
    >>> bounded_estimates(limits)[["share", "lower", "upper"]].round(3).values.tolist()
    [[nan, 0.404, 1.0], [0.65, 0.542, 0.745]]
    """
    share = fixed_share(limits, fixed)
    n = limits["n"].to_numpy(float)
    size = n / limits["design_effect"].fillna(1).to_numpy(float)
    ends = {}
    for place, side in enumerate(("lower", "upper")):
        end = limits[f"limit_{side}"].to_numpy(float)
        se, df = np.sqrt(end * (1 - end) / size), np.maximum(n - 1, 0)
        both = share_interval(end, se, df, n=n, kish=size, interval="wilson", level=level)
        ends[side] = both[place]
    return limits.assign(share=share, **ends)


def rows_with_estimates(crosswalk: pd.DataFrame, estimates: pd.DataFrame) -> pd.DataFrame:
    """Take the item off rows of a crosswalk of which there is no estimate.

    The item was not asked, nobody answered it, or its share is withheld: the survey is silent.

    Examples
    --------
    >>> crosswalk = pd.DataFrame({"item_id": ["I-1", "I-2"], "survey_answer": "agree"})
    >>> estimates = pd.DataFrame({"item_id": ["I-1"]})
    >>> rows_with_estimates(crosswalk, estimates)["survey_answer"].tolist()
    ['agree', None]
    """
    known = crosswalk["item_id"].isin(estimates["item_id"])
    asked = crosswalk[["item_id", "survey_answer"]].astype(object).where(known, None)
    return crosswalk.assign(**asked)


def gather_district(
    estimates: pd.DataFrame,
    stances: pd.DataFrame,
    crosswalk: pd.DataFrame,
    district: str,
    *,
    cases: pd.DataFrame,
    districts: pd.DataFrame,
) -> list[Evidence]:
    """Collect the evidence of one district: its survey answers and the cases at its sites.

    Parameters
    ----------
    estimates : DataFrame
        As for `joint_display`, with the column group: the district as the survey names it.
    stances, crosswalk, cases
        As for `joint_display`; site of a case is the district as the text names it.
    district : str
        The district, as the survey names it.
    districts : DataFrame
        One row per district: district and text_name, its names in survey and text, and case_study,
        whether cases of it were studied. ValueError for a district or site that is not there, or a
        case-study district without any case: names that do not fit would pass for silence.

    Returns
    -------
    list of Evidence
        One per crosswalk row; where no case was studied, nobody was asked.

    Examples
    --------
    >>> estimates = pd.DataFrame({
    ...     "item_id": ["I-1"], "answer": "agree", "group": "Davis Charter", "share": [0.9],
    ...     "lower": [0.8], "upper": [0.95], "n": [90], "design_effect": [1.0]})
    >>> cases = pd.DataFrame({"document": "epic", "case": list("abc"), "role": "teacher",
    ...                       "site": "Davis", "asked": True})
    >>> stances = pd.DataFrame({"row_id": "X-1", "segment_id": list("xyz"), "remark": list("xyz"),
    ...                         "stance": "for", "document": "epic", "case": list("abc")})
    >>> crosswalk = pd.DataFrame({
    ...     "row_id": ["X-1"], "claim": "Pace", "item_id": "I-1", "survey_answer": "agree",
    ...     "eligible_document": "epic", "eligible_cases": "teacher"})
    >>> districts = pd.DataFrame({"district": ["Davis Charter"], "text_name": "Davis",
    ...                           "case_study": True})
    >>> found = gather_district(estimates, stances, crosswalk, "Davis Charter", cases=cases,
    ...                         districts=districts)
    >>> len(found[0].coded.supporting)
    3
    """
    names = districts.set_index("district")["text_name"]
    if district not in names.index:
        raise ValueError(f"districts: {district!r} is not there; {nearest(district, names.index)}")
    studied = set(districts.loc[districts["case_study"], "text_name"])
    for site in sorted(studied ^ set(cases["site"])):
        what = "no case" if site in studied else "cases, but is no district of the case study"
        raise ValueError(f"districts: {site!r} has {what}; {nearest(site, studied)}")
    there = cases["site"] == names[district]
    said = stances["case"].isna() | stances["case"].isin(cases.loc[there, "case"])
    here = estimates[estimates["group"] == district]
    return gather_evidence(
        here,
        stances[said],
        rows_with_estimates(crosswalk, here),
        cases=cases.assign(asked=cases["asked"] & there),
    )
