/** One client as drawn: traits that no file shows, and the answers of the application form. */
import { publicSectors, sectors } from './affinities.ts'
import type { Calibration } from './calibration.ts'
import { type Categories, categories } from './category.ts'
import { cholesky, normalShare, type Spread } from './distribution.ts'
import { drawCashLoan, drawLine, type Loan, roundIncome } from './loan.ts'
import { type Group, meanOf, missingOf } from './published.ts'
import type { Stream } from './random.ts'
import { spreads } from './spreads.ts'

export interface Form extends Loan {
  group: Group
  // traits
  age: number // standard normal, older is larger
  status: number // standard normal, education and means
  debt: number // standard normal, the riskier the larger: debts elsewhere
  discipline: number // the same: paying late
  standing: number // the same: how the lender itself judged earlier applications
  inBureau: boolean
  // answers; null is missing
  man: number
  ageDays: number
  incomeType: number
  retired: boolean // pensioner or out of work: no employer
  education: number
  family: number
  children: number // level
  childrenCount: number
  housing: number
  suite: number
  occupation: number
  organization: number
  ownCar: boolean
  carAge: number | null
  ownRealty: boolean
  income: number
  employed: number | null // days, negative
  registration: number
  idPublish: number
  phoneChange: number
  rating: number
  ratingWithCity: number
  population: number
  weekday: number
  hour: number
  liveElsewhere: boolean
  workElsewhere: boolean
  workAway: boolean
  document: 0 | 3 | 6 | 8
  external: [number | null, number | null, number | null]
  observed: number | null
  defaulted30: number
  defaulted60: number
  inquiries: boolean // whether AMT_REQ_* are known
  // building: how much is known of it, what it is like
  known: number
  quality: number
  floors: number | null
  elevators: number | null
  livingArea: number | null
}

/** The latent traits' correlations: assumptions, but for those among age and the external scores (section 4.5). */
const traitOrder = ['age', 'status', 'debt', 'discipline', 'standing', 'E1', 'E2', 'E3'] as const
const correlations: readonly (readonly number[])[] = [
  [1],
  [0, 1],
  [-0.1, -0.05, 1],
  [-0.12, -0.1, 0.35, 1],
  [-0.1, -0.1, 0.35, 0.4, 1],
  [0.615, 0.2, -0.13, -0.14, -0.14, 1],
  [0.1, 0.25, -0.2, -0.2, -0.25, 0.225, 1],
  [0.215, 0.05, -0.38, -0.18, -0.18, 0.195, 0.115, 1],
]
const triangle = cholesky(correlations)

const regions = 81

const logit = (p: number) => Math.log(p / (1 - p))
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

/** Draws the form of a client; all randomness comes from the stream. */
export class FormMaker {
  readonly categories: Categories
  private readonly calibration: Calibration
  private readonly z = new Float64Array(traitOrder.length)
  private readonly sectorExtra: readonly Float64Array[]
  private readonly publicExtra: Float64Array
  private readonly scratch: Float64Array
  private readonly kids: Float64Array

  constructor(calibration: Calibration) {
    this.calibration = calibration
    this.categories = categories(calibration)
    const { occupation, organization, children } = this.categories
    const row = (of: Readonly<Record<string, number>> | undefined) =>
      Float64Array.from(organization.levels, (level) => of?.[level] ?? 0)
    this.sectorExtra = occupation.levels.map((level) => row(sectors[level]))
    this.publicExtra = row(publicSectors)
    this.scratch = new Float64Array(organization.levels.length)
    this.kids = new Float64Array(children.levels.length)
  }

  private yes(stream: Stream, column: string, share: number, score: number, key: Group | 'yes' = 'yes'): boolean {
    return stream.chance(sigmoid((this.calibration.offsets[column]?.[key] ?? logit(share)) + score))
  }

