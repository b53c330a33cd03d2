/** The monitor's verdict and alerts in words, French and English: what was seen, what it means, what to do first. */
import { type Lang, number, percent } from 'report-kit'
import { z } from 'zod'
import { type AlertCode, alertCodes } from '../../monitor/alerts.ts'
import type { MonitorReport } from '../../monitor/report.ts'

export interface Text {
  readonly fr: string
  readonly en: string
}

const shares = (value: unknown, lang: Lang) => percent(Number(value), { lang })
const whole = (value: unknown, lang: Lang) => number(Number(value), { lang, digits: 0 })

const names = z.array(z.object({ feature: z.string().optional(), field: z.string().optional() }))

/** Features or fields of an alert, the first three by name. */
function listed(figures: Readonly<Record<string, unknown>>, nameOf: (name: string) => string, lang: Lang): string {
  const parsed = names.safeParse(figures.features ?? figures.fields)
  const all = (parsed.success ? parsed.data : []).map(({ feature, field }) => nameOf(feature ?? field ?? ''))
  const more = all.length - 3
  const others = lang === 'fr' ? `et ${more} autres` : `and ${more} more`
  return [all.slice(0, 3).join(', '), ...(more > 0 ? [others] : [])].join(' ')
}

type Figures = Readonly<Record<string, unknown>>
type Said = (figures: Figures, list: (lang: Lang) => string) => Text

const said: Readonly<Record<AlertCode, Said>> = {
  default_rate: (f) => ({
    en: `of ${whole(f.outcomes, 'en')} loans whose outcome counts ${shares(f.rate, 'en')} defaulted, where the model had stated ${shares(f.risk, 'en')}`,
    fr: `sur ${whole(f.outcomes, 'fr')} prêts dont l’issue compte, ${shares(f.rate, 'fr')} de défauts, là où le modèle annonçait ${shares(f.risk, 'fr')}`,
  }),
  early_defaults: (f) => ({
    en: `${whole(f.defaults, 'en')} of ${whole(f.loans, 'en')} loans have already defaulted, where the model expected ${whole(f.expected, 'en')} over their whole life`,
    fr: `${whole(f.defaults, 'fr')} prêts sur ${whole(f.loans, 'fr')} sont déjà en défaut, là où le modèle en attendait ${whole(f.expected, 'fr')} sur toute leur durée`,
  }),
  score_drift: (f) => ({
    en: `the predicted risk has moved: ${shares(f.risk, 'en')} on average, ${shares(f.expected, 'en')} among the reference clients`,
    fr: `le risque estimé a changé : ${shares(f.risk, 'fr')} en moyenne, ${shares(f.expected, 'fr')} chez les clients de référence`,
  }),
  approval_rate: (f) => ({
    en: `${shares(f.approved, 'en')} are approved, ${shares(f.expected, 'en')} of the reference clients would be`,
    fr: `${shares(f.approved, 'fr')} d’accords, contre ${shares(f.expected, 'fr')} chez les clients de référence`,
  }),
  feature_drift: (_, list) => ({
    en: `features have moved: ${list('en')}`,
    fr: `des variables ont changé : ${list('fr')}`,
  }),
  missing_values: (_, list) => ({
    en: `values are missing more, or less, often than in the reference: ${list('en')}`,
    fr: `des valeurs manquent plus, ou moins, souvent que dans la référence : ${list('fr')}`,
  }),
  data_quality: (f, list) => ({
    en: `more than ${shares(f.limit, 'en')} of the applications hold values that training never saw: ${list('en')}`,
    fr: `plus de ${shares(f.limit, 'fr')} des demandes portent des valeurs jamais vues à l’entraînement : ${list('fr')}`,
  }),
  overrides: (f) => ({
    en: `advisers decide otherwise in ${shares(f.share, 'en')} of the cases that they review, above ${shares(f.limit, 'en')}`,
    fr: `les conseillers décident autrement dans ${shares(f.share, 'fr')} des cas revus, au-delà de ${shares(f.limit, 'fr')}`,
  }),
  latency: (f) => ({
    en: `${shares(f.share, 'en')} of the answers take longer than half a second, above ${shares(f.limit, 'en')}`,
    fr: `${shares(f.share, 'fr')} des réponses prennent plus d’une demi-seconde, au-delà de ${shares(f.limit, 'fr')}`,
  }),
  journal: () => ({ en: 'the journal cannot be written', fr: 'le journal ne peut pas être écrit' }),
}

