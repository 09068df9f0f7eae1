"""Intervals where the usual formula has nothing to say: no variance, no freedom, limits apart."""

import numpy as np
import pandas as pd
import pytest

from compendium.survey.intervals import fixed_share, share_interval


@pytest.mark.parametrize("interval", ["logit", "beta", "wilson"])
def test_a_share_without_variance_is_its_own_interval(interval: str) -> None:
    answers = {"n": np.array([20.0, 20.0, 20.0]), "kish": np.array([20.0, 20.0, 20.0])}
    share, se, df = np.array([0.5, 0.5, 0.5]), np.array([0.0, 0.1, 0.1]), np.array([9.0, 9.0, 0.0])
    lower, upper = share_interval(share, se, df, **answers, interval=interval)
    assert (lower[0], upper[0]) == (0.5, 0.5)
    assert lower[1] < 0.4
    assert upper[1] > 0.6
    assert np.isnan([lower[2], upper[2]]).all()


def test_limits_fix_a_share_up_to_a_width() -> None:
    limits = pd.DataFrame(
        {"item_id": list("abc"), "limit_lower": [0.5, 0.5, 0.5], "limit_upper": [0.5, 0.51, 0.52]}
    )
    fixed = fixed_share(limits, 0.01)
    assert fixed.tolist()[:2] == [0.5, 0.505]
    assert np.isnan(fixed[2])
    with pytest.raises(ValueError, match="limits, b: limit_lower is not at most limit_upper"):
        fixed_share(limits.assign(limit_upper=[0.5, 0.4, 0.5]), 0.01)
