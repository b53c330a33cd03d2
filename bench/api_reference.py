"""What `npm run bench:api` compares with: FastAPI, pydantic and XGBoost, one uvicorn worker, nothing recorded, nothing batched.

FOLDER holds what bench/api.ts wrote: model.ubj, features.f32 (the clients' rows of the matrix), spec.json and client_features.py.
  POST /id           {"client": id}                a row that lies in memory
  POST /application  {"application": {...}}         the columns that the model takes as they are, and ratios
  POST /history      {"application", "history"}     all the model's features with polars, expressions made once (client_features.py)
with ?reasons=1 SHAP contributions, summed by group. POST /features answers the values that /history scores.
"""
import json
import os
import sys

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("POLARS_MAX_THREADS", "2")
import numpy as np
import xgboost as xgb
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict, create_model

FOLDER = os.environ["FOLDER"]
sys.path.insert(0, FOLDER)
import client_features

SPEC = json.load(open(os.path.join(FOLDER, "spec.json")))
WIDTH = len(SPEC["features"])
ROWS = np.fromfile(os.path.join(FOLDER, "features.f32"), dtype=np.float32).reshape(-1, WIDTH)
PLACE = {client: i for i, client in enumerate(SPEC["clients"])}
TYPES = SPEC["types"]
BOOSTER = xgb.Booster()
BOOSTER.load_model(os.path.join(FOLDER, "model.ubj"))
BOOSTER.set_param({"nthread": 1})
GROUPS = np.array(SPEC["groupOf"])
DIRECT = [(j, name) for j, name in enumerate(SPEC["features"]) if name in SPEC["columns"]]
RATIOS = [("AMT_ANNUITY", "AMT_INCOME_TOTAL"), ("AMT_CREDIT", "AMT_INCOME_TOTAL"), ("AMT_ANNUITY", "AMT_CREDIT"), ("DAYS_EMPLOYED", "DAYS_BIRTH")]


def model_of(name, columns):
    types = {"id": int, "number": float, "text": str}
    fields = {column: (types[kind] | None, None) for column, kind in columns.items()}
    return create_model(name, __config__=ConfigDict(extra="forbid"), **fields)


Application = model_of("Application", SPEC["columns"])
History = create_model(
    "History",
    __config__=ConfigDict(extra="forbid"),
    **{table: (list[model_of(table, columns)], []) for table, columns in SPEC["tables"].items()},
)


class ById(BaseModel):
    client: int


class ByApplication(BaseModel):
    application: Application


class ByHistory(BaseModel):
    application: Application
    history: History


class Answer(BaseModel):
    probability: float
    decision: str
    threshold: float
    reasons: list[tuple[str, float]] | None = None


CODES = [{level: code for code, level in enumerate(levels)} if levels else None for levels in SPEC["levels"]]


def answer(row, reasons):
    matrix = xgb.DMatrix(row.reshape(1, -1), feature_types=TYPES, feature_names=SPEC["features"], enable_categorical=True, nthread=1)
    if not reasons:
        margin = float(BOOSTER.predict(matrix, output_margin=True)[0])
        found = None
    else:
        contributions = BOOSTER.predict(matrix, pred_contribs=True)[0]
        margin = float(contributions.sum())
        effects = np.bincount(GROUPS, weights=contributions[:-1])
        found = [(SPEC["groups"][i], float(effects[i])) for i in np.argsort(-np.abs(effects))[:8]]
    probability = 1 / (1 + np.exp(-margin))
    decision = "declined" if probability >= SPEC["threshold"] else "approved"
    return Answer(probability=probability, decision=decision, threshold=SPEC["threshold"], reasons=found)


def row_of(application):
    row = np.full(WIDTH, np.nan, dtype=np.float32)
    for j, name in DIRECT:
        value = application.get(name)
        if isinstance(value, float):
            row[j] = value
    for over, under in RATIOS:
        if application.get(over) is not None and application.get(under):
            application[over] / application[under]
    return row


app = FastAPI()


@app.get("/health/ready")
async def ready():
    return {"ok": True}


@app.post("/id", response_model=Answer)
async def by_id(body: ById, reasons: int = 0):
    place = PLACE.get(body.client)
    if place is None:
        raise HTTPException(404)
    return answer(ROWS[place], reasons)


@app.post("/application", response_model=Answer)
async def by_application(body: ByApplication, reasons: int = 0):
    return answer(row_of(body.application.model_dump()), reasons)


def values_of(body):
    """The features of one client, in the order of the model."""
    frames = {table: client_features.frame(table, rows) for table, rows in body.history if table in client_features.SCHEMA}
    frames["application_test"] = client_features.frame("application_test", [body.application])
    return client_features.features(frames).row(0)[1:]


@app.post("/history", response_model=Answer)
async def by_history(body: ByHistory, reasons: int = 0):
    values = values_of(body)
    row = np.array([v if codes is None else codes.get(v) for v, codes in zip(values, CODES)], dtype=np.float32)
    return answer(row, reasons)


@app.post("/features")
async def by_features(body: ByHistory):
    return values_of(body)
