/** What do the three external scores tell? Each is a credit score bought from elsewhere, 0 to 1, the higher the safer. */

import type pl from 'nodejs-polars'
import { number, percent } from 'report-kit'
import { maximum } from '../data/extremes.ts'
import type { Figure, Trace } from '../display/figure.ts'
import { palette } from '../display/palette.ts'
import { rocAuc } from '../models/ranking.ts'
import { numbers, type Rate, ranked, rateOfRows } from './rate.ts'
import { labels } from './rate-figure.ts'
import { list } from './words.ts'

export const scoreColumns = ['EXT_SOURCE_1', 'EXT_SOURCE_2', 'EXT_SOURCE_3'] as const
const fifths = ['lowest fifth', 'second', 'middle', 'fourth', 'highest fifth'] as const

export interface ExternalScore {
  readonly name: string
  /** Of all known clients, 0 to 1. */
  readonly missing: number
  /** ROC AUC of the score alone (low score = default), among the clients who have it. */
  readonly auc: number
  /** From the lowest scores to the highest. */
  readonly fifths: readonly Rate[]
  readonly without: Rate
  /** Default rate of all known clients. */
  readonly overall: number
}

/** The mean of the scores that a client has; NaN for none. */
export function meanScore(known: pl.DataFrame): Float64Array {
  const columns = scoreColumns.map((column) => numbers(known, column))
  return Float64Array.from({ length: known.height }, (_, row) => {
    const given = columns.map((column) => column[row] as number).filter((value) => !Number.isNaN(value))
    return given.length === 0 ? Number.NaN : given.reduce((sum, value) => sum + value, 0) / given.length
  })
}

function judged(name: string, score: Float64Array, target: Float64Array): ExternalScore {
  const groups = ranked(score, fifths.length)
  const rows = Uint32Array.from(score.keys())
  const [having, lacking] = [
    rows.filter((row) => !Number.isNaN(score[row])),
    rows.filter((row) => Number.isNaN(score[row])),
  ]
  const [y, s] = [
    Float64Array.from(having, (row) => target[row] as number),
    Float64Array.from(having, (row) => -(score[row] as number)),
  ]
  return {
    name,
    missing: lacking.length / score.length,
    auc: rocAuc(y, s),
    fifths: groups.map((group, index) => rateOfRows(fifths[index] ?? '', group, target)),
    without: rateOfRows('missing', lacking, target),
    overall: rateOfRows('all', rows, target).rate,
  }
}

/** The three scores and the mean of those that a client has. */
export function externalScores(known: pl.DataFrame): ExternalScore[] {
  const target = numbers(known, 'TARGET')
  return [
    ...scoreColumns.map((column, index) => judged(`score ${index + 1}`, numbers(known, column), target)),
    judged('their mean', meanScore(known), target),
  ]
}

export const externalTable = (scores: readonly ExternalScore[]) =>
  scores.map(({ name, missing, auc, fifths, without }) => ({
    '': name,
    'ROC AUC alone': number(auc, { digits: 3 }),
    'lowest fifth': percent(fifths[0]?.rate),
    'highest fifth': percent(fifths[fifths.length - 1]?.rate),
    missing: percent(missing),
    'default rate where missing': without.clients > 0 ? percent(without.rate) : '–',
  }))

/** The lowest fifth against the highest, in words. */
export function externalSentence(scores: readonly ExternalScore[]): string {
  const mean = scores[scores.length - 1]
  const best = [...scores.slice(0, -1)].sort((a, b) => b.auc - a.auc)[0]
  if (!mean || !best) return ''
  const gain = mean.auc - best.auc
  return `The best of the three alone is **${best.name}** (ROC AUC ${number(best.auc, { digits: 3 })}); their mean reaches **${number(mean.auc, { digits: 3 })}**, ${gain > 0.005 ? 'so they know different things' : 'so little is gained by taking them together'}.`
}

/** Whether a missing score is a sign, in one sentence. */
export function externalGap(scores: readonly ExternalScore[]): string {
  const single = scores.slice(0, -1).filter(({ without }) => without.clients > 0)
  const widest = [...single].sort((a, b) => b.missing - a.missing)[0]
  if (!widest) return 'Every client has all three scores.'
  const riskier = single.filter(({ without, overall }) => without.low > overall)
  return `Most often missing is **${widest.name}** (${percent(widest.missing)} of the clients); ${riskier.length > 0 ? `clients without ${list(riskier.map(({ name }) => name))} default more often than all clients do` : 'clients who lack a score do not default more often than all clients do'}.`
}

/** How many times as often the lowest fifth defaults as the highest. */
export const spreadOfFifths = ({ fifths }: ExternalScore): number =>
  (fifths[0]?.rate ?? Number.NaN) / (fifths[fifths.length - 1]?.rate ?? Number.NaN)

export function externalFigure(scores: readonly ExternalScore[]): Figure {
  const mean = scores[scores.length - 1]
  const times = mean ? spreadOfFifths(mean) : Number.NaN
  const colours = [...palette.series.slice(0, 3), palette.ink]
  const lines = scores.map(
    ({ name, fifths }, index): Trace => ({
      type: 'scatter',
      mode: 'lines+markers',
      name,
      x: fifths.map(({ level }) => level),
      y: fifths.map(({ rate }) => rate),
      line: { color: colours[index] ?? palette.ink, width: index === scores.length - 1 ? 3 : 2 },
      marker: { size: 7 },
      customdata: fifths.map(({ clients, defaults }) => `${number(clients)} clients, ${number(defaults)} defaults`),
      hovertemplate: '%{x}: %{y:.1%}<br>%{customdata}<extra>%{fullData.name}</extra>',
    }),
  )
  const ends = scores.map(({ name, fifths }, index) => ({
    name,
    y: fifths[0]?.rate ?? 0,
    color: colours[index] ?? palette.ink,
  }))
  return [
    Number.isFinite(times) && times > 1
      ? `The fifth with the lowest external scores defaults ${number(times, { digits: 1 })} times as often as the fifth with the highest`
      : 'The external scores do not sort the clients by risk',
    lines,
    {
      subtitle: 'Default rate by fifth of each score, clients who have it',
      height: 420,
      xaxis: { type: 'category', range: [-0.75, 4.2] },
      yaxis: { tickformat: '.0%', rangemode: 'tozero' },
      annotations: labels(ends, maximum(ends.map(({ y }) => y)) * 0.065),
    },
  ]
}
