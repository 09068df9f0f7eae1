"""Array types, and the one operation that the whole package rests on: summing by code."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.intp]
Codes: TypeAlias = NDArray[Any]  # integers of any width: widen before multiplying
Mask: TypeAlias = NDArray[np.bool_]


def sum_by(codes: IntArray, values: FloatArray, size: int = 0) -> FloatArray:
    """Sum numbers, or the rows of a matrix, by code; `size` codes, where more may be than occur."""
    if values.ndim == 1:
        return np.bincount(codes, weights=values, minlength=size).astype(np.float64, copy=False)
    return np.stack([sum_by(codes, part, size) for part in values.T], axis=1)
