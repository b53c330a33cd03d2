/** `node --conditions=source bench/fuzz-tables.ts [COUNT [SEED [PORTFOLIO]]]`: so many mutated tables through the readers of score and drift; exit code 1 on a crash or a silent change. */
import { fuzzTables, type Tried } from '../testing/fuzz-tables.ts'

const [count = '2000', seed = '20', portfolio = 'data'] = process.argv.slice(2)
const isWrong = ({ outcome }: Tried): boolean => outcome === 'crashed' || outcome === 'silently other'
const tried = await fuzzTables(portfolio, Number(count), Number(seed), {
  onTried(one) {
    const { reader, mutation, table, outcome, detail } = one
    if (isWrong(one)) process.stdout.write(`${reader}, ${mutation}, ${table}: ${outcome}: ${detail}\n`)
  },
})
for (const [reader, of] of Map.groupBy(tried, (one) => one.reader)) {
  const counts = [...Map.groupBy(of, ({ outcome }) => outcome)].map(([outcome, all]) => `${all.length} ${outcome}`)
  process.stdout.write(`${reader}: ${of.length} files: ${counts.sort().join(', ')}\n`)
}
process.exitCode = tried.some(isWrong) ? 1 : 0
