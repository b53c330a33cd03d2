/** The nodes of a model's trees, numbered for a forest: those above the crowns, then crown by crown, then the leaves. */
import { type Fields, numbersOf } from './model-file/document.ts'

/** The height of the subtrees at whose splits and leaves a row is looked up at once. */
const crownHeight = 2

export interface Node {
  readonly feature: number
  readonly threshold: number
  /** Of a split by category: where in `codes` it is stated which go right, and one more than the largest code that does; else 0. */
  readonly codesAt: number
  readonly codesEnd: number
  readonly missingLeft: number
  readonly depth: number
  /** Nodes, or leaves counted on from the nodes. */
  left: number
  right: number
  /** Above the crowns: upper nodes, or crowns counted on from those. */
  pathLeft: number
  pathRight: number
}

/** A split on the way to a leaf: which way it must go, and the share of the training rows (by their weight) that did. */
export interface Split {
  readonly feature: number
  readonly isLeft: boolean
  readonly share: number
  /** Its place among its crown's nodes; above the crown, less than 0. */
  readonly place: number
}

export interface Leaf {
  readonly value: number
  readonly path: readonly Split[]
}

/** A subtree with the splits above it. */
export interface Crown {
  readonly depth: number
  /** Its first node; it has `inner` of them. */
  nodesAt: number
  inner: number
  /** Distinct, of the splits of all its leaves' paths. */
  readonly features: number[]
  readonly leaves: Leaf[]
}

export interface Gathered {
  readonly nodes: readonly Node[]
  /** How many of the nodes lie above the crowns. */
  readonly upper: number
  readonly roots: readonly number[]
  /** Of each tree its first node above the crowns, and its first crown. */
  readonly starts: readonly { readonly upper: number; readonly crown: number }[]
  readonly leaves: readonly number[]
  readonly crowns: readonly Crown[]
  readonly codes: readonly number[]
}

export function gather(trees: readonly Fields[]): Gathered {
  const [above, within]: [Node[], Node[]] = [[], []]
  const crowns: Crown[] = []
  const [leaves, codes, roots]: [number[], number[], number[]] = [[], [], []]
  const starts: { upper: number; crown: number }[] = []
  // Until all are known: upper nodes count from 0, nodes of crowns from 2^30, leaves down from -1; crowns too.
  const far = 2 ** 30
  for (const tree of trees) {
    const numbers = (name: string) => numbersOf(tree.get(name), name)
    const [left, right, feature] = [numbers('left_children'), numbers('right_children'), numbers('split_indices')]
    const [threshold, missingLeft, cover] = [
      numbers('split_conditions'),
      numbers('default_left'),
      numbers('sum_hessian'),
    ]
    const categories = categoriesOf(tree)
    const heightOf = (node: number): number =>
      left[node] === -1 ? 0 : 1 + Math.max(heightOf(left[node]!), heightOf(right[node]!))
    const madeOf = (node: number, depth: number): Node => {
      const own = categories?.get(node)
      const codesAt = codes.length
      for (const goesRight of own ?? []) codes.push(goesRight)
      return {
        feature: feature[node]!,
        threshold: threshold[node]!,
        codesAt,
        codesEnd: own?.length ?? 0,
        missingLeft: missingLeft[node]!,
        depth,
        left: 0,
        right: 0,
        pathLeft: 0,
        pathRight: 0,
      }
    }
    const split = (node: number, isLeft: boolean, place: number): Split => {
      const next = isLeft ? left[node]! : right[node]!
      return { feature: feature[node]!, isLeft, share: cover[next]! / cover[node]!, place }
    }
    const inCrown = (node: number, path: readonly Split[], crown: Crown): number => {
      if (left[node] === -1) {
        for (const { feature } of path) if (!crown.features.includes(feature)) crown.features.push(feature)
        crown.leaves.push({ value: threshold[node]!, path })
        return -leaves.push(threshold[node]!)
      }
      const [made, place] = [madeOf(node, path.length), crown.inner++]
      const number = within.push(made) - 1
      made.left = inCrown(left[node]!, [...path, split(node, true, place)], crown)
      made.right = inCrown(right[node]!, [...path, split(node, false, place)], crown)
      return far + number
    }
    /** The number of the node, and of what its path belongs to. */
    const visit = (node: number, path: readonly Split[]): [node: number, path: number] => {
      if (heightOf(node) <= crownHeight) {
        const crown: Crown = { depth: path.length, nodesAt: within.length, inner: 0, features: [], leaves: [] }
        const number = crowns.push(crown)
        return [inCrown(node, path, crown), -number]
      }
      const made = madeOf(node, path.length)
      const number = above.push(made) - 1
      ;[made.left, made.pathLeft] = visit(left[node]!, [...path, split(node, true, -1)])
      ;[made.right, made.pathRight] = visit(right[node]!, [...path, split(node, false, -1)])
      return [number, number]
    }
    starts.push({ upper: above.length, crown: crowns.length })
    roots.push(visit(0, [])[0])
  }
  const [upper, inner] = [above.length, above.length + within.length]
  const placed = (number: number) => (number < 0 ? inner - number - 1 : number >= far ? upper + number - far : number)
  const onPath = (number: number) => (number < 0 ? upper - number - 1 : number)
  const nodes = [...above, ...within]
  for (const node of nodes) {
    node.left = placed(node.left)
    node.right = placed(node.right)
    node.pathLeft = onPath(node.pathLeft)
    node.pathRight = onPath(node.pathRight)
  }
  for (const crown of crowns) crown.nodesAt += upper
  return { nodes, upper, roots: roots.map(placed), starts, leaves, crowns, codes }
}

/** Of each node that splits by category: for every code up to the largest that goes right, 1 where it does. */
function categoriesOf(tree: Fields): ReadonlyMap<number, Uint8Array> | null {
  if (!tree.has('categories_nodes')) return null
  const numbers = (name: string) => numbersOf(tree.get(name), name)
  const [nodes, all] = [numbers('categories_nodes'), numbers('categories')]
  const [starts, sizes] = [numbers('categories_segments'), numbers('categories_sizes')]
  const found = new Map<number, Uint8Array>()
  for (let i = 0; i < nodes.length; i++) {
    const own = Array.from({ length: sizes[i]! }, (_, k) => all[starts[i]! + k]!)
    const goesRight = new Uint8Array(own.reduce((most, code) => Math.max(most, code), -1) + 1)
    for (const code of own) goesRight[code] = 1
    found.set(nodes[i]!, goesRight)
  }
  return found
}
