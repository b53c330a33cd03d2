"""Golden numbers for pipeline/models from imbalanced-learn, optbinning and scipy, on made-up data.

    uv venv VENV && uv pip install --python VENV/bin/python -r bench/requirements-compare.txt
    VENV/bin/python bench/compare_reference.py > pipeline/models/oracles/compare.json
"""
import json
import sys

import numpy as np
from imblearn.over_sampling import SMOTENC
from optbinning import OptimalBinning
from scipy import stats

rng = np.random.RandomState(11)


def smote():
    """Three numbers on unequal scales and two categories; the draws are those that SMOTENC itself makes from its seed."""
    bad, good, k, seed = 24, 60, 5, 7
    n = bad + good
    numbers = np.column_stack([rng.normal(size=n), rng.normal(size=n) * 3, rng.uniform(size=n) * 2])
    codes = np.column_stack([rng.randint(0, 3, n), rng.randint(0, 4, n)])
    y = np.r_[np.ones(bad, int), np.zeros(good, int)]
    X = np.column_stack([numbers, codes])
    made = SMOTENC(categorical_features=[3, 4], k_neighbors=k, random_state=seed).fit(X, y)
    Xs, ys = made.fit_resample(X, y)
    count = good - bad
    state = np.random.RandomState(seed)
    at = state.randint(low=0, high=bad * k, size=count)
    step = state.uniform(size=count)
    # The neighbours among the defaults, nearest first, as the package's own encoding measures them.
    sd = np.median(numbers[:bad].std(axis=0))
    onehot = np.column_stack([(codes[:bad, [j]] == np.unique(codes[:, j])) for j in range(2)]) * sd / np.sqrt(2)
    E = np.column_stack([numbers[:bad], onehot])
    D = ((E[:, None] - E[None]) ** 2).sum(-1)
    near = np.argsort(D, axis=1, kind="stable")[:, 1 : k + 1]
    return {
        "numbers": numbers[:bad].T.tolist(),
        "codes": codes[:bad].T.tolist(),
        "median_deviation": float(list(made.median_std_.values())[0]),
        "neighbours": near.tolist(),
        "draws": [{"base": int(a // k), "neighbour": int(a % k), "step": float(s)} for a, s in zip(at, step)],
        "made_numbers": Xs[n:, :3].astype(float).T.tolist(),
        "made_codes": Xs[n:, 3:].astype(int).T.tolist(),
    }


def binning():
    """A number with gaps whose risk rises, one whose risk falls, and a category; fine bins are given, so that both sides merge the same."""
    n = 4000
    x = rng.gamma(2.0, 2.0, n).astype(np.float32).astype(float)
    z = rng.normal(size=n).astype(np.float32).astype(float)
    p = 1 / (1 + np.exp(2.4 - 0.25 * x + 0.5 * z))
    y = (rng.uniform(size=n) < p).astype(int)
    gaps = rng.uniform(size=n) < 0.08
    out = []
    none = np.zeros(n, bool)
    for name, values, missing in [("rising", x, none), ("falling", z, none), ("rising with gaps", x, gaps)]:
        v = values.copy()
        v[missing] = np.nan
        ends = np.unique(np.quantile(v[~np.isnan(v)], np.arange(1, 20) / 20))
        ob = OptimalBinning(
            dtype="numerical", monotonic_trend="auto_asc_desc", max_n_bins=6, min_bin_size=0.05, user_splits=ends, solver="cp"
        ).fit(v, y)
        t = ob.binning_table.build()
        body = t.iloc[:-1]
        out.append(
            {
                "name": name,
                "values": [None if np.isnan(a) else float(a) for a in v],
                "target": y.tolist(),
                "fine": ends.tolist(),
                "splits": ob.splits.tolist(),
                "good": body["Non-event"].astype(int).tolist(),
                "bad": body["Event"].astype(int).tolist(),
                "woe": [float(w) for w in body["WoE"]],
                "iv": [float(w) for w in body["IV"]],
                "total_iv": float(t.loc["Totals", "IV"]),
            }
        )
    return out


def paired():
    """The corrected resampled t-test by its formula, with scipy's t distribution."""
    out = []
    for n, ratio in [(6, 0.5), (15, 0.25), (30, 0.1)]:
        d = rng.normal(0.004, 0.006, n)
        se = np.sqrt((1 / n + ratio) * d.var(ddof=1))
        out.append(
            {
                "differences": d.tolist(),
                "ratio": ratio,
                "standard_error": float(se),
                "p": float(2 * stats.t.sf(abs(d.mean() / se), n - 1)),
                "callable": float(stats.t.ppf(0.975, n - 1) * se),
            }
        )
    return out


json.dump({"smote": smote(), "binning": binning(), "paired": paired()}, sys.stdout)
print()
