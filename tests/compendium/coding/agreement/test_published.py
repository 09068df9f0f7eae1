"""The coefficients on worked examples that were printed, each to the digits that were printed."""

import pytest

from compendium.coding import agreement

N = None


def from_table(table):
    """Units x 2 raters from a table of counts."""
    return [
        [row, column]
        for row, counts in enumerate(table)
        for column, count in enumerate(counts)
        for _ in range(count)
    ]


# Cohen, J. (1968). Psychological Bulletin 70, 213-220, Table 1: 200 cases, 2 judges.
COHEN = from_table([[88, 14, 18], [10, 40, 10], [2, 6, 12]])

# Fleiss, J. L. (1971). Psychological Bulletin 76, 378-382, Table 1: 30 patients, 6 psychiatrists,
# 5 diagnoses. One row per patient: ratings in each diagnosis.
FLEISS_TABLE = """
00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031
00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006
"""
FLEISS_COUNTS = FLEISS_TABLE.split()
FLEISS = [
    [diagnosis for diagnosis, count in enumerate(counts) for _ in range(int(count))]
    for counts in FLEISS_COUNTS
]

# Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability: A, two observers, binary;
# B, two observers, names; C, four observers, five ordered values, missing ratings.
BINARY = list(zip([0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0], strict=True))
NAMES = list(zip("aabbdcccedda", "babbbccceddd", strict=True))
MISSING = list(
    zip(
        [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
        [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
        strict=True,
    )
)

# Gwet, K. L. (2014), Handbook of Inter-Rater Reliability: 100 women, 2 abstractors. Printed with
# results in the overview of R's package irrCAC (data set cont3x3abstractors).
ABSTRACTORS = from_table([[13, 0, 0], [0, 20, 7], [0, 4, 56]])

# Gwet, K. L. (2008). British Journal of Mathematical and Statistical Psychology 61, 29-48: high
# agreement, one rare category, and a kappa below zero.
RARE = from_table([[0, 2], [5, 118]])

# Cicchetti, D. V. & Feinstein, A. R. (1990). Journal of Clinical Epidemiology 43, 551-558: two
# tables with 85 and 85 of 100 pairs agreeing, and kappas far apart.
BALANCED = from_table([[45, 6], [9, 40]])
UNBALANCED = from_table([[5, 5], [10, 80]])


@pytest.mark.parametrize(
    ("coefficient", "ratings", "printed", "digits"),
    [
        ("cohen_kappa", COHEN, 0.492, 3),
        ("fleiss_kappa", FLEISS, 0.430, 3),
        ("percent_agreement", FLEISS, 0.5556, 4),
        ("krippendorff_alpha", BINARY, 0.095, 3),
        ("krippendorff_alpha", NAMES, 0.692, 3),
        ("krippendorff_alpha", MISSING, 0.743, 3),
        ("cohen_kappa", ABSTRACTORS, 0.7964094, 7),
        ("gwet_ac1", ABSTRACTORS, 0.8493305, 7),
        ("brennan_prediger", ABSTRACTORS, 0.835, 7),
        ("krippendorff_alpha", ABSTRACTORS, 0.7972585, 7),
        ("percent_agreement", ABSTRACTORS, 0.89, 7),
        ("cohen_kappa", RARE, -0.0234, 4),
        ("gwet_ac1", RARE, 0.9408, 4),
        ("cohen_kappa", BALANCED, 0.70, 2),
        ("cohen_kappa", UNBALANCED, 0.32, 2),
        ("positive_agreement", UNBALANCED, 0.91, 2),
        ("negative_agreement", UNBALANCED, 0.40, 2),
    ],
)
def test_printed_value(coefficient, ratings, printed, digits):
    found = getattr(agreement, coefficient)(ratings, replicates=0)
    assert round(found.value, digits) == printed
    assert found.reason == ""


@pytest.mark.parametrize(
    ("level", "printed"), [("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_printed_alpha_of_ordered_ratings(level, printed):
    found = agreement.krippendorff_alpha(MISSING, level, replicates=0)
    assert found.value == pytest.approx(printed, abs=0.0005)
    assert found.n == 11


def test_the_printed_table_of_fleiss_is_copied_right():
    totals = [sum(int(counts[k]) for counts in FLEISS_COUNTS) for k in range(5)]
    assert totals == [26, 26, 30, 55, 43]
    assert {sum(map(int, counts)) for counts in FLEISS_COUNTS} == {6}
