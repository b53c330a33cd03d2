/** The verdict on two data sets in a sentence, French and English: what it is, what changed its schema, what moved, what could not be tested. */
import { number, percent } from 'report-kit'
import type { Comparison, Findings } from '../../drift/findings.ts'
import { type DatasetDrift, type SchemaChange, schemaChanges } from '../../drift/result.ts'

interface Words {
  readonly fr: string
  readonly en: string
}

const plural = (count: number, one: string, many: string): string => (count === 1 ? one : many)
/** In French none is singular. */
const pluriel = (count: number, one: string, many: string): string => (count < 2 ? one : many)
const counted = (count: number): string => number(count)
const compte = (count: number): string => number(count, { lang: 'fr' })

/** Such as "9 of 120", or "2 of 2 tested" where not all columns could be. */
export const movedOf = ({ drifted, tested, columns }: DatasetDrift): string =>
  `${counted(drifted)} of ${counted(tested)}${tested < columns ? ' tested' : ''}`

const isWhole = ({ untested, schema_changes }: DatasetDrift): boolean => untested + schema_changes === 0

function head(dataset: DatasetDrift): Words {
  if (dataset.verdict === 'drift') return { fr: 'Les données ont changé', en: 'The data have moved' }
  if (dataset.verdict === 'not enough tested')
    return { fr: 'Trop peu de colonnes ont pu être testées', en: 'Too little could be tested' }
  return isWhole(dataset)
    ? { fr: 'Les données tiennent', en: 'The data hold' }
    : { fr: 'Les colonnes testées tiennent', en: 'The tested columns hold' }
}

const schemaSentences: Readonly<Record<SchemaChange, (count: number) => Words>> = {
  type: (n) => ({
    fr: `${compte(n)} ${pluriel(n, 'colonne a changé', 'colonnes ont changé')} de type`,
    en: `${counted(n)} ${plural(n, 'column has changed its', 'columns have changed their')} type`,
  }),
  vanished: (n) => ({
    fr: `${compte(n)} ${pluriel(n, 'colonne a disparu', 'colonnes ont disparu')}`,
    en: `${counted(n)} ${plural(n, 'column is', 'columns are')} gone`,
  }),
  new: (n) => ({
    fr: `${compte(n)} ${pluriel(n, 'colonne est nouvelle', 'colonnes sont nouvelles')}`,
    en: `${counted(n)} ${plural(n, 'column is', 'columns are')} new`,
  }),
  emptied: (n) => ({
    fr: `${compte(n)} ${pluriel(n, 'colonne n’a', 'colonnes n’ont')} plus aucune valeur`,
    en: `${counted(n)} ${plural(n, 'column holds', 'columns hold')} no value any more`,
  }),
  filled: (n) => ({
    fr: `${compte(n)} ${pluriel(n, 'colonne était vide et ne l’est', 'colonnes étaient vides et ne le sont')} plus`,
    en: `${counted(n)} ${plural(n, 'column held', 'columns held')} no value before`,
  }),
}

/** Each kind of change that occurs, in the order in which columns are listed. */
const schemaParts = (columns: Comparison['columns']): Words[] =>
  schemaChanges.flatMap((kind) => {
    const count = columns.filter(({ schema_change }) => schema_change === kind).length
    return count > 0 ? [schemaSentences[kind](count)] : []
  })

const isUntested = ({ score, schema_change }: Comparison['columns'][number]): boolean =>
  score === null && !schema_change

/** The most values that a column without a test has on its smaller side, where too few values are what all of them lack. */
function fewValues({ dataset, columns }: Comparison): Words {
  const sizes = columns.filter(isUntested).map(({ values }) => Math.min(values.reference, values.current))
  const most = sizes.reduce((a, b) => Math.max(a, b), 0)
  if (sizes.length === 0 || most >= dataset.min_count) return { fr: '', en: '' }
  const [needed, nécessaires] = [counted(dataset.min_count), compte(dataset.min_count)]
  return {
    fr: ` (${compte(most)} ${pluriel(most, 'valeur', 'valeurs')} au plus d’un côté, il en faut ${nécessaires})`,
    en: ` (at most ${counted(most)} ${plural(most, 'value', 'values')} on one side, ${needed} needed)`,
  }
}

