import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pl from 'nodejs-polars'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readNote } from '../note.ts'
import { fileOf, tableNames } from '../published/tables.ts'
import { emptyFolder, smallPortfolio, typedTable } from '../small.test-data.ts'
import { clientNumbers, generate } from './generate.ts'

const files = tableNames.map(fileOf)
const lines = (folder: string, file: string) => readFileSync(join(folder, file), 'utf8').trimEnd().split('\n')
const middle = () => smallPortfolio(3000, 500, 9)
const column = (frame: pl.DataFrame, name: string) => frame.getColumn(name).toArray() as (number | null)[]

test('the same seed gives the same bytes, another seed others', () => {
  const [again, other] = [emptyFolder(), emptyFolder()]
  generate({ clients: 200, newClients: 40, seed: 5, folder: again })
  generate({ clients: 200, newClients: 40, seed: 6, folder: other })
  for (const file of [...files, 'synthetic.json']) {
    const bytes = readFileSync(join(smallPortfolio(), file))
    assert.ok(bytes.equals(readFileSync(join(again, file))), file)
    assert.not.ok(bytes.equals(readFileSync(join(other, file))), file)
  }
})

test('the first clients of a larger portfolio are those of a smaller one', () => {
  const larger = emptyFolder()
  generate({ clients: 260, newClients: 55, seed: 5, folder: larger })
  for (const file of files) {
    const [small, large] = [lines(smallPortfolio(), file), new Set(lines(larger, file))]
    assert.ok(
      small.every((line) => large.has(line)),
      file,
    )
    assert.ok(large.size > small.length, file)
  }
  const rows = lines(smallPortfolio(), 'application_train.csv')
  assert.equal(lines(larger, 'application_train.csv').slice(0, 201), rows)
})

test('client numbers are unique, and one in seven or so belongs to a new client', () => {
  const numbers = (group: 'train' | 'new', count: number) => {
    const all = clientNumbers(group)
    return Array.from({ length: count }, () => all.next().value)
  }
  const [train, fresh] = [numbers('train', 6000), numbers('new', 951)]
  assert.is(new Set([...train, ...fresh]).size, 6951)
  assert.ok(Math.abs(train.at(-1)! - fresh.at(-1)!) < 20)
})

test('the note names generator, parameters and the hash of every file, and nothing else is left in the folder', () => {
  const note = readNote(smallPortfolio())
  assert.equal(note?.parameters, { clients: 200, new_clients: 40, seed: 5 })
  assert.equal(Object.keys(note!.files), files)
  for (const file of files)
    assert.is(
      note!.files[file],
      createHash('sha256')
        .update(readFileSync(join(smallPortfolio(), file)))
        .digest('hex'),
    )
  assert.equal(readdirSync(smallPortfolio()).sort(), [...files, 'synthetic.json'].sort())
})

test('a folder that cannot be written leaves nothing half-made', () => {
  const folder = emptyFolder()
  const stop = () => {
    throw new Error('stopped')
  }
  assert.throws(() => generate({ clients: 20, newClients: 4, seed: 1, folder, onProgress: stop }), /stopped/)
  assert.equal(readdirSync(folder), [])
})

test('about 8% of clients default, more of those with a low external score', () => {
  const frame = typedTable(middle(), 'application_train')
  const target = column(frame, 'TARGET') as number[]
  const score = column(frame, 'EXT_SOURCE_2')
  const rate = (of: (i: number) => boolean) => {
    const chosen = target.filter((_, i) => of(i))
    return chosen.reduce((sum, each) => sum + each, 0) / chosen.length
  }
  assert.ok(Math.abs(rate(() => true) - 0.0807) < 0.015)
  assert.ok(rate((i) => (score[i] ?? 1) < 0.3) > 2 * rate((i) => (score[i] ?? 0) > 0.65))
})

