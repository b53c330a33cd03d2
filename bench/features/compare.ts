/** Whether two frames of features hold the same values: by client, cell by cell, as float32. */
import pl from 'nodejs-polars'

export interface FeatureComparison {
  readonly cells: number
  /** Cells that differ at all. */
  readonly unequal: number
  /** Cells where one side is missing, a text differs, or numbers differ by more than 1e-6 relative. */
  readonly wrong: number
  /** Features with wrong cells, and how many. */
  readonly where: readonly (readonly [feature: string, cells: number])[]
}

const tolerance = 1e-6

/** Both are sorted by SK_ID_CURR; the columns are those of `ours`. Throws when the clients are not the same. */
export function compareFeatures(ours: pl.DataFrame, theirs: pl.DataFrame): FeatureComparison {
  const key = 'SK_ID_CURR'
  if (!ours.select(key).frameEqual(theirs.select(pl.col(key).cast(pl.Int32))))
    throw new Error('the two sides have other clients')
  const names = ours.columns.filter((name) => name !== key)
  let [unequal, wrong] = [0, 0]
  const where: [string, number][] = []
  for (const name of names) {
    const [a, b] = [pl.col('a'), pl.col('b')]
    const text = ours.getColumn(name).dtype.variant === 'String'
    const pair = pl.DataFrame([ours.getColumn(name).alias('a'), theirs.getColumn(name).alias('b')])
    const both = a.isNotNull().and(b.isNotNull())
    const oneSided = a.isNull().neq(b.isNull())
    const far = text
      ? a.neq(b)
      : a
          .minus(b)
          .abs()
          .gt(pl.maxHorizontal([a.abs(), b.abs()]).mul(pl.lit(tolerance)))
    const count = (condition: pl.Expr, as: string) => condition.cast(pl.UInt32).sum().alias(as)
    const [different, bad, gaps] = pair
      .select(count(both.and(a.neq(b)), 'different'), count(both.and(far), 'bad'), count(oneSided, 'gaps'))
      .row(0)
      .map((value) => Number(value ?? 0))
    unequal += different! + gaps!
    wrong += bad! + gaps!
    if (bad! + gaps! > 0) where.push([name, bad! + gaps!])
  }
  return { cells: names.length * ours.height, unequal, wrong, where }
}

/** The features of all clients as the stage wrote them, sorted by client. */
export function featuresOf(folder: string): pl.DataFrame {
  const train = pl.readParquet(`${folder}/train.parquet`).drop('TARGET')
  return pl.concat([train, pl.readParquet(`${folder}/new.parquet`)]).sort('SK_ID_CURR')
}