  draw(stream: Stream, group: Group): Form {
    const { categories: all, z } = this
    const scores = triangle.map(() => stream.normal())
    triangle.forEach((row, i) => {
      let sum = 0
      for (let j = 0; j <= i; j++) sum += row[j]! * scores[j]!
      z[i] = sum
    })
    const [age, status, debt, discipline, standing] = [z[0]!, z[1]!, z[2]!, z[3]!, z[4]!]
    const man = this.yes(stream, 'CODE_GENDER', 0.34164, -0.3 * age) ? 1 : 0
    const ageDays = Math.round(spreads.birth(group)(normalShare(-age)))
    const years = -ageDays / 365.25

    const retired = this.yes(
      stream,
      'retired',
      group === 'train' ? 0.18 : 0.19,
      Math.max(-3.6, 0.5 * (years - (man ? 59.5 : 56.5))),
      group,
    )
    const incomeType = this.drawIncomeType(stream, retired, age, status, man, group)
    const education = all.education.draw(stream, age, status, man)
    let family = all.family.draw(stream, age, status, man)
    if (group === 'new' && all.family.levels[family] === 'Unknown') family = all.family.index('Married')
    const couple = ['Married', 'Civil marriage'].includes(all.family.levels[family]!)
    const parent = Math.exp(-(((years - 35) / 9) ** 2))
    const childrenLevels = [0, 2.4, 3.1, 3.4, 3.6]
    for (let i = 0; i < this.kids.length; i++)
      this.kids[i] = (childrenLevels[i] ?? 0) * parent + (i > 0 && couple ? 0.6 + 0.3 * i : 0)
    const children = all.children.draw(stream, 0, -0.1, 0, this.kids)
    const childrenCount = children === 4 ? 4 + Math.min(15, stream.geometric(0.77)) : children
    const housing = all.housing.draw(stream, age + (couple ? 0.35 : -0.45), status, man)
    const suite = all.suite.draw(stream, age, status, man)
    const ownCar = this.yes(stream, 'FLAG_OWN_CAR', 0.3401, 1.1 * man + 0.45 * status - 0.3 * age + (couple ? 0.35 : 0))
    const ownRealty = this.yes(stream, 'FLAG_OWN_REALTY', 0.6937, 0.3 * age)
    const occupation = retired ? all.occupation.index('missing') : all.occupation.draw(stream, age, status, man)
    const organization = this.drawOrganization(stream, retired, occupation, incomeType, age, status, man)

    const z2 = (a: number, b: number) => a + Math.sqrt(Math.max(0, 1 - b)) * stream.normal()
    const zIncome = z2(0.42 * status + 0.3 * (man - 0.34) - (retired ? 0.45 : -0.1), 0.27)
    const income = roundIncome(spreads.income(group)(normalShare(zIncome)), stream)
    const line = this.yes(stream, 'revolving', group === 'train' ? 0.0952 : 0.009, -0.3 * age, group)
    const money = line ? drawLine(stream) : drawCashLoan(stream, group, { income: zIncome, age, status, standing })

    const employed = retired ? null : this.drawTenure(stream, group, age, years)
    const registration = Math.round(spreads.registration(group)(normalShare(-z2(0.33 * age, 0.11))))
    const idPublish = Math.round(spreads.idPublish(group)(normalShare(-z2(0.28 * age, 0.08))))
    const phoneChange = Math.round(
      spreads.phone(group)(normalShare(-z2(0.09 * age - 0.1 * standing + 0.05 * status, 0.02))),
    )

    const zRating = z2(0.38 * status, 0.145)
    const ratingWithCity = zRating > 1.2233 ? 1 : zRating < -1.0671 ? 3 : 2 // 34,167 and 43,860 of 307,511
    const rating = stream.chance(0.979) ? ratingWithCity : ratingWithCity === 2 ? (stream.chance(0.85) ? 3 : 1) : 2
    // some 81 regions: as many equally likely values of the published distribution, of six decimals
    const region = Math.floor(normalShare(z2(0.5 * zRating, 0.25)) * regions)
    const population =
      Math.round(spreads.population(group)((Math.min(region, regions - 1) + 0.5) / regions) * 1e6) / 1e6

    const weekday = all.weekday.draw(stream, 0, 0, 0)
    const hour = Math.max(
      0,
      Math.min(23, Math.round(spreads.hour(group)(normalShare(z2(0.28 * zRating - 0.09 * age, 0.09))))),
    )
    const liveElsewhere = this.yes(
      stream,
      'REG_CITY_NOT_LIVE_CITY',
      meanOf(group, 'REG_CITY_NOT_LIVE_CITY'),
      -0.45 * age - (ownRealty ? 0.3 : 0),
    )
    const workElsewhere =
      !retired && this.yes(stream, 'REG_CITY_NOT_WORK_CITY', 0.23, (liveElsewhere ? 2.2 : 0) - 0.25 * age)
    const workAway = workElsewhere && stream.chance(liveElsewhere ? 0.15 : 0.965)
    const document = this.drawDocument(stream, group, money.revolving, retired)

    const inBureau = stream.chance(sigmoid(1.85 + 0.25 * age))
    const E1 = stream.chance(missingOf(group, 'EXT_SOURCE_1')) ? null : spreads.E1(group)(normalShare(z[5]!))
    const E2 = stream.chance(missingOf(group, 'EXT_SOURCE_2')) ? null : spreads.E2(group)(normalShare(z[6]!))
    // most of those whom no bureau knows have no third score
    const noThird = inBureau ? (missingOf(group, 'EXT_SOURCE_3') - 0.143 * 0.85) / 0.857 : 0.85
    const E3 = stream.chance(noThird) ? null : spreads.E3(group)(normalShare(z[7]!))
    const inquiries = !stream.chance(
      inBureau ? (missingOf(group, 'AMT_REQ_CREDIT_BUREAU_YEAR') - 0.143 * 0.7) / 0.857 : 0.7,
    )

    const circle = this.drawCircle(stream, group, discipline)
    const known = z2(0.1 * status, 0.01)
    const quality = z2(0.3 * zRating + 0.1 * status, 0.11)
    const floor = (column: string, spreadOfColumn: (group: Group) => Spread) => {
      const score = 0.88 * quality + 0.475 * stream.normal()
      const edge = missingOf(group, column)
      return normalShare(0.97 * known + 0.243 * stream.normal()) < edge
        ? null
        : spreadOfColumn(group)(normalShare(score))
    }
    return {
      group,
      age,
      status,
      debt,
      discipline,
      standing,
      inBureau,
      man,
      ageDays,
      incomeType,
      retired,
      education,
      family,
      children,
      childrenCount,
      housing,
      suite,
      occupation,
      organization,
      ownCar,
      carAge: ownCar
        ? Math.max(0, Math.round(spreads.carAge(group)(normalShare(z2(-0.3 * (status - 0.2), 0.09)))))
        : null,
      ownRealty,
      ...money,
      income,
      employed,
      registration,
      idPublish,
      phoneChange,
      rating,
      ratingWithCity,
      population,
      weekday,
      hour,
      liveElsewhere,
      workElsewhere,
      workAway,
      document,
      external: [E1, E2, E3],
      ...circle,
      inquiries,
      known,
      quality,
      floors: floor('FLOORSMAX_AVG', spreads.floors),
      elevators: floor('ELEVATORS_AVG', spreads.elevators),
      livingArea: floor('LIVINGAREA_AVG', spreads.livingArea),
    }
  }