test('every history row belongs to a client, every contract to an approved application, every month to a loan', () => {
  const read = (name: (typeof tableNames)[number]) => typedTable(middle(), name)
  const clients = new Set([
    ...column(read('application_train'), 'SK_ID_CURR'),
    ...column(read('application_test'), 'SK_ID_CURR'),
  ])
  for (const name of [
    'bureau',
    'previous_application',
    'POS_CASH_balance',
    'installments_payments',
    'credit_card_balance',
  ] as const)
    assert.ok(
      column(read(name), 'SK_ID_CURR').every((id) => clients.has(id)),
      name,
    )
  const loans = new Set(column(read('bureau'), 'SK_ID_BUREAU'))
  assert.ok(column(read('bureau_balance'), 'SK_ID_BUREAU').every((id) => loans.has(id)))
  const previous = read('previous_application')
  const status = previous.getColumn('NAME_CONTRACT_STATUS').toArray()
  const [ids, of] = [column(previous, 'SK_ID_PREV'), column(previous, 'SK_ID_CURR')]
  const approved = new Map(ids.flatMap((id, i) => (status[i] === 'Approved' ? [[id, of[i]]] : [])))
  for (const name of ['POS_CASH_balance', 'installments_payments', 'credit_card_balance'] as const) {
    const frame = read(name)
    const owners = column(frame, 'SK_ID_CURR')
    assert.ok(
      column(frame, 'SK_ID_PREV').every((id, i) => approved.get(id) === owners[i]),
      name,
    )
  }
  assert.is(new Set(ids).size, previous.height)
  assert.is(loans.size, read('bureau').height)
})

test('histories hang together in time', () => {
  const previous = typedTable(middle(), 'previous_application')
  const [decided, first, planned] = ['DAYS_DECISION', 'DAYS_FIRST_DUE', 'DAYS_LAST_DUE_1ST_VERSION'].map((name) =>
    column(previous, name),
  )
  decided!.forEach((day, i) => {
    assert.ok(day! < 0)
    if (first![i] !== null) assert.ok(first![i]! > day!)
    if (first![i] !== null && planned![i] !== null) assert.ok(planned![i]! >= first![i]!)
  })
  const starts = new Map(column(previous, 'SK_ID_PREV').map((id, i) => [id, decided![i]!]))
  const payments = typedTable(middle(), 'installments_payments')
  const [due, paid] = [column(payments, 'DAYS_INSTALMENT'), column(payments, 'DAYS_ENTRY_PAYMENT')]
  column(payments, 'SK_ID_PREV').forEach((id, i) => {
    assert.ok(due![i]! < 0 && due![i]! > starts.get(id)!)
    assert.ok(paid![i] === null || paid![i]! < 0)
  })
  for (const name of ['POS_CASH_balance', 'credit_card_balance'] as const) {
    const frame = typedTable(middle(), name)
    const months = column(frame, 'MONTHS_BALANCE')
    column(frame, 'SK_ID_PREV').forEach((id, i) => {
      assert.ok(months[i]! <= -1 && months[i]! >= -96)
      assert.ok((months[i]! + 2) * 30.4375 > starts.get(id)!)
    })
  }
  const bureau = typedTable(middle(), 'bureau')
  const [opened, ended] = [column(bureau, 'DAYS_CREDIT'), column(bureau, 'DAYS_ENDDATE_FACT')]
  assert.ok(opened!.every((day, i) => ended![i] === null || ended![i]! >= day!))
})

test('each quirk of the real files is there', () => {
  const text = (file: string) => readFileSync(join(middle(), file), 'utf8')
  assert.match(text('application_train.csv'), /,365243,.*,XNA,/)
  assert.match(text('previous_application.csv'), /,XAP,.*,XNA,.*365243\.0/)
  assert.match(text('previous_application.csv'), /,-1,/)
  assert.match(text('bureau_balance.csv'), /,X\n/)
  const payments = lines(middle(), 'installments_payments.csv').map((line) => line.split(',').slice(0, 5).join(','))
  assert.ok(new Set(payments).size < payments.length - 1000, 'instalments paid in parts')
  const pos = typedTable(middle(), 'POS_CASH_balance')
  const [status, future] = [pos.getColumn('NAME_CONTRACT_STATUS').toArray(), column(pos, 'CNT_INSTALMENT_FUTURE')]
  assert.ok(
    status.some((each, i) => each === 'Completed' && future[i]! > 0),
    'completed with instalments to come',
  )
})

test('new clients hardly take revolving loans and know their first external score more often', () => {
  const [train, fresh] = [typedTable(middle(), 'application_train'), typedTable(middle(), 'application_test')]
  const revolving = (frame: pl.DataFrame) =>
    frame
      .getColumn('NAME_CONTRACT_TYPE')
      .toArray()
      .filter((each) => each === 'Revolving loans').length / frame.height
  const unknown = (frame: pl.DataFrame) => frame.getColumn('EXT_SOURCE_1').nullCount() / frame.height
  assert.ok(revolving(train) > 0.07 && revolving(fresh) < 0.03)
  assert.ok(unknown(train) > 0.53 && unknown(fresh) < 0.48)
})

test.run()
