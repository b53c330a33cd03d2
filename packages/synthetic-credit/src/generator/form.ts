/** One client as drawn: traits that no file shows, and the answers of the application form. */

import { type Building, BuildingMaker } from './building.ts'
import type { Calibration } from './calibration.ts'
import { carAgeAt } from './car.ts'
import { type Categories, categories } from './category.ts'
import { drawCircle } from './circle.ts'
import { drawAge, drawPassport, drawRegistration, drawTenure } from './dates.ts'
import { cholesky, normalShare } from './distribution.ts'
import { type Group, meanOf, missingOf } from './groups.ts'
import { hourAt } from './hours.ts'
import { drawCashLoan, drawLine, type Loan, roundIncome } from './loan.ts'
import { logit, sigmoid } from './logistic.ts'
import type { Stream } from './random.ts'
import { lifted, regionAt } from './regions.ts'
import { spreads } from './spreads.ts'
import { WorkMaker } from './work.ts'

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
  building: Building
}

/** The latent traits' correlations: assumptions, but for those among age and the external scores (docs/data-sources.md#correlations-and-external-scores). */
const traitOrder = ['age', 'status', 'debt', 'discipline', 'standing', 'E1', 'E2', 'E3'] as const
const correlations: readonly (readonly number[])[] = [
  [1],
  [0, 1],
  [-0.1, -0.05, 1],
  [-0.12, -0.1, 0.35, 1],
  [-0.1, -0.1, 0.35, 0.4, 1],
  [0.615, 0.3, -0.13, -0.14, -0.14, 1],
  [0.1, 0.38, -0.2, -0.2, -0.25, 0.225, 1],
  [0.215, 0.12, -0.38, -0.18, -0.18, 0.195, 0.115, 1],
]
const triangle = cholesky(correlations)

/** Draws the form of a client; all randomness comes from the stream. */
export class FormMaker {
  readonly categories: Categories
  private readonly calibration: Calibration
  private readonly z = new Float64Array(traitOrder.length)
  private readonly work: WorkMaker
  private readonly kids: Float64Array
  readonly buildings: BuildingMaker

  constructor(calibration: Calibration) {
    this.calibration = calibration
    this.categories = categories(calibration)
    this.work = new WorkMaker(this.categories)
    this.buildings = new BuildingMaker(calibration)
    this.kids = new Float64Array(this.categories.children.levels.length)
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
    const ageDays = drawAge(group, age)
    const years = -ageDays / 365.25

    const retired = this.yes(
      stream,
      'retired',
      group === 'train' ? 0.18 : 0.19,
      Math.max(-3.6, 0.5 * (years - (man ? 59.5 : 56.5))),
      group,
    )
    const person = { group, retired, age, status, man }
    const incomeType = this.work.incomeType(stream, person)
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
    const organization = this.work.organization(stream, person, occupation, incomeType)

    const z2 = (a: number, b: number) => a + Math.sqrt(Math.max(0, 1 - b)) * stream.normal()
    const zIncome = z2(0.42 * status + 0.3 * (man - 0.34) - (retired ? 0.45 : -0.1), 0.27)
    const income = roundIncome(spreads.income(group)(normalShare(zIncome)), stream)
    const line = this.yes(stream, 'revolving', group === 'train' ? 0.0952 : 0.009, -0.3 * age, group)
    const money = line ? drawLine(stream) : drawCashLoan(stream, group, { income: zIncome, age, status, standing })

    const employed = retired ? null : drawTenure(stream, group, ageDays, z2(0.42 * age, 0.176))
    const registration = drawRegistration(stream, group, ageDays, -z2(0.26 * age, 0.068))
    const idPublish = drawPassport(stream, group, ageDays)
    const phoneChange = Math.round(
      spreads.phone(group)(normalShare(-z2(0.09 * age - 0.1 * standing + 0.05 * status, 0.02))),
    )

    const zRegion = z2(0.38 * status, 0.145)
    const { population, rating, clock } = regionAt(normalShare(-zRegion))
    const ratingWithCity = rating - (stream.chance(lifted[rating]!) ? 1 : 0)

    const weekday = all.weekday.draw(stream, 0, 0, 0)
    const hour = hourAt(normalShare(z2(0.45 * clock - 0.09 * age, 0.21)))
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

    const circle = drawCircle(stream, group, discipline)
    const building = this.buildings.draw(stream, group, z2(0.1 * status, 0.01), z2(0.3 * zRegion + 0.1 * status, 0.11))
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
      carAge: ownCar ? carAgeAt(normalShare(z2(-0.3 * (status - 0.2), 0.09))) : null,
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
      building,
    }
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
}
