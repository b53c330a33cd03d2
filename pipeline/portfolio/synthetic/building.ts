/** The 47 columns on the client's building: nearly all known or nearly all missing, alike among themselves, each on its own grid. */
import type { Calibration } from './calibration.ts'
import { CsvTexts } from './category.ts'
import type { CsvWriter } from './csv-writer.ts'
import { normalShare, type Spread } from './distribution.ts'
import type { Form } from './form.ts'
import { byGroup, type Group, levelsOf, missingOf, spreadFor } from './published.ts'
import type { Stream } from './random.ts'

/**
 * Quantities in the order of the files, and the steps that their average, mode and median lie on (read off the published quantiles, which are
 * multiples of them): storeys are 24ths, entrances 29ths, years of beginning the year over 2020. Without a step four decimals.
 */
const quantities = [
  { name: 'APARTMENTS' },
  { name: 'BASEMENTAREA' },
  { name: 'YEARS_BEGINEXPLUATATION', steps: [1 / 2020, 1 / 2020, 1 / 2020] },
  { name: 'YEARS_BUILD', steps: [0.0068, 0.00654, 0.00671] },
  { name: 'COMMONAREA' },
  { name: 'ELEVATORS', steps: [0.04, 0.04028, 0.04] },
  { name: 'ENTRANCES', steps: [1 / 29, 1 / 29, 1 / 29] },
  { name: 'FLOORSMAX', steps: [1 / 24, 1 / 24, 1 / 24] },
  { name: 'FLOORSMIN', steps: [1 / 24, 1 / 24, 1 / 24] },
  { name: 'LANDAREA' },
  { name: 'LIVINGAPARTMENTS' },
  { name: 'LIVINGAREA' },
  { name: 'NONLIVINGAPARTMENTS', steps: [0.00386, 0.00389, 0.00388] },
  { name: 'NONLIVINGAREA' },
] as const

/** How much a quantity follows the building as a whole. */
const loadings: Readonly<Record<string, number>> = {
  YEARS_BEGINEXPLUATATION: 0.3,
  LANDAREA: 0.45,
  NONLIVINGAPARTMENTS: 0.4,
  NONLIVINGAREA: 0.5,
}
const loading = 0.88

interface Measured {
  readonly edge: number
  readonly weight: number
  readonly spreads: readonly [Spread, Spread, Spread]
  readonly steps: readonly number[] | null
}

export class BuildingMaker {
  private readonly quantities: (group: Group) => readonly Measured[]
  private readonly total: (group: Group) => { edge: number; spread: Spread }
  private readonly texts: readonly { texts: CsvTexts; edge: number; weights: Float64Array }[]
  private readonly values = new Float64Array(3 * quantities.length)

  constructor(calibration: Calibration) {
    const suffixes = ['AVG', 'MODE', 'MEDI']
    this.quantities = byGroup((group) =>
      quantities.map((quantity) => ({
        edge: missingOf(group, `${quantity.name}_AVG`),
        weight: loadings[quantity.name] ?? loading,
        spreads: suffixes.map((suffix) => spreadFor(`${quantity.name}_${suffix}`)(group)) as [Spread, Spread, Spread],
        steps: 'steps' in quantity ? quantity.steps : null,
      })),
    )
    const total = spreadFor('TOTALAREA_MODE')
    this.total = byGroup((group) => ({ edge: missingOf(group, 'TOTALAREA_MODE'), spread: total(group) }))
    this.texts = ['FONDKAPREMONT_MODE', 'HOUSETYPE_MODE', 'WALLSMATERIAL_MODE', 'EMERGENCYSTATE_MODE'].map((column) => {
      const levels = levelsOf(column)
      const known = levels.filter(({ level }) => level !== 'missing')
      const missing = levels.find(({ level }) => level === 'missing')?.clients ?? 0
      return {
        texts: new CsvTexts(known.map(({ level }) => level)),
        edge: missing / 307511,
        weights: Float64Array.from(known, ({ level, clients }) => calibration.offsets[column]?.[level] ?? clients),
      }
    })
  }

  /** Writes the 47 columns. */
  write(form: Form, stream: Stream, out: CsvWriter): void {
    const count = quantities.length
    const { values } = this
    const measured = this.quantities(form.group)
    const shift = form.group === 'new' ? 0.045 : 0 // new clients' buildings are a little better known (section 4.11)
    for (let i = 0; i < count; i++) {
      const { edge, weight, spreads, steps } = measured[i]!
      const known = normalShare(0.97 * form.known + 0.243 * stream.normal()) >= edge
      const score = weight * form.quality + Math.sqrt(1 - weight * weight) * stream.normal()
      const modeScore = stream.chance(0.8) ? score : 0.97 * score + 0.243 * stream.normal()
      const medianScore = stream.chance(0.85) ? score : 0.995 * score + 0.1 * stream.normal()
      for (let k = 0; k < 3; k++) {
        if (!known) {
          values[k * count + i] = Number.NaN
          continue
        }
        const value = spreads[k]!(normalShare(k === 0 ? score : k === 1 ? modeScore : medianScore))
        const step = steps ? steps[k]! : 0.0001
        values[k * count + i] = Math.min(1, Math.round(Math.round(value / step) * step * 1e4) / 1e4)
      }
    }
    if (form.floors !== undefined) this.agree(form, measured)
    for (let i = 0; i < 3 * count; i++) out.real(Number.isNaN(values[i]!) ? null : values[i]!)
    const [fund, house, walls, emergency] = this.texts
    this.text(fund!, form, stream, out, shift)
    this.text(house!, form, stream, out, shift)
    const total = this.total(form.group)
    if (normalShare(0.985 * form.known + 0.17 * stream.normal()) < total.edge) out.empty()
    else out.real(Math.round(total.spread(normalShare(0.93 * form.quality + 0.368 * stream.normal())) * 1e4) / 1e4)
    this.text(walls!, form, stream, out, shift)
    this.text(emergency!, form, stream, out, shift)
  }

  /** The three that the default rate reads were drawn with the form. */
  private agree(form: Form, measured: readonly Measured[]): void {
    const drawn = { ELEVATORS: form.elevators, FLOORSMAX: form.floors, LIVINGAREA: form.livingArea }
    quantities.forEach(({ name }, i) => {
      if (!(name in drawn)) return
      const value = drawn[name as keyof typeof drawn]
      for (let k = 0; k < 3; k++) {
        const at = k * quantities.length + i
        if (value === null) this.values[at] = Number.NaN
        else if (k !== 1 || Number.isNaN(this.values[at]!)) {
          const step = measured[i]!.steps?.[k] ?? 0.0001
          this.values[at] = Math.min(1, Math.round(Math.round(value / step) * step * 1e4) / 1e4)
        }
      }
    })
  }

  private text(column: (typeof this.texts)[number], form: Form, stream: Stream, out: CsvWriter, shift: number): void {
    if (normalShare(0.985 * form.known + 0.17 * stream.normal()) < column.edge * (1 - shift)) out.empty()
    else out.text(column.texts.at(stream.pick(column.weights)))
  }
}
