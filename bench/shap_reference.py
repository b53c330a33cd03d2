"""Python xgboost's side of bench/shap.ts: measures a task when asked for it on stdin, and answers its seconds, of the clock and of the processor, on stdout."""
import json
import sys
import time

import numpy as np
import xgboost as xgb

folder, model, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
features = json.load(open(f"{folder}/features.json"))
columns = np.fromfile(f"{folder}/columns.f4", dtype="<f4").reshape(len(features["names"]), -1)
data = xgb.DMatrix(
    columns.T.copy(),
    feature_names=features["names"],
    feature_types=features["types"],
    enable_categorical=True,
    nthread=threads,
)
booster = xgb.Booster({"nthread": threads}, model_file=model)


def shap():
    booster.predict(data, pred_contribs=True)


def write():
    booster.predict(data, pred_contribs=True).astype("<f4").tofile(f"{folder}/shap.f4")


tasks = {f.__name__: f for f in (shap, write)}
print("ready", flush=True)
for line in sys.stdin:
    name, times = line.split()
    start, cpu = time.perf_counter(), time.process_time()
    for _ in range(int(times)):
        tasks[name]()
    print(time.perf_counter() - start, time.process_time() - cpu, flush=True)