const todo: Readonly<Record<AlertCode, Text>> = {
  default_rate: {
    en: 'Compare the cohorts below, check that outcomes are complete, then retrain; until then tighten the cut-off.',
    fr: 'Comparez les cohortes ci-dessous, vérifiez que les issues sont complètes, puis réentraînez ; d’ici là, resserrez le seuil.',
  },
  early_defaults: {
    en: 'Look for what the defaulted loans have in common (channel, month, product), and stop that before retraining.',
    fr: 'Cherchez ce que les prêts en défaut ont en commun (canal, mois, produit) et arrêtez-le avant de réentraîner.',
  },
  score_drift: {
    en: 'Check where the applications come from, then the features that moved below; a lasting change calls for retraining.',
    fr: 'Vérifiez d’où viennent les demandes, puis les variables qui ont changé ; un changement durable appelle un réentraînement.',
  },
  approval_rate: {
    en: 'If the clients are the same, check the cut-off and the data received; otherwise look at the predicted risk.',
    fr: 'Si les clients sont les mêmes, vérifiez le seuil et les données reçues ; sinon, regardez le risque estimé.',
  },
  feature_drift: {
    en: 'Check the source of these features first (units, provider, form), then whether the clients have changed.',
    fr: 'Vérifiez d’abord la source de ces variables (unités, fournisseur, formulaire), puis si les clients ont changé.',
  },
  missing_values: {
    en: 'Ask who sends these tables or fields since when they stopped, or began, to arrive.',
    fr: 'Demandez à qui envoie ces tables ou ces champs depuis quand ils n’arrivent plus, ou arrivent.',
  },
  data_quality: {
    en: 'Look at these fields in recent requests: another unit, another code, a form that changed.',
    fr: 'Regardez ces champs dans les demandes récentes : autre unité, autre code, formulaire modifié.',
  },
  overrides: {
    en: 'Read the reasons in the journal: what advisers know, the model may lack.',
    fr: 'Lisez les motifs dans le journal : ce que savent les conseillers manque peut-être au modèle.',
  },
  latency: {
    en: 'Look at the load of the machine and at the journal’s database.',
    fr: 'Regardez la charge de la machine et la base du journal.',
  },
  journal: {
    en: 'Nothing is answered meanwhile. Check disk or database, then /health/ready.',
    fr: 'Aucune réponse n’est donnée pendant ce temps. Vérifiez le disque ou la base, puis /health/ready.',
  },
}

interface Worded {
  readonly code: string
  readonly figures: Figures
}

const asIs = (name: string) => name
const isCode = (code: string): code is AlertCode => alertCodes.some((one) => one === code)

/** What was seen; of a code of another version of the program the code. `nameOf`: what a feature is called. */
export function alertWords({ code, figures }: Worded, nameOf: (name: string, lang: Lang) => string = asIs): Text {
  if (!isCode(code)) return { fr: code, en: code }
  return said[code](figures, (lang) => listed(figures, (name) => nameOf(name, lang), lang))
}

/** What to do first. */
export const todoWords = (code: string): Text => (isCode(code) ? todo[code] : { fr: '', en: '' })

/** A day (ISO 8601, UTC) in words. */
export const dayWords = (date: string, lang: Lang): string =>
  new Intl.DateTimeFormat(lang === 'fr' ? 'fr-FR' : 'en-GB', { dateStyle: 'long', timeZone: 'UTC' })
    .format(new Date(date))
    .replace(lang === 'fr' ? /^1\b/ : /^$/, '1er')

function spanWords(from: string, until: string, lang: Lang): string {
  const [first, last] = [dayWords(from, lang), dayWords(until, lang)]
  if (first === last) return lang === 'fr' ? ` le ${first}` : ` on ${first}`
  return lang === 'fr' ? ` du ${first} au ${last}` : `, ${first} to ${last}`
}

/** The verdict in a sentence: still valid, to be looked at, or unknown; since when; on what. */
export function verdictWords({ verdict, because, since, applications, from, until, cohorts }: MonitorReport): Text {
  const on = (lang: Lang) =>
    `${whole(applications, lang)} ${lang === 'fr' ? 'demandes' : 'applications'}${from && until ? spanWords(from, until, lang) : ''}`
  const outcomes = cohorts.reduce((sum, cohort) => sum + cohort.outcomes, 0)
  if (verdict === 'look')
    return {
      en: `To be looked at: ${because.length} open ${because.length === 1 ? 'alert' : 'alerts'}${since ? `, since ${dayWords(since, 'en')}` : ''}; ${on('en')}.`,
      fr: `À examiner : ${because.length} ${because.length === 1 ? 'alerte ouverte' : 'alertes ouvertes'}${since ? `, depuis le ${dayWords(since, 'fr')}` : ''} ; ${on('fr')}.`,
    }
  if (verdict === 'unknown')
    return {
      en: `Unknown: too few applications to say whether the model is still valid (${on('en')}).`,
      fr: `Inconnu : trop peu de demandes pour dire si le modèle reste valable (${on('fr')}).`,
    }
  return outcomes > 0
    ? {
        en: `Still valid: nothing has moved beyond chance, and ${whole(outcomes, 'en')} outcomes agree with the stated risks; ${on('en')}.`,
        fr: `Toujours valable : rien n’a changé au-delà du hasard, et ${whole(outcomes, 'fr')} issues s’accordent avec les risques annoncés ; ${on('fr')}.`,
      }
    : {
        en: `Still valid as far as can be known without outcomes: nothing has moved beyond chance; ${on('en')}.`,
        fr: `Toujours valable, pour autant qu’on le sache sans issue connue : rien n’a changé au-delà du hasard ; ${on('fr')}.`,
      }
}
