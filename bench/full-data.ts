/** Makes WORK/data by the parameters of WORK/params.yaml: `node bench/full-data.ts WORK`. */
import { join } from 'node:path'
import { params } from 'dvc-ts'
import { portfolioSection, seeToData } from '../commands/data.ts'

const [work = '.'] = process.argv.slice(2)
await seeToData(
  join(work, 'data'),
  params('portfolio', portfolioSection, { file: join(work, 'params.yaml') }),
  (text) => process.stderr.write(`data: ${text}\n`),
)
