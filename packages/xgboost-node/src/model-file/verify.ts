/** Checks a model file before libxgboost sees it: libxgboost trusts the indices in a file and would read outside its memory. */
import {
  countOf,
  type Fields,
  fieldsOf,
  integersOf,
  listOf,
  numbersOf,
  refused,
  require,
  textOf,
  type Value,
} from './document.ts'
import { readJson } from './json.ts'
import { checkTree } from './tree.ts'
import { readUbj } from './ubj.ts'

const featureTypes = new Set(['q', 'int', 'i', 'c', 'float'])
/** More outputs than any model has; a file could ask for gigabytes of predictions with a few digits. */
const mostOutputs = 65_536
const mostFeatures = 2 ** 24

interface Sizes {
  readonly features: number
  readonly outputs: number
}

function sizesOf(param: Fields): Sizes {
  const features = countOf(param.get('num_feature'), 'num_feature', mostFeatures)
  const classes = countOf(param.get('num_class'), 'num_class', mostOutputs)
  const targets = param.has('num_target') ? countOf(param.get('num_target'), 'num_target', mostOutputs) : 1
  require(features >= 1, () => 'it has no features')
  require(targets >= 1 && (classes <= 1 || targets === 1), () => `num_class is ${classes} and num_target ${targets}`)
  if (param.has('boost_from_average')) countOf(param.get('boost_from_average'), 'boost_from_average', 1)
  const score = textOf(param.get('base_score'), 'base_score')
  const scores = score.replace(/^\[(.*)\]$/, '$1').split(',')
  require(scores.every((part) => /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(part)), () =>
    `base_score is ${JSON.stringify(score)}`)
  const outputs = Math.max(classes, targets, 1)
  require(scores.length === 1 || scores.length === outputs, () =>
    `base_score has ${scores.length} values for ${outputs} outputs`)
  return { features, outputs }
}

/** The dictionary of categories that Python stores when it trained from a data frame. */
function checkDictionary(value: Value | undefined, { features }: Sizes): void {
  if (value === undefined) return
  const cats = fieldsOf(value, 'cats')
  const columns = listOf(cats.get('enc'), 'cats.enc')
  if (columns.length === 0) {
    for (const name of ['feature_segments', 'sorted_idx'])
      require(numbersOf(cats.get(name), `cats.${name}`).length === 0, () => `cats.${name} has values without cats.enc`)
    return
  }
  require(columns.length === features, () => `cats.enc has ${columns.length} columns, the model ${features} features`)
  const lengths = columns.map((column, i) => {
    const where = `cats.enc[${i}]`
    const fields = fieldsOf(column, where)
    const values = numbersOf(fields.get('values'), `${where}.values`)
    if (!fields.has('offsets')) return values.length
    const offsets = integersOf(fields.get('offsets'), `${where}.offsets`, 0, values.length)
    for (let k = 1; k < offsets.length; k++)
      require((offsets[k] as number) >= (offsets[k - 1] as number), () => `${where}.offsets must not fall`)
    require(offsets.length === 0 || (offsets[0] === 0 && offsets[offsets.length - 1] === values.length), () =>
      `${where}.offsets must run from 0 to ${values.length}`)
    require(offsets.length > 0 || values.length === 0, () => `${where} has values and no offsets`)
    return Math.max(0, offsets.length - 1)
  })
  const segments = numbersOf(cats.get('feature_segments'), 'cats.feature_segments')
  require(segments.length === features + 1 && segments[0] === 0, () =>
    `cats.feature_segments has ${segments.length} values for ${features} features`)
  for (const [i, length] of lengths.entries())
    require((segments[i + 1] as number) - (segments[i] as number) === length, () =>
      `cats.feature_segments gives feature ${i} other than its ${length} categories`)
  const total = segments[features] as number
  const sorted = integersOf(cats.get('sorted_idx'), 'cats.sorted_idx', 0, Math.max(0, total - 1))
  require(sorted.length === total, () => `cats.sorted_idx has ${sorted.length} values for ${total} categories`)
  for (const [i, length] of lengths.entries())
    for (let k = segments[i] as number; k < (segments[i + 1] as number); k++)
      require((sorted[k] as number) < length, () => `cats.sorted_idx[${k}] is ${sorted[k]} of ${length} categories`)
}

