/** `node --conditions=source bench/fuzz-tables.ts [COUNT [SEED [PORTFOLIO]]]`: so many mutated tables through the readers of score and drift; exit code 1 on a crash or a silent change. */
import { fuzzTables } from '../testing/fuzz-tables.ts'

const [count = '2000', seed = '20', portfolio = 'data'] = process.argv.slice(2)
const tried = await fuzzTables(portfolio, Number(count), Number(seed))
for (const [reader, of] of Map.groupBy(tried, (one) => one.reader)) {
  const counts = [...Map.groupBy(of, ({ outcome }) => outcome)].map(([outcome, all]) => `${all.length} ${outcome}`)
  process.stdout.write(`${reader}: ${of.length} files: ${counts.sort().join(', ')}\n`)
}
const wrong = tried.filter(({ outcome }) => outcome === 'crashed' || outcome === 'silently other')
for (const { reader, mutation, table, outcome, detail } of wrong.slice(0, 20))
  process.stdout.write(`${reader}, ${mutation}, ${table}: ${outcome}: ${detail}\n`)
process.exitCode = wrong.length > 0 ? 1 : 0
