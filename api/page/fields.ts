/** The application form as data: which control sets which column. Columns that no control sets follow the schema's whenUnknown. */
import { tables } from '../../pipeline/data/schema/tables.ts'
import { levelName } from '../../pipeline/scoring/levels.ts'
import type { Text } from '../language.ts'

export type Control =
  | { readonly kind: 'amount' }
  | { readonly kind: 'count'; readonly unit?: Text }
  /** 0 to 100 on the form, 0 to 1 in the data. */
  | { readonly kind: 'score' }
  /** Days before today in the data. */
  | { readonly kind: 'date' }
  | { readonly kind: 'month' }
  | {
      readonly kind: 'radio' | 'select'
      readonly options: readonly Option[]
      readonly sections?: readonly FormSection[]
    }
  /** Which of the three documents is there: sets their three flags. */
  | { readonly kind: 'document'; readonly options: readonly Option[] }

export interface Option {
  readonly value: string
  readonly text: Text
}

/** Options under a heading, for a long list. */
export interface FormSection {
  readonly label: Text
  readonly options: readonly Option[]
}

export interface Field {
  readonly column: string
  readonly label: Text
  readonly help?: Text
  /** What to do where the answer is missing, as a sentence of its own; else it follows from the control. */
  readonly ask?: Text
  readonly required: boolean
  readonly control: Control
  /** What is chosen when the form opens. */
  readonly preset?: string
}

export interface FieldGroup {
  /** Of the line that tells what its answers amount to. */
  readonly derived?: 'loan' | 'income' | 'client'
  readonly legend: Text
  readonly fields: readonly Field[]
}

const w = (fr: string, en: string): Text => ({ fr, en })
/** A column of the application by its name; another name is an error at start. */
export const applicationColumn = (name: string) => {
  const column = tables.application_test.columns.find((one) => one.name === name)
  if (!column) throw new Error(`the application has no column ${name}`)
  return column
}

/** Levels in the given order, others after; those that the schema does not know are an error at start. */
function levelsOf(name: string, order: readonly string[] = []): Option[] {
  const levels = applicationColumn(name).levels ?? []
  const unknown = order.filter((level) => !levels.includes(level))
  if (unknown.length > 0) throw new Error(`${name} has no level ${unknown.join(', ')}`)
  return [...new Set([...order, ...levels])].map((value) => ({
    value,
    text: w(levelName(value, 'fr'), levelName(value, 'en')),
  }))
}

/** The three documents of which a file holds at most one (so in all 5,000 sample files). */
export const documents = ['FLAG_DOCUMENT_3', 'FLAG_DOCUMENT_6', 'FLAG_DOCUMENT_8'] as const

/** The employers' sectors under nine headings; every level of the schema stands once, those not named under the last. */
function sectors(): FormSection[] {
  const all = levelsOf('ORGANIZATION_TYPE')
  const named: readonly (readonly [Text, RegExp])[] = [
    [w('Entreprise, indépendant', 'Business, self-employed'), /^(Business Entity|Self-employed)/],
    [w('Industrie, énergie, construction', 'Industry, energy, construction'), /^(Industry|Construction|Electricity)/],
    [w('Commerce', 'Trade'), /^(Trade|Realtor)/],
    [w('Transport', 'Transport'), /^Transport/],
    [w('Administration, sécurité', 'Government, security'), /^(Government|Military|Police|Security|Emergency|Housing)/],
    [w('Enseignement, culture', 'Education, culture'), /^(School|Kindergarten|University|Culture|Religion)/],
    [w('Santé, services', 'Health, services'), /^(Medicine|Services|Cleaning|Hotel|Restaurant|Agriculture)/],
    [
      w('Banque, droit, communication', 'Banking, law, communication'),
      /^(Bank|Insurance|Legal|Advertising|Telecom|Mobile|Postal)/,
    ],
  ]
  const of = (level: string) => named.findIndex(([, pattern]) => pattern.test(level))
  const rest = all.filter(({ value }) => of(value) < 0)
  return [
    ...named.map(([label], i) => ({ label, options: all.filter(({ value }) => of(value) === i) })),
    { label: w('Autre', 'Other'), options: rest },
  ]
}

const yesNo = (yes: string, no: string): Option[] => [
  { value: yes, text: w('Oui', 'Yes') },
  { value: no, text: w('Non', 'No') },
]

const field = (column: string, control: Control, rest: Partial<Omit<Field, 'column' | 'control'>> = {}): Field => ({
  label: applicationColumn(column).label,
  required: false,
  ...rest,
  column,
  control,
})

const amount: Control = { kind: 'amount' }
const must = { required: true }

