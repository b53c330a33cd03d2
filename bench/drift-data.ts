/**
 * Two CSV files of the bench's size from the application tables in data/: their rows drawn again at random, and the last digits of long
 * decimals drawn anew, so that a column of scores has as many distinct values as a real one. Without SK_ID_CURR and TARGET: 120 columns.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { random } from '../pipeline/models/random.ts'

const left = ['SK_ID_CURR', 'TARGET']

/** The cells of one line; a quoted cell keeps its quotes. */
const cellsOf = (line: string): string[] =>
  Array.from(line.matchAll(/(?:^|,)("[^"]*"|[^,]*)/g), ([, cell = '']) => cell)

/** Writes `rows` rows drawn from the CSV file `source` to `target`. */
export function draw(source: string, target: string, rows: number, seed: number): void {
  const [head = '', ...lines] = readFileSync(source, 'utf8').trimEnd().split('\n')
  const kept = head.split(',').flatMap((name, i) => (left.includes(name) ? [] : [i]))
  const table = lines.map((line) => {
    const cells = line.includes('"') ? cellsOf(line) : line.split(',')
    return kept.map((i) => cells[i] ?? '')
  })
  const next = random(seed)
  const file = openSync(target, 'w')
  const names = head.split(',')
  let text = `${kept.map((i) => names[i]).join(',')}\n`
  for (let row = 0; row < rows; row++) {
    const drawn = table[Math.floor(next() * table.length)] ?? []
    text += `${drawn.map((cell) => (/\.\d{4}/.test(cell) ? cell.slice(0, -2) + Math.floor(next() * 90 + 10) : cell)).join(',')}\n`
    if (text.length > 1e6 || row === rows - 1) {
      writeSync(file, text)
      text = ''
    }
  }
  closeSync(file)
}
