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
        self.booster = xgboost.Booster(model_file=folder / "model.ubj")

    def predict(self, frame, params=None):
        """Probability of default of each row. A level that training never saw is missing, as in Node."""
        rows = np.empty((len(frame), len(self.features)), dtype=np.float32)
        for j, feature in enumerate(self.features):
            rows[:, j] = encode(frame[feature["name"]], feature.get("levels"))
        matrix = xgboost.DMatrix(
            rows,
            feature_names=self.booster.feature_names,
            feature_types=self.booster.feature_types,
            enable_categorical=True,
        )
        return calibrate(self.calibration, self.booster.predict(matrix, output_margin=True).astype(np.float64))


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
