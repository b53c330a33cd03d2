/** Monthly rates as columns of a frame, step by step: in one expression each part would be computed again wherever it is named. */
import pl from 'nodejs-polars'
import { freeOfInterest } from '../javascript/values.ts'
import { type Rate, ratesIn, type Tree } from '../syntax/tree.ts'
import { type Expr, type Express, lit, otherwiseMissing } from './expressions.ts'

/** The rows with a column for each rate in `trees`, named by its key, which is where `expressions` looks for it. */
export const withRates = (rows: pl.LazyDataFrame, trees: readonly Tree[], express: Express): pl.LazyDataFrame =>
  [...new Map(trees.flatMap(ratesIn).map((tree) => [tree.key, tree])).values()].reduce(
    (frame, tree) => withRate(frame, tree, express),
    rows,
  )

/** What `monthlyRate` of values.ts does. */
function withRate(rows: pl.LazyDataFrame, { key, of }: Rate, express: Express): pl.LazyDataFrame {
  const part = (name: string) => pl.col(`${key} ${name}`)
  const [months, payment, amount, share] = [part('months'), part('payment'), part('amount'), part('share')]
  const [start, discounted, value, fall] = [part('start'), part('discounted'), part('value'), part('fall')]
  const [zero, one, minusOne] = [lit(0), lit(1), lit(-1)]
  const power = one
    .div(months)
    .log1p()
    .mul(lit(1 / Math.LN2))
  const grown = share.log1p()
  const lost = grown.div(power).mul(minusOne).exp().mul(minusOne).log1p()
  const slope = one.minus(fall)
  const bend = value
    .mul(fall)
    .mul(months.plus(one))
    .div(lit(2).mul(slope).mul(start.plus(one)))
  const positive = months.gt(zero).and(payment.gt(zero)).and(amount.gt(zero))
  const free = share.mul(months).lt(lit(freeOfInterest))
  const rate = pl
    .when(free)
    .then(zero)
    .otherwise(start.minus(value.div(slope.minus(bend))))
  const steps: readonly Readonly<Record<string, Expr>>[] = [
    { months: express(of[0]), payment: express(of[1]), amount: express(of[2]) },
    { share: payment.div(amount) },
    { start: grown.plus(power.mul(lost)).exp().minus(one) },
    { discounted: share.mul(months.mul(start.log1p()).mul(minusOne).exp()) },
    { value: start.minus(share).plus(discounted), fall: discounted.mul(months).div(start.plus(one)) },
  ]
  return steps
    .reduce(
      (frame, step) => frame.withColumns(...Object.entries(step).map(([name, made]) => made.alias(`${key} ${name}`))),
      rows,
    )
    .withColumns(otherwiseMissing(positive, rate).alias(key))
    .drop(steps.flatMap(Object.keys).map((name) => `${key} ${name}`))
}
