/** From a client to the log odds of default: what the published default rates and correlations are about, and hidden traits. */

import relations from '../published/statistics/relations.json' with { type: 'json' }
import { levelsOf } from '../published/statistics.ts'
import type { Calibration } from './calibration.ts'
import type { Form } from './form.ts'
import { figuresOf } from './groups.ts'

/** A level or band has an effect of its own. */
export interface Level {
  readonly name: string
  readonly levels: readonly string[]
  /** Published default rate of each level, null where none is. */
  readonly rates: readonly (number | null)[]
  /** Published number of clients of each level, null where none is. */
  readonly clients: readonly (number | null)[]
  /** Index of the client's level, −1 for none. */
  of(form: Form): number
}

/** A number has an effect in proportion to its distance from the mean. */
export interface Slope {
  readonly name: string
  readonly correlation: number
  /** Standardised by the published mean and deviation; null is missing. */
  of(form: Form): number | null
}

/** Log odds per standard deviation of the hidden traits, which show in the six history tables. */
export const hidden = { debt: 0.41, discipline: 0.34, standing: 0.37 } as const

/** Something that no sum of effects of single columns shows. */
export interface Joint {
  readonly name: string
  /** Log odds. */
  readonly weight: number
  /** About 0 on average, of the order of 1. */
  of(form: Form): number
}

const bands: Readonly<
  Record<string, { readonly edges: readonly number[]; readonly rates: readonly (number | null)[] }>
> = relations.bands
const correlation: Readonly<Record<string, number>> = relations.correlation

const share = (percent: number | null | undefined) => (percent === null || percent === undefined ? null : percent / 100)

function level(column: string, of: (form: Form) => number): Level {
  const published = levelsOf(column)
  return {
    name: column,
    levels: published.map((each) => each.level),
    rates: published.map((each) => share(each.rate)),
    clients: published.map((each) => each.clients || null),
    of,
  }
}

function band(name: string, of: (form: Form) => number | null): Level {
  const { edges, rates } = bands[name]!
  return {
    name,
    levels: rates.map((_, i) => `${edges[i]} to ${edges[i + 1]}`),
    rates: rates.map(share),
    clients: rates.map(() => null),
    of: (form) => {
      const value = of(form)
      if (value === null) return -1
      for (let i = 1; i < edges.length - 1; i++) if (value < edges[i]!) return i - 1
      return edges.length - 2
    },
  }
}

function slope(column: string, of: (form: Form) => number | null, mean?: number, sd?: number): Slope {
  const [, publishedMean, publishedSd] = figuresOf('train', column)
  const [center, scale] = [mean ?? publishedMean!, sd ?? publishedSd!]
  return {
    name: column,
    correlation: correlation[column]!,
    of: (form) => {
      const value = of(form)
      return value === null ? null : (value - center) / scale
    },
  }
}

const flagged = (column: string, of: (form: Form) => boolean) => slope(column, (form) => (of(form) ? 1 : 0))

export const levelTerms: readonly Level[] = [
  level('NAME_CONTRACT_TYPE', (form) => (form.revolving ? 1 : 0)),
  level('CODE_GENDER', (form) => form.man),
  level('FLAG_OWN_CAR', (form) => (form.ownCar ? 1 : 0)),
  level('FLAG_OWN_REALTY', (form) => (form.ownRealty ? 0 : 1)),
  level('NAME_TYPE_SUITE', (form) => form.suite),
  level('NAME_INCOME_TYPE', (form) => form.incomeType),
  level('NAME_EDUCATION_TYPE', (form) => form.education),
  level('NAME_FAMILY_STATUS', (form) => form.family),
  level('NAME_HOUSING_TYPE', (form) => form.housing),
  level('OCCUPATION_TYPE', (form) => form.occupation),
  level('ORGANIZATION_TYPE', (form) => form.organization),
  level('CNT_CHILDREN', (form) => form.children),
  level('REGION_RATING_CLIENT_W_CITY', (form) => form.ratingWithCity - 1),
  level('HOUR_APPR_PROCESS_START', (form) => (form.hour === 0 ? 0 : form.hour === 1 ? -1 : form.hour - 1)),
  band('age', (form) => -form.ageDays / 365.25),
  band('EXT_SOURCE_2', (form) => form.external[1]),
  band('AMT_INCOME_TOTAL', (form) => form.income),
  band('AMT_CREDIT', (form) => form.credit),
  band('goods over credit', (form) => (form.goods === null ? null : form.goods / form.credit)),
  band('annuity over income', (form) => form.annuity / form.income),
  {
    name: 'building',
    levels: ['unknown', 'known'],
    rates: [0.0928, 0.0697], // EMERGENCYSTATE_MODE missing and not (docs/data-sources.md#levels-of-the-application)
    clients: [145755, 161756],
    of: (form) => (form.building.known < -0.065 ? 0 : 1),
  },
]