export const groups: readonly FieldGroup[] = [
  {
    legend: w('Crédit', 'Loan'),
    derived: 'loan',
    fields: [
      field(
        'NAME_CONTRACT_TYPE',
        { kind: 'radio', options: levelsOf('NAME_CONTRACT_TYPE') },
        { ...must, preset: 'Cash loans', ask: w('Choisissez le type de crédit.', 'Choose the type of loan.') },
      ),
      field('AMT_CREDIT', amount, { ...must, label: w('Montant demandé', 'Amount requested') }),
      field('AMT_GOODS_PRICE', amount, {
        help: w('Laissez vide s’il n’y a pas de bien.', 'Leave empty where there are no goods.'),
      }),
      field('AMT_ANNUITY', amount, must),
    ],
  },
  {
    legend: w('Ressources', 'Income'),
    derived: 'income',
    fields: [
      field('AMT_INCOME_TOTAL', amount, {
        ...must,
        label: w('Revenus déclarés', 'Declared income'),
        help: w('Même période que la mensualité.', 'For the same period as the instalment.'),
      }),
      field(
        'NAME_INCOME_TYPE',
        {
          kind: 'select',
          options: levelsOf('NAME_INCOME_TYPE', [
            'Working',
            'Commercial associate',
            'Pensioner',
            'State servant',
            'Unemployed',
            'Student',
            'Businessman',
            'Maternity leave',
          ]),
        },
        {
          ...must,
          ask: w('Choisissez la situation professionnelle du client.', 'Choose the client’s work situation.'),
        },
      ),
      field(
        'DAYS_EMPLOYED',
        { kind: 'month' },
        { help: w('Vide pour une retraite ou sans emploi.', 'Empty when retired or out of work.') },
      ),
      field('OCCUPATION_TYPE', { kind: 'select', options: levelsOf('OCCUPATION_TYPE') }),
      field('ORGANIZATION_TYPE', { kind: 'select', options: levelsOf('ORGANIZATION_TYPE'), sections: sectors() }),
    ],
  },
  {
    legend: w('Client', 'Client'),
    derived: 'client',
    fields: [
      field('DAYS_BIRTH', { kind: 'date' }, must),
      field(
        'NAME_FAMILY_STATUS',
        {
          kind: 'select',
          options: levelsOf('NAME_FAMILY_STATUS', [
            'Married',
            'Civil marriage',
            'Single / not married',
            'Separated',
            'Widow',
          ]).filter(({ value }) => value !== 'Unknown'),
        },
        { ...must, ask: w('Choisissez la situation familiale du client.', 'Choose the client’s family status.') },
      ),
      field('CNT_CHILDREN', { kind: 'count' }, { ...must, preset: '0' }),
      field(
        'NAME_EDUCATION_TYPE',
        {
          kind: 'select',
          options: levelsOf('NAME_EDUCATION_TYPE', [
            'Lower secondary',
            'Secondary / secondary special',
            'Incomplete higher',
            'Higher education',
            'Academic degree',
          ]),
        },
        { ...must, ask: w('Choisissez le niveau d’études du client.', 'Choose the client’s education.') },
      ),
    ],
  },
  {
    legend: w('Logement', 'Home'),
    fields: [
      field(
        'NAME_HOUSING_TYPE',
        {
          kind: 'select',
          options: levelsOf('NAME_HOUSING_TYPE', ['House / apartment', 'With parents', 'Rented apartment']),
        },
        { ...must, ask: w('Choisissez le logement du client.', 'Choose where the client lives.') },
      ),
      field(
        'FLAG_OWN_REALTY',
        { kind: 'radio', options: yesNo('Y', 'N') },
        {
          ...must,
          label: w('Propriétaire d’un bien ?', 'Owns property?'),
          ask: w('Indiquez si le client est propriétaire.', 'State whether the client owns property.'),
        },
      ),
      field(
        'FLAG_OWN_CAR',
        { kind: 'radio', options: yesNo('Y', 'N') },
        {
          ...must,
          label: w('Possède une voiture ?', 'Owns a car?'),
          ask: w('Indiquez si le client a une voiture.', 'State whether the client has a car.'),
        },
      ),
      field('OWN_CAR_AGE', { kind: 'count', unit: w('ans', 'years') }),
      field(
        'REGION_RATING_CLIENT_W_CITY',
        {
          kind: 'radio',
          options: [
            { value: '1', text: w('Favorable', 'Good') },
            { value: '2', text: w('Moyenne', 'Average') },
            { value: '3', text: w('Défavorable', 'Poor') },
          ],
        },
        { label: w('Zone', 'Area'), preset: '2', help: w('Remplie par l’agence.', 'Filled in by the branch.') },
      ),
      field(
        'REG_CITY_NOT_LIVE_CITY',
        { kind: 'radio', options: yesNo('1', '0') },
        {
          label: w('Vit ailleurs qu’à l’adresse officielle ?', 'Lives elsewhere than the official address?'),
          preset: '0',
        },
      ),
      field(
        'REG_CITY_NOT_WORK_CITY',
        { kind: 'radio', options: yesNo('1', '0') },
        { label: w('Travaille dans une autre ville ?', 'Works in another city?'), preset: '0' },
      ),
      field('DAYS_REGISTRATION', { kind: 'month' }),
    ],
  },
  {
    legend: w('Dossier', 'File'),
    fields: [
      field('DAYS_ID_PUBLISH', { kind: 'date' }),
      field('DAYS_LAST_PHONE_CHANGE', { kind: 'month' }),
      field(
        documents[0],
        {
          kind: 'document',
          options: [
            ...documents.map((column) => {
              const which = column.replace('FLAG_DOCUMENT_', '')
              return { value: which, text: w(`Document ${which}`, `Document ${which}`) }
            }),
            { value: '0', text: w('Aucune des trois', 'None of the three') },
          ],
        },
        {
          label: w('Pièce principale fournie', 'Main document provided'),
          help: w('Numéro de la pièce dans le dossier du prêteur.', 'Number of the document in the lender’s file.'),
        },
      ),
    ],
  },
  {
    legend: w('Cotes externes', 'External scores'),
    fields: [
      ...(['1', '2', '3'] as const).map((which) =>
        field(
          `EXT_SOURCE_${which}`,
          { kind: 'score' },
          which === '1'
            ? {
                help: w(
                  'De 0 à 100 ; 100 est la plus sûre. Laissez vide si inconnue.',
                  'From 0 to 100; 100 is the safest. Leave empty if unknown.',
                ),
              }
            : {},
        ),
      ),
      field(
        'AMT_REQ_CREDIT_BUREAU_YEAR',
        { kind: 'count' },
        { label: w('Demandes de renseignement en un an', 'Enquiries in a year') },
      ),
    ],
  },
]

