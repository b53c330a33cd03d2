/** The check of model files: it passes every kind of genuine file, and names what is wrong with a damaged one. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Booster, XGBoostError } from '../index.ts'
import { models } from '../testing/models.ts'
import { writeUbj } from '../testing/ubj-writer.ts'
import type { Fields, NumberArray, Value } from './document.ts'
import { readJson } from './json.ts'
import { readUbj } from './ubj.ts'
import { verifyModel } from './verify.ts'

const genuine = models()
const bytesOf = (name: string) => genuine.find((model) => model.name === name)!.bytes

/** The value at a path such as `learner.gradient_booster.model.trees.0.left_children`. */
function at(document: Value, path: string): Value {
  return path
    .split('.')
    .reduce<Value>(
      (value, key) => (value instanceof Map ? value.get(key)! : (value as Value[])[Number(key)]!),
      document,
    )
}

const model = 'learner.gradient_booster.model'
const tree = `${model}.trees.0`

/** A file with one thing changed. */
function damaged(name: string, path: string, change: (value: never) => Value | undefined): Uint8Array {
  const document = readUbj(bytesOf(`${name}.ubj`))
  const cut = path.lastIndexOf('.')
  const [holder, key] = [cut < 0 ? document : at(document, path.slice(0, cut)), path.slice(cut + 1)]
  const value = change(at(document, path) as never)
  if (holder instanceof Map) {
    if (value === undefined) holder.delete(key)
    else holder.set(key, value)
  } else (holder as Value[])[Number(key)] = value!
  return writeUbj(document)
}

const put = (place: number, number: number) => (list: NumberArray) => {
  const changed = list.slice()
  changed[place] = number
  return changed
}
const shorter = (list: NumberArray) => list.slice(0, -1)
const gone = () => undefined

for (const { name, bytes } of genuine)
  test(`${name}: a genuine file passes, and reads alike from UBJ and JSON`, () => {
    verifyModel(bytes)
    const plain = (value: Value): unknown => {
      if (value instanceof Map)
        return Object.fromEntries(
          [...value].map(([key, part]) => [key, plain(part)]).sort(([a], [b]) => String(a).localeCompare(String(b))),
        )
      // A float32 has no shorter decimal than the one JSON holds: compare as float32.
      if (value !== null && typeof value === 'object') return Array.from(value as ArrayLike<Value>, plain)
      return typeof value === 'number' ? Math.fround(value) : value
    }
    if (name.endsWith('.ubj') && !name.startsWith('dictionary'))
      assert.equal(plain(readUbj(bytes)), plain(readJson(bytesOf(name.replace('.ubj', '.json')))))
  })

