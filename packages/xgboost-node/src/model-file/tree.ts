/** Checks one tree of a model file: every child, parent, feature and category that libxgboost would follow is in range. */
import { countOf, type Fields, fieldsOf, integersOf, numbersOf, refused, require, type Value } from './document.ts'

const largest = 2 ** 31 - 1
/** Where a deleted node's feature would be (RTreeNode::kDeletedNodeMarker without its sign bit). */
const deleted = largest
/** The largest category code (common::InvalidCat). */
const largestCategory = 2 ** 24 - 1

interface Nodes {
  readonly count: number
  readonly left: ArrayLike<number>
  readonly right: ArrayLike<number>
  readonly parent: ArrayLike<number>
  readonly feature: ArrayLike<number>
  readonly where: string
}

/** Walks from the root: each node is reached once and knows its parent; returns which nodes were reached. */
function walk({ count, left, right, parent, where }: Nodes): Uint8Array {
  const reached = new Uint8Array(count)
  reached[0] = 1
  const waiting = [0]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (left[node] === -1) continue
    for (const [side, child] of [
      ['left', left[node]],
      ['right', right[node]],
    ] as const) {
      if (child === undefined || child < 1 || child >= count)
        throw refused(`${where}: the ${side} child of node ${node} is ${child}, there are ${count} nodes`)
      require(reached[child] === 0, () => `${where}: node ${child} is the child of two nodes`)
      require(parent[child] === node, () => `${where}: node ${child} names ${parent[child]} as its parent, not ${node}`)
      reached[child] = 1
      waiting.push(child)
    }
  }
  return reached
}

function checkCategories(tree: Fields, where: string, count: number): void {
  if (!tree.has('split_type')) return
  const type = integersOf(tree.get('split_type'), `${where}.split_type`, 0, 1)
  require(type.length === count, () => `${where}.split_type has ${type.length} values for ${count} nodes`)
  const categories = integersOf(tree.get('categories'), `${where}.categories`, 0, largestCategory)
  const nodes = integersOf(tree.get('categories_nodes'), `${where}.categories_nodes`, 0, count - 1)
  const segments = integersOf(tree.get('categories_segments'), `${where}.categories_segments`, 0, categories.length)
  const sizes = integersOf(tree.get('categories_sizes'), `${where}.categories_sizes`, 1, categories.length)
  require(segments.length === nodes.length && sizes.length === nodes.length, () =>
    `${where}: ${nodes.length} categories_nodes, ${segments.length} categories_segments, ${sizes.length} categories_sizes`)
  let listed = 0
  for (let node = 0; node < count; node++) {
    if (nodes[listed] === node) {
      const end = (segments[listed] as number) + (sizes[listed] as number)
      require(end <= categories.length, () =>
        `${where}: the categories of node ${node} end at ${end} of ${categories.length}`)
      require(type[node] === 1, () => `${where}: node ${node} lists categories and its split_type is numeric`)
      listed += 1
    } else require(type[node] === 0, () => `${where}: node ${node} splits by category and lists none`)
  }
  require(listed === nodes.length, () => `${where}.categories_nodes must rise, node by node`)
}

/** Checks `trees[index]` of a model with that many features and outputs. */
export function checkTree(value: Value, index: number, features: number, outputs: number): void {
  const where = `trees[${index}]`
  const tree = fieldsOf(value, where)
  const param = fieldsOf(tree.get('tree_param'), `${where}.tree_param`)
  const count = countOf(param.get('num_nodes'), `${where}.tree_param.num_nodes`)
  require(count >= 1, () => `${where} has no nodes`)
  const width = param.has('size_leaf_vector')
    ? countOf(param.get('size_leaf_vector'), `${where}.tree_param.size_leaf_vector`)
    : 0
  const vector = width > 1
  if (vector) require(width === outputs, () => `${where} has leaves of ${width} values, the model ${outputs} outputs`)
  if (param.has('num_feature'))
    require(countOf(param.get('num_feature'), `${where}.tree_param.num_feature`) <= features, () =>
      `${where} has more features than the model`)
  const integers = (name: string, least: number, most: number, length = count) => {
    const numbers = integersOf(tree.get(name), `${where}.${name}`, least, most)
    require(numbers.length === length, () => `${where}.${name} has ${numbers.length} values for ${length} nodes`)
    return numbers
  }
  const left = integers('left_children', -1, count - 1)
  const right = integers('right_children', -1, largest)
  const parent = integers('parents', -1, largest)
  const feature = integers('split_indices', 0, largest)
  integers('default_left', 0, 1)
  for (let node = 1; node < count; node++)
    require((parent[node] as number) >= 0 && (parent[node] as number) < count, () =>
      `${where}: the parent of node ${node} is ${parent[node]}, there are ${count} nodes`)
  require(parent[0] === -1 || parent[0] === largest, () => `${where}: the root has the parent ${parent[0]}`)
  const floats = vector ? ['split_conditions'] : ['split_conditions', 'base_weights', 'loss_changes', 'sum_hessian']
  for (const name of floats) {
    const numbers = numbersOf(tree.get(name), `${where}.${name}`)
    require(numbers.length === count, () => `${where}.${name} has ${numbers.length} values for ${count} nodes`)
  }
  if (vector) checkVectorLeaves(tree, where, count, width, left, right)
  else
    for (let node = 0; node < count; node++)
      if (left[node] === -1)
        require(right[node] === -1, () => `${where}: node ${node} has a right child and no left one`)
  checkCategories(tree, where, count)
  const reached = walk({ count, left, right, parent, feature, where })
  for (let node = 0; node < count; node++) {
    if (reached[node] === 0) require(feature[node] === deleted, () => `${where}: no path leads to node ${node}`)
    else if (left[node] !== -1)
      require((feature[node] as number) < features, () =>
        `${where}: node ${node} splits feature ${feature[node]}, the model has ${features}`)
    else require(feature[node] !== deleted, () => `${where}: node ${node} is a leaf and deleted`)
  }
}

/** Trees with a vector in each leaf (multi_output_tree): `right_children` of a leaf is its place in `leaf_weights`. */
function checkVectorLeaves(
  tree: Fields,
  where: string,
  count: number,
  width: number,
  left: ArrayLike<number>,
  right: ArrayLike<number>,
): void {
  require(tree.has('split_type'), () => `${where} has vectors in its leaves and no split_type`)
  const weights = numbersOf(tree.get('leaf_weights'), `${where}.leaf_weights`)
  const base = numbersOf(tree.get('base_weights'), `${where}.base_weights`)
  require(base.length > 0 && base.length % count === 0, () =>
    `${where}.base_weights has ${base.length} values for ${count} nodes`)
  for (const name of ['loss_changes', 'sum_hessian']) {
    const { length } = numbersOf(tree.get(name), `${where}.${name}`)
    require(length === count, () => `${where}.${name} has ${length} values for ${count} nodes`)
  }
  for (let node = 0; node < count; node++)
    if (left[node] === -1) {
      const place = right[node] as number
      require(place >= 0 && (place + 1) * width <= weights.length, () =>
        `${where}: leaf ${node} is at ${place} of ${weights.length / width} leaf_weights`)
    }
}
