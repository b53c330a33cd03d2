/** What the journal's latest predictions say against the bundle's reference: volumes by time, drift of risk and features, alerts. */
import { once } from 'node:events'
import { extname } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { append } from '../pipeline/data/append.ts'
import { quantileOf } from '../pipeline/data/quantile.ts'
import type { ColumnDrift } from '../pipeline/drift/compare.ts'
import { proportions } from '../pipeline/drift/statistics/proportions.ts'
import type { Service } from './env.ts'
import type { PredictionSummary } from './journal/journal.ts'
import type { NumberComparison, NumberValues } from './monitor-comparison.ts'

export const windowSize = 2000 // latest predictions looked at
const featureRows = 300 // of them, those whose features are computed again: about half a millisecond each
const rowsATurn = 10
const featureCount = 40 // features compared: those that weigh most in these predictions
export const driftMinCount = 100 // values a side below which drift is not judged
const slowest = 500 // milliseconds at the 95th percentile

/** One hour or one day. */
export interface Bucket {
  /** Start: milliseconds since 1970. */
  readonly at: number
  readonly count: number
  /** Share approved, mean risk: 0 to 1; latency: median in milliseconds. */
  readonly approved: number
  readonly risk: number
  readonly latencyMs: number
}

export type AlertCode = 'journal' | 'risk' | 'features' | 'approved' | 'latency' | 'overrides' | 'versions'

export interface Alert {
  readonly code: AlertCode
  /** The first prediction of the window it was seen in; null where it is about now. */
  readonly since: string | null
  /** What was found and what was expected, in the alert's own unit. */
  readonly found: number
  readonly expected: number
}

export interface Monitoring {
  readonly count: number
  readonly from: string | null
  readonly to: string | null
  readonly unit: 'hour' | 'day'
  readonly buckets: readonly Bucket[]
  readonly approved: number
  readonly reviewed: number
  /** Share of the reviewed where the person decided otherwise. */
  readonly overridden: number
  readonly latency95Ms: number
  readonly versions: readonly {
    readonly version: string
    readonly count: number
    readonly from: string
    readonly to: string
  }[]
  /** Null without a reference. */
  readonly risk: ColumnDrift | null
  /** Worst first. */
  readonly features: readonly ColumnDrift[]
  readonly featureRows: number
  readonly alerts: readonly Alert[]
}

const hour = 3_600_000
const day = 24 * hour
const latencyOf = (values: readonly number[], share: number) => (values.length > 0 ? quantileOf(values, share) : 0)
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / Math.max(1, values.length)

/** The latest predictions, newest first. */
async function latest(service: Service, most: number): Promise<PredictionSummary[]> {
  const all: PredictionSummary[] = []
  while (all.length < most) {
    const page = await service.journal.predictions({ limit: 500, before: all.at(-1)?.position })
    append(all, page)
    if (page.length < 500) break
    await turn()
  }
  return all.slice(0, most)
}

type Counted = Omit<Monitoring, 'alerts'>
const cache = new WeakMap<
  Service['journal'],
  { readonly position: number; readonly reviewed: number; readonly counted: Promise<Counted> }
>()

/**
 * Counted anew when the journal has grown, once for all who ask meanwhile, a little in each turn and the statistics in a thread of their own:
 * nobody else waits for it. The journal itself is tried each time.
 * @throws JournalError
 */
export async function monitoring(service: Service): Promise<Monitoring> {
  const predictions = await latest(service, windowSize)
  const position = predictions[0]?.position ?? 0
  const reviewed = predictions.filter(({ reviewDecision }) => reviewDecision !== null).length
  let known = cache.get(service.journal)
  if (known?.position !== position || known.reviewed !== reviewed) {
    known = { position, reviewed, counted: computed(service, predictions) }
    cache.set(service.journal, known)
    // What failed is tried anew.
    known.counted.catch(() => cache.delete(service.journal))
  }
  const counted = await known.counted
  return { ...counted, alerts: await alerts(service, counted, reviewed) }
}

async function computed(service: Service, predictions: readonly PredictionSummary[]): Promise<Counted> {
  const [from, to] = [predictions.at(-1)?.at ?? null, predictions[0]?.at ?? null]
  const span = from && to ? Date.parse(to) - Date.parse(from) : 0
  const unit = span > 2 * day ? 'day' : 'hour'
  const step = unit === 'day' ? day : hour
  const buckets = [...Map.groupBy(predictions, ({ at }) => Math.floor(Date.parse(at) / step) * step)]
    .map(([at, members]) => ({ at, ...summary(members) }))
    .toSorted((a, b) => a.at - b.at)
    .slice(-30)
  const decided = predictions.filter(({ reviewDecision }) => reviewDecision !== null)
  const against = decided.filter((p) => p.reviewDecision !== 'referred' && p.reviewDecision !== p.decision)
  const versions = [...Map.groupBy(predictions, ({ version }) => version)].map(([version, members]) => ({
    version,
    count: members.length,
    from: members.at(-1)!.at,
    to: members[0]!.at,
  }))
  const features = await comparedFeatures(service, predictions)
  const risk = comparedRisk(service, predictions)
  const [[riskDrift], featureDrift] = await compared(risk, features.comparison)
  return {
    count: predictions.length,
    from,
    to,
    unit,
    buckets,
    approved: summary(predictions).approved,
    reviewed: decided.length / Math.max(1, predictions.length),
    overridden: against.length / Math.max(1, decided.length),
    latency95Ms: latencyOf(
      predictions.map(({ latencyMs }) => latencyMs),
      0.95,
    ),
    versions,
    risk: riskDrift ?? null,
    features: featureDrift,
    featureRows: features.rows,
  }
}