const refusals: [string, Uint8Array, RegExp][] = [
  ['a child past the nodes', damaged('binary', `${tree}.left_children`, put(0, 10_000)), /left_children\[0\] is 10000/],
  [
    'a right child past the nodes',
    damaged('binary', `${tree}.right_children`, put(0, 10_000)),
    /right child of node 0 is 10000/,
  ],
  ['a child before the nodes', damaged('binary', `${tree}.left_children`, put(0, -2)), /left_children\[0\] is -2/],
  ['a circle', damaged('binary', `${tree}.left_children`, put(0, 0)), /left child of node 0 is 0/],
  ['a child of two nodes', damaged('binary', `${tree}.right_children`, put(0, 1)), /node 1 is the child of two nodes/],
  ['a wrong parent', damaged('binary', `${tree}.parents`, put(1, 2)), /node 1 names 2 as its parent/],
  ['a parent past the nodes', damaged('binary', `${tree}.parents`, put(1, 2 ** 31 - 1)), /parent of node 1 is/],
  ['a node that no path leads to', damaged('binary', `${tree}.left_children`, put(1, -1)), /node/],
  [
    'a feature past the features',
    damaged('binary', `${tree}.split_indices`, put(0, 4)),
    /splits feature 4, the model has 4/,
  ],
  ['a list too short', damaged('binary', `${tree}.split_conditions`, shorter), /split_conditions has \d+ values/],
  ['a list that is missing', damaged('binary', `${tree}.sum_hessian`, gone), /sum_hessian is nothing, expected a list/],
  ['a category past float32', damaged('binary', `${tree}.categories`, put(0, 2 ** 25)), /categories\[0\] is 33554432/],
  [
    'categories past their list',
    damaged('binary', `${tree}.categories_sizes`, put(0, 5000)),
    /categories_sizes\[0\] is 5000/,
  ],
  ['a split by category without categories', damaged('binary', `${tree}.split_type`, put(0, 1)), /split/],
  [
    'trees that are not counted',
    damaged('binary', `${model}.gbtree_model_param.num_trees`, () => '3'),
    /num_trees is 3, there are 2/,
  ],
  [
    'a group past the outputs',
    damaged('classes', `${model}.tree_info`, (list: number[]) => [...list.slice(0, -1), 3]),
    /tree_info\[5\] is 3/,
  ],
  [
    'a round that ends past the trees',
    damaged('classes', `${model}.iteration_indptr`, () => [0, 3, 7]),
    /iteration_indptr/,
  ],
  [
    'rounds of uneven trees',
    damaged('classes', `${model}.iteration_indptr`, () => [0, 2, 6]),
    /round 0 has 2 trees, expected 3/,
  ],
  ['one id for two trees', damaged('binary', `${model}.trees.1.id`, () => 0), /trees\[1\].id is 0/],
  [
    'more features in a tree than in the model',
    damaged('binary', `${tree}.tree_param.num_feature`, () => '9'),
    /more features than the model/,
  ],
  [
    'classes by the billion',
    damaged('classes', 'learner.learner_model_param.num_class', () => '2000000000'),
    /num_class is "2000000000"/,
  ],
  [
    "the objective's own number of classes",
    damaged('classes', 'learner.objective.softmax_multiclass_param.num_class', () => '9'),
    /num_class is 9, the model has 3 outputs/,
  ],
  [
    'a base score that is no number',
    damaged('binary', 'learner.learner_model_param.base_score', () => '[nan]'),
    /base_score is/,
  ],
  [
    'a leaf past the leaf weights',
    damaged('vectors', `${tree}.leaf_weights`, (list: NumberArray) => list.slice(0, -2)),
    /leaf \d+ is at \d+/,
  ],
  [
    'too few dropped weights',
    damaged('dart', 'learner.gradient_booster.weight_drop', () => [1.5]),
    /weight_drop has 1 values for 2 trees/,
  ],
  ['too few coefficients', damaged('linear', `${model}.weights`, shorter), /4 weights, expected 5/],
  [
    'too few names',
    damaged('binary', 'learner.feature_names', (list: string[]) => list.slice(1)),
    /3 feature_names for 4 features/,
  ],
  [
    'an unknown feature type',
    damaged('binary', 'learner.feature_types.0', () => 'x'),
    /the feature type "x" is unknown/,
  ],
  [
    'an unknown booster',
    damaged('binary', 'learner.gradient_booster.name', () => 'gbm'),
    /the booster "gbm" is none of/,
  ],
  [
    'an attribute that is no text',
    damaged('binary', 'learner.attributes.purpose', () => 3),
    /attributes.purpose is a number/,
  ],
  [
    'a dictionary for other features',
    damaged('dictionary', `${model}.cats.enc`, (list: Value[]) => list.slice(1)),
    /cats.enc has 3 columns, the model 4/,
  ],
  [
    'a dictionary of other lengths',
    damaged('dictionary', `${model}.cats.feature_segments`, put(3, 4)),
    /feature_segments/,
  ],
  [
    'a dictionary order past the categories',
    damaged('dictionary', `${model}.cats.sorted_idx`, put(0, 99)),
    /sorted_idx/,
  ],
  ['no version', damaged('binary', 'version', gone), /version is nothing/],
  ['bytes after the end', Buffer.concat([bytesOf('binary.ubj'), Buffer.from('x')]), /1 bytes follow the end/],
  ['text after the end', Buffer.concat([bytesOf('binary.json'), Buffer.from(' x')]), /expected the end of the file/],
  ['lists within lists', Buffer.from(`{"learner":${'['.repeat(100_000)}`), /nests deeper than 32/],
  [
    'lists within lists in UBJ',
    Buffer.concat([Buffer.from('{L\0\0\0\0\0\0\0\x01a'), Buffer.alloc(100_000, '[')]),
    /nests deeper than 32/,
  ],
  ['a length beyond the file', Buffer.from('{L\x7f\xff\xff\xff\xff\xff\xff\xff', 'latin1'), /out of range|a length of/],
  ['a field twice', Buffer.from('{"version":[3,2,0],"version":[3,2,0]}'), /the field "version" occurs twice/],
  ['an integer beyond 53 bits', Buffer.from('{"a":99999999999999999999}'), /out of range/],
]

for (const [what, bytes, message] of refusals)
  test(`${what}: refused before the library sees it`, () => {
    assert.throws(
      () => Booster.load(bytes),
      (error: Error) => error instanceof XGBoostError && error.fn === 'Booster.load' && message.test(error.message),
    )
  })

test('bare NaN and Infinity are numbers in JSON, as the library writes them', () => {
  const read = readJson(Buffer.from('{"a":[NaN,-Infinity,Infinity,1e-3,-0.5,0]}')) as Fields
  assert.equal(read.get('a'), [Number.NaN, -Infinity, Infinity, 0.001, -0.5, 0])
  for (const wrong of ['{"a":01}', '{"a":nan}', '{"a":1,}', "{'a':1}", '{"a":"\\x"}', '{"a" 1}', '{"a":1'])
    assert.throws(() => readJson(Buffer.from(wrong)), /expected/)
})

test('verify: false hands a file to the library as it is', () => {
  const odd = damaged('binary', 'learner.feature_types.0', () => 'x')
  assert.throws(() => Booster.load(odd), /unknown/)
  assert.is(Booster.load(odd, { verify: false }).rounds, 2)
})

test.run()