function checkTrees(booster: Fields, sizes: Sizes): number {
  require(textOf(booster.get('name'), 'gradient_booster.name') === 'gbtree', () =>
    'the booster of trees is not called gbtree')
  const model = fieldsOf(booster.get('model'), 'gradient_booster.model')
  const param = fieldsOf(model.get('gbtree_model_param'), 'gbtree_model_param')
  const count = countOf(param.get('num_trees'), 'num_trees')
  const parallel = param.has('num_parallel_tree') ? countOf(param.get('num_parallel_tree'), 'num_parallel_tree') : 1
  require(parallel >= 1, () => 'num_parallel_tree is 0')
  const trees = listOf(model.get('trees'), 'trees')
  require(trees.length === count, () => `num_trees is ${count}, there are ${trees.length}`)
  const info = integersOf(model.get('tree_info'), 'tree_info', 0, sizes.outputs - 1)
  require(info.length === count, () => `tree_info has ${info.length} values for ${count} trees`)
  const seen = new Uint8Array(count)
  const vectors = trees.map((tree, i) => {
    const fields = fieldsOf(tree, `trees[${i}]`)
    const id = fields.get('id')
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id >= count || seen[id] === 1)
      throw refused(`trees[${i}].id is ${String(id)} of ${count} trees`)
    seen[id] = 1
    checkTree(tree, i, sizes.features, sizes.outputs)
    return fields.has('leaf_weights')
  })
  require(new Set(vectors).size <= 1, () => 'some trees have vectors in their leaves and some have not')
  // Which output a tree belongs to only means something when its leaves hold one value.
  const perRound = parallel * (vectors[0] ? 1 : sizes.outputs)
  if (model.has('iteration_indptr')) {
    const starts = integersOf(model.get('iteration_indptr'), 'iteration_indptr', 0, count)
    require(starts.length >= 1 && starts[0] === 0 && starts[starts.length - 1] === count, () =>
      `iteration_indptr must run from 0 to ${count}`)
    for (let i = 1; i < starts.length; i++)
      require((starts[i] as number) - (starts[i - 1] as number) === perRound, () =>
        `round ${i - 1} has ${(starts[i] as number) - (starts[i - 1] as number)} trees, expected ${perRound}`)
  } else require(count % perRound === 0, () => `${count} trees are no whole number of rounds of ${perRound}`)
  checkDictionary(model.get('cats'), sizes)
  return count
}

function checkBooster(booster: Fields, sizes: Sizes): void {
  const name = textOf(booster.get('name'), 'gradient_booster.name')
  if (name === 'gbtree') checkTrees(booster, sizes)
  else if (name === 'dart') {
    const trees = checkTrees(fieldsOf(booster.get('gbtree'), 'gradient_booster.gbtree'), sizes)
    const weights = numbersOf(booster.get('weight_drop'), 'weight_drop')
    require(weights.length === trees, () => `weight_drop has ${weights.length} values for ${trees} trees`)
  } else if (name === 'gblinear') {
    const model = fieldsOf(booster.get('model'), 'gradient_booster.model')
    const weights = numbersOf(model.get('weights'), 'weights')
    const expected = (sizes.features + 1) * sizes.outputs
    require(weights.length === expected, () => `${weights.length} weights, expected ${expected}`)
    const rounds = model.get('boosted_rounds')
    require(rounds === undefined || (typeof rounds === 'number' && rounds >= 0 && rounds < 2 ** 31), () =>
      `boosted_rounds is ${String(rounds)}`)
  } else throw refused(`the booster ${JSON.stringify(name)} is none of gbtree, dart and gblinear`)
}

function checkFeatureTexts(learner: Fields, name: 'feature_names' | 'feature_types', features: number): void {
  if (!learner.has(name)) return
  const texts = listOf(learner.get(name), name).map((text, i) => textOf(text, `${name}[${i}]`))
  require(texts.length === 0 || texts.length === features, () => `${texts.length} ${name} for ${features} features`)
  if (name === 'feature_types')
    for (const text of texts)
      require(featureTypes.has(text), () => `the feature type ${JSON.stringify(text)} is unknown`)
}

/** The objective writes sizes of its own into the file; they must be the model's. */
function checkObjective(objective: Fields, sizes: Sizes): void {
  textOf(objective.get('name'), 'objective.name')
  const softmax = objective.get('softmax_multiclass_param')
  if (softmax !== undefined) {
    const classes = countOf(
      fieldsOf(softmax, 'softmax_multiclass_param').get('num_class'),
      'softmax_multiclass_param.num_class',
    )
    require(classes === sizes.outputs, () =>
      `softmax_multiclass_param.num_class is ${classes}, the model has ${sizes.outputs} outputs`)
  }
}

/** What a model file says, UBJ or JSON; nothing of it is checked yet. */
export function readModel(bytes: Uint8Array): Fields {
  require(bytes.length >= 2 && bytes[0] === 0x7b, () => 'it is neither UBJ nor JSON: both start with {')
  // As libxgboost guesses: a quote after the brace is JSON, a letter is UBJ.
  let second = 1
  while (second < bytes.length && [0x20, 0x09, 0x0a, 0x0b, 0x0c, 0x0d].includes(bytes[second] as number)) second += 1
  return fieldsOf(bytes[second] === 0x22 ? readJson(bytes) : readUbj(bytes), 'the file')
}

/**
 * Throws XGBoostError unless the bytes are a model of XGBoost 1.6 or later, in UBJ or JSON, whose sizes agree
 * and whose child, parent, feature, category and group indices are in range.
 */
export function verifyModel(bytes: Uint8Array): void {
  const root = readModel(bytes)
  const learner = fieldsOf(root.get('learner'), 'learner')
  const version = integersOf(root.get('version'), 'version', 0, 2 ** 31 - 1)
  require(version.length === 3, () => `version has ${version.length} parts`)
  const sizes = sizesOf(fieldsOf(learner.get('learner_model_param'), 'learner_model_param'))
  checkObjective(fieldsOf(learner.get('objective'), 'objective'), sizes)
  checkBooster(fieldsOf(learner.get('gradient_booster'), 'gradient_booster'), sizes)
  for (const [key, value] of fieldsOf(learner.get('attributes'), 'attributes')) textOf(value, `attributes.${key}`)
  checkFeatureTexts(learner, 'feature_names', sizes.features)
  checkFeatureTexts(learner, 'feature_types', sizes.features)
}
