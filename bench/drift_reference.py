"""Evidently's side of bench/drift.ts: two CSV files, its default drift preset, the report as page and JSON; prints seconds and peak memory as its last line."""
import json
import sys
import time
import warnings

start = time.perf_counter()
warnings.simplefilter("ignore")
import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset

started = time.process_time()
reference, current = (pd.read_csv(file) for file in sys.argv[1:3])
run = Report([DataDriftPreset()]).run(current, reference)
run.save_json(f"{sys.argv[3]}/evidently.json")
run.save_html(f"{sys.argv[3]}/evidently.html")
with open("/proc/self/status") as status:
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
with open(f"{sys.argv[3]}/evidently.json") as file:
    drifted = next(one["value"]["count"] for one in json.load(file)["metrics"] if isinstance(one["value"], dict) and "count" in one["value"])
print(json.dumps({
    "processor": time.process_time(),
    "work": time.process_time() - started,
    "clock": time.perf_counter() - start,
    "peak": peak,
    "drifted": int(drifted),
}))
