/** What the journal's latest predictions say against the bundle's reference: volumes by time, drift of risk and features, alerts. */

import { append } from '../pipeline/data/append.ts'
import { quantileOf } from '../pipeline/data/quantile.ts'
import { numberColumn } from '../pipeline/drift/column.ts'
import { type ColumnDrift, compareColumns } from '../pipeline/drift/compare.ts'
import { proportions } from '../pipeline/drift/statistics/proportions.ts'
import type { Service } from './env.ts'
import type { PredictionSummary } from './journal/journal.ts'

export const windowSize = 2000 // latest predictions looked at
const featureRows = 300 // of them, those whose features are computed again: about half a millisecond each
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
  }
  return all.slice(0, most)
}

type Counted = Omit<Monitoring, 'alerts'>
const cache = new WeakMap<
  Service['journal'],
  { readonly position: number; readonly reviewed: number; readonly counted: Counted }
>()

/** Counted anew when the journal has grown; the journal itself is tried each time. @throws JournalError */
export async function monitoring(service: Service): Promise<Monitoring> {
  const predictions = await latest(service, windowSize)
  const position = predictions[0]?.position ?? 0
  const reviewed = predictions.filter(({ reviewDecision }) => reviewDecision !== null).length
  const known = cache.get(service.journal)
  const counted =
    known?.position === position && known.reviewed === reviewed ? known.counted : await computed(service, predictions)
  cache.set(service.journal, { position, reviewed, counted })
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
  const features = await featureDrift(service, predictions)
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
    risk: riskDrift(service, predictions),
    features: features.columns,
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

function riskDrift({ reference }: Service, predictions: readonly PredictionSummary[]): ColumnDrift | null {
  if (!reference) return null
  const now = numberColumn(
    'probability',
    predictions.map(({ probability }) => probability),
  )
  return compareColumns([numberColumn('probability', reference.risks)], [now], {
    policy: 'default',
    share: 0.5,
    minCount: driftMinCount,
  }).columns[0]!
}

/** The features that weigh most in the latest predictions, computed again from what was sent, against the reference. */
async function featureDrift(service: Service, predictions: readonly PredictionSummary[]) {
  const { reference, scorer } = service
  if (!reference || predictions.length < driftMinCount) return { columns: [], rows: 0 }
  const weights = new Map<string, number>()
  const rows: (readonly (number | string | null)[])[] = []
  for (const { requestId } of predictions.slice(0, featureRows)) {
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
  const before = chosen.map((name) => numberColumn(name, reference.values(name)))
  const now = chosen.map((name) => {
    const at = names.findIndex((one) => one.name === name)
    return numberColumn(
      name,
      rows.map((row) => (typeof row[at] === 'number' ? row[at] : Number.NaN)),
    )
  })
  return {
    columns: compareColumns(before, now, { policy: 'default', share: 0.5, minCount: driftMinCount }).columns,
    rows: rows.length,
  }
}

async function alerts(service: Service, m: Counted, reviewed: number): Promise<Alert[]> {
  const found: Alert[] = []
  const add = (code: AlertCode, value: number, expected: number, since: string | null = m.from) =>
    found.push({ code, since, found: value, expected })
  if (await service.journal.check()) add('journal', 0, 1, null)
  if (m.risk?.drifted) add('risk', m.risk.mean?.current ?? 0, m.risk.mean?.reference ?? 0)
  const moved = m.features.filter(({ drifted }) => drifted)
  if (moved.length > 0) add('features', moved.length, m.features.length)
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
