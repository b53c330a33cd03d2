import pl from 'nodejs-polars'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallPortfolio, typedTable } from '../small.test-data.ts'
import { compareWithPublished, type ReadTable } from './comparison.ts'
import { type Figure, isOutside, strangeness } from './figure.ts'
import { historyTables } from './tables.ts'

const nameOf = ({ table, column, measure }: Figure) => `${table} ${column} ${measure}`
const portfolio = () => smallPortfolio(3000, 500, 9)
const reading =
  (folder: string): ReadTable =>
  (table, columns) => {
    const frame = typedTable(folder, table)
    return columns ? frame.select(...columns) : frame
  }
let compared: Promise<Figure[]> | undefined
const figuresOf = () => {
  compared ??= compareWithPublished(reading(portfolio()))
  return compared
}

test('at most one published figure in twenty is missed by a small portfolio', async () => {
  const figures = await figuresOf()
  assert.ok(figures.length > 900)
  const outside = figures.filter(isOutside).map(nameOf)
  assert.ok(outside.length <= figures.length / 20, outside.join('\n'))
})

test('the figures stand worst first, each once', async () => {
  const figures = await figuresOf()
  const distances = figures.map(strangeness)
  assert.equal(
    distances,
    distances.toSorted((a, b) => b - a),
  )
  assert.is(new Set(figures.map(nameOf)).size, figures.length)
})

test('shares, default rates and rows per client are those counted by hand', async () => {
  const figures = new Map((await figuresOf()).map((figure) => [nameOf(figure), figure]))
  const found = (name: string) => {
    const figure = figures.get(name)
    assert.ok(figure, name)
    return figure!.found
  }
  const near = (name: string, wanted: number) => assert.ok(Math.abs(found(name) - wanted) < 1e-12, name)
  const train = typedTable(portfolio(), 'application_train')
  const [target, kind] = ['TARGET', 'NAME_CONTRACT_TYPE'].map((name) => train.getColumn(name).toArray())
  const cash = target!.filter((_, i) => kind![i] === 'Cash loans') as number[]
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  near('application_train TARGET default rate', sum(target as number[]) / train.height)
  near('application_train NAME_CONTRACT_TYPE share of Cash loans', cash.length / train.height)
  near('application_train NAME_CONTRACT_TYPE default rate of Cash loans', sum(cash) / cash.length)
  const bureau = typedTable(portfolio(), 'bureau')
  const owners = new Set(bureau.getColumn('SK_ID_CURR').toArray())
  near('bureau rows rows per client', bureau.height / owners.size)
  near('bureau rows clients with rows', owners.size / 3500)
  const ended = bureau.getColumn('DAYS_ENDDATE_FACT').toArray()
  near('bureau DAYS_ENDDATE_FACT missing', ended.filter((value) => value === null).length / bureau.height)
})

test('a column that was spoilt leads the list, and nothing of the other tables changes', async () => {
  const read = reading(smallPortfolio())
  const before = await compareWithPublished(read)
  const spoilt = await compareWithPublished((table, columns) => {
    const frame = read(table, columns)
    return table === 'application_test' ? frame.withColumn(pl.col('EXT_SOURCE_2').mul(50).alias('EXT_SOURCE_2')) : frame
  })
  assert.is(nameOf(spoilt[0]!), 'application_test EXT_SOURCE_2 mean')
  assert.ok(isOutside(spoilt[0]!))
  const others = (figures: readonly Figure[]) =>
    figures.filter(({ table, column }) => table !== 'application_test' || column !== 'EXT_SOURCE_2')
  assert.equal(others(spoilt), others(before))
})

test('after each history table the caller may let go of its frames, and no column is read that no figure needs', async () => {
  const events: string[] = []
  const columnsRead = new Set<string>()
  const read = reading(smallPortfolio())
  await compareWithPublished(
    (table, columns) => {
      for (const name of columns ?? []) columnsRead.add(name)
      events.push(table)
      return read(table, columns)
    },
    {
      afterTable: async () => {
        events.push('released')
      },
    },
  )
  const order = events.filter((event, i) => event !== events[i - 1])
  assert.equal(order, [
    'application_train',
    'application_test',
    ...historyTables.flatMap((table) => [table, 'released']),
  ])
  assert.not.ok(columnsRead.has('WEEKDAY_APPR_PROCESS_START'))
  assert.ok(columnsRead.has('NAME_GOODS_CATEGORY'))
})

test.run()
