/** Does the default rate change with age, income and the weight of the instalments? */
import pl from 'nodejs-polars'
import { number } from 'report-kit'
import { type Rate, rateByBand } from './rate.ts'

const years = pl.col('DAYS_BIRTH').cast(pl.Float64).div(pl.lit(-365.25))
const income = pl.col('AMT_INCOME_TOTAL')
const burden = pl.col('AMT_ANNUITY').div(income)

const between = (unit: (value: number) => string) => (from: number | null, below: number | null) =>
  from === null
    ? `below ${unit(below ?? 0)}`
    : below === null
      ? `${unit(from)} and over`
      : `${unit(from)} to ${unit(below)}`

export const rateByAge = (known: pl.DataFrame): Rate[] =>
  rateByBand(known, years, [25, 30, 35, 40, 45, 50, 55, 60, 65], (from, below) =>
    from === null ? `under ${below}` : below === null ? `${from} and over` : `${from}–${below - 1}`,
  )

export const rateByIncome = (known: pl.DataFrame): Rate[] =>
  rateByBand(
    known,
    income,
    [75000, 100000, 150000, 200000, 300000, 500000],
    between((value) => `${number(value / 1000)}k`),
  )

/** By the share of the yearly income that goes into the new loan's instalments in the data's own terms: AMT_ANNUITY / AMT_INCOME_TOTAL. */
export const rateByBurden = (known: pl.DataFrame): Rate[] =>
  rateByBand(
    known,
    burden,
    [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4],
    between((value) => `${number(value * 100)}%`),
  )