const summary = (members: readonly PredictionSummary[]) => ({
  count: members.length,
  approved: mean(members.map(({ decision }) => (decision === 'approved' ? 1 : 0))),
  risk: mean(members.map(({ probability }) => probability)),
  latencyMs: latencyOf(
    members.map(({ latencyMs }) => latencyMs),
    0.5,
  ),
})

const nothing: NumberComparison = { before: [], now: [], minCount: driftMinCount }

function comparedRisk({ reference }: Service, predictions: readonly PredictionSummary[]): NumberComparison {
  if (!reference) return nothing
  const risks = Float64Array.from(predictions, ({ probability }) => probability)
  const column = (values: NumberValues['values']) => [{ name: 'probability', values }]
  return { ...nothing, before: column(reference.risks), now: column(risks) }
}

/** The features that weigh most in the latest predictions, computed again from what was sent, against the reference. */
async function comparedFeatures(
  service: Service,
  predictions: readonly PredictionSummary[],
): Promise<{ comparison: NumberComparison; rows: number }> {
  const { reference, scorer } = service
  if (!reference || predictions.length < driftMinCount) return { comparison: nothing, rows: 0 }
  const weights = new Map<string, number>()
  const rows: (readonly (number | string | null)[])[] = []
  for (const [i, { requestId }] of predictions.slice(0, featureRows).entries()) {
    if (i % rowsATurn === 0) await turn()
    const prediction = await service.journal.prediction(requestId)
    const applicant = prediction && service.applicantOf(prediction.input)
    if (!applicant) continue
    rows.push(scorer.values(applicant))
    for (const { features } of prediction.explanation?.groups ?? [])
      for (const { feature, effect } of features) weights.set(feature, (weights.get(feature) ?? 0) + Math.abs(effect))
  }
  const names = scorer.bundle.definitions.features.map(({ name, kind }) => ({ name, kind }))
  const strongest = [...weights].toSorted((a, b) => b[1] - a[1]).map(([name]) => name)
  const chosen = strongest
    .filter((name) => names.some((one) => one.name === name && one.kind !== 'category'))
    .slice(0, featureCount)
  const before = chosen.map((name) => ({ name, values: Float32Array.from(reference.values(name)) }))
  // The reference has single precision: what is computed now is compared at the same, or 0.1 would be two values.
  const now = chosen.map((name) => {
    const at = names.findIndex((one) => one.name === name)
    return { name, values: Float32Array.from(rows, (row) => (typeof row[at] === 'number' ? row[at] : Number.NaN)) }
  })
  return { comparison: { ...nothing, before, now }, rows: rows.length }
}

/** The columns of both comparisons, from a thread that ends with them. */
async function compared(risk: NumberComparison, features: NumberComparison): Promise<[ColumnDrift[], ColumnDrift[]]> {
  if (risk.before.length === 0 && features.before.length === 0) return [[], []]
  const worker = new Worker(new URL(`./monitor-comparison${extname(import.meta.filename)}`, import.meta.url), {
    workerData: [risk, features],
  })
  const [columns] = (await once(worker, 'message')) as [[ColumnDrift[], ColumnDrift[]]]
  return columns
}

async function alerts(service: Service, m: Counted, reviewed: number): Promise<Alert[]> {
  const found: Alert[] = []
  const add = (code: AlertCode, value: number, expected: number, since: string | null = m.from) =>
    found.push({ code, since, found: value, expected })
  if (await service.journal.check()) add('journal', 0, 1, null)
  if (m.risk?.drifted) add('risk', m.risk.mean?.current ?? 0, m.risk.mean?.reference ?? 0)
  const judged = m.features.filter(({ score, schema_change }) => score !== null || schema_change !== null)
  const moved = judged.filter(({ drifted, schema_change }) => drifted || schema_change !== null)
  if (moved.length > 0) add('features', moved.length, judged.length)
  const { reference } = service
  if (reference && m.count >= driftMinCount) {
    const { threshold } = service.scorer.bundle
    const usual = reference.risks.filter((risk) => risk < threshold).length
    const approved = Math.round(m.approved * m.count)
    const expected = usual / reference.risks.length
    if (
      Math.abs(m.approved - expected) > 0.05 &&
      proportions(usual, reference.risks.length, approved, m.count).p < 0.01
    )
      add('approved', m.approved, expected)
  }
  if (m.latency95Ms > slowest) add('latency', m.latency95Ms, slowest)
  if (reviewed >= 30 && m.overridden > 0.2) add('overrides', m.overridden, 0.2)
  if (m.versions.length > 1) add('versions', m.versions.length, 1, m.versions[0]!.from)
  return found
}
