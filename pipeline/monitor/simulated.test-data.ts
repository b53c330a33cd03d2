/** For tests: a reference and journals of applications made here, in which nothing or one thing goes wrong. */
import type { Value } from '../data/applicant.ts'
import { type Random, random } from '../models/random.ts'
import type { Application } from './application.ts'
import type { MonitorReference, WatchedFeature } from './reference.ts'

export const start = Date.parse('2026-01-05T00:00:00Z')
export const dayLength = 86_400_000
const threshold = 0.12

/** Eight numbers, one of them missing for a tenth, and two categories. */
const numbers = 8
const kinds = ['A', 'B', 'C', 'D']

/** What a client looks like; `shift` moves the first number by standard deviations, `scale` all of them. */
export function drawn(next: Random, { shift = 0 } = {}): Value[] {
  const values: Value[] = []
  for (let i = 0; i < numbers; i++) {
    const normal = (next() + next() + next() + next() - 2) * Math.sqrt(3)
    values.push(i === 0 ? normal + shift : i === 7 && next() < 0.1 ? null : normal)
  }
  values.push(kinds[Math.floor(next() * 4)]!, kinds[Math.floor(next() ** 2 * 4)]!)
  return values
}

/** A mean risk of 8.1%, most of them lower. */
export const riskOf = (next: Random): number => 0.015 + 0.264 * next() ** 3

export function simulatedReference(seed = 1, clients = 2000): MonitorReference {
  const next = random(seed)
  const rows = Array.from({ length: clients }, () => drawn(next))
  const features = rows[0]!.map(
    (value, i): WatchedFeature => ({
      name: `f${i}`,
      kind: typeof value === 'string' ? 'category' : 'number',
      importance: 0.1,
      reference: rows.map((row) => (typeof row[i] === 'number' ? Math.fround(row[i]) : (row[i] ?? null))),
    }),
  )
  const risks = Float64Array.from({ length: clients }, () => riskOf(next)).sort()
  return {
    version: '0123456789ab',
    threshold,
    costs: { falseNegative: 10, falsePositive: 1 },
    risks,
    features,
    fields: 40,
  }
}

export interface Scenario {
  readonly days: number
  /** Applications a day. */
  readonly volume: number
  /** Of the applications of a day, counted from 1. */
  readonly shift?: (day: number) => number
  readonly risk?: (next: Random, day: number) => number
  /** Probability of default, given the stated one. */
  readonly defaults?: (risk: number, day: number) => number
  /** Days until a default, or a repayment, is known. */
  readonly delay?: (next: Random) => number
  readonly overridden?: number
  readonly slow?: number
}

/** Applications in the order in which they come. */
export function simulated(seed: number, o: Scenario): Application[] {
  const next = random(seed * 7919)
  const { overridden = 0.12, slow = 0.02, delay = (n: Random) => 30 + 300 * n() } = o
  const all: Application[] = []
  for (let day = 1; day <= o.days; day++)
    for (let i = 0; i < o.volume; i++) {
      const time = start + (day - 1 + (i + 0.5) / o.volume) * dayLength
      const at = new Date(time).toISOString()
      const probability = (o.risk ?? riskOf)(next, day)
      const approved = probability < threshold
      const against = next() < overridden
      const reviewed = next() < 0.3
      const decision = approved !== against ? 'approved' : 'declined'
      const review = reviewed ? ({ at, decision, code: against ? 'special' : null } as const) : null
      const isLoan = review ? decision === 'approved' : approved
      const known = new Date(time + delay(next) * dayLength).toISOString()
      const defaulted = next() < (o.defaults ?? ((risk: number) => risk))(probability, day)
      all.push({
        at,
        probability,
        approved,
        latencyMs: next() < slow ? 800 : 12,
        review,
        outcome: isLoan ? { at: known, date: known.slice(0, 10), defaulted } : null,
        values: drawn(next, { shift: o.shift?.(day) ?? 0 }),
        notes: next() < 0.01 ? [{ code: 'outside_range', field: `f${Math.floor(next() * numbers)}` }] : [],
        imputed: 0,
      })
    }
  return all
}
