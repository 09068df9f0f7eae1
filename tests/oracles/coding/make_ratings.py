"""Write ratings.csv: made-up ratings on which the coefficients are compared with other programs.

Run from anywhere: python tests/oracles/coding/make_ratings.py. Seeded; needs numpy only.
"""

import csv
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
LETTERS = np.array(list("abcdef"))


def noisy(
    random: np.random.Generator,
    truth: np.ndarray,
    n_raters: int,
    n_categories: int,
    *,
    error: float,
    missing: float,
) -> np.ndarray:
    """Ratings 1..n of each rater: the truth, a random category by mistake, or nothing."""
    shape = (len(truth), n_raters)
    wrong = random.integers(1, n_categories + 1, shape)
    ratings = np.where(random.random(shape) < error, wrong, truth[:, None])
    return np.where(random.random(shape) < missing, 0, ratings)


def as_text(ratings: np.ndarray) -> list[list[str]]:
    """Missing ratings are left out of the file."""
    return [["" if rating == 0 else str(rating) for rating in row] for row in ratings]


def code_sets(random: np.random.Generator) -> list[list[str]]:
    """Sets of letters, `-` for the empty set."""
    rows = []
    for _ in range(40):
        truth = random.random(6) < 0.3
        row = []
        for _ in range(3):
            chosen = truth ^ (random.random(6) < 0.08)
            text = "|".join(LETTERS[chosen]) or "-"
            row.append("" if random.random() < 0.1 else text)
        rows.append(row)
    return rows


def main() -> None:
    random = np.random.default_rng(20220511)
    truth = random.integers(1, 4, 60)
    rare = 1 + (random.random(200) < 0.04)
    ordered = np.sort(random.integers(1, 6, 50))
    data = {
        "two_raters": as_text(noisy(random, truth, 2, 3, error=0.3, missing=0)),
        "two_missing": as_text(
            noisy(random, random.integers(1, 5, 80), 2, 4, error=0.3, missing=0.15)
        ),
        "rare_code": as_text(noisy(random, rare, 2, 2, error=0.05, missing=0)),
        "four_raters": as_text(
            noisy(random, random.integers(1, 6, 40), 4, 5, error=0.25, missing=0)
        ),
        "four_missing": as_text(noisy(random, ordered, 4, 5, error=0.35, missing=0.3)),
        "code_sets": code_sets(random),
    }
    with (HERE / "ratings.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["dataset", "unit", "rater", "rating"])
        for name, rows in data.items():
            for unit, row in enumerate(rows, start=1):
                for rater, rating in enumerate(row, start=1):
                    if rating:
                        writer.writerow([name, unit, f"R{rater}", rating])


if __name__ == "__main__":
    main()