export const slopeTerms: readonly Slope[] = [
  slope('EXT_SOURCE_1', (form) => form.external[0]),
  slope('EXT_SOURCE_3', (form) => form.external[2]),
  slope('DAYS_EMPLOYED', (form) => form.employed, -2384, 2340),
  slope('DAYS_LAST_PHONE_CHANGE', (form) => form.phoneChange),
  slope('DAYS_ID_PUBLISH', (form) => form.idPublish),
  slope('DAYS_REGISTRATION', (form) => form.registration),
  flagged('REG_CITY_NOT_WORK_CITY', (form) => form.workElsewhere),
  flagged('REG_CITY_NOT_LIVE_CITY', (form) => form.liveElsewhere),
  flagged('LIVE_CITY_NOT_WORK_CITY', (form) => form.workAway),
  flagged('FLAG_DOCUMENT_3', (form) => form.document === 3),
  slope('FLOORSMAX_AVG', (form) => form.building.floors),
  slope('ELEVATORS_AVG', (form) => form.building.elevators),
  slope('LIVINGAREA_AVG', (form) => form.building.livingArea),
  slope('AMT_GOODS_PRICE', (form) => form.goods),
  slope('OWN_CAR_AGE', (form) => form.carAge),
  slope('REGION_POPULATION_RELATIVE', (form) => form.population),
  slope('DEF_30_CNT_SOCIAL_CIRCLE', (form) => (form.observed === null ? null : form.defaulted30)),
]

/** From −1 well below an edge to 1 well above it. */
const side = (value: number, edge: number, width: number) => 2 / (1 + Math.exp((edge - value) / width)) - 1

/** Mean of the external scores that are known, a middling 0.51 where none is. */
function externalMean({ external }: Form): number {
  let [sum, known] = [0, 0]
  for (const score of external)
    if (score !== null) {
      sum += score
      known++
    }
  return known > 0 ? sum / known : 0.51
}

const years = (form: Form) => -form.ageDays / 365.25
const instalments = (form: Form) => form.credit / form.annuity
const hump = (value: number, at: number, width: number) => Math.exp(-(((value - at) / width) ** 2))

/**
 * Assumptions, as strong as makes boosting and logistic regression differ as they do on the real form (docs/data-sources.md#what-a-model-reaches):
 * a hump in one answer, or two answers whose effects do not add up. What they change in a published rate or correlation, the other effects make up for.
 */
export const jointTerms: readonly Joint[] = [
  {
    name: 'credit over annuity, riskiest in the middle',
    weight: 0.27,
    of: (form) => (form.revolving ? 0 : 1.6 * hump(instalments(form), 17, 5) - 0.7),
  },
  {
    name: 'years with the passport, riskiest in the middle',
    weight: 0.27,
    of: (form) => 1.6 * hump(-form.idPublish / 365.25, 7, 2.5) - 0.6,
  },
  {
    name: 'external scores and credit over annuity',
    weight: 0.27,
    of: (form) => (form.revolving ? 0 : side(externalMean(form), 0.48, 0.03) * side(instalments(form), 20, 1.5)),
  },
  {
    name: 'external scores and annuity over income',
    weight: 0.27,
    of: (form) => side(externalMean(form), 0.52, 0.03) * side(form.annuity / form.income, 0.17, 0.015),
  },
  {
    name: 'external scores and age',
    weight: 0.27,
    of: (form) => side(externalMean(form), 0.52, 0.03) * side(years(form), 43, 2),
  },
  {
    name: 'age and years in the job',
    weight: 0.27,
    of: (form) => (form.employed === null ? 0 : side(years(form), 40, 1.5) * side(-form.employed / 365.25, 4, 0.5)),
  },
  {
    name: 'debt and late payments',
    weight: 0.4,
    of: (form) => Math.max(0, form.debt) * Math.max(0, form.discipline) - 0.25,
  },
]

/** The sum of the joint terms. */
export function jointly(form: Form): number {
  let sum = 0
  for (const { weight, of } of jointTerms) sum += weight * of(form)
  return sum
}

/** The log odds of default of a client. */
export function riskOf({ intercept, effects }: Calibration): (form: Form) => number {
  const levels = levelTerms.map((term) => ({
    term,
    effect: term.levels.map((each) => effects[term.name]?.[each] ?? 0),
  }))
  const slopes = slopeTerms.map((term) => ({ term, effect: effects[term.name]?.slope ?? 0 }))
  return (form) => {
    let sum =
      intercept +
      hidden.debt * form.debt +
      hidden.discipline * form.discipline +
      hidden.standing * form.standing +
      jointly(form)
    for (const { term, effect } of levels) {
      const at = term.of(form)
      if (at >= 0) sum += effect[at] ?? 0
    }
    for (const { term, effect } of slopes) {
      const value = term.of(form)
      if (value !== null) sum += effect * value
    }
    return sum
  }
}
