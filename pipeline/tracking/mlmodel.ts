/** The MLflow side of a bundle: the same folder serves from Node and from `mlflow models serve`. Same features, same bytes: no date, no id. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'

export interface MlmodelOptions {
  /** In the order of the model's matrix. */
  readonly features: readonly { readonly name: string; readonly kind: 'number' | 'count' | 'category' }[]
  /** Version of libxgboost that trained the model, such as 3.2.0. */
  readonly xgboost: string
}

/**
 * The files that make a bundle (model.ubj, bundle.json) a model of MLflow, by their path in the bundle: `MLmodel`, the loader
 * `code/credit_pyfunc.py`, and what an environment for it needs.
 *
 * The python_function flavour takes feature values, categories as text, and gives calibrated probabilities (float64, one a row); the
 * xgboost flavour gives the booster. Serving: deploy.md, section 2.
 */
export function mlmodel(o: MlmodelOptions): Record<string, string> {
  const inputs = o.features.map(({ name, kind }) => ({
    type: kind === 'category' ? 'string' : 'double',
    name,
    required: true,
  }))
  const outputs = [{ type: 'tensor', 'tensor-spec': { dtype: 'float64', shape: [-1] } }]
  const description = {
    flavors: {
      python_function: { loader_module: 'credit_pyfunc', code: 'code', env: { virtualenv: 'python_env.yaml' } },
      xgboost: { data: 'model.ubj', model_class: 'xgboost.core.Booster', model_format: 'ubj', xgb_version: o.xgboost },
    },
    signature: { inputs: JSON.stringify(inputs), outputs: JSON.stringify(outputs), params: null },
  }
  const environment = { python: '3.11', dependencies: ['-r requirements.txt'] }
  return {
    MLmodel: stringify(description, { lineWidth: 0 }),
    'code/credit_pyfunc.py': readFileSync(join(import.meta.dirname, 'credit_pyfunc.py'), 'utf8'),
    'python_env.yaml': stringify(environment),
    'requirements.txt': `mlflow\nnumpy\npandas\nxgboost-cpu==${o.xgboost}\n`,
  }
}
