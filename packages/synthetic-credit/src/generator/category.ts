/** A column of levels: their texts as files hold them, their published shares, and who leans towards which. */

import { levelsOf, trainClients } from '../published/statistics.ts'
import { leanings } from './affinities.ts'
import type { Calibration } from './calibration.ts'
import type { Stream } from './random.ts'

/** A category with its levels in the published order; `missing` is an empty field. */
export class Category {
  readonly column: string
  readonly levels: readonly string[]
  readonly texts: CsvTexts
  readonly offsets: Float64Array
  private readonly leaning: readonly (readonly [number, number, number])[]
  private readonly weights: Float64Array

  constructor(column: string, calibration: Calibration) {
    const published = levelsOf(column)
    this.column = column
    this.levels = published.map(({ level }) => level)
    this.texts = new CsvTexts(this.levels)
    this.offsets = Float64Array.from(
      published,
      ({ level, clients }) => calibration.offsets[column]?.[level] ?? Math.log(Math.max(clients, 1) / trainClients),
    )
    this.leaning = this.levels.map((level) => leanings[column]?.[level] ?? [0, 0, 0])
    this.weights = new Float64Array(this.levels.length)
  }

  index(level: string): number {
    const found = this.levels.indexOf(level)
    if (found < 0) throw new Error(`${this.column} has no level ${level}`)
    return found
  }

  /** A level for a client; `extra` adds to the log odds of each level. */
  draw(stream: Stream, age: number, status: number, man: number, extra?: ArrayLike<number>): number {
    for (let i = 0; i < this.weights.length; i++) {
      const [byAge, byStatus, byMan] = this.leaning[i]!
      const score = this.offsets[i]! + byAge * age + byStatus * status + byMan * man + (extra?.[i] ?? 0)
      this.weights[i] = Math.exp(score)
    }
    return stream.pick(this.weights)
  }
}

/** Levels as they stand in a file; 'missing' is an empty field. */
export class CsvTexts {
  private readonly texts: readonly (string | null)[]

  constructor(levels: readonly string[]) {
    this.texts = levels.map((level) => (level === 'missing' ? null : level.includes(',') ? `"${level}"` : level))
  }

  at(index: number): string | null {
    return this.texts[index] ?? null
  }
}

export type Categories = ReturnType<typeof categories>

export const categories = (calibration: Calibration) => {
  const of = (column: string) => new Category(column, calibration)
  return {
    incomeType: of('NAME_INCOME_TYPE'),
    education: of('NAME_EDUCATION_TYPE'),
    family: of('NAME_FAMILY_STATUS'),
    housing: of('NAME_HOUSING_TYPE'),
    suite: of('NAME_TYPE_SUITE'),
    occupation: of('OCCUPATION_TYPE'),
    organization: of('ORGANIZATION_TYPE'),
    children: of('CNT_CHILDREN'),
    weekday: of('WEEKDAY_APPR_PROCESS_START'),
  }
}
