/** One small model of every shape a model file can have, for the tests of the loader. */
import { Booster, DMatrix, type FeatureType, type Params, train } from '../index.ts'
import { made } from './made.ts'

export const rows = 60
const featureTypes: readonly FeatureType[] = ['q', 'q', 'q', 'c']

export interface Model {
  readonly name: string
  readonly bytes: Uint8Array
}

/** A matrix that every one of the models can predict. */
export const matrixOfModels = (): DMatrix =>
  DMatrix.fromColumns(made(rows, 3, 1, 5).columns, { label: made(rows, 3, 1, 5).label, featureTypes, nthread: 1 })

/** The dictionary of categories that Python adds when it trains from a data frame, for four features. */
const dictionary = {
  enc: [
    { offsets: [], values: [] },
    { offsets: [], values: [] },
    { type: 9, values: [3, 1, 2] },
    { offsets: [0, 1, 3], values: [97, 98, 99] },
  ],
  feature_segments: [0, 0, 0, 3, 5],
  sorted_idx: [1, 2, 0, 0, 1],
}

/** The models, each as UBJ and as JSON. */
export function models(): Model[] {
  const { columns, label, score } = made(rows, 3, 1, 5)
  const classes = label.map((value, i) => value + (score[i]! > 1 ? 1 : 0))
  const options = { featureTypes, nthread: 1 } as const
  const shared = { nthread: 1, max_depth: 3, seed: 1 } as const
  const kinds: Record<
    string,
    { params: Params; label: Float32Array; targets?: number; names?: boolean; numeric?: boolean }
  > = {
    binary: { params: { objective: 'binary:logistic', max_cat_to_onehot: 1 }, label, names: true },
    classes: { params: { objective: 'multi:softprob', num_class: 3 }, label: classes },
    dart: { params: { booster: 'dart', objective: 'binary:logistic', rate_drop: 0.5 }, label },
    linear: { params: { booster: 'gblinear' }, label: score, numeric: true },
    forest: { params: { num_parallel_tree: 3, subsample: 0.7 }, label: score },
    quantiles: { params: { objective: 'reg:quantileerror', quantile_alpha: [0.1, 0.9] }, label: score },
    vectors: {
      params: { multi_strategy: 'multi_output_tree' },
      label: Float32Array.from({ length: rows * 2 }, (_, i) => score[i >> 1]! * (i % 2 ? 1 : -1)),
      targets: 2,
      numeric: true,
    },
    pruned: { params: { tree_method: 'exact', gamma: 3, max_depth: 4 }, label: score, numeric: true },
  }
  const found: Model[] = []
  for (const [name, { params, label: labels, targets = 1, names = false, numeric = false }] of Object.entries(kinds)) {
    const featureNames = names ? { featureNames: ['income', 'rate', 'age', 'sector'] } : {}
    const matrix = DMatrix.fromColumns(columns, {
      ...options,
      ...(numeric && { featureTypes: ['q', 'q', 'q', 'q'] as const }),
      ...featureNames,
      label: labels,
      targets,
    })
    const { booster } = train({ params: { ...shared, ...params }, dtrain: matrix, rounds: 2 })
    if (names) booster.setAttribute('purpose', 'test')
    for (const format of ['ubj', 'json'] as const)
      found.push({ name: `${name}.${format}`, bytes: booster.toBuffer(format) })
    booster.close()
    matrix.close()
  }
  const text = Buffer.from(found.find(({ name }) => name === 'binary.json')!.bytes).toString()
  const withDictionary = Buffer.from(text.replace(/"cats":\{[^}]*\}/, `"cats":${JSON.stringify(dictionary)}`))
  const loaded = Booster.load(withDictionary)
  found.push({ name: 'dictionary.json', bytes: withDictionary }, { name: 'dictionary.ubj', bytes: loaded.toBuffer() })
  loaded.close()
  return found
}
