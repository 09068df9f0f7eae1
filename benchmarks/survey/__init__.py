"""The survey strand against its peers: raking, tables of answers, clustered errors, bootstrap."""

from contest import Task

MILLION = {"rows": 1_000_000, "items": 40}
HUNDRED_THOUSAND = {"rows": 100_000, "items": 40}
GROWTH = [{"rows": 10**power, "items": 4} for power in (4, 5, 6, 7)]

TASKS = [
    Task("survey.raking", "rake", MILLION),
    Task("survey.tables", "tabulate", MILLION),
    Task("survey.tables", "tabulate_weighted", MILLION),
    Task("survey.tables", "tabulate_study", MILLION),
    Task("survey.tables", "tabulate_clustered", MILLION),
    Task("survey.bootstrap", "bootstrap", HUNDRED_THOUSAND),
    Task("survey.bootstrap", "bootstrap_study", HUNDRED_THOUSAND),
    Task("survey.imports", "import"),
    *(Task("survey.raking", "growth_rake", size) for size in GROWTH),
    *(Task("survey.tables", "growth_study", size) for size in GROWTH),
    *(Task("survey.tables", "growth_clustered", size) for size in GROWTH),
]

#: How many times as long another library should take at least; below 1 it may be faster. Set from
#: prototypes before the library was written; beside polars, for the same shares and errors.
GOALS = {
    ("rake", "ipfn"): 1 / 1.3,
    ("rake", "svy"): 40,
    ("rake", "balance"): 40,
    ("rake", "weightipy"): 40,
    ("tabulate", "pandas"): 1 / 0.3,
    ("tabulate", "polars"): 1,
    ("tabulate_weighted", "pandas"): 1 / 0.3,
    ("tabulate_weighted", "polars"): 1,
    ("tabulate_study", "pandas"): 1 / 0.3,
    ("tabulate_study", "polars"): 1,
    ("tabulate_clustered", "svy"): 20,
    ("bootstrap", "svy"): 100,
    ("bootstrap_study", "svy"): 100,
    ("import", "pandas"): 1 / 1.1,
}
