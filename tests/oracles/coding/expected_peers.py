"""Write expected_peers.csv: the coefficients as other Python libraries compute them.

python -m venv peers && peers/bin/pip install irrCAC krippendorff nltk scikit-learn statsmodels
peers/bin/python tests/oracles/coding/expected_peers.py

irrCAC is by K. L. Gwet's method, krippendorff by S. Castro, nltk.metrics.agreement computes alpha
of sets with any distance. (These do not fit the project itself: GPL, no interval, old pandas.)
Agreement per character is computed with one row per character of the text of passages.csv.
"""

import csv
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import numpy as np
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


def weighted(table: pd.DataFrame) -> list[tuple[str, str, float]]:
    """AC2, weighted kappa, and alpha of numbers, of ratings in order."""
    cac, scores = import_module("irrCAC.raw").CAC, import_module("sklearn.metrics")
    kappa = import_module("statsmodels.stats.inter_rater").cohens_kappa
    rows = []
    for kind in ("linear", "quadratic"):
        value = cac(table.astype(float), weights=kind, digits=15).gwet()["est"]["coefficient_value"]
        rows.append(("irrCAC", f"gwet_ac2_{kind}", value))
        if table.shape[1] == 2:
            first, second = table.dropna().to_numpy().T
            kappas = scores.cohen_kappa_score(first, second, weights=kind)
            rows.append(("scikit-learn", f"cohen_kappa_{kind}", kappas))
            counts = pd.crosstab(first, second).to_numpy()
            found = kappa(counts, wt=kind, return_results=False)
            rows.append(("statsmodels", f"cohen_kappa_{kind}", found))
    for level in ("ordinal", "interval", "ratio"):
        numbers = table.astype(float).to_numpy().T
        alpha = import_module("krippendorff").alpha(numbers, level_of_measurement=level)
        rows.append(("krippendorff", f"krippendorff_alpha_{level}", alpha))
    return rows


def by_character() -> list[tuple[str, str, str, str, float]]:
    """Agreement on each code of passages.csv, and on all pooled, over arrays of characters."""
    alpha = import_module("krippendorff").alpha
    passages = pd.read_csv(HERE / "passages.csv")
    rows = []
    for name, part in passages.groupby("dataset", sort=False):
        texts = {}
        for code, of_code in part.groupby("code"):
            texts[code] = np.zeros((part["coder"].nunique(), part["length"].iloc[0]), dtype=int)
            for row in of_code.itertuples():
                texts[code][ord(row.coder) - ord("A"), row.start : row.end] = 1
        texts["all"] = np.hstack(list(texts.values()))
        for code, text in texts.items():
            cac = gwet(pd.DataFrame(text.T))
            value = alpha(text, level_of_measurement="nominal")
            rows.append(("krippendorff", name, code, "krippendorff_alpha", value))
            rows.append(("irrCAC", name, code, "percent_agreement", cac["percent_agreement"]))
            rows.append(("irrCAC", name, code, "gwet_ac1", cac["gwet_ac1"]))
            if len(text) == 2:
                jaccard = import_module("sklearn.metrics").jaccard_score(*text)
                dice = import_module("sklearn.metrics").f1_score(*text)
                rows.append(("scikit-learn", name, code, "jaccard", jaccard))
                rows.append(("scikit-learn", name, code, "positive_agreement", dice))
    return rows


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
    sets = long[long["dataset"] == "code_sets"]
    triples = [
        (rater, unit, frozenset() if rating == "-" else frozenset(rating.split("|")))
        for unit, rater, rating in sets[["unit", "rater", "rating"]].itertuples(index=False)
    ]
    for key, distance in (("masi_alpha", masi), ("jaccard_alpha", jaccard)):
        value = task(triples, distance=distance).alpha()
        rows.append(("nltk", "code_sets", key, value))
    for name in ("two_raters", "two_missing", "four_missing"):
        rows += [(tool, name, key, value) for tool, key, value in weighted(wide(long, name))]
    with (HERE / "expected_characters.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["tool", "version", "dataset", "code", "coefficient", "value"])
        for tool, name, code, key, value in by_character():
            writer.writerow([tool, version(tool), name, code, key, repr(float(value))])
    with (HERE / "expected_peers.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["tool", "version", "dataset", "coefficient", "value"])
        for tool, name, key, value in rows:
            writer.writerow([tool, version(tool), name, key, repr(float(value))])


if __name__ == "__main__":
    main()
