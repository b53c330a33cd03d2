/** The 47 columns on the client's building: one building with storeys, entrances, flats and areas, of which more or less is known. */

import { levelsOf, trainClients } from '../published/statistics.ts'
import {
  areaSpread,
  areas,
  between,
  counted,
  ladder,
  mixedShare,
  modeIsNone,
  otherFlats,
  roundFlats,
  yearSteps,
} from './building-values.ts'
import type { Calibration } from './calibration.ts'
import { CsvTexts } from './category.ts'
import type { CsvWriter } from './csv-writer.ts'
import { normalShare, type Spread } from './distribution.ts'
import { byGroup, type Group, longTailedFor, missingOf, spreadFor } from './groups.ts'
import type { Stream } from './random.ts'

const all = trainClients

/** What the default rate reads and the rest follows from. Numbers as the averages have them, null where unknown. */
export interface Building {
  /** Standard normal: how much is known of the building. */
  readonly known: number
  readonly height: number
  readonly breadth: number
  readonly size: number
  readonly area: number
  /** Several houses at one address: average, mode and median differ. */
  readonly mixed: boolean
  readonly floors: number | null
  readonly elevators: number | null
  readonly livingArea: number | null
}

/** In the order of the files. Columns are missing together: nearly all, those of the second kind more often, of the third most often. */
const columns = [
  ['APARTMENTS', 1],
  ['BASEMENTAREA', 2],
  ['YEARS_BEGINEXPLUATATION', 1],
  ['YEARS_BUILD', 3],
  ['COMMONAREA', 3],
  ['ELEVATORS', 1],
  ['ENTRANCES', 1],
  ['FLOORSMAX', 1],
  ['FLOORSMIN', 3],
  ['LANDAREA', 2],
  ['LIVINGAPARTMENTS', 3],
  ['LIVINGAREA', 1],
  ['NONLIVINGAPARTMENTS', 3],
  ['NONLIVINGAREA', 2],
] as const
const places = Object.fromEntries(columns.map(([name], i) => [name, i]))
const texts = ['FONDKAPREMONT_MODE', 'HOUSETYPE_MODE', 'WALLSMATERIAL_MODE', 'EMERGENCYSTATE_MODE'] as const

/** Low houses are of wood and brick: an assumption; the others make up the published shares. */
const wallsOfLow: Readonly<Record<string, number>> = {
  Wooden: 0.19,
  'Stone, brick': 0.62,
  Panel: 0.05,
  Mixed: 0.06,
  Block: 0.04,
  Others: 0.04,
}
const lowShare = 0.16

const fourDecimals = (value: number) => Math.min(1, Math.max(0, Math.round(value * 1e4) / 1e4))

export class BuildingMaker {
  private readonly edges: (group: Group) => readonly number[]
  private readonly of: Readonly<Record<keyof typeof areas, (group: Group) => { spread: Spread; none: number }>>
  private readonly flats = longTailedFor('APARTMENTS_AVG')
  private readonly built = spreadFor('YEARS_BUILD_AVG')
  private readonly total = longTailedFor('TOTALAREA_MODE')
  private readonly storeys = ladder('FLOORSMAX')
  private readonly entrances = ladder('ENTRANCES')
  private readonly lifts = ladder('ELEVATORS')
  private readonly words: readonly { texts: CsvTexts; edge: number; weights: Float64Array; low: Float64Array | null }[]
  private readonly values = new Float64Array(3 * columns.length)
  private readonly isKnown = new Uint8Array(columns.length)

  constructor(calibration: Calibration) {
    this.edges = byGroup((group) => columns.map(([name]) => missingOf(group, `${name}_AVG`)))
    const area = ({ name }: { name: string }) => {
      const known = all * (1 - missingOf('train', `${name}_AVG`))
      return byGroup((group) => areaSpread(name, known, group))
    }
    this.of = {
      basement: area(areas.basement),
      common: area(areas.common),
      land: area(areas.land),
      living: area(areas.living),
      shops: area(areas.shops),
    }
    this.words = texts.map((column) => {
      const levels = levelsOf(column)
      const known = levels.filter(({ level }) => level !== 'missing')
      const missing = levels.find(({ level }) => level === 'missing')?.clients ?? 0
      const total = known.reduce((sum, { clients }) => sum + clients, 0)
      const weights = known.map(({ level, clients }) => calibration.offsets[column]?.[level] ?? clients / total)
      const low = column === 'WALLSMATERIAL_MODE' ? known.map(({ level }) => wallsOfLow[level] ?? 0) : null
      const high = low ? weights.map((weight, i) => Math.max(0, weight - lowShare * low[i]!) / (1 - lowShare)) : weights
      return {
        texts: new CsvTexts(known.map(({ level }) => level)),
        edge: missing / all,
        weights: Float64Array.from(high),
        low: low && Float64Array.from(low),
      }
    })
  }