export const fields: readonly Field[] = groups.flatMap((group) => group.fields)

/** The box that confirms a value that looks typed on another scale; it sends the value that was confirmed. */
export const confirmedName = (column: string): string => `confirmed.${column}`

/** Columns without a control that follow from an answer: when it changes, they are derived again. */
export const followers: Readonly<Record<string, readonly string[]>> = {
  NAME_INCOME_TYPE: ['FLAG_EMP_PHONE'],
  DAYS_EMPLOYED: ['FLAG_EMP_PHONE'],
  NAME_FAMILY_STATUS: ['CNT_FAM_MEMBERS'],
  CNT_CHILDREN: ['CNT_FAM_MEMBERS'],
  REGION_RATING_CLIENT_W_CITY: ['REGION_RATING_CLIENT'],
  REG_CITY_NOT_LIVE_CITY: ['LIVE_CITY_NOT_WORK_CITY'],
  REG_CITY_NOT_WORK_CITY: ['LIVE_CITY_NOT_WORK_CITY'],
}

/** An invented applicant for whoever wants to try the form; no row of any data. */
export const example: Readonly<Record<string, string>> = {
  NAME_CONTRACT_TYPE: 'Cash loans',
  AMT_CREDIT: '450000',
  AMT_GOODS_PRICE: '400000',
  AMT_ANNUITY: '24000',
  AMT_INCOME_TOTAL: '150000',
  NAME_INCOME_TYPE: 'Working',
  'DAYS_EMPLOYED.month': '3',
  'DAYS_EMPLOYED.year': '2021',
  OCCUPATION_TYPE: 'Sales staff',
  ORGANIZATION_TYPE: 'Self-employed',
  'DAYS_BIRTH.day': '14',
  'DAYS_BIRTH.month': '7',
  'DAYS_BIRTH.year': '1985',
  NAME_FAMILY_STATUS: 'Married',
  CNT_CHILDREN: '1',
  NAME_EDUCATION_TYPE: 'Secondary / secondary special',
  NAME_HOUSING_TYPE: 'House / apartment',
  FLAG_OWN_REALTY: 'Y',
  FLAG_OWN_CAR: 'N',
  FLAG_DOCUMENT_3: '3',
  REGION_RATING_CLIENT_W_CITY: '2',
  REG_CITY_NOT_LIVE_CITY: '0',
  REG_CITY_NOT_WORK_CITY: '0',
  EXT_SOURCE_2: '48',
  EXT_SOURCE_3: '45',
  AMT_REQ_CREDIT_BUREAU_YEAR: '2',
}
