/** What a client lives on and in which sector. */
import { publicSectors, sectors } from './affinities.ts'
import type { Categories } from './category.ts'
import type { Group } from './groups.ts'
import type { Stream } from './random.ts'

interface Person {
  readonly group: Group
  readonly retired: boolean
  readonly age: number
  readonly status: number
  readonly man: number
}

export class WorkMaker {
  private readonly all: Categories
  private readonly sectorExtra: readonly Float64Array[]
  private readonly publicExtra: Float64Array
  private readonly scratch: Float64Array

  constructor(all: Categories) {
    this.all = all
    const row = (of: Readonly<Record<string, number>> | undefined) =>
      Float64Array.from(all.organization.levels, (level) => of?.[level] ?? 0)
    this.sectorExtra = all.occupation.levels.map((level) => row(sectors[level]))
    this.publicExtra = row(publicSectors)
    this.scratch = new Float64Array(all.organization.levels.length)
  }

  incomeType(stream: Stream, { group, retired, age, status, man }: Person): number {
    const { incomeType } = this.all
    if (retired) return incomeType.index(stream.chance(0.0004) ? 'Unemployed' : 'Pensioner')
    for (;;) {
      const drawn = incomeType.draw(stream, age, status, man)
      const level = incomeType.levels[drawn]!
      if (level === 'Pensioner' || level === 'Unemployed') continue
      if (group === 'new' && level === 'Maternity leave') continue
      return drawn
    }
  }

  organization(stream: Stream, { retired, age, status, man }: Person, occupation: number, incomeType: number): number {
    const { organization, incomeType: types } = this.all
    const none = organization.index('XNA')
    if (retired) return none
    const bySector = this.sectorExtra[occupation]!
    const state = types.levels[incomeType] === 'State servant'
    for (let i = 0; i < this.scratch.length; i++) this.scratch[i] = bySector[i]! + (state ? this.publicExtra[i]! : 0)
    this.scratch[none] = -50
    return organization.draw(stream, age, status, man, this.scratch)
  }
}