  private drawIncomeType(
    stream: Stream,
    retired: boolean,
    age: number,
    status: number,
    man: number,
    group: Group,
  ): number {
    const { incomeType } = this.categories
    if (retired) return incomeType.index(stream.chance(0.0004) ? 'Unemployed' : 'Pensioner')
    for (;;) {
      const drawn = incomeType.draw(stream, age, status, man)
      const level = incomeType.levels[drawn]!
      if (level === 'Pensioner' || level === 'Unemployed') continue
      if (group === 'new' && level === 'Maternity leave') continue
      return drawn
    }
  }

  private drawOrganization(
    stream: Stream,
    retired: boolean,
    occupation: number,
    incomeType: number,
    age: number,
    status: number,
    man: number,
  ): number {
    const { organization, incomeType: types } = this.categories
    const none = organization.index('XNA')
    if (retired) return none
    const bySector = this.sectorExtra[occupation]!
    const state = types.levels[incomeType] === 'State servant'
    for (let i = 0; i < this.scratch.length; i++) this.scratch[i] = bySector[i]! + (state ? this.publicExtra[i]! : 0)
    this.scratch[none] = -50
    return organization.draw(stream, age, status, man, this.scratch)
  }

  private drawTenure(stream: Stream, group: Group, age: number, years: number): number {
    const score = 0.36 * age + 0.933 * stream.normal()
    const days = spreads.employed(group)(normalShare(-score))
    const longest = -(years - 18) * 365.25
    return Math.min(-1, Math.round(days < longest ? longest * stream.between(0.3, 1) : days))
  }

  private drawDocument(stream: Stream, group: Group, revolving: boolean, retired: boolean): 0 | 3 | 6 | 8 {
    if (revolving) return 0
    const cash = group === 'train' ? 1 - 0.0952 : 0.991
    const [third, sixth, eighth] = [3, 6, 8].map((which) => meanOf(group, `FLAG_DOCUMENT_${which}`) / cash)
    // pensioners bring the sixth; it is theirs nearly alone
    const six = retired ? (sixth! / 0.185) * 0.93 : (sixth! / 0.815) * 0.07
    const rest = (1 - six) / (1 - sixth!)
    const u = stream.uniform()
    if (u < six) return 6
    if (u < six + third! * rest) return 3
    return u < six + (third! + eighth!) * rest ? 8 : 0
  }

  private drawCircle(stream: Stream, group: Group, discipline: number) {
    if (stream.chance(missingOf(group, 'OBS_30_CNT_SOCIAL_CIRCLE')))
      return { observed: null, defaulted30: 0, defaulted60: 0 }
    const observed = stream.chance(0.00003) ? 200 + stream.whole(0, 148) : stream.overdispersed(1.42, 0.52)
    let [thirty, sixty] = [0, 0]
    const share = Math.min(0.9, 0.102 * Math.exp(0.35 * discipline - 0.06))
    for (let i = 0; i < Math.min(observed, 34); i++)
      if (stream.chance(share)) {
        thirty++
        if (stream.chance(0.7)) sixty++
      }
    return { observed, defaulted30: thirty, defaulted60: sixty }
  }
}
