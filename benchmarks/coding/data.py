"""Made-up codings: ten coders give each segment one code of 500, mostly the segment's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

CODES, CODERS, DOCUMENTS = 500, 10, 200


def make(folder: Path, rows: int) -> None:
    """Make as many applications: a tenth as many segments, each coded by ten coders."""
    random = np.random.default_rng(20210501)
    segments = rows // CODERS
    own = random.integers(0, CODES, segments)
    own[: min(CODES, segments)] = np.arange(min(CODES, segments))
    ratings = np.where(
        random.random((segments, CODERS)) < 0.85,
        own[:, None],
        random.integers(0, CODES, (segments, CODERS)),
    )
    np.save(folder / "ratings.npy", ratings.astype(np.int16))


class Data:
    """The data of a task, in the shapes that libraries want.

    `share` is the share of the segments to use, for a library that would need hours for all.
    """

    def __init__(self, folder: Path, share: float = 1.0) -> None:
        every = np.load(folder / "ratings.npy")
        self.ratings = every[: max(round(len(every) * share), 2)]
        self.size = len(self.ratings)
        self.document = np.arange(self.size) * DOCUMENTS // self.size
        self.codes = [f"code {code:03}" for code in range(CODES)]

    def applications(self, coders: int = CODERS) -> Any:
        """Return one row per application: segment, document, case, coder and code as strings."""
        import pandas as pd

        segment = np.repeat(np.arange(self.size), coders)
        codes = {
            "segment_id": segment,
            "document": self.document[segment],
            "case": segment // 10,
            "coder": np.tile(np.arange(coders), self.size),
            "code": self.ratings[:, :coders].ravel(),
        }
        labels = {
            "segment_id": self._names(),
            "document": self._documents(),
            "case": [f"person {number:05}" for number in range(self.size // 10 + 1)],
            "coder": [f"coder {number}" for number in range(coders)],
            "code": self.codes,
        }
        return pd.DataFrame({name: pd.Index(labels[name]).take(codes[name]) for name in codes})

    def segments(self) -> Any:
        """Return one row per segment, with its document."""
        import pandas as pd

        documents = pd.Index(self._documents()).take(self.document)
        return pd.DataFrame({"segment_id": self._names(), "document": documents})

    def fragments(self, coders: int = CODERS) -> Any:
        """Return applications under the names that qdaPy gives its columns."""
        names = {"segment_id": "annotationKey", "document": "citekey", "coder": "codedBy"}
        return self.applications(coders).rename(columns=names)

    def matrix(self) -> Any:
        """Return codes as numbers, segments x coders, as a frame."""
        import pandas as pd

        return pd.DataFrame(self.ratings.astype(np.int64))

    def text_matrix(self) -> Any:
        """Return codes as text, segments x coders, as qdaPy's `units` makes it."""
        import pandas as pd

        return pd.DataFrame(np.array(self.codes, dtype=object)[self.ratings])

    def _names(self) -> list[str]:
        return [f"S{number:07}" for number in range(self.size)]

    def _documents(self) -> list[str]:
        return [f"document {number:03}" for number in range(DOCUMENTS)]
