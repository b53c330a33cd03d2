import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { definitions } from '../../pipeline/features/definitions/index.ts'
import { pythonScript } from './script.ts'

const script = pythonScript(definitions)

/** The line that makes a feature or an aggregate. */
const lineOf = (name: string) =>
  script
    .split('\n')
    .find((line) => line.endsWith(`.alias("${name}"),`))
    ?.trim()

test('every feature is a line of the script', () => {
  for (const { name } of definitions.features) assert.ok(lineOf(name), name)
})

test('arithmetic, division and lists are written as the algebra means them', () => {
  assert.is(
    lineOf('credit_over_annuity'),
    '(ratio(c("AMT_CREDIT"), c("AMT_ANNUITY"))).cast(pl.Float32).alias("credit_over_annuity"),',
  )
  assert.is(
    lineOf('ext_mean'),
    '(across_mean([c("EXT_SOURCE_1"), c("EXT_SOURCE_2"), c("EXT_SOURCE_3")])).cast(pl.Float32).alias("ext_mean"),',
  )
})

test('conditions, windows and the newest rows are written clause by clause', () => {
  const makes = (name: string) => lineOf(name)?.slice(0, -`.alias("${name}"),`.length)
  assert.is(makes('sum(AMT_CREDIT_SUM_DEBT of bureau newest 3)'), '(c("AMT_CREDIT_SUM_DEBT").head(3).sum())')
  assert.is(
    makes('count(previous newest 3 where refused)'),
    '(c("SK_ID_CURR").head(3).filter((c("refused")).head(3)).len().cast(pl.Float64))',
  )
  assert.is(
    makes('count(bureau where (DAYS_CREDIT >= -365))'),
    '((((c("DAYS_CREDIT") >= pl.lit(-365.0)))).sum().cast(pl.Float64))',
  )
})

test('sentinels are resolved where the table is read', () => {
  assert.match(
    script,
    /read\("bureau", \{[^}]*"DAYS_CREDIT_ENDDATE":"integer"[^}]*\}, \{[^}]*"DAYS_CREDIT_ENDDATE":365243/,
  )
})

test.run()
