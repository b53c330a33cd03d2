/** Which version of the registered model is the champion: promotion against the champion on common clients, and rollback. */
import { z } from 'zod'
import type { Costs } from '../models/cost.ts'
import type { KeyValue, MlflowClient, ModelVersion } from './client.ts'
import { TrackingError } from './error.ts'
import { tagText } from './limits.ts'
import { compare, type Improvement, type JudgedPair, lowerBound, promotionMeasures } from './paired.ts'
import { registeredBundle, UNREADABLE } from './registered-bundle.ts'

/** Section `promotion` of params.yaml. */
export const promotionRule = z.strictObject({
  /** What decides; the other measures are shown. */
  measure: z.enum(promotionMeasures).default('cost'),
  /** One-sided: the improvement's lower bound at this confidence must be above `improvement`. 0.5: the estimate itself. */
  confidence: z.number().min(0.5).lt(1).default(0.95),
  /** In the measure's unit: cost per client, log loss, Brier score, ROC AUC. */
  improvement: z.number().default(0),
  /** Fewest common clients on which two versions can be compared. */
  clients: z.int().min(2).default(1000),
})
export type PromotionRule = z.output<typeof promotionRule>

export interface Promotion {
  readonly promoted: boolean
  readonly challenger: string
  /** null: there was none. */
  readonly champion: string | null
  /** One sentence: why, or why not. */
  readonly why: string
  /** Clients that both versions' oof.parquet hold. */
  readonly clients: number
  readonly improvements: readonly Improvement[]
}

const REPLACED = 'champion.before' // version that this one took the place of

/**
 * Moves the alias `champion` to a version if it beats the champion by the rule, on the clients that both know. Without a
 * champion it promotes. Other training data or too few common clients: it refuses, unless forced with a reason, which is recorded.
 *
 * @param o.version number in the registry, or the bundle's version; default: the one with the alias `challenger`
 * @param o.force why the rule is set aside; kept as a tag of the version
 * @throws TrackingError when there is no such version or its files are not those of a bundle
 */
export async function promote(
  client: MlflowClient,
  o: { readonly name: string; readonly version?: string; readonly rule: PromotionRule; readonly force?: string },
): Promise<Promotion> {
  const { name, rule } = o
  const challenger = await versionOf(client, name, o.version)
  const champion = await client.alias(name, 'champion')
  const result = { challenger: challenger.version, champion: champion?.version ?? null, clients: 0, improvements: [] }
  if (champion?.version === challenger.version)
    return { ...result, promoted: false, why: `version ${challenger.version} is the champion already` }
  if (o.force !== undefined && o.force.trim() === '')
    throw new TrackingError('force: expected a reason, which is recorded')

  const compared = champion === null ? null : await judged(client, champion, challenger, rule)
  const beats = compared?.beats ?? true
  const promoted = beats || o.force !== undefined
  const why = compared?.why ?? 'there was no champion'
  const reason = promoted && !beats ? `${why}; promoted all the same: ${o.force}` : why
  if (promoted) {
    const tags: KeyValue[] = [
      { key: REPLACED, value: champion?.version ?? '' },
      { key: 'champion.why', value: tagText('champion.why', reason) },
    ]
    for (const tag of tags) await client.setVersionTag(name, challenger.version, tag)
    await client.setAlias(name, 'champion', challenger.version)
  }
  return {
    ...result,
    clients: compared?.clients ?? 0,
    improvements: compared?.improvements ?? [],
    promoted,
    why: reason,
  }
}

/** The version that is named, else the one with the alias `challenger`. */
async function versionOf(client: MlflowClient, name: string, version?: string): Promise<ModelVersion> {
  if (version === undefined) {
    const challenger = await client.alias(name, 'challenger')
    if (challenger !== null) return challenger
    const earlier = await client.alias(name, 'candidate') // what the alias was called until 0.1.0
    const where = earlier ? `; version ${earlier.version} has the alias candidate, its name before` : ''
    throw new TrackingError(`${name}: no version has the alias challenger${where}; name one, or run dvc repro train`)
  }
  if (/^\d{1,9}$/.test(version)) return await client.version(name, version)
  const [found] = await client.versions(name, { key: 'bundle_version', value: version })
  if (found) return found
  const known = (await client.versions(name)).map((each) => `${each.version} (${bundleVersion(each)})`)
  throw new TrackingError(
    `${name}: expected a version's number or its bundle's version, received ${version}; there are ${known.join(', ') || 'none'}`,
  )
}

/** The tag by which a version names its bundle; '' where it has none. */
export const bundleVersion = ({ tags }: ModelVersion): string =>
  tags.find(({ key }) => key === 'bundle_version')?.value ?? ''

interface Verdict {
  readonly beats: boolean
  readonly why: string
  readonly clients: number
  readonly improvements: readonly Improvement[]
}

