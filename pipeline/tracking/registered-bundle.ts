/** What a registered version's bundle says of its training, and its out-of-fold prediction for each client; advice where it cannot be read. */
import { parquetReadObjects } from 'hyparquet'
import { z } from 'zod'
import type { Costs } from '../models/cost.ts'
import type { MlflowClient, ModelVersion } from './client.ts'
import { TrackingError } from './error.ts'
import type { JudgedPair } from './paired.ts'

/** The code of the error of a version whose files are there and are not those of a bundle of this release. */
export const UNREADABLE = 'UNREADABLE_BUNDLE'

const described = z.object({
  costs: z.object({ falseNegative: z.number(), falsePositive: z.number() }),
  training: z.object({ data: z.string() }),
})
const judgedRow = z.object({
  SK_ID_CURR: z.coerce.number(),
  TARGET: z.coerce.number(),
  probability: z.number(),
  decision: z.enum(['approved', 'declined']),
})

/** A client's outcome, and what the version made of it. */
export type Judgement = { readonly target: number } & JudgedPair['challenger']

export interface RegisteredBundle {
  readonly costs: Costs
  /** Hash of the data that it was trained on. */
  readonly data: string
  /** By client. */
  readonly judged: ReadonlyMap<number, Judgement>
}

/** @throws TrackingError with the code UNREADABLE when the version's files are not those of a bundle of this release */
export async function registeredBundle(client: MlflowClient, version: ModelVersion): Promise<RegisteredBundle> {
  const model = /^models:\/(m-.+)$/.exec(version.source)?.[1]
  if (model === undefined) throw unreadable(version, `its source is ${version.source}, not a logged model`)
  const uri = await client.modelArtifactUri(model)
  const description = await client.download(uri, 'bundle.json')
  const { costs, training } = read(version, 'bundle.json', described, () =>
    JSON.parse(Buffer.from(description).toString()),
  )
  const bytes = await client.download(uri, 'oof.parquet')
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
  const table = await parquetReadObjects({ file, columns: Object.keys(judgedRow.shape) }).catch(
    (error: unknown) => error,
  )
  const rows = read(version, 'oof.parquet', z.array(judgedRow), () => {
    if (table instanceof Error) throw table
    return table
  })
  const judged = new Map(
    rows.map(({ SK_ID_CURR, TARGET, probability, decision }): [number, Judgement] => [
      SK_ID_CURR,
      { target: TARGET, probability, declined: decision === 'declined' },
    ]),
  )
  return { costs, data: training.data, judged }
}

/** What `content` gives, parsed by the schema; the error names the first fault and the value that came. */
function read<S extends z.ZodType>(
  version: ModelVersion,
  file: string,
  schema: S,
  content: () => unknown,
): z.output<S> {
  let value: unknown
  try {
    value = content()
  } catch (error) {
    throw unreadable(version, `its ${file} cannot be read (${error instanceof Error ? error.message : error})`)
  }
  const found = schema.safeParse(value)
  if (found.success) return found.data
  const { path, message } = found.error.issues[0]!
  const came = path.reduce((at: unknown, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value)
  const place = typeof path[0] === 'number' ? `row ${path[0] + 1}, ${path.slice(1).join('.')}` : path.join('.')
  const shown = came === undefined ? 'nothing' : typeof came === 'string' ? JSON.stringify(came) : String(came)
  throw unreadable(version, `its ${file} has ${shown} at ${place} (${message})`)
}

/** Old versions stay in the registry for years: what to do with one is said. */
function unreadable({ name, version, tags }: ModelVersion, fault: string): TrackingError {
  const commit = tags.find(({ key }) => key === 'git.commit')?.value
  const made = commit ? `, made at commit ${commit.slice(0, 12)},` : ''
  return new TrackingError(
    `version ${version} of ${name}${made} is not a bundle of this release: ${fault}. It can be compared once it is trained again: dvc repro train registers it as a new version`,
    { code: UNREADABLE },
  )
}
