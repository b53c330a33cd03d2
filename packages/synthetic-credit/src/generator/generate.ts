/** Makes a whole synthetic portfolio, client by client, and the note that says so. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Note, noteFile } from '../note.ts'
import { fileOf, publishedColumns, type TableName, tableNames } from '../published/tables.ts'
import { ApplicationWriter } from './application.ts'
import { BureauWriter } from './bureau.ts'
import { calibration } from './calibration.ts'
import { ContractWriter } from './contracts.ts'
import { CsvWriter } from './csv-writer.ts'
import { FormMaker } from './form.ts'
import type { Group } from './groups.ts'
import { sigmoid } from './logistic.ts'
import { PreviousWriter } from './previous.ts'
import { Stream } from './random.ts'
import { riskOf } from './risk.ts'
import { generatorVersion } from './version.ts'

export interface GenerateOptions {
  /** Clients whose outcome is known. */
  readonly clients: number
  readonly newClients: number
  readonly seed: number
  /** Is made when it is not there. */
  readonly folder: string
  readonly onProgress?: (done: number, all: number, rows: number) => void
}

/** One in seven or so of the client numbers belongs to a new client, as in the real files. */
const newShare = 48744 / 356255
const firstClient = 100001
const purposes = { form: 0, outcome: 1, application: 2, bureau: 3, previous: 4, contracts: 5 } as const

/** The client numbers of a group, in order: independent of how many clients there are. */
export function* clientNumbers(group: Group): Generator<number, never> {
  for (let slot = 0; ; slot++) {
    const isNew = Math.floor((slot + 1) * newShare) > Math.floor(slot * newShare)
    if (isNew === (group === 'new')) yield firstClient + slot
  }
}

/**
 * Writes the eight CSV files and synthetic.json into `folder`. Every client's rows depend on seed and client number alone, so the first n clients
 * of a larger portfolio are those of a smaller one. Each file has a temporary name until all are complete.
 */
export function generate({ clients, newClients, seed, folder, onProgress }: GenerateOptions): Note {
  mkdirSync(folder, { recursive: true })
  const making = join(folder, '.making')
  rmSync(making, { recursive: true, force: true })
  mkdirSync(making)
  const maker = new FormMaker(calibration)
  const risk = riskOf(calibration)
  const writers = new Map<TableName, CsvWriter>()
  const open = (table: TableName): CsvWriter => {
    const writer = new CsvWriter(join(making, fileOf(table)), publishedColumns[table])
    writers.set(table, writer)
    return writer
  }
  try {
    const applications = new ApplicationWriter(open, maker)
    const bureau = new BureauWriter(open)
    const contracts = new ContractWriter(open)
    const previous = new PreviousWriter(open, contracts)
    const [stream, contractStream] = [new Stream(), new Stream()]
    const one = (group: Group, client: number) => {
      const slot = client - firstClient
      const form = maker.draw(stream.start(seed, client, purposes.form), group)
      const target = stream.start(seed, client, purposes.outcome).chance(sigmoid(risk(form))) ? 1 : 0
      applications.write(
        client,
        group === 'train' ? target : null,
        form,
        stream.start(seed, client, purposes.application),
      )
      bureau.write(client, 5000000 + slot * 128, form, stream.start(seed, client, purposes.bureau))
      const paying = contractStream.start(seed, client, purposes.contracts)
      previous.write(client, 1000000 + slot * 80, form, stream.start(seed, client, purposes.previous), paying)
    }
    let done = 0
    const all = clients + newClients
    for (const [group, count] of [
      ['train', clients],
      ['new', newClients],
    ] as const) {
      const numbers = clientNumbers(group)
      for (let i = 0; i < count; i++) {
        one(group, numbers.next().value)
        done++
        if (onProgress && (done % 1000 === 0 || done === all))
          onProgress(
            done,
            all,
            [...writers.values()].reduce((sum, { rows }) => sum + rows, 0),
          )
      }
    }
    const files = Object.fromEntries(tableNames.map((table) => [fileOf(table), writers.get(table)!.close().sha256]))
    const note: Note = { generator: generatorVersion, parameters: { clients, new_clients: newClients, seed }, files }
    writeFileSync(join(making, noteFile), `${JSON.stringify(note, null, 2)}\n`)
    // in this order an interruption leaves a note and some of its own files, never files without a note
    const names = Object.keys(files)
    for (const file of [...names, noteFile]) rmSync(join(folder, file), { force: true })
    for (const file of [noteFile, ...names]) renameSync(join(making, file), join(folder, file))
    return note
  } finally {
    for (const writer of writers.values()) writer.abandon()
    rmSync(making, { recursive: true, force: true })
  }
}
