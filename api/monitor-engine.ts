/** What the monitor computes with: the bundle's model and reference; feature values of what was recorded, and the report. */
import type { Application } from '../pipeline/monitor/application.ts'
import type { MonitorReference, WatchedFeature } from '../pipeline/monitor/reference.ts'
import { monitorReport } from '../pipeline/monitor/report.ts'
import type { Service } from './env.ts'
import { predictionOf } from './journal/rows.ts'
import type { Detail, MonitorEngine } from './monitor-read.ts'
import type { Reference } from './reference.ts'
import { applicantOf } from './request.ts'

const watchedCount = 40 // features that weigh most in the model
const weighedClients = 300 // of the reference: about a millisecond each

type Scorer = Service['scorer']

const references = new WeakMap<Scorer, MonitorReference>()

/** The reference with the features that weigh most: by mean contribution, on clients of the reference. */
function monitorReference(scorer: Scorer, reference: Reference | null): MonitorReference {
  const known = references.get(scorer)
  if (known) return known
  const { version, threshold, costs, definitions } = scorer.bundle
  const made: MonitorReference = {
    version,
    threshold,
    costs,
    risks: reference?.risks ?? [],
    features: reference ? watchedFeatures(scorer, reference) : [],
    fields: definitions.features.length,
  }
  references.set(scorer, made)
  return made
}

function watchedFeatures(scorer: Scorer, reference: Reference): WatchedFeature[] {
  const { features } = scorer.bundle.definitions
  const names = features.map(({ name }) => name)
  const count = Math.min(weighedClients, reference.clients)
  if (count === 0) return []
  const weights = new Array<number>(names.length).fill(0)
  for (let i = 0; i < count; i++)
    for (const { contributions } of scorer.scoreFeatures([
      { values: reference.row(i, names), notSupplied: [], unknownLevels: [] },
    ]))
      contributions.forEach(({ contribution }, j) => {
        weights[j]! += Math.abs(contribution)
      })
  const total = weights.reduce((a, b) => a + b, 0)
  return names
    .map((name, j) => ({ name, j, weight: weights[j]! }))
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight || a.j - b.j)
    .slice(0, watchedCount)
    .map(({ name, j, weight }) => ({
      name,
      kind: features[j]!.kind === 'category' ? 'category' : 'number',
      importance: weight / total,
      reference: Array.from({ length: reference.clients }, (_, i) => reference.row(i, [name])[0] ?? null),
    }))
}

export function monitorEngine(
  scorer: Scorer,
  clients: Service['clients'],
  reference: () => Reference | null,
): MonitorEngine {
  let applications: Application[] = []
  const watched = () => monitorReference(scorer, reference())
  const placeOf = new Map(scorer.bundle.definitions.features.map(({ name }, j) => [name, j]))
  return {
    async details(rows) {
      const places = watched().features.map(({ name }) => placeOf.get(name)!)
      return rows.map((row): Detail => {
        const { input, warnings, imputed } = predictionOf(row)
        const applicant = applicantOf(input, clients)
        const values = applicant && scorer.values(applicant)
        return {
          position: Number(row.position),
          values: values && places.map((place) => values[place] ?? null),
          notes: warnings.map(({ code, field }) => ({ code, field })),
          imputed: imputed.length,
        }
      })
    },
    async add(some) {
      for (const one of some) applications.push(one)
    },
    async report(options) {
      const report = monitorReport(applications, watched(), options)
      applications = []
      return report
    },
    async close() {
      applications = []
    },
  }
}
