"""Write expected_peers.csv: the coefficients as other Python libraries compute them.

python -m venv peers && peers/bin/pip install irrCAC krippendorff nltk statsmodels
peers/bin/python tests/oracles/coding/expected_peers.py

irrCAC is by K. L. Gwet's method, krippendorff by S. Castro, nltk.metrics.agreement computes alpha
of sets with any distance. (These do not fit the project itself: GPL, no interval, old pandas.)
"""

import csv
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent


def wide(long: pd.DataFrame, name: str) -> pd.DataFrame:
    return long[long["dataset"] == name].pivot(index="unit", columns="rater", values="rating")


def masi(a: frozenset, b: frozenset) -> float:
    if not a and not b:
        return 0.0
    credit = 1.0 if a == b else 2 / 3 if a <= b or b <= a else 1 / 3
    return 1 - len(a & b) / len(a | b) * credit


def jaccard(a: frozenset, b: frozenset) -> float:
    return 0.0 if a == b else 1 - len(a & b) / len(a | b)


def gwet(table: pd.DataFrame) -> dict[str, float]:
    cac = import_module("irrCAC.raw").CAC(table, digits=15)
    found = {
        "fleiss_kappa": cac.fleiss(),
        "gwet_ac1": cac.gwet(),
        "brennan_prediger": cac.bp(),
        "krippendorff_alpha": cac.krippendorff(),
    }
    values = {name: answer["est"]["coefficient_value"] for name, answer in found.items()}
    return values | {"percent_agreement": found["gwet_ac1"]["est"]["pa"]}


def main() -> None:
    # Imported here, so that test collection can read this file where they are not installed.
    krippendorff = import_module("krippendorff")
    task = import_module("nltk.metrics.agreement").AnnotationTask
    long = pd.read_csv(HERE / "ratings.csv", dtype=str)
    rows = []
    for name in ("two_raters", "two_missing", "rare_code", "four_raters", "four_missing"):
        table = wide(long, name)
        rows += [("irrCAC", name, key, value) for key, value in gwet(table).items()]
        numbers = table.astype(float).to_numpy().T
        nominal = krippendorff.alpha(numbers, level_of_measurement="nominal")
        rows.append(("krippendorff", name, "krippendorff_alpha", nominal))
    ordinal = krippendorff.alpha(
        wide(long, "four_missing").astype(float).to_numpy().T, level_of_measurement="ordinal"
    )
    rows.append(("krippendorff", "four_missing", "krippendorff_alpha_ordinal", ordinal))
    sets = long[long["dataset"] == "code_sets"]
    triples = [
        (rater, unit, frozenset() if rating == "-" else frozenset(rating.split("|")))
        for unit, rater, rating in sets[["unit", "rater", "rating"]].itertuples(index=False)
    ]
    for key, distance in (("masi_alpha", masi), ("jaccard_alpha", jaccard)):
        value = task(triples, distance=distance).alpha()
        rows.append(("nltk", "code_sets", key, value))
    with (HERE / "expected_peers.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["tool", "version", "dataset", "coefficient", "value"])
        for tool, name, key, value in rows:
            writer.writerow([tool, version(tool), name, key, repr(float(value))])


if __name__ == "__main__":
    main()