/** Whether the challenger beats the champion by the rule. What keeps them from being compared is a reason against. */
async function judged(
  client: MlflowClient,
  champion: ModelVersion,
  challenger: ModelVersion,
  rule: PromotionRule,
): Promise<Verdict> {
  let found: Comparison
  try {
    found = await comparison(client, champion, challenger)
  } catch (error) {
    if (!(error instanceof TrackingError) || (error.status === null && error.code !== UNREADABLE)) throw error // no answer
    const why = `versions ${challenger.version} and ${champion.version} cannot be compared: ${error.message}`
    return { beats: false, why, clients: 0, improvements: [] }
  }
  const { clients, contradicting, improvements, data } = found
  const not = (why: string): Verdict => ({ beats: false, why, clients, improvements })
  if (contradicting)
    return not(
      `${contradicting} common clients have another outcome in version ${challenger.version}: these are not the same clients`,
    )
  if (clients < rule.clients) return not(`only ${clients} clients are common to both, and ${rule.clients} are needed`)
  if (data.champion !== data.challenger)
    return not(
      `version ${challenger.version} was trained on other data (${short(data.challenger)}) than the champion (${short(data.champion)})`,
    )
  const decisive = improvements.find(({ measure }) => measure === rule.measure)
  if (decisive === undefined)
    return not(`${rule.measure} cannot be computed on the ${clients} common clients: they are all of one class`)
  const bound = lowerBound(decisive, rule.confidence)
  const beats = bound > rule.improvement
  const figures = `${rule.measure} ${decisive.challenger.toFixed(5)} against ${decisive.champion.toFixed(5)}, better by ${decisive.improvement.toFixed(5)}`
  const why = `${figures}, at least ${bound.toFixed(5)} at ${rule.confidence} confidence; ${beats ? 'more' : 'not more'} than ${rule.improvement}`
  return { beats, why, clients, improvements }
}

interface Comparison {
  /** Clients that both versions' oof.parquet hold, and how many of them have another outcome in the other. */
  readonly clients: number
  readonly contradicting: number
  readonly improvements: readonly Improvement[]
  readonly data: { readonly champion: string; readonly challenger: string }
}

async function comparison(client: MlflowClient, champion: ModelVersion, challenger: ModelVersion): Promise<Comparison> {
  const [old, young] = [await registeredBundle(client, champion), await registeredBundle(client, challenger)]
  const common: JudgedPair[] = []
  let contradicting = 0
  for (const [id, { target, ...ofChampion }] of old.judged) {
    const other = young.judged.get(id)
    if (other === undefined) continue
    if (other.target !== target) contradicting++
    common.push({
      target,
      champion: ofChampion,
      challenger: { probability: other.probability, declined: other.declined },
    })
  }
  const improvements = common.length < 2 || contradicting ? [] : shown(common, young.costs)
  const data = { champion: old.data, challenger: young.data }
  return { clients: common.length, contradicting, improvements, data }
}

function shown(common: readonly JudgedPair[], costs: Costs): Improvement[] {
  const defaults = common.filter(({ target }) => target === 1).length
  const oneClass = defaults < 2 || common.length - defaults < 2
  return promotionMeasures
    .filter((measure) => !(oneClass && measure === 'roc_auc'))
    .map((measure) => compare(measure, common, costs))
}

const short = (hash: string): string => hash.slice(0, 12)

export interface Rollback {
  /** The version that was champion, and the one that is it again. */
  readonly from: string
  readonly to: string
  /** How the one before compares with the one that goes, on their common clients; none where they cannot be compared. */
  readonly clients: number
  readonly improvements: readonly Improvement[]
  /** Why there is no comparison; null where there is one. */
  readonly incomparable: string | null
}

/** Moves the alias `champion` back to the version that the present one took the place of. A comparison never stands in its way. */
export async function rollback(
  client: MlflowClient,
  o: { readonly name: string; readonly reason?: string },
): Promise<Rollback> {
  const champion = await client.alias(o.name, 'champion')
  if (champion === null) throw new TrackingError(`${o.name}: there is no champion to roll back`)
  const to = champion.tags.find(({ key }) => key === REPLACED)?.value ?? ''
  if (to === '')
    throw new TrackingError(
      `${o.name}: version ${champion.version} took the place of no other, so there is nothing to go back to; promote one`,
    )
  const before = await client.version(o.name, to) // it must still be there
  await client.setAlias(o.name, 'champion', to)
  const value = tagText('champion.rolled_back', o.reason ?? `to version ${to}`)
  await client.setVersionTag(o.name, champion.version, { key: 'champion.rolled_back', value })
  const done = { from: champion.version, to }
  try {
    const { clients, improvements } = await comparison(client, champion, before)
    const incomparable =
      improvements.length > 0 ? null : `${clients} clients were evaluated by both with the same outcome`
    return { ...done, clients, improvements, incomparable }
  } catch (error) {
    return {
      ...done,
      clients: 0,
      improvements: [],
      incomparable: error instanceof Error ? error.message : String(error),
    }
  }
}
