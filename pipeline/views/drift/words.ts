/** The sentences of the drift page: verdict, and what happened to a column, in words before numbers. */

import { number, percent } from 'report-kit'
import type { Findings, NamedColumn } from '../../drift/findings.ts'
import { quantileShares } from '../../drift/result.ts'

const plural = (count: number, one: string, many: string): string => (count === 1 ? one : many)

/** The page's two sentences, French and English. */
export function verdictWords({ dataset, features, score, separability }: Findings): { fr: string; en: string } {
  const { columns, drifted, missing_drifted: missing } = dataset
  const important = features?.columns.some((column) => column.importance !== null)
    ? [...features.columns].sort((a, b) => (b.importance ?? 0) - (a.importance ?? 0)).slice(0, 10)
    : null
  const among = important?.filter((column) => column.drifted).length ?? 0
  const risk = score && riskWords(score.mean)
  const apart = dataset.verdict === 'no drift' && separability && separability.auc >= 0.7 ? separability : null
  const fr = [
    dataset.verdict === 'drift' ? 'Les données ont changé' : 'Les données tiennent',
    `${number(drifted, { lang: 'fr' })} ${plural(drifted, 'colonne', 'colonnes')} sur ${columns} ${plural(drifted, 'a bougé', 'ont bougé')}`,
    missing > 0 && `la part de valeurs manquantes a changé dans ${missing} ${plural(missing, 'colonne', 'colonnes')}`,
    important &&
      (among === 0
        ? 'aucune des 10 variables les plus importantes n’a bougé'
        : `${among} des 10 variables les plus importantes ${plural(among, 'a bougé', 'ont bougé')}`),
    risk?.fr,
    apart &&
      `prises ensemble, les deux populations se distinguent pourtant nettement (AUC ${number(apart.auc, { digits: 2, lang: 'fr' })})`,
  ].filter(Boolean)
  const en = [
    dataset.verdict === 'drift' ? 'The data have moved' : 'The data hold',
    `${drifted} of ${columns} columns ${plural(drifted, 'has', 'have')} moved`,
    missing > 0 && `the share of missing values has changed in ${missing} ${plural(missing, 'column', 'columns')}`,
    important &&
      (among === 0
        ? 'none of the 10 most important features has moved'
        : `${among} of the 10 most important features ${plural(among, 'has', 'have')} moved`),
    risk?.en,
    apart && `taken together, the two populations are yet easy to tell apart (AUC ${number(apart.auc, { digits: 2 })})`,
  ].filter(Boolean)
  return {
    fr: `${fr[0]}\u00a0: ${fr.slice(1).join('\u00a0; ')}.`,
    en: `${en[0]}: ${en.slice(1).join('; ')}.`,
  }
}

/** The mean risk as a reader sees it: what looks the same has stayed. */
function riskWords({ reference, current }: { readonly reference: number; readonly current: number }) {
  const [before, after] = [percent(reference), percent(current)]
  const [avant, maintenant] = [percent(reference, { lang: 'fr' }), percent(current, { lang: 'fr' })]
  return before === after
    ? { fr: `le risque moyen reste à ${maintenant}`, en: `the mean risk stays at ${after}` }
    : { fr: `le risque moyen passe de ${avant} à ${maintenant}`, en: `the mean risk goes from ${before} to ${after}` }
}

const short = (value: number): string => number(value, { significant: 3 })

/** What happened to one column, in a sentence; empty when nothing did. */
export function changeWords(column: NamedColumn): string {
  if (column.reason) return `Not tested: ${column.reason}.`
  const parts: string[] = []
  const { quantiles, distribution } = column
  if (column.drifted && quantiles) {
    const at = quantileShares.indexOf(0.5)
    const [before, after] = [quantiles.reference[at]!, quantiles.current[at]!]
    const tails = (side: readonly number[]) => `${short(side[0]!)} … ${short(side.at(-1)!)}`
    if (short(before) !== short(after)) parts.push(`The median goes from ${short(before)} to ${short(after)}.`)
    else if (tails(quantiles.reference) !== tails(quantiles.current))
      parts.push(
        `The median stays at ${short(before)}; the middle 90% goes from ${tails(quantiles.reference)} to ${tails(quantiles.current)}.`,
      )
    else if (column.mean)
      parts.push(`The mean goes from ${short(column.mean.reference)} to ${short(column.mean.current)}.`)
  } else if (column.drifted && distribution?.kind === 'categories') {
    const total = (side: readonly number[]) => side.reduce((sum, count) => sum + count, 0)
    const [n, m] = [total(distribution.reference), total(distribution.current)]
    const moved = distribution.keys
      .map((key, i) => ({ key, before: distribution.reference[i]! / n, after: distribution.current[i]! / m }))
      .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before))[0]
    if (moved) parts.push(`“${moved.key}” goes from ${percent(moved.before)} to ${percent(moved.after)}.`)
  }
  if (column.missing.drifted)
    parts.push(`Missing goes from ${percent(column.missing.reference)} to ${percent(column.missing.current)}.`)
  const fresh = column.new_categories
  if (fresh.length > 0)
    parts.push(
      `New: ${fresh
        .slice(0, 3)
        .map(({ name, share }) => `${name} (${percent(share, { digits: 2 })})`)
        .join(', ')}${fresh.length > 3 ? ` and ${fresh.length - 3} more` : ''}.`,
    )
  return parts.join(' ')
}

/** The sparkline's text alternative. */
export const sparkWords = (column: NamedColumn): string =>
  column.quantiles
    ? `median ${short(column.quantiles.reference[2]!)} in the reference, ${short(column.quantiles.current[2]!)} now`
    : 'shares of the categories in the reference and now'

export const bandWords = { none: 'none', moderate: 'moderate', major: 'major', unknown: 'not tested' } as const
