/** The MLflow side of a bundle: the same folder serves from Node and from `mlflow models serve`. Same features, same bytes: no date, no id. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { libraryVersion } from 'xgboost-node'
import { stringify } from 'yaml'

import type { Member } from '../models/members/member.ts'

interface Feature {
  readonly name: string
  readonly kind: 'number' | 'count' | 'category'
  readonly levels?: readonly string[] | undefined
}

export interface MlmodelOptions {
  /** In the order of the model's matrix. */
  readonly features: readonly Feature[]
  /** Feature values of one client, to try the model with. */
  readonly example: readonly (number | string | null)[]
  readonly members: readonly Member[]
  /** Version of libxgboost that trained the model, such as 3.2.0. */
  readonly xgboost: string
}

/**
 * The files that make a bundle (bundle.json, the trees of its members) a model of MLflow, by their path in the bundle: `MLmodel`, the loader
 * `code/credit_pyfunc.py`, an input example, and what an environment for it needs.
 *
 * The python_function flavour takes feature values, categories as text, and gives calibrated probabilities (float64, one a row) of any family
 * or blend; the xgboost flavour, which only a model of one member of trees has, gives the booster. The format: https://mlflow.org/docs/latest/ml/model/ (MLmodel, flavors).
 */
export function mlmodel(o: MlmodelOptions): Record<string, string> {
  const inputs = o.features.map(({ name, kind }) => ({
    type: kind === 'category' ? 'string' : 'double',
    name,
    required: true,
  }))
  const outputs = [{ type: 'tensor', 'tensor-spec': { dtype: 'float64', shape: [-1] } }]
  const [first, ...others] = o.members
  const booster = first?.family === 'trees' && first.weight === 1 && others.length === 0 ? first.file : null
  const description = {
    flavors: {
      python_function: { loader_module: 'credit_pyfunc', code: 'code', env: { virtualenv: 'python_env.yaml' } },
      ...(booster !== null && {
        xgboost: { data: booster, model_class: 'xgboost.core.Booster', model_format: 'ubj', xgb_version: o.xgboost },
      }),
    },
    signature: { inputs: JSON.stringify(inputs), outputs: JSON.stringify(outputs), params: null },
    saved_input_example_info: {
      artifact_path: 'input_example.json',
      pandas_orient: 'split',
      serving_input_path: 'serving_input_example.json',
      type: 'dataframe',
    },
  }
  const example = { columns: o.features.map(({ name }) => name), data: [o.example] }
  const environment = { python: '3.11', dependencies: ['-r requirements.txt'] }
  return {
    MLmodel: stringify(description, { lineWidth: 0 }),
    'code/credit_pyfunc.py': readFileSync(join(import.meta.dirname, 'credit_pyfunc.py'), 'utf8'),
    'input_example.json': `${JSON.stringify(example)}\n`,
    'serving_input_example.json': `${JSON.stringify({ dataframe_split: example })}\n`,
    'python_env.yaml': stringify(environment),
    'requirements.txt': `mlflow\nnumpy\npandas\nxgboost-cpu==${o.xgboost}\n`,
  }
}

/** The same of a newly trained model, tried with the typical client. `columns` are those of the training clients' matrix. */
export const mlmodelOf = (
  features: readonly Feature[],
  members: readonly Member[],
  columns: readonly ArrayLike<number>[],
): Record<string, string> =>
  mlmodel({ features, members, example: typicalRow(columns, features), xgboost: libraryVersion() })

/**
 * A client who does not exist: of each number the median, of each category the commonest level, so that no real client's values travel.
 *
 * @param columns of the model's matrix, NaN where missing; null where every value is
 */
export function typicalRow(columns: readonly ArrayLike<number>[], features: readonly Feature[]) {
  return features.map(({ kind, levels }, j): number | string | null => {
    const known = Float64Array.from(columns[j] as ArrayLike<number>).filter((value) => !Number.isNaN(value))
    if (known.length === 0) return null
    if (kind !== 'category') return known.sort()[(known.length - 1) >> 1] as number
    const counts = new Map<number, number>()
    for (const code of known) counts.set(code, (counts.get(code) ?? 0) + 1)
    const [commonest] = [...counts].sort(([a, m], [b, n]) => n - m || a - b)[0] as [number, number]
    return levels?.[commonest] ?? null
  })
}
