/** What the models that people read say of all compared clients: the coefficients of the logistic regression and the scorecard. */
import { join } from 'node:path'
import pl from 'nodejs-polars'
import { linear } from '../candidates/linear.ts'
import { Sample } from '../candidates/sample.ts'
import { strategies } from '../imbalance/strategy.ts'
import { matrixOf } from '../matrix.ts'
import { cardOf } from '../scorecard/card.ts'
import { fitScorecard } from '../scorecard/scorecard.ts'
import type { Comparison } from './findings.ts'
import type { Bench } from './judging.ts'

type Described = Pick<Comparison, 'defaults' | 'coefficients' | 'nonzero' | 'card'>

const coefficientsTold = 40

/** `folder`: of the features; the scorecard's stability is that of its new clients. */
export function describe({ clients, settings }: Bench, folder: string): Described {
  const { features } = clients.definitions
  const { rounds, penalties } = settings.linear
  using whole = new Sample(clients.matrix, clients.target)
  const card = fitScorecard(whole, settings.scorecard)
  using line = linear({ name: 'logistic', label: '' }, { rounds, ...penalties[0]! }, strategies.none).fit(
    whole,
    settings.seed,
  )
  const recent = matrixOf(pl.readParquet(join(folder, 'new.parquet')), features)
  const words = new Map(features.map((feature) => [feature.name, feature]))
  const coefficients = line.member.columns
    .toSorted((a, b) => Math.abs(b.coefficient) - Math.abs(a.coefficient) || (a.feature < b.feature ? -1 : 1))
    .map(({ feature: name, read, coefficient }) => {
      const feature = words.get(name)
      const level = read.as === 'level' ? `: ${feature?.levels?.[read.code] ?? read.code}` : ''
      const label = `${feature?.label.en ?? name}${level}${read.as === 'missing' ? ' is missing' : ''}`
      return { feature: name, label, value: coefficient }
    })
  return {
    defaults: whole.defaults,
    coefficients: coefficients.slice(0, coefficientsTold),
    nonzero: coefficients.length,
    card: cardOf(card, settings.scorecard, whole, recent, features),
  }
}
