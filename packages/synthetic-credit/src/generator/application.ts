/** Writes a client's row of application_train.csv or application_test.csv. */
import { trainClients } from '../published/statistics.ts'
import { noDay } from '../published/tables.ts'
import type { BuildingMaker } from './building.ts'
import type { Categories } from './category.ts'
import type { CsvWriter, OpenTable } from './csv-writer.ts'
import type { Form, FormMaker } from './form.ts'
import { byGroup, figuresOf, meanOf, missingOf } from './groups.ts'
import type { Stream } from './random.ts'

/** Spans of AMT_REQ_CREDIT_BUREAU_*, with mean and shape of their counts. */
const inquiries = byGroup((group) =>
  ['HOUR', 'DAY', 'WEEK', 'MON', 'QRT', 'YEAR'].map((span) => {
    const [, mean, sd, , , , , most] = figuresOf(group, `AMT_REQ_CREDIT_BUREAU_${span}`)
    // one client with 261 enquiries makes up a good part of the published variance
    const outlier = most! > 100 ? (most! * most!) / 266000 : 0
    const variance = sd! * sd! - outlier
    return { mean: mean!, shape: variance > mean! ? (mean! * mean!) / (variance - mean!) : 50 }
  }),
)

const rareDocuments = byGroup((group) =>
  Array.from({ length: 20 }, (_, i) => ([3, 6, 8].includes(i + 2) ? 0 : meanOf(group, `FLAG_DOCUMENT_${i + 2}`))),
)

export class ApplicationWriter {
  readonly train: CsvWriter
  readonly new: CsvWriter
  private readonly categories: Categories
  private readonly building: BuildingMaker

  constructor(open: OpenTable, { categories, buildings }: Pick<FormMaker, 'categories' | 'buildings'>) {
    this.train = open('application_train')
    this.new = open('application_test')
    this.categories = categories
    this.building = buildings
  }

  /** `target` is null for a new client. */
  write(id: number, target: 0 | 1 | null, form: Form, stream: Stream): void {
    const { group } = form
    const all = this.categories
    const out = group === 'train' ? this.train : this.new
    const yes = (probability: number) => (stream.chance(probability) ? 1 : 0)
    const bit = (value: boolean) => (value ? 1 : 0)
    const couple = ['Married', 'Civil marriage'].includes(all.family.levels[form.family]!)

    out.whole(id)
    if (target !== null) out.whole(target)
    out.text(form.revolving ? 'Revolving loans' : 'Cash loans')
    out.text(group === 'train' && stream.chance(4 / trainClients) ? 'XNA' : form.man ? 'M' : 'F')
    out.text(form.ownCar ? 'Y' : 'N')
    out.text(form.ownRealty ? 'Y' : 'N')
    out.whole(form.childrenCount)
    out.amount(group === 'train' && stream.chance(1 / trainClients) ? 117e6 : form.income)
    out.amount(form.credit)
    out.amount(stream.chance(missingOf(group, 'AMT_ANNUITY')) ? null : form.annuity)
    out.amount(form.goods)
    out.text(all.suite.texts.at(form.suite))
    out.text(all.incomeType.texts.at(form.incomeType))
    out.text(all.education.texts.at(form.education))
    out.text(all.family.texts.at(form.family))
    out.text(all.housing.texts.at(form.housing))
    out.real(form.population)
    out.whole(form.ageDays)
    out.whole(form.employed ?? noDay)
    out.float(form.registration)
    out.whole(form.idPublish)
    out.float(form.carAge)
    out.whole(yes(meanOf(group, 'FLAG_MOBIL') >= 1 ? 0.999997 : meanOf(group, 'FLAG_MOBIL')))
    out.whole(bit(!form.retired))
    out.whole(form.retired ? 0 : yes(meanOf(group, 'FLAG_WORK_PHONE') / meanOf(group, 'FLAG_EMP_PHONE')))
    out.whole(yes(meanOf(group, 'FLAG_CONT_MOBILE')))
    out.whole(yes(meanOf(group, 'FLAG_PHONE')))
    out.whole(yes(meanOf(group, 'FLAG_EMAIL')))
    out.text(all.occupation.texts.at(form.occupation))
    out.float(form.childrenCount + (couple ? 2 : 1))
    out.whole(form.rating)
    out.whole(form.ratingWithCity)
    out.text(all.weekday.texts.at(form.weekday))
    out.whole(form.hour)
    const liveRegion = form.liveElsewhere && stream.chance(meanOf(group, 'REG_REGION_NOT_LIVE_REGION') / 0.078)
    const workRegion = form.workElsewhere ? stream.chance(0.213) : liveRegion && !form.retired && stream.chance(0.2)
    const workAwayRegion = form.workAway ? stream.chance(0.222) : workRegion && stream.chance(0.1)
    out.whole(bit(liveRegion))
    out.whole(bit(workRegion))
    out.whole(bit(workAwayRegion))
    out.whole(bit(form.liveElsewhere))
    out.whole(bit(form.workElsewhere))
    out.whole(bit(form.workAway))
    out.text(all.organization.texts.at(form.organization))
    for (const score of form.external) out.real(score)
    this.building.write(form.building, group, stream, out)
    if (form.observed === null) for (let i = 0; i < 4; i++) out.empty()
    else {
      const observed60 = form.observed - (form.observed > form.defaulted60 && stream.chance(0.012) ? 1 : 0)
      out.float(form.observed)
      out.float(form.defaulted30)
      out.float(observed60)
      out.float(form.defaulted60)
    }
    out.float(form.phoneChange)
    rareDocuments(group).forEach((share, i) => {
      out.whole([3, 6, 8].includes(i + 2) ? bit(form.document === i + 2) : yes(share))
    })
    const keen = Math.exp(0.12 * form.debt - 0.0072)
    for (const { mean, shape } of inquiries(group))
      out.float(form.inquiries ? stream.overdispersed(mean * keen, shape) : null)
    out.endRow()
  }
}
