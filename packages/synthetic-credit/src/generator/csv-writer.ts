/** Writes rows of CSV as bytes, in large chunks, under a temporary name until it is closed; answers the file's hash. */
import { createHash } from 'node:crypto'
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import type { TableName } from '../published/tables.ts'

const size = 1 << 22
const reserve = 1 << 14 // room for the longest row

const [zero, point, minus, comma, newline] = [48, 46, 45, 44, 10]

/** Opens the file of a table and writes its header. */
export type OpenTable = (table: TableName) => CsvWriter

export class CsvWriter {
  rows = 0
  private readonly path: string
  private readonly buffer = Buffer.allocUnsafe(size)
  private readonly hash = createHash('sha256')
  private readonly handle: number
  private at = 0
  private first = true

  constructor(path: string, header: readonly string[]) {
    this.path = path
    this.handle = openSync(`${path}.unfinished`, 'w')
    this.at = this.buffer.write(`${header.join(',')}\n`, 0, 'latin1')
  }

  private separate(): void {
    if (this.first) this.first = false
    else this.buffer[this.at++] = comma
  }

  private digits(value: number): void {
    if (value < 10) {
      this.buffer[this.at++] = zero + value
      return
    }
    let length = 1
    for (let power = 10; power <= value; power *= 10) length++
    let rest = value
    for (let place = this.at + length - 1; place >= this.at; place--) {
      const next = Math.floor(rest / 10)
      this.buffer[place] = zero + rest - 10 * next
      rest = next
    }
    this.at += length
  }

  empty(): void {
    this.separate()
  }

  /** A whole number, as 24. */
  whole(value: number): void {
    this.separate()
    if (value < 0) this.buffer[this.at++] = minus
    this.digits(Math.abs(value))
  }

  /** A whole number or null, as 24.0 or nothing. */
  float(value: number | null): void {
    this.separate()
    if (value === null) return
    if (value < 0) this.buffer[this.at++] = minus
    this.digits(Math.abs(value))
    this.buffer[this.at++] = point
    this.buffer[this.at++] = zero
  }

  /** An amount with up to three decimals, at least one: 202500.0, 6948.36, 63975.555; null is nothing. */
  amount(value: number | null): void {
    this.separate()
    if (value === null) return
    let mills = Math.round(Math.abs(value) * 1000)
    if (value < 0 && mills > 0) this.buffer[this.at++] = minus
    const whole = Math.floor(mills / 1000)
    this.digits(whole)
    mills -= whole * 1000
    this.buffer[this.at++] = point
    const [tenths, rest] = [Math.floor(mills / 100), mills % 100]
    this.buffer[this.at++] = zero + tenths
    if (rest === 0) return
    this.buffer[this.at++] = zero + Math.floor(rest / 10)
    if (rest % 10 !== 0) this.buffer[this.at++] = zero + (rest % 10)
  }

  /** Any finite number with its shortest exact digits, whole ones as 24.0; null is nothing. */
  real(value: number | null): void {
    this.separate()
    if (value === null) return
    const text = String(value)
    if (Number.isInteger(value)) this.raw(`${text}.0`)
    else this.raw(text.replace(/e-(\d)$/, 'e-0$1'))
  }

  /** Text that needs no quotes or has them already; null is nothing. */
  text(value: string | null): void {
    this.separate()
    if (value !== null) this.raw(value)
  }

  private raw(text: string): void {
    const { buffer } = this
    let at = this.at
    for (let i = 0; i < text.length; i++) buffer[at++] = text.charCodeAt(i)
    this.at = at
  }

  endRow(): void {
    this.buffer[this.at++] = newline
    this.first = true
    this.rows++
    if (this.at > size - reserve) this.flush()
  }

  private flush(): void {
    const bytes = this.buffer.subarray(0, this.at)
    this.hash.update(bytes)
    for (let written = 0; written < bytes.length; ) written += writeSync(this.handle, bytes, written)
    this.at = 0
  }

  /** Gives the file its name. */
  close(): { rows: number; sha256: string } {
    this.flush()
    closeSync(this.handle)
    renameSync(`${this.path}.unfinished`, this.path)
    return { rows: this.rows, sha256: this.hash.digest('hex') }
  }

  /** Leaves nothing behind. */
  abandon(): void {
    try {
      closeSync(this.handle)
    } catch {} // it was closed
    rmSync(`${this.path}.unfinished`, { force: true })
  }
}
