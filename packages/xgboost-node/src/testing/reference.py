"""Python xgboost's answers for the live comparison: reads a job (JSON) on stdin, writes the answers (JSON) on stdout.

The matrix comes as base64 of float32, row-major; models trained here come back as UBJ in base64, and models trained in
Node are loaded and predicted.
"""
import base64
import json
import sys

import numpy as np
import xgboost as xgb


def floats(text):
    return np.frombuffer(base64.b64decode(text), dtype="<f4")


def listed(values):
    return [None if v != v else float(v) for v in np.asarray(values, dtype=np.float64).ravel()]


def matrix(job, case):
    x = floats(job["values"]).reshape(job["rows"], -1)
    types = case.get("types")
    d = xgb.DMatrix(x[:, : case["columns"]], label=floats(case["label"]), feature_types=types, enable_categorical=types is not None, nthread=1)
    if "group" in case:
        d.set_group(case["group"])
    return d


def answer(job, case):
    d = matrix(job, case)
    log = {}
    params = case["params"]
    booster = xgb.train(params, d, case["rounds"], evals=[(d, "train")], evals_result=log, verbose_eval=False)
    theirs = xgb.Booster(model_file=bytearray(base64.b64decode(case["model"])))
    linear = params.get("booster") == "gblinear"
    out = {
        "model": base64.b64encode(booster.save_raw("ubj")).decode(),
        "log": {metric: values for metric, values in log["train"].items()},
        "prediction": listed(booster.predict(d)),
        "margin": listed(booster.predict(d, output_margin=True)),
        "contributions": listed(booster.predict(d, pred_contribs=True)),
        "theirs": listed(theirs.predict(d)),
        "interactions": listed(booster.predict(d, pred_interactions=True)) if not linear else [],
        "leaf": listed(booster.predict(d, pred_leaf=True)) if not linear else [],
        "importance": {kind: booster.get_score(importance_type=kind) for kind in (["weight"] if linear else ["weight", "gain", "cover", "total_gain", "total_cover"])},
        "dump": booster.get_dump(with_stats=not linear),
    }
    if "folds" in case:
        rows = np.arange(job["rows"])
        folds = [(np.setdiff1d(rows, f), np.array(f)) for f in case["folds"]]
        table = xgb.cv(params, d, case["rounds"], folds=folds, as_pandas=False)
        out["cv"] = {key: listed(values) for key, values in table.items()}
    return out


def widths(job, case):
    """How many values a row has that Python predicts, with and without the link function, and the model."""
    x = floats(job["values"]).reshape(job["rows"], -1)
    label = floats(case["label"])
    d = xgb.DMatrix(x[:, : case["columns"]], label=label if case["targets"] == 1 else label.reshape(job["rows"], -1), nthread=1)
    if "group" in case:
        d.set_group(case["group"])
    if case["params"]["objective"] == "survival:aft":
        for bound in ("label_lower_bound", "label_upper_bound"):
            d.set_float_info(bound, label)
    booster = xgb.train(case["params"], d, 2)
    width = lambda shape: 1 if len(shape) == 1 else int(np.prod(shape[1:]))
    return {
        "value": width(booster.predict(d).shape),
        "margin": width(booster.predict(d, output_margin=True).shape),
        "model": base64.b64encode(booster.save_raw("ubj")).decode(),
    }


def main():
    job = json.load(sys.stdin)
    json.dump(
        {
            "version": xgb.__version__,
            "cases": {name: answer(job, case) for name, case in job["cases"].items()},
            "widths": {name: widths(job, case) for name, case in job["widths"].items()},
        },
        sys.stdout,
    )


main()
