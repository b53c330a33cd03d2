/** The reference clients whose explanation is nearest to one client's: the same themes weigh about as much, in log-odds. */
import type { Explanation } from '../../pipeline/scoring/steps.ts'
import type { Service } from '../env.ts'

const atOnce = 4 // reference clients explained in one turn of the event loop: some ten milliseconds
const pause = 40 // milliseconds between two turns, so that requests are answered meanwhile

interface Effects {
  readonly groups: readonly string[]
  /** One row a reference client, one column a reason group; complete when `done` is their number. */
  readonly values: Float32Array
  done: number
}

type Needs = Pick<Service, 'reference' | 'scorer' | 'stopping'>

const known = new WeakMap<Service['scorer'], Effects>()

/**
 * The `count` nearest reference clients (rows of the reference), or null until all of them are explained: that starts
 * with the first call and takes a minute or so in the background, so a service that shows no page never pays for it.
 */
export function similar(service: Needs, explanation: Explanation, count: number): ReadonlySet<number> | null {
  const { reference, scorer } = service
  if (!reference) return null
  const effects = known.get(scorer) ?? start(service)
  if (effects.done < reference.clients) return null
  const own = new Map(explanation.groups.map(({ group, effect }) => [group, effect]))
  const { groups, values } = effects
  const distances = Array.from({ length: reference.clients }, (_, row) => {
    let sum = 0
    for (const [j, group] of groups.entries()) sum += (values[row * groups.length + j]! - (own.get(group) ?? 0)) ** 2
    return [sum, row] as const
  })
  return new Set(
    distances
      .toSorted(([a], [b]) => a - b)
      .slice(0, count)
      .map(([, row]) => row),
  )
}

function start(service: Needs): Effects {
  const { reference, scorer } = service
  const clients = reference?.clients ?? 0
  const groups = Object.keys(scorer.bundle.definitions.groups)
  const features = scorer.bundle.definitions.features.map(({ name }) => name)
  const effects: Effects = { groups, values: new Float32Array(clients * groups.length), done: 0 }
  known.set(scorer, effects)
  const turn = () => {
    const rows = Array.from({ length: Math.min(atOnce, clients - effects.done) }, (_, i) => effects.done + i)
    if (rows.length === 0 || service.stopping()) return
    const found = scorer.scoreFeatures(
      rows.map((row) => ({ values: reference!.row(row, features), notSupplied: [], unknownLevels: [] })),
    )
    for (const [i, { explanation }] of found.entries())
      for (const { group, effect } of explanation.groups)
        effects.values[rows[i]! * groups.length + groups.indexOf(group)] = effect
    effects.done += rows.length
    setTimeout(turn, pause).unref()
  }
  setTimeout(turn, pause).unref()
  return effects
}
