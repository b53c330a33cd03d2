/** CSV files with everything that may be odd or wrong about one, and what every reader must make of them. */
import { gzipSync } from 'node:zlib'
import type { CsvFault } from './csv-faults.ts'

export interface CsvCase {
  readonly name: string
  readonly bytes: Buffer
  /** What is wrong first; or the columns' names and the rows, null where a cell is missing, with the line that each row begins on. */
  readonly wanted:
    | CsvFault
    | {
        readonly names: readonly string[]
        readonly rows: readonly (readonly (string | null)[])[]
        readonly lines: readonly number[]
      }
}

const names = ['SK_ID_CURR', 'TARGET', 'NOTE']
const head = names.join(',')

const read = (
  name: string,
  content: string | Buffer,
  rows: readonly (readonly (string | null)[])[],
  lines: readonly number[] = rows.map((_, i) => i + 2),
  columns: readonly string[] = names,
): CsvCase => ({ name, bytes: Buffer.from(content), wanted: { names: columns, rows, lines } })

const refused = (name: string, content: string | Buffer, wanted: CsvFault): CsvCase => ({
  name,
  bytes: Buffer.from(content),
  wanted,
})

const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')
const two = [
  ['7', '0', 'x'],
  ['9', '1', 'y'],
]

export const csvCases: readonly CsvCase[] = [
  read('a plain file', `${head}\n7,0,x\n9,1,y\n`, two),
  read('CRLF', `${head}\r\n7,0,x\r\n9,1,y\r\n`, two),
  read('LF and CRLF mixed', `${head}\r\n7,0,x\n9,1,y\r\n`, two),
  read('no line end at the end', `${head}\n7,0,x\n9,1,y`, two),
  read('a byte order mark', `\ufeff${head}\n7,0,x\n9,1,y\n`, two),
  read('a byte order mark before a quoted name', `\ufeff"SK_ID_CURR",TARGET,NOTE\n7,0,x\n9,1,y\n`, two),
  read('quoted names', `"SK_ID_CURR","TARGET","NOTE"\n7,0,x\n9,1,y\n`, two),
  read('spaces around names', ` SK_ID_CURR ,TARGET , NOTE\n7,0,x\n9,1,y\n`, two),
  read('spaces in quoted names', `" SK_ID_CURR","TARGET ",NOTE\n7,0,x\n9,1,y\n`, two),
  read('a separator in a name', `SK_ID_CURR,TARGET,"NOTE, NOTES"\n7,0,x\n9,1,y\n`, two, undefined, [
    'SK_ID_CURR',
    'TARGET',
    'NOTE, NOTES',
  ]),
  read(
    'a column without a name',
    `${head},\n7,0,x,a\n9,1,y,b\n`,
    [
      ['7', '0', 'x', 'a'],
      ['9', '1', 'y', 'b'],
    ],
    undefined,
    [...names, 'Unnamed: 3'],
  ),
  read('quoted cells, quotes in them doubled', `${head}\n"7","0","say ""hi"", you"\n9,1,""""\n`, [
    ['7', '0', 'say "hi", you'],
    ['9', '1', '"'],
  ]),
  read(
    'line ends in quotes',
    `${head}\n7,0,"two\nlines"\n9,1,"three\r\n\r\nlines"\n8,0,z\n`,
    [
      ['7', '0', 'two\nlines'],
      ['9', '1', 'three\r\n\r\nlines'],
      ['8', '0', 'z'],
    ],
    [2, 4, 7],
  ),
  read('a carriage return in quotes', `${head}\n7,0,"x\rz"\n`, [['7', '0', 'x\rz']]),
  read('blank lines anywhere', `${head}\n\n7,0,x\n\n\n9,1,y\n\n`, two, [3, 6]),
  read('blank lines with CRLF', `${head}\r\n\r\n7,0,x\r\n\r\n\r\n9,1,y\r\n\r\n`, two, [3, 6]),
  read('blank lines before the header', `\n\r\n${head}\n7,0,x\n9,1,y\n`, two, [4, 5]),
  read(
    'blank lines beside line ends in quotes',
    `${head}\n\n7,0,"a\n\nb"\n\n9,1,y\n`,
    [
      ['7', '0', 'a\n\nb'],
      ['9', '1', 'y'],
    ],
    [3, 7],
  ),
  read('what stands for a missing value', `${head}\n7,0,NA\n9,1,nan\n8,0,\n6,1,None\n5,1,y\n`, [
    ['7', '0', null],
    ['9', '1', null],
    ['8', '0', null],
    ['6', '1', null],
    ['5', '1', 'y'],
  ]),
  read('letters beyond ASCII', `${head}\n7,0,Prêt à dépenser €\n`, [['7', '0', 'Prêt à dépenser €']]),
  read('the replacement character itself', `${head}\n7,0,\ufffd\n`, [['7', '0', '\ufffd']]),
  read('semicolons', `SK_ID_CURR;TARGET;NOTE\n7;0;x, y\n9;1;z\n`, [
    ['7', '0', 'x, y'],
    ['9', '1', 'z'],
  ]),
  read('tabs', `SK_ID_CURR\tTARGET\tNOTE\r\n7\t0\tx; y\r\n9\t1\tz\r\n`, [
    ['7', '0', 'x; y'],
    ['9', '1', 'z'],
  ]),
  read(
    'names as those of objects',
    `${head},constructor,__proto__\n7,0,x,a,b\n`,
    [['7', '0', 'x', 'a', 'b']],
    undefined,
    [...names, 'constructor', '__proto__'],
  ),

  refused('an empty file', '', { kind: 'empty' }),
  refused('a byte order mark alone', '\ufeff', { kind: 'empty' }),
  refused('blank lines alone', '\n\r\n\n', { kind: 'empty' }),
  refused('a header alone', `${head}\n`, { kind: 'no rows' }),
  refused('a header alone without its line end', head, { kind: 'no rows' }),
  refused('a header and blank lines', `${head}\n\n\r\n`, { kind: 'no rows' }),
  refused('UTF-16', utf16(`${head}\n7,0,x\n`), { kind: 'UTF-16' }),
  refused('UTF-16 without its mark', utf16(`${head}\n7,0,x\n`).subarray(2), { kind: 'binary' }),
  refused('Latin-1', Buffer.from(`${head}\n7,0,x\n9,1,caf\xe9\n`, 'latin1'), { kind: 'encoding', line: 3 }),
  refused('Latin-1 among line ends in quotes', Buffer.from(`${head}\n7,0,"x\n\xe9"\n`, 'latin1'), {
    kind: 'encoding',
    line: 3,
  }),
  refused('a character cut off at the end', Buffer.from(`${head}\n7,0,é`).subarray(0, -1), {
    kind: 'encoding',
    line: 2,
  }),
  refused('a zero byte', `${head}\n7,0,\0\n`, { kind: 'binary' }),
  refused('a zero byte in quotes', `${head}\n7,0,"\0"\n`, { kind: 'binary' }),
  refused('a zip archive', Buffer.from([0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0]), {
    kind: 'binary',
    format: 'zip',
  }),
  refused('gzip', gzipSync(`${head}\n7,0,x\n`), { kind: 'binary', format: 'gzip' }),
  refused('a Parquet file', Buffer.from('PAR1\x15\x04PAR1', 'latin1'), { kind: 'binary', format: 'Parquet' }),
  refused(
    'a pointer of Git LFS',
    `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 166133370\n`,
    { kind: 'binary', format: 'Git LFS pointer' },
  ),
  refused('a quote that is not closed', `${head}\n7,0,x\n9,1,"y\n8,0,z\n`, { kind: 'open quote', line: 3 }),
  refused('a quote that is not closed, behind line ends in quotes', `${head}\n7,0,"a\nb"\n9,"1\n2","y\n`, {
    kind: 'open quote',
    line: 5,
  }),
  refused('a quote that is not closed in the header', `SK_ID_CURR,"TARGET,NOTE\n7,0,x\n`, {
    kind: 'open quote',
    line: 1,
  }),
  refused('a quote within a cell', `${head}\n7,0,5" pipe\n9,1,y\n`, { kind: 'quote inside', line: 2 }),
  refused('a space before a quote', `${head}\n7,0, "x"\n`, { kind: 'quote inside', line: 2 }),
  refused('letters behind a closing quote', `${head}\n7,0,x\n9,1,"y"z\n`, { kind: 'after quote', line: 3 }),
  refused('a space behind a closing quote', `${head}\n7,"0" ,x\n`, { kind: 'after quote', line: 2 }),
  refused('a quote that closes lines later', `${head}\n7,0,"x\n9,1,"y"\n`, { kind: 'after quote', line: 3 }),
  refused('carriage returns alone', `${head}\r7,0,x\r9,1,y\r`, { kind: 'carriage return', line: 1 }),
  refused('a carriage return within a cell', `${head}\n7,0,x\ry\n`, { kind: 'carriage return', line: 2 }),
  refused('a carriage return at the very end', `${head}\n7,0,x\r`, { kind: 'carriage return', line: 2 }),
  refused('a carriage return behind a quote', `${head}\n"7"\r,0,x\n`, { kind: 'carriage return', line: 2 }),
  refused('too few fields', `${head}\n7,0,x\n9,1\n8,0,z\n`, {
    kind: 'fields',
    line: 3,
    wanted: 3,
    found: 2,
    last: false,
  }),
  refused('too many fields', `${head}\n7,0,x,\n9,1,y\n`, { kind: 'fields', line: 2, wanted: 3, found: 4, last: false }),
  refused('too few fields behind blank lines and line ends in quotes', `${head}\n\n7,0,"a\nb"\n\n9,1\n`, {
    kind: 'fields',
    line: 6,
    wanted: 3,
    found: 2,
    last: false,
  }),
  refused('a file cut off within a row', `${head}\n7,0,x\n9,1`, {
    kind: 'fields',
    line: 3,
    wanted: 3,
    found: 2,
    last: true,
  }),
  refused('a line of spaces', `${head}\n7,0,x\n  \n`, { kind: 'fields', line: 3, wanted: 3, found: 1, last: false }),
  refused('a row wholly in quotes', `${head}\n7,0,x\n"9,1,""y, z"""\n`, {
    kind: 'line in quotes',
    line: 3,
    wanted: 3,
    inside: 3,
  }),
  refused('all lines wholly in quotes', `"${head}"\n"7,0,x"\n`, {
    kind: 'line in quotes',
    line: 1,
    wanted: null,
    inside: 3,
  }),
  refused('a column twice', `SK_ID_CURR,TARGET,NOTE,TARGET\n7,0,x,1\n`, {
    kind: 'column twice',
    line: 1,
    column: 'TARGET',
  }),
  refused('a column twice but for spaces and quotes', `\nSK_ID_CURR,TARGET,NOTE," TARGET "\n7,0,x,1\n`, {
    kind: 'column twice',
    line: 2,
    column: 'TARGET',
  }),
  refused('semicolons in the header, commas in the rows', `SK_ID_CURR;TARGET;NOTE\n7,0,x\n`, {
    kind: 'fields',
    line: 2,
    wanted: 3,
    found: 1,
    last: false,
  }),
]
