/** XGBoost's parameters, under XGBoost's names: typed, checked for unknown names, and written as the library reads them. */
import { XGBoostError } from './error.ts'

export type Objective =
  | 'reg:squarederror'
  | 'reg:squaredlogerror'
  | 'reg:logistic'
  | 'reg:pseudohubererror'
  | 'reg:absoluteerror'
  | 'reg:quantileerror'
  | 'reg:gamma'
  | 'reg:tweedie'
  | 'binary:logistic'
  | 'binary:logitraw'
  | 'binary:hinge'
  | 'count:poisson'
  | 'survival:cox'
  | 'survival:aft'
  | 'multi:softmax'
  | 'multi:softprob'
  | 'rank:ndcg'
  | 'rank:map'
  | 'rank:pairwise'

type Yes = boolean | 0 | 1

/** https://xgboost.readthedocs.io/en/release_3.2.0/parameter.html; ranges are checked by the library. */
export interface Params {
  readonly booster?: 'gbtree' | 'gblinear' | 'dart'
  readonly device?: string
  readonly nthread?: number
  readonly seed?: number
  readonly seed_per_iteration?: Yes
  readonly disable_default_eval_metric?: Yes

  readonly objective?: Objective | (string & {})
  readonly base_score?: number | readonly number[]
  readonly eval_metric?: string | readonly string[]
  readonly num_class?: number
  readonly scale_pos_weight?: number
  readonly tweedie_variance_power?: number
  readonly huber_slope?: number
  readonly quantile_alpha?: number | readonly number[]
  readonly expectile_alpha?: number | readonly number[]
  readonly aft_loss_distribution?: 'normal' | 'logistic' | 'extreme'
  readonly aft_loss_distribution_scale?: number
  readonly lambdarank_pair_method?: 'mean' | 'topk'
  readonly lambdarank_num_pair_per_sample?: number
  readonly lambdarank_normalization?: Yes
  readonly lambdarank_score_normalization?: Yes
  readonly lambdarank_unbiased?: Yes
  readonly lambdarank_bias_norm?: number
  readonly ndcg_exp_gain?: Yes

  readonly eta?: number
  readonly learning_rate?: number
  readonly gamma?: number
  readonly min_split_loss?: number
  readonly max_depth?: number
  readonly max_leaves?: number
  readonly min_child_weight?: number
  readonly max_delta_step?: number
  readonly subsample?: number
  readonly sampling_method?: 'uniform' | 'gradient_based'
  readonly colsample_bytree?: number
  readonly colsample_bylevel?: number
  readonly colsample_bynode?: number
  readonly lambda?: number
  readonly reg_lambda?: number
  readonly alpha?: number
  readonly reg_alpha?: number
  readonly tree_method?: 'auto' | 'exact' | 'approx' | 'hist'
  readonly grow_policy?: 'depthwise' | 'lossguide'
  readonly max_bin?: number
  readonly num_parallel_tree?: number
  /** -1, 0 or 1 a feature, in order or by feature name. */
  readonly monotone_constraints?: readonly (-1 | 0 | 1)[] | Readonly<Record<string, -1 | 0 | 1>>
  /** Groups of features, by index or by feature name, that may interact. */
  readonly interaction_constraints?: readonly (readonly (number | string)[])[]
  readonly multi_strategy?: 'one_output_per_tree' | 'multi_output_tree'
  readonly max_cat_to_onehot?: number
  readonly max_cat_threshold?: number
  readonly max_cached_hist_node?: number
  readonly extmem_single_page?: Yes
  readonly updater?: string
  readonly refresh_leaf?: Yes
  readonly process_type?: 'default' | 'update'

  readonly sample_type?: 'uniform' | 'weighted'
  readonly normalize_type?: 'tree' | 'forest'
  readonly rate_drop?: number
  readonly one_drop?: Yes
  readonly skip_drop?: number

  readonly feature_selector?: 'cyclic' | 'shuffle' | 'random' | 'greedy' | 'thrifty'
  readonly top_k?: number
}