  /** `quality` is standard normal: the better the place, the higher the house. */
  draw(stream: Stream, group: Group, known: number, quality: number): Building {
    // new clients' houses are higher by a twentieth of a deviation (docs/data-sources.md#from-training-clients-to-new-clients)
    const height = 0.4 * quality + 0.9165 * stream.normal() + (group === 'new' ? 0.06 : 0)
    const breadth = 0.22 * height + 0.9755 * stream.normal()
    const size = 0.69 * height + 0.49 * breadth + 0.366 * stream.normal()
    const area = 0.95 * size + 0.312 * stream.normal()
    const mixed = stream.chance(mixedShare)
    const edges = this.edges(group)
    const seen = (column: string) => this.sees(stream, known, edges[places[column]!]!)
    const lift = 0.85 * height + 0.2 * size + 0.1 * stream.normal()
    return {
      known,
      height,
      breadth,
      size,
      area,
      mixed,
      floors: seen('FLOORSMAX')
        ? fourDecimals(
            this.between(stream, this.storeys(normalShare(height)), mixed && stream.chance(between.FLOORSMAX!)) / 24,
          )
        : null,
      elevators: seen('ELEVATORS')
        ? fourDecimals(
            this.between(stream, this.lifts(normalShare(lift / 1.02)), mixed && stream.chance(between.ELEVATORS!)) *
              0.04,
          )
        : null,
      livingArea: seen('LIVINGAREA') ? fourDecimals(this.of.living(group).spread(normalShare(area))) : null,
    }
  }

  /** Nearly all columns of a kind are missing of the same buildings. */
  private sees(stream: Stream, latent: number, edge: number): boolean {
    return normalShare(0.9995 * latent + 0.0316 * stream.normal()) >= edge
  }

  /** Averages of several houses lie between counts. */
  private between(stream: Stream, count: number, mixed: boolean): number {
    return mixed ? count + (count > 1 ? -1 : 1) * stream.between(0.1, 0.9) : count
  }