function testedParts(comparison: Comparison): Words[] {
  const { dataset } = comparison
  const { tested, drifted, untested, columns } = dataset
  const few = fewValues(comparison)
  if (tested === 0)
    return columns === dataset.schema_changes
      ? []
      : [
          {
            fr: `aucune des ${compte(columns)} colonnes n’a pu être testée${few.fr}`,
            en: `none of ${counted(columns)} ${plural(columns, 'column', 'columns')} could be tested${few.en}`,
          },
        ]
  const testées = tested < columns ? pluriel(tested, ' testée', ' testées') : ''
  return [
    {
      fr: `${compte(drifted)} ${pluriel(drifted, 'colonne', 'colonnes')} sur ${compte(tested)}${testées} ${pluriel(drifted, 'a bougé', 'ont bougé')}`,
      en: `${movedOf(dataset)} ${plural(tested, 'column', 'columns')} ${plural(drifted || tested, 'has', 'have')} moved`,
    },
    ...(untested > 0
      ? [
          {
            fr: `${compte(untested)} ${pluriel(untested, 'colonne n’a pas pu être testée', 'colonnes n’ont pas pu être testées')}${few.fr}`,
            en: `${counted(untested)} ${plural(untested, 'column', 'columns')} could not be tested${few.en}`,
          },
        ]
      : []),
  ]
}

function missingPart(columns: Comparison['columns']): Words[] {
  const moved = columns.filter(({ missing, schema_change }) => missing.drifted && !schema_change).length
  if (moved === 0) return []
  return [
    {
      fr: `la part de valeurs manquantes a changé dans ${compte(moved)} ${pluriel(moved, 'colonne', 'colonnes')}`,
      en: `the share of missing values has changed in ${counted(moved)} ${plural(moved, 'column', 'columns')}`,
    },
  ]
}

/** The ten features that weigh most in the model. */
function importantPart(features: Findings['features']): Words[] {
  if (!features?.columns.some(({ importance }) => importance !== null)) return []
  const top = [...features.columns].sort((a, b) => (b.importance ?? 0) - (a.importance ?? 0)).slice(0, 10)
  const moved = top.filter(({ drifted, schema_change }) => drifted || schema_change).length
  const unknown = top.filter(isUntested).length
  const of = top.length
  const [untested, nonTestées] =
    unknown > 0 ? [` (${unknown} not tested)`, ` (${unknown} non ${pluriel(unknown, 'testée', 'testées')})`] : ['', '']
  return [
    moved === 0
      ? {
          fr: `aucune des ${of} variables les plus importantes n’a bougé${nonTestées}`,
          en: `none of the ${of} most important features has moved${untested}`,
        }
      : {
          fr: `${moved} des ${of} variables les plus importantes ${pluriel(moved, 'a bougé', 'ont bougé')}${nonTestées}`,
          en: `${moved} of the ${of} most important features ${plural(moved, 'has', 'have')} moved${untested}`,
        },
  ]
}

/** The mean risk as a reader sees it: what looks the same has stayed. */
function riskPart(score: Findings['score']): Words[] {
  if (!score) return []
  const { reference, current } = score.mean
  const [before, after] = [percent(reference), percent(current)]
  const [avant, maintenant] = [percent(reference, { lang: 'fr' }), percent(current, { lang: 'fr' })]
  return [
    before === after
      ? { fr: `le risque moyen reste à ${maintenant}`, en: `the mean risk stays at ${after}` }
      : {
          fr: `le risque moyen passe de ${avant} à ${maintenant}`,
          en: `the mean risk goes from ${before} to ${after}`,
        },
  ]
}

function apartPart({ dataset, separability }: Findings): Words[] {
  if (dataset.verdict === 'drift' || !separability || separability.auc < 0.7) return []
  const auc = (lang: 'fr' | 'en') => number(separability.auc, { digits: 2, lang })
  return [
    {
      fr: `prises ensemble, les deux populations se distinguent pourtant nettement (AUC ${auc('fr')})`,
      en: `taken together, the two populations are yet easy to tell apart (AUC ${auc('en')})`,
    },
  ]
}

export function verdictWords(findings: Findings): Words {
  const first = head(findings.dataset)
  const parts = [
    ...schemaParts(findings.columns),
    ...testedParts(findings),
    ...missingPart(findings.columns),
    ...importantPart(findings.features),
    ...riskPart(findings.score),
    ...apartPart(findings),
  ]
  return {
    fr: `${first.fr}\u00a0: ${parts.map(({ fr }) => fr).join('\u00a0; ')}.`,
    en: `${first.en}: ${parts.map(({ en }) => en).join('; ')}.`,
  }
}
