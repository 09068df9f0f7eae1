"""Write passages.csv: made-up passages of one text, on which coders' selections are compared.

Run from anywhere: python tests/oracles/coding/make_passages.py. Seeded; needs numpy only. In data
set `example` they are those of Krippendorff (2004), p. 254, moved to begin at 0; a coder's passages
of one code do not overlap, which the peers require.
"""

import csv
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
LENGTH = 2_000
EXAMPLE = [
    ("A", "c", 225, 295),
    ("A", "c", 370, 400),
    ("B", "c", 220, 300),
    ("B", "c", 355, 375),
    ("B", "c", 400, 420),
    ("A", "k", 180, 240),
    ("A", "k", 300, 350),
    ("B", "k", 180, 240),
    ("B", "k", 300, 350),
]


def select(random: np.random.Generator, coders: str, codes: str) -> list[tuple[str, str, int, int]]:
    """Passages that coders take more or less alike: moved ends, parts, neighbours, none."""
    rows = []
    for code in codes:
        edges = np.sort(random.choice(np.arange(20, LENGTH - 20), 16, replace=False))
        for coder in coders:
            last = 0
            for start, end in edges.reshape(-1, 2).tolist():
                begin, reach = start + random.integers(-15, 16), end + random.integers(-15, 16)
                begin = max(begin, last)
                if reach - begin < 2 or random.random() < 0.25:
                    continue
                middle = (begin + reach) // 2
                split = random.random() < 0.3 and reach - begin > 10
                parts = [(begin, middle), (middle, reach)] if split else [(begin, reach)]
                rows += [(coder, code, int(one), int(other)) for one, other in parts]
                last = reach
    return rows


def main() -> None:
    random = np.random.default_rng(20040254)
    data = {
        "example": (300, [(who, code, b - 150, e - 150) for who, code, b, e in EXAMPLE]),
        "two_coders": (LENGTH, select(random, "AB", "xyz")),
        "four_coders": (LENGTH, select(random, "ABCD", "xy")),
    }
    with (HERE / "passages.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["dataset", "length", "coder", "code", "start", "end"])
        for name, (length, rows) in data.items():
            writer.writerows([name, length, *row] for row in rows)


if __name__ == "__main__":
    main()
