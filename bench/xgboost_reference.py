"""Python xgboost's side of bench/xgboost.ts: measures a task when asked for it on stdin, and answers its seconds, of the clock and of the processor, on stdout."""
import sys
import time

import numpy as np
import pandas as pd
import xgboost as xgb

folder, rows, columns, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
wide = int(sys.argv[5])
cols = list(np.fromfile(f"{folder}/columns.f4", dtype="<f4").reshape(columns, rows))
label = np.fromfile(f"{folder}/label.f4", dtype="<f4")
names = [f"f{i}" for i in range(columns)]
params = {"objective": "binary:logistic", "max_depth": 6, "eta": 0.1, "nthread": threads, "seed": 1}
dtrain = xgb.DMatrix(np.column_stack(cols), label=label, nthread=threads)
few = dtrain.slice(list(range(min(rows, 1000))))
booster = xgb.Booster(params, model_file=f"{folder}/model.ubj")
single = xgb.Booster({"nthread": 1}, model_file=f"{folder}/wide.ubj")
row = np.fromfile(f"{folder}/row.f4", dtype="<f4").reshape(1, wide)


def train():
    xgb.train(params, dtrain, 30)


def shap():
    booster.predict(few, pred_contribs=True)


def matrix_stacked():
    xgb.DMatrix(np.column_stack(cols), label=label, nthread=threads)


def matrix_frame():
    xgb.DMatrix(pd.DataFrame(dict(zip(names, cols))), label=label, nthread=threads)


def one_row():
    single.inplace_predict(row)


tasks = {f.__name__: f for f in (train, shap, matrix_stacked, matrix_frame, one_row)}
print("ready", flush=True)
for line in sys.stdin:
    name, times = line.split()
    start, cpu = time.perf_counter(), time.process_time()
    for _ in range(int(times)):
        tasks[name]()
    print(time.perf_counter() - start, time.process_time() - cpu, flush=True)
