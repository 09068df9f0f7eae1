"""The coding strand against its peers: tallies, cross tables, pairs, agreement, bootstrap."""

from contest import Task

MILLION = {"rows": 1_000_000}
GROWTH = [{"rows": 10**power} for power in (4, 5, 6)]

TASKS = [
    Task("coding.counting", "tally", MILLION),
    Task("coding.counting", "cross_table", MILLION),
    Task("coding.counting", "co_occurrence", MILLION),
    Task("coding.agreement", "alpha", MILLION),
    Task("coding.agreement", "fleiss_kappa", MILLION),
    Task("coding.agreement", "kappa_by_code", MILLION),
    Task("coding.agreement", "alpha_by_code", MILLION),
    Task("coding.bootstrap", "alpha_bootstrap", MILLION),
    Task("coding.bootstrap", "alpha_by_code_bootstrap", MILLION),
    Task("coding.imports", "import"),
    *(Task("coding.counting", "growth_tally", size) for size in GROWTH),
    *(Task("coding.counting", "growth_co_occurrence", size) for size in GROWTH),
    *(Task("coding.bootstrap", "growth_alpha_bootstrap", size) for size in GROWTH),
]

#: How many times as long another library should take at least; below 1 it may be faster.
GOALS = {("import", "pandas"): 1 / 1.1}