const known: ReadonlySet<string> = new Set<keyof Params>([
  'booster',
  'device',
  'nthread',
  'seed',
  'seed_per_iteration',
  'disable_default_eval_metric',
  'objective',
  'base_score',
  'eval_metric',
  'num_class',
  'scale_pos_weight',
  'tweedie_variance_power',
  'huber_slope',
  'quantile_alpha',
  'expectile_alpha',
  'aft_loss_distribution',
  'aft_loss_distribution_scale',
  'lambdarank_pair_method',
  'lambdarank_num_pair_per_sample',
  'lambdarank_normalization',
  'lambdarank_score_normalization',
  'lambdarank_unbiased',
  'lambdarank_bias_norm',
  'ndcg_exp_gain',
  'eta',
  'learning_rate',
  'gamma',
  'min_split_loss',
  'max_depth',
  'max_leaves',
  'min_child_weight',
  'max_delta_step',
  'subsample',
  'sampling_method',
  'colsample_bytree',
  'colsample_bylevel',
  'colsample_bynode',
  'lambda',
  'reg_lambda',
  'alpha',
  'reg_alpha',
  'tree_method',
  'grow_policy',
  'max_bin',
  'num_parallel_tree',
  'monotone_constraints',
  'interaction_constraints',
  'multi_strategy',
  'max_cat_to_onehot',
  'max_cat_threshold',
  'max_cached_hist_node',
  'extmem_single_page',
  'updater',
  'refresh_leaf',
  'process_type',
  'sample_type',
  'normalize_type',
  'rate_drop',
  'one_drop',
  'skip_drop',
  'feature_selector',
  'top_k',
])

/** The number of single-letter edits between two words (Levenshtein), for a hint. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}

function unknown(fn: string, name: string): XGBoostError {
  const near = [...known]
    .map((word) => ({ word, steps: distance(name.toLowerCase(), word) }))
    .sort((a, b) => a.steps - b.steps)[0]
  const hint = near && near.steps <= 3 ? `: did you mean ${JSON.stringify(near.word)}?` : ''
  return new XGBoostError(fn, `there is no parameter ${JSON.stringify(name)}${hint}`)
}

function scalar(fn: string, name: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? '1' : '0'
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value === 'string' && value !== '') return value
  throw new XGBoostError(
    fn,
    `parameter ${name} is ${JSON.stringify(value) ?? String(value)}, expected a finite number, true, false or text`,
  )
}

function featureIndex(fn: string, name: string, feature: number | string, names: readonly string[] | null): number {
  const index = typeof feature === 'number' ? feature : (names ?? []).indexOf(feature)
  if (index < 0 || !Number.isInteger(index))
    throw new XGBoostError(fn, `parameter ${name} names ${JSON.stringify(feature)}, which is no feature of the matrix`)
  return index
}

/** The pairs of name and text for XGBoosterSetParam; metrics one pair each. Throws on an unknown name and a value that is no number or text. */
export function parameterPairs(fn: string, params: Params, featureNames: readonly string[] | null): [string, string][] {
  const pairs: [string, string][] = []
  for (const [name, value] of Object.entries(params) as [keyof Params, unknown][]) {
    if (!known.has(name)) throw unknown(fn, name)
    if (value === undefined) continue
    if (name === 'eval_metric' && Array.isArray(value))
      for (const metric of value) pairs.push([name, scalar(fn, name, metric)])
    else if (name === 'monotone_constraints' && params.monotone_constraints) {
      const given = params.monotone_constraints
      const signs = Array.isArray(given)
        ? given
        : (featureNames ?? []).map((feature) =>
            Object.hasOwn(given, feature) ? (given as Record<string, number>)[feature]! : 0,
          )
      if (!Array.isArray(given)) for (const feature of Object.keys(given)) featureIndex(fn, name, feature, featureNames)
      pairs.push([name, `(${signs.map((sign: number) => scalar(fn, name, sign)).join(',')})`])
    } else if (name === 'interaction_constraints' && params.interaction_constraints) {
      const groups = params.interaction_constraints.map((group) =>
        group.map((feature) => featureIndex(fn, name, feature, featureNames)),
      )
      pairs.push([name, JSON.stringify(groups)])
    } else if (Array.isArray(value)) pairs.push([name, `[${value.map((part) => scalar(fn, name, part)).join(',')}]`])
    else pairs.push([name, scalar(fn, name, value)])
  }
  return pairs
}
