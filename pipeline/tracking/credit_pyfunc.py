"""Serves the bundle from MLflow: feature values in, categories as text, the calibrated probabilities of the Node scorer out."""

import json
from pathlib import Path

import numpy as np
import xgboost


def _load_pyfunc(path):
    return CreditScoring(Path(path))


class CreditScoring:
    def __init__(self, folder):
        bundle = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
        self.calibration = bundle["calibration"]
        self.features = bundle["definitions"]["features"]
        self.places = {feature["name"]: j for j, feature in enumerate(self.features)}
        self.members = [(member["weight"], self.member(member, folder)) for member in bundle["members"]]

    def predict(self, frame, params=None):
        """Probability of default of each row. A level that training never saw is missing, as in Node."""
        rows = np.empty((len(frame), len(self.features)), dtype=np.float32)
        for j, feature in enumerate(self.features):
            rows[:, j] = encode(frame[feature["name"]], feature.get("levels"))
        margin = np.zeros(len(rows))
        for weight, margins in self.members:
            margin += weight * margins(rows)
        return calibrate(self.calibration, margin)

    def member(self, member, folder):
        """The log-odds of one member, as a function of the rows."""
        family = member["family"]
        if family == "trees":
            return trees(xgboost.Booster(model_file=folder / member["file"]))
        if family == "linear":
            return lambda rows: linear(member, self.columns(rows))
        if family == "scorecard":
            return lambda rows: scorecard(member, self.columns(rows))
        raise ValueError(f"bundle.json: unknown family of member {family!r}")

    def columns(self, rows):
        """A feature's values in double precision, by name."""
        return lambda feature: rows[:, self.places[feature]].astype(np.float64)


def trees(booster):
    def margins(rows):
        matrix = xgboost.DMatrix(
            rows,
            feature_names=booster.feature_names,
            feature_types=booster.feature_types,
            enable_categorical=True,
        )
        return booster.predict(matrix, output_margin=True).astype(np.float64)

    return margins


def linear(member, column):
    """The formulas of pipeline/models/members/linear.ts."""
    margin = member["intercept"]
    for one in member["columns"]:
        margin = margin + one["coefficient"] * ((raw(one["read"], column(one["feature"])) - one["mean"]) / one["sd"])
    return margin


def raw(read, value):
    if read["as"] == "missing":
        return np.isnan(value).astype(np.float64)
    if read["as"] == "level":
        return (value == read["code"]).astype(np.float64)
    return np.where(np.isnan(value), read["fill"], np.clip(value, read["low"], read["high"]))


def scorecard(member, column):
    """The formulas of pipeline/models/members/scorecard.ts."""
    margin = member["intercept"]
    for one in member["characteristics"]:
        margin = margin + one["coefficient"] * woe(one["bins"], column(one["feature"]))
    return margin


def woe(bins, value):
    """Weight of evidence by bin; 0 for a level or a gap that training did not have."""
    missing = next((one["woe"] for one in bins if one.get("missing")), 0.0)
    of_code = {code: one["woe"] for one in bins for code in one.get("codes", [])}
    if of_code:
        known = np.array([of_code.get(code, 0.0) for code in value])
    else:
        ranges = [one for one in bins if not one.get("missing")]
        ends = [one.get("to", np.inf) for one in ranges]
        woes = np.array([one["woe"] for one in ranges] or [0.0])
        known = woes[np.searchsorted(ends[:-1], value, side="left")]
    return np.where(np.isnan(value), missing, known)


def encode(column, levels):
    if levels is None:
        return column.to_numpy(dtype=np.float32, na_value=np.nan)
    codes = {level: code for code, level in enumerate(levels)}
    return [codes.get(value, np.nan) for value in column]


def calibrate(calibration, margin):
    """The formulas of pipeline/models/calibration.ts."""
    method = calibration["method"]
    if method == "none":
        return sigmoid(margin)
    if method == "platt":
        return sigmoid(calibration["slope"] * margin + calibration["intercept"])
    if method == "beta":
        a, b, c = calibration["a"], calibration["b"], calibration["c"]
        return sigmoid(-a * np.logaddexp(0, -margin) + b * np.logaddexp(0, margin) + c)
    if method == "isotonic":
        return np.interp(sigmoid(margin), calibration["x"], calibration["y"])
    raise ValueError(f"bundle.json: unknown calibration {method!r}")


def sigmoid(x):
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))