  /** Writes the 47 columns. */
  write(building: Building, group: Group, stream: Stream, out: CsvWriter): void {
    const { values, isKnown } = this
    const { known, height, breadth, size, area, mixed } = building
    const middle = 0.965 * known + 0.262 * stream.normal()
    const deep = 0.96 * known + 0.28 * stream.normal()
    const edges = this.edges(group)
    columns.forEach(([, kind], i) => {
      isKnown[i] = this.sees(stream, kind === 1 ? known : kind === 2 ? middle : deep, edges[i]!) ? 1 : 0
    })
    isKnown[places.FLOORSMAX!] = building.floors === null ? 0 : 1
    isKnown[places.ELEVATORS!] = building.elevators === null ? 0 : 1
    isKnown[places.LIVINGAREA!] = building.livingArea === null ? 0 : 1

    const storeys = (building.floors ?? this.storeys(normalShare(height)) / 24) * 24
    this.count(stream, counted.storeys, storeys, mixed)
    this.count(stream, counted.elevators, (building.elevators ?? 0) / 0.04, mixed)
    this.count(
      stream,
      counted.entrances,
      this.between(stream, this.entrances(normalShare(breadth)), mixed && stream.chance(between.ENTRANCES!)),
      mixed,
    )
    // the lowest part of most houses is as high as the highest, and counts from another storey
    const whole = Math.round(storeys)
    const lowest = stream.chance(0.84) ? whole + 1 : stream.chance(0.82) ? 1 : stream.whole(0, Math.max(1, whole))
    this.count(stream, counted.lowest, this.between(stream, Math.min(24, lowest), mixed && stream.chance(0.4)), mixed)
    const shops = 0.35 * size + 0.937 * stream.normal()
    const lets = normalShare(0.93 * shops + 0.3676 * stream.normal())
    this.count(stream, counted.other, this.between(stream, otherFlats(lets), mixed && stream.chance(0.5)), mixed)
    const flats = roundFlats(this.flats(group)(normalShare(size)) * 970, stream.uniform())
    const several = mixed ? flats * stream.between(0.9, 1.1) : flats
    this.count(stream, counted.flats, several, mixed)
    this.count(stream, counted.homes, stream.chance(0.72) ? several : several * stream.between(0.95, 1.3), mixed)

    const years = 0.58 * height + 0.815 * stream.normal()
    const age = Math.round((1 - this.built(group)(normalShare(years))) / 0.0068)
    // where the year of use is 0, nobody knew it: so often that the deviation is the published one
    const unknown = stream.chance(0.0035)
    for (let k = 0; k < 3; k++) {
      const then = k === 1 && mixed ? age + (stream.chance(0.6) ? stream.whole(-6, 12) : 0) : age
      this.put('YEARS_BUILD', k, Math.max(0, 1 - Math.max(0, then) * yearSteps.build[k]!))
      this.put('YEARS_BEGINEXPLUATATION', k, unknown ? 0 : 1 - Math.max(0, then) * yearSteps.begin[k]!)
    }
    this.area(stream, 'living', building.livingArea ?? 0, mixed)
    const rest = (weight: number) => Math.sqrt(1 - weight * weight) * stream.normal()
    const at = (name: keyof typeof areas, score: number) => this.of[name](group).spread(normalShare(score))
    this.area(stream, 'basement', at('basement', 0.5 * size + 0.32 * breadth + 0.62 * stream.normal()), mixed)
    this.area(stream, 'common', at('common', 0.65 * size + rest(0.65)), mixed)
    this.area(stream, 'land', at('land', 0.35 * size + 0.1 * breadth + 0.91 * stream.normal()), mixed)
    this.area(stream, 'shops', at('shops', shops), mixed)

    for (let k = 0; k < 3; k++)
      for (let i = 0; i < columns.length; i++) out.real(isKnown[i] ? values[k * columns.length + i]! : null)
    const shift = group === 'new' ? 0.045 : 0 // new clients' buildings are a little better known (docs/data-sources.md#from-training-clients-to-new-clients)
    const [fund, house, walls, emergency] = this.words
    this.word(fund!, deep, storeys, shift, stream, out)
    this.word(house!, known, storeys, shift, stream, out)
    if (!this.sees(stream, known, missingOf(group, 'TOTALAREA_MODE'))) out.empty()
    else out.real(fourDecimals(this.total(group)(normalShare(0.97 * area + rest(0.97)))))
    this.word(walls!, known, storeys, shift, stream, out)
    this.word(emergency!, known, storeys, shift, stream, out)
  }

  private put(name: string, k: number, value: number): void {
    this.values[k * columns.length + places[name]!] = fourDecimals(value)
  }

  /** Average, mode and median of a count: of several houses the mode is of a smaller one. */
  private count(
    stream: Stream,
    { name, steps, most }: (typeof counted)[keyof typeof counted],
    count: number,
    mixed: boolean,
  ): void {
    const small = mixed ? Math.round(count * stream.between(0.45, 1.06)) : Math.round(count)
    const median = mixed ? Math.round(2 * count * (stream.chance(0.75) ? 1 : stream.between(0.75, 1.15))) / 2 : count
    this.put(name, 0, Math.min(count, most) * steps[0])
    this.put(name, 1, Math.min(small, most) * steps[1])
    this.put(name, 2, Math.min(median, most) * steps[2])
  }

  private area(stream: Stream, which: keyof typeof areas, value: number, mixed: boolean): void {
    const { name, ratios } = areas[which]
    const none = modeIsNone(name, all * (1 - missingOf('train', `${name}_AVG`))) / mixedShare
    const small = !mixed ? value : stream.chance(none) ? 0 : value * stream.between(0.3, 1)
    const median = mixed && stream.chance(0.4) ? value * stream.between(0.75, 1.15) : value
    this.put(name, 0, value)
    this.put(name, 1, small * ratios[1])
    this.put(name, 2, median * ratios[2])
  }

  private word(
    of: (typeof this.words)[number],
    latent: number,
    storeys: number,
    shift: number,
    stream: Stream,
    out: CsvWriter,
  ): void {
    if (!this.sees(stream, latent, of.edge * (1 - shift))) out.empty()
    else out.text(of.texts.at(stream.pick(of.low && storeys < 2.5 ? of.low : of.weights)))
  }
}
